// A machine of the tests' own: files that are there, and programs that answer.
import type { Machine, Outcome } from "../src/server/machine";

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
}

export class FakeMachine implements Machine {
  readonly calls: Call[] = [];

  constructor(
    readonly programs: Readonly<Record<string, (args: readonly string[]) => Partial<Outcome>>>,
    readonly environment: Record<string, string> = {},
    readonly platform: NodeJS.Platform = "linux",
  ) {}

  isFile(file: string): Promise<boolean> {
    return Promise.resolve(file in this.programs);
  }

  run(program: string, args: readonly string[]): Promise<Outcome> {
    this.calls.push({ program, args });
    return Promise.resolve({ code: 0, stdout: "", stderr: "", ...this.programs[program]?.(args) });
  }
}

/** A program that answers to --version. */
export function partway(version: string): () => Partial<Outcome> {
  return () => ({ stdout: `partway ${version}\n` });
}

/** A Python that answers the question for its version; without `venv`, only the question that does not need it. */
export function python(major: number, minor: number, venv = true): (args: readonly string[]) => Partial<Outcome> {
  return (args) =>
    !venv && args.join(" ").includes("ensurepip")
      ? { code: 1, stderr: "ModuleNotFoundError: No module named 'ensurepip'\n" }
      : { stdout: `${major} ${minor}\n` };
}
