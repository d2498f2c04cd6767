// Python on this machine: one that can make environments, and the environments of a workspace.
import * as path from "node:path";
import { onPath, programNames, type Machine } from "./machine";

/** The oldest Python that Partway runs on. */
export const OLDEST_PYTHON = "3.11";
const OLDEST = [3, 11] as const;
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"] as const;
const ASK = "import sys, venv, ensurepip; print(*sys.version_info[:2])";
const ASK_VERSION = "import sys; print(*sys.version_info[:2])";
const TIMEOUT = 30_000;

/** A Python that cannot do what is asked, or none at all; the message is for the user. */
export class NoPython extends Error {}

/** The Python that makes the managed environment: the one that the setting names, else the first that can. */
export async function findPython(machine: Machine, setting: string, without: readonly string[]): Promise<string> {
  if (setting !== "") {
    const problem = await problemWith(machine, setting);
    if (problem !== undefined) {
      throw new NoPython(`partway.managed.python is ${setting}, which cannot be used: ${problem}.`);
    }
    return setting;
  }
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const name of NAMES) {
    const program = await onPath(name, machine, without);
    if (program === undefined || seen.has(program)) {
      continue;
    }
    seen.add(program);
    const problem = await problemWith(machine, program);
    if (problem === undefined) {
      return program;
    }
    problems.push(`${program}: ${problem}`);
  }
  if (problems.length === 0) {
    throw new NoPython(`No Python was found on PATH. Partway needs Python ${OLDEST_PYTHON} or newer.`);
  }
  throw new NoPython(`No Python can make an environment for Partway. ${problems.join("; ")}.`);
}

/** Why this Python cannot make an environment for Partway; undefined when it can. */
async function problemWith(machine: Machine, program: string): Promise<string | undefined> {
  if (!(await machine.isFile(program))) {
    return "there is no such file";
  }
  // -I: neither the folder that it runs in nor PYTHONPATH may stand in for the library.
  const full = await machine.run(program, ["-I", "-c", ASK], { timeout: TIMEOUT });
  const asked = full.code === 0 ? full : await machine.run(program, ["-I", "-c", ASK_VERSION], { timeout: TIMEOUT });
  const match = /^(\d+) (\d+)\s*$/m.exec(asked.stdout);
  if (match === null) {
    return "it does not answer as Python does";
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return `it is Python ${major}.${minor}, and Partway needs ${OLDEST_PYTHON} or newer`;
  }
  if (full.code !== 0) {
    return "it lacks venv or pip (on Debian and Ubuntu: apt-get install python3-venv)";
  }
  return undefined;
}

/** Where an environment keeps its programs. */
export function programFolder(environment: string, platform: NodeJS.Platform): string {
  return path.join(environment, platform === "win32" ? "Scripts" : "bin");
}

/** The program `partway` beside a Python interpreter, where there is one. */
export async function partwayBeside(interpreter: string, machine: Machine): Promise<string | undefined> {
  for (const name of programNames("partway", machine.platform)) {
    const program = path.join(path.dirname(interpreter), name);
    if (await machine.isFile(program)) {
      return program;
    }
  }
  return undefined;
}

/** The interpreters that lie where environments of a project usually lie, in these folders. */
export function usualInterpreters(folders: readonly string[], platform: NodeJS.Platform): readonly string[] {
  return folders.flatMap((folder) =>
    [".venv", "venv", "env"].map((name) =>
      path.join(programFolder(path.join(folder, name), platform), platform === "win32" ? "python.exe" : "python"),
    ),
  );
}
