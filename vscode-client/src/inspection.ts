// What the server answers to `partway.operations`: the document of `partway inspect --format json` for one file, read
// with care. Knows no editor.

export interface Operation {
  readonly section: string;
  readonly kind: string;
  readonly target: string;
  readonly guarded: boolean;
  readonly repeat: string;
  readonly inTransaction: string;
  readonly postconditions: readonly string[];
  /** Counted from 1, as in the terminal. */
  readonly line: number;
  readonly start: Position;
  readonly end: Position;
}

/** Counted from 0; the column in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Inspection {
  readonly tool: string;
  readonly dialect: string;
  readonly transaction: string;
  readonly operations: readonly Operation[];
}

const REPEAT: Readonly<Record<string, string>> = {
  same: "a second run changes nothing",
  fails: "a second run fails",
  changes: "a second run changes the data again",
};
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  "rolls-back": "undone by a rollback",
  refused: "refused in a transaction",
  commits: "commits at once",
};

/** The inspection in a server's answer; undefined when there is none. */
export function readInspection(answer: unknown): Inspection | undefined {
  const document: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isRecord(document) || !Array.isArray(document.operations)) {
    return undefined;
  }
  return {
    tool: text(document.tool),
    dialect: text(document.dialect),
    transaction: text(document.transaction),
    operations: document.operations.filter(isRecord).map(readOperation),
  };
}

function readOperation(found: Record<string, unknown>): Operation {
  const range = isRecord(found.range) ? found.range : {};
  const start = readPosition(range.start);
  const conditions: unknown[] = Array.isArray(found.postconditions) ? found.postconditions : [];
  return {
    section: text(found.section),
    kind: text(found.kind),
    target: text(found.target),
    guarded: found.guarded === true,
    repeat: text(found.repeat),
    inTransaction: text(found.in_transaction),
    postconditions: conditions.map((item) => text(isRecord(item) ? item.text : item)).filter((item) => item !== ""),
    line: start.line + 1,
    start,
    end: readPosition(range.end),
  };
}

function readPosition(found: unknown): Position {
  const { line, column } = isRecord(found) ? found : {};
  return { line: count(line), column: count(column) };
}

/** From a count that starts at 1 to one that starts at 0. */
function count(value: unknown): number {
  return typeof value === "number" && value >= 1 ? value - 1 : 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a second run of an operation does, and what a transaction can do for it, in words. */
export function describe(operation: Operation): string {
  const repeat = operation.guarded ? "guarded" : REPEAT[operation.repeat];
  return [repeat, IN_TRANSACTION[operation.inTransaction]].filter((part) => part !== undefined).join(" · ");
}

/** The column in UTF-16 units, as editors count, of a column in code points. */
export function utf16Column(line: string, column: number): number {
  let units = 0;
  for (const character of line) {
    if (column-- <= 0) {
      break;
    }
    units += character.length;
  }
  return units;
}
