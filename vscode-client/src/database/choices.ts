// The databases that the server knows of, and what it says of the chosen one, read with care. Knows no editor.
import { isRecord } from "./standing";

export interface Choice {
  readonly name: string;
  /** The file that speaks of it. */
  readonly source: string;
  readonly address: string;
  readonly chosen: boolean;
}

export function readChoices(answer: unknown): Choice[] {
  return (Array.isArray(answer) ? answer : []).filter(isRecord).flatMap(({ name, source, address, chosen }) =>
    typeof name === "string" && name !== ""
      ? [{ name, source: asText(source), address: asText(address), chosen: chosen === true }]
      : [],
  );
}

/** What the server says of the chosen database, in `partway/status`. */
export interface DatabaseState {
  readonly name: string | undefined;
  readonly kind: "none" | "chosen" | "asking" | "answering" | "unavailable" | "untrusted";
  readonly message: string;
}

export const NO_DATABASE: DatabaseState = { name: undefined, kind: "none", message: "" };
const KINDS: ReadonlySet<string> = new Set<DatabaseState["kind"]>(["none", "chosen", "asking", "answering", "unavailable", "untrusted"]);

export function readState(said: unknown): DatabaseState {
  if (!isRecord(said) || !isKind(said.state)) {
    return NO_DATABASE;
  }
  return { name: asText(said.database) || undefined, kind: said.state, message: asText(said.message) };
}

/** How the status bar shows it: beside the name of the extension, empty where no database is chosen. */
export function shortly({ name, kind }: DatabaseState): string {
  if (name === undefined) {
    return "";
  }
  const icon = kind === "unavailable" ? "debug-disconnect" : kind === "asking" ? "sync~spin" : "database";
  return ` $(${icon}) ${name}`;
}

function isKind(value: unknown): value is DatabaseState["kind"] {
  return typeof value === "string" && KINDS.has(value);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
