// The machine that the extension runs on, as far as finding a server needs it: files, programs, the search path.
import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import * as path from "node:path";

/** What a program printed and how it ended; `code` is null when it was stopped or could not be started. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Milliseconds until the program is stopped. */
  readonly timeout: number;
  /** Called with each line that the program prints, on either stream. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What the search asks of a machine; the tests have one of their own. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  isFile(file: string): Promise<boolean>;
  /** Runs a program by its absolute path, without a shell; never rejects. */
  run(program: string, args: readonly string[], options: RunOptions): Promise<Outcome>;
}

/** This machine. Programs run in `folder`, which is none of the workspace's. */
export function thisMachine(folder: string): Machine {
  return {
    platform: process.platform,
    environment: process.env,
    isFile: async (file) => {
      try {
        return (await stat(file)).isFile();
      } catch {
        return false;
      }
    },
    run: (program, args, options) =>
      new Promise((resolve) => {
        let stdout = "";
        let stderr = "";
        let rest = "";
        const take = (text: string): void => {
          const lines = (rest + text).split(/\r?\n|\r/);
          rest = lines.pop() ?? "";
          lines.filter((line) => line.trim() !== "").forEach((line) => options.onLine?.(line));
        };
        const child = spawn(program, args, {
          cwd: folder,
          stdio: ["ignore", "pipe", "pipe"],
          timeout: options.timeout,
          windowsHide: true,
          ...(options.signal ? { signal: options.signal } : {}),
        });
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          stdout += text;
          take(text);
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          stderr += text;
          take(text);
        });
        child.on("error", (error) => {
          resolve({ code: null, stdout, stderr: stderr + error.message });
        });
        child.on("close", (code) => {
          resolve({ code, stdout, stderr });
        });
      }),
  };
}

/** The file names under which a program can lie in a folder. */
export function programNames(name: string, platform: NodeJS.Platform): readonly string[] {
  return platform === "win32" ? [`${name}.exe`] : [name];
}

/**
 * The absolute path of a program on PATH. Relative entries, and entries inside one of `without` (the workspace's
 * folders), are passed over: what a workspace brings along must not pose as a program of the user's.
 */
export async function onPath(name: string, machine: Machine, without: readonly string[] = []): Promise<string | undefined> {
  const paths = machine.platform === "win32" ? path.win32 : path.posix;
  const entries = (machine.environment.PATH ?? machine.environment.Path ?? "").split(paths.delimiter);
  for (const entry of entries) {
    if (!paths.isAbsolute(entry) || without.some((folder) => isInside(entry, folder, paths))) {
      continue;
    }
    for (const file of programNames(name, machine.platform)) {
      const candidate = paths.join(entry, file);
      if (await machine.isFile(candidate)) {
        return candidate;
      }
    }
  }
  return undefined;
}

function isInside(file: string, folder: string, paths: path.PlatformPath): boolean {
  const relative = paths.relative(folder, file);
  return relative === "" || (!relative.startsWith("..") && !paths.isAbsolute(relative));
}
