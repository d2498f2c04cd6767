// Where the language server is looked for, and in which order. Knows no editor: the tests run it as it is.
import type { Machine } from "./machine";
import { misfit, showRange, type VersionRange } from "./versions";

/** Where a server was found. */
export type Origin = "setting" | "environment" | "managed" | "path";

/** A server that can be started. */
export interface Server {
  readonly origin: Origin;
  readonly program: string;
  /** What comes before `server` on the command line. */
  readonly args: readonly string[];
  readonly version: string;
}

/** What the search is told. */
export interface Wishes {
  /** Whether the user trusts the workspace: without that, nothing but the managed server is started. */
  readonly trusted: boolean;
  /** The setting `partway.path`, with its variables filled in; empty when there is none. */
  readonly path: string;
  readonly managed: boolean;
  readonly range: VersionRange;
}

/** Where the search looks. */
export interface Places {
  /** The programs called partway in the workspace's Python environments, the best first. */
  readonly environments: () => Promise<readonly string[]>;
  /** The extension's own server, made first if need be. Rejects with a reason for the user. */
  readonly managed: () => Promise<Server>;
  readonly onPath: () => Promise<string | undefined>;
  readonly probe: (program: string, args: readonly string[]) => Promise<Probe>;
  /** Told why a place was passed over. */
  readonly note: (message: string) => void;
}

/** What a program said when it was asked for its version. */
export type Probe = { readonly version: string } | { readonly problem: string };

/** No server could be found; the message is for the user. */
export class NoServer extends Error {}

const PROBE_TIMEOUT = 30_000;

/** Ask a program for its version. */
export async function probe(machine: Machine, program: string, args: readonly string[] = []): Promise<Probe> {
  if (!(await machine.isFile(program))) {
    return { problem: "there is no such file" };
  }
  const outcome = await machine.run(program, [...args, "--version"], { timeout: PROBE_TIMEOUT });
  const match = /^partway\s+(\S+)\s*$/m.exec(outcome.stdout);
  if (outcome.code === 0 && match?.[1] !== undefined) {
    return { version: match[1] };
  }
  const last = lastLine(outcome.stderr) ?? lastLine(outcome.stdout);
  return { problem: last === undefined ? "it does not answer as Partway does" : `it says: ${last}` };
}

/** The last line that is not empty: of a Python traceback, the one that names the error. */
export function lastLine(text: string): string | undefined {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .at(-1);
}

/** Find the server to start. Rejects with NoServer. */
export async function findServer(wishes: Wishes, places: Places): Promise<Server> {
  if (!wishes.trusted) {
    if (!wishes.managed) {
      throw new NoServer(
        "In Restricted Mode only the extension's own server is started, and partway.managed.enabled is off.",
      );
    }
    return await managed(places);
  }
  if (wishes.path !== "") {
    return await named(wishes.path, wishes.range, places);
  }
  for (const program of await places.environments()) {
    const server = await fitting("environment", program, wishes.range, places);
    if (server !== undefined) {
      return server;
    }
  }
  let reason = "partway.managed.enabled is off, so none was installed.";
  if (wishes.managed) {
    try {
      return await managed(places);
    } catch (error) {
      reason = messageOf(error);
      places.note(`the extension's own server: ${reason}`);
    }
  }
  const program = await places.onPath();
  const server = program === undefined ? undefined : await fitting("path", program, wishes.range, places);
  if (server === undefined) {
    throw new NoServer(`No Partway server to start. ${reason}`);
  }
  return server;
}

async function managed(places: Places): Promise<Server> {
  try {
    return await places.managed();
  } catch (error) {
    throw error instanceof NoServer ? error : new NoServer(messageOf(error));
  }
}

/** The server that `partway.path` names. Who names a program wants that one: nothing else is tried. */
async function named(program: string, range: VersionRange, places: Places): Promise<Server> {
  const answer = await places.probe(program, []);
  if ("problem" in answer) {
    throw new NoServer(`partway.path is ${program}, which cannot be used: ${answer.problem}`);
  }
  const wrong = misfit(answer.version, range);
  if (wrong !== undefined) {
    throw new NoServer(`partway.path is Partway ${answer.version}; this extension needs ${showRange(range)}.`);
  }
  return { origin: "setting", program, args: [], version: answer.version };
}

async function fitting(
  origin: Origin,
  program: string,
  range: VersionRange,
  places: Places,
): Promise<Server | undefined> {
  const answer = await places.probe(program, []);
  if ("problem" in answer) {
    places.note(`${program}: ${answer.problem}`);
    return undefined;
  }
  const wrong = misfit(answer.version, range);
  if (wrong !== undefined) {
    places.note(`${program}: Partway ${answer.version} is ${wrong}; needed is ${showRange(range)}`);
    return undefined;
  }
  return { origin, program, args: [], version: answer.version };
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
