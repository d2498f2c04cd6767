// The extension's own server: a Python environment in the extension's storage with the Partway that it carries.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { programNames, type Machine } from "./machine";
import { findPython, programFolder } from "./python";
import { lastLine, probe, type Server } from "./search";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
/** Written last: an environment without it was not finished. */
const MARKER = "partway-installed.json";

/** The environment could not be made; the message is for the user. */
export class CannotInstall extends Error {}

export interface Installing {
  /** The extension's folder `server`, which holds the wheel. */
  readonly wheels: string;
  /** The extension's storage. */
  readonly storage: string;
  /** The setting `partway.managed.python`. */
  readonly python: string;
  /** Folders that no program is taken from: the workspace's. */
  readonly without: readonly string[];
}

/** How an installation is shown: it gets what pip prints, line by line, and may be cancelled. */
export type Watch = <T>(work: (report: (line: string) => void, signal: AbortSignal) => Promise<T>) => Promise<T>;

/** The managed server; made first, under `watch`, when it is not there or does not run any more. */
export async function managedServer(machine: Machine, wanted: Installing, watch: Watch): Promise<Server> {
  const wheel = await findWheel(wanted.wheels);
  const folder = path.join(wanted.storage, "server", await fingerprint(wheel));
  const ready = await inEnvironment(machine, folder);
  if (ready !== undefined) {
    return ready;
  }
  await watch(async (report, signal) => {
    await install(machine, wanted, wheel, folder, report, signal);
  });
  const made = await inEnvironment(machine, folder);
  if (made === undefined) {
    throw new CannotInstall("Partway was installed, but it does not start. The log says more.");
  }
  await removeOld(path.dirname(folder), path.basename(folder));
  return made;
}

async function findWheel(folder: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  const wheel = names.find((name) => name.startsWith("partway-") && name.endsWith(".whl"));
  if (wheel === undefined) {
    throw new CannotInstall("This build of the extension carries no server.");
  }
  return path.join(folder, wheel);
}

/** Names the environment after what is in it: another wheel is another environment. */
async function fingerprint(wheel: string): Promise<string> {
  return createHash("sha256").update(await readFile(wheel)).digest("hex").slice(0, 16);
}

async function inEnvironment(machine: Machine, folder: string): Promise<Server | undefined> {
  const interpreter = interpreterIn(folder, machine);
  if (!(await machine.isFile(path.join(folder, MARKER)))) {
    return undefined;
  }
  // -I keeps a folder called partway, or PYTHONPATH, from standing in for the package.
  const args = ["-I", "-m", "partway"];
  const answer = await probe(machine, interpreter, args);
  if ("problem" in answer) {
    return undefined; // for one, the Python that it was made with is gone
  }
  await utimes(folder, new Date(), new Date()).catch(() => undefined);
  return { origin: "managed", program: interpreter, args, version: answer.version };
}

function interpreterIn(folder: string, machine: Machine): string {
  const [name = "python"] = programNames("python", machine.platform);
  return path.join(programFolder(folder, machine.platform), name);
}

async function install(
  machine: Machine,
  wanted: Installing,
  wheel: string,
  folder: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const python = await findPython(machine, wanted.python, wanted.without);
  await mkdir(path.dirname(folder), { recursive: true });
  // Made aside and moved into place whole: two windows may do this at once, and either may be closed on the way.
  const aside = `${folder}.${process.pid}-${Date.now()}`;
  try {
    report(`Making a Python environment with ${python}`);
    await step(machine, python, ["-I", "-m", "venv", aside], 3 * MINUTE, report, signal, "The environment cannot be made");
    report("Installing Partway");
    const pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout", "20"];
    await step(
      machine,
      interpreterIn(aside, machine),
      [...pip, wheel],
      10 * MINUTE,
      report,
      signal,
      "pip cannot install Partway into the extension's own environment",
    );
    await writeFile(path.join(aside, MARKER), `${JSON.stringify({ wheel: path.basename(wheel), python })}\n`);
    await moveIntoPlace(machine, aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function step(
  machine: Machine,
  program: string,
  args: readonly string[],
  timeout: number,
  report: (line: string) => void,
  signal: AbortSignal,
  failure: string,
): Promise<void> {
  const outcome = await machine.run(program, args, { timeout, onLine: report, signal });
  if (signal.aborted) {
    throw new CannotInstall("The installation was cancelled.");
  }
  if (outcome.code !== 0) {
    const unreachable = /after connection broken by '?(\w+)/.exec(outcome.stderr)?.[1];
    if (unreachable !== undefined) {
      throw new CannotInstall(`${failure}: it cannot reach the package index (${unreachable}).`);
    }
    const errors = outcome.stderr.split(/\r?\n/).filter((line) => line.startsWith("ERROR:"));
    const reason = errors.at(-1) ?? lastLine(outcome.stderr) ?? lastLine(outcome.stdout) ?? "it was stopped";
    throw new CannotInstall(`${failure}: ${reason.replace(/^ERROR:\s*/, "")}`);
  }
}

/** Where another window was faster, its environment stays; where a broken one lies in the way, it goes. */
async function moveIntoPlace(machine: Machine, aside: string, folder: string): Promise<void> {
  if (await exists(folder)) {
    if ((await inEnvironment(machine, folder)) !== undefined) {
      return;
    }
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await rename(aside, folder);
  } catch (error) {
    if (!(await exists(folder))) {
      throw error;
    }
  }
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}

/** Environments of earlier versions go once nobody has used them for a week: another window may still run one. */
async function removeOld(folder: string, keep: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const entry = path.join(folder, name);
    const age = await stat(entry).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (name !== keep && age > WEEK) {
      await rm(entry, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
