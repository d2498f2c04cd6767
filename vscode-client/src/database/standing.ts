// What the server answers to `partway.projectStatus`: how every migration stands in the database, read with care. Knows
// no editor.

export type State = "applied" | "pending" | "different" | "invalid" | "unknown";

export interface OperationStanding {
  readonly name: string;
  readonly state: State;
  readonly reason: string;
  readonly query: string;
  /** Counted from 0; the column in code points. */
  readonly line: number;
  readonly column: number;
}

/** How a migration stands as a whole. */
export type Whole = "half-way" | "applied" | "pending" | "unclear";

export interface MigrationStanding {
  readonly uri: string;
  readonly path: string;
  readonly sentence: string;
  readonly whole: Whole;
  /** Undefined where nobody has asked for them: of what is whole the server tells only when a row is opened. */
  readonly operations: readonly OperationStanding[] | undefined;
  /** How many operations there are, told of or not. */
  readonly total: number;
}

export interface ProjectStanding {
  readonly root: string;
  /** Why the database could not be asked. */
  readonly message: string | undefined;
  readonly migrations: readonly MigrationStanding[];
  /** What keeps a tool from running any of them. */
  readonly troubles: readonly string[];
}

export interface WorkspaceStanding {
  readonly database: string | undefined;
  readonly projects: readonly ProjectStanding[];
}

export const NOTHING: WorkspaceStanding = { database: undefined, projects: [] };
const STATES: ReadonlySet<string> = new Set<State>(["applied", "pending", "different", "invalid", "unknown"]);
/** How many migrations are half way, which somebody has to see to. */
export function troubled(standing: WorkspaceStanding): number {
  return standing.projects.flatMap((project) => project.migrations).filter(({ whole }) => whole === "half-way").length;
}

export function readStanding(answer: unknown): WorkspaceStanding {
  if (!isRecord(answer) || !Array.isArray(answer.projects)) {
    return NOTHING;
  }
  return { database: text(answer.database) || undefined, projects: answer.projects.filter(isRecord).map(readProject) };
}

function readProject(found: Record<string, unknown>): ProjectStanding {
  return {
    root: text(found.root),
    message: text(found.message) || undefined,
    migrations: records(found.migrations).map(readMigration),
    troubles: (Array.isArray(found.troubles) ? found.troubles : []).map(text).filter((trouble) => trouble !== ""),
  };
}

function readMigration(found: Record<string, unknown>): MigrationStanding {
  const operations = Array.isArray(found.operations) ? readOperations(found) : undefined;
  return {
    uri: text(found.uri),
    path: text(found.path),
    sentence: text(found.sentence),
    whole: readWhole(found, operations ?? []),
    operations,
    total: operations?.length ?? (typeof found.operation_count === "number" ? found.operation_count : 0),
  };
}

/** The operations in what the server says of one migration. */
export function readOperations(found: unknown): OperationStanding[] {
  return isRecord(found) ? records(found.operations).flatMap(readOperation) : [];
}

/** What the tool's own table says counts for more than the operations alone, where it has been read. */
function readWhole(found: Record<string, unknown>, operations: readonly OperationStanding[]): Whole {
  if (found.half_way === true) {
    return "half-way";
  }
  if (found.half_way !== false) {
    return "unclear";
  }
  const verdict = isRecord(found.history) ? text(found.history.verdict) : "";
  if (verdict !== "") {
    return verdict === "pending" ? "pending" : "applied";
  }
  return operations.length === 0 || operations.some(({ state }) => state === "applied") ? "applied" : "pending";
}

/** An operation of the way up; those of the way down have no state. */
function readOperation(found: Record<string, unknown>): OperationStanding[] {
  if (!isState(found.state)) {
    return [];
  }
  const range = isRecord(found.range) ? found.range : {};
  const start = isRecord(range.start) ? range.start : {};
  return [
    {
      name: `${text(found.kind)} ${text(found.target)}`.trim(),
      state: found.state,
      reason: text(found.reason),
      query: text(found.query),
      line: count(start.line),
      column: count(start.column),
    },
  ];
}

/** `2 of 5`, applied that is: what stands beside a migration's name. */
export function summary(migration: MigrationStanding): string {
  if (migration.total === 0) {
    return "";
  }
  const applied = migration.operations?.filter(({ state }) => state === "applied").length;
  // Without operations the tool's books and the catalog together say that the migration is whole, or pending.
  return `${applied ?? (migration.whole === "applied" ? migration.total : 0)} of ${migration.total}`;
}

/** What people call a migration: its file's name. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** From a count that starts at 1 to one that starts at 0. */
function count(value: unknown): number {
  return typeof value === "number" && value >= 1 ? value - 1 : 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isState(value: unknown): value is State {
  return typeof value === "string" && STATES.has(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
