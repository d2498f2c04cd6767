import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_DATABASE, readChoices, readState, shortly } from "../src/database/choices";
import { NOTHING, nameOf, readOperations, readStanding, summary, troubled } from "../src/database/standing";

const range = { start: { line: 3, column: 5 }, end: { line: 3, column: 20 } };
const created = { kind: "create-table", target: "roles", state: "applied", reason: "table roles is there", query: "SELECT 1", range };
const added = { kind: "add-column", target: "users.role_id", state: "pending", reason: "it is not there", query: null, range };

function migration(halfWay: unknown, ...operations: unknown[]): Record<string, unknown> {
  return { path: "db/migrations/001_roles.sql", uri: "file:///p/001_roles.sql", sentence: "It stopped", half_way: halfWay, operations };
}

function one(found: unknown): ReturnType<typeof readStanding>["projects"][number]["migrations"][number] {
  const [project] = readStanding({ database: "dev", projects: [{ root: "/p", message: null, migrations: [found], troubles: [] }] }).projects;
  const [first] = project?.migrations ?? [];
  assert.ok(first);
  return first;
}

describe("the standing of a workspace", () => {
  it("has projects, migrations and operations", () => {
    const standing = readStanding({
      database: "dev",
      projects: [{ root: "/p", message: null, migrations: [migration(true, created, added)], troubles: ["two heads", 7] }],
    });
    assert.equal(standing.database, "dev");
    const [project] = standing.projects;
    assert.ok(project);
    assert.deepEqual([project.root, project.message, project.troubles], ["/p", undefined, ["two heads"]]);
    const [first] = project.migrations;
    assert.ok(first);
    assert.equal(first.whole, "half-way");
    assert.deepEqual(first.operations?.[0], {
      name: "create-table roles",
      state: "applied",
      reason: "table roles is there",
      query: "SELECT 1",
      line: 2,
      column: 4,
    });
    assert.equal(first.operations[1]?.query, "");
    assert.equal(summary(first), "1 of 2");
    assert.equal(troubled(standing), 1);
  });

  it("tells applied, pending and unclear migrations apart", () => {
    assert.equal(one(migration(false, created)).whole, "applied");
    assert.equal(one(migration(false, added)).whole, "pending");
    assert.equal(one(migration(null, created)).whole, "unclear");
    assert.equal(one(migration(false, created)).operations?.length, 1);
  });

  it("believes the tool's own table", () => {
    assert.equal(one({ ...migration(false), operations: null, history: { verdict: "pending" } }).whole, "pending");
    assert.equal(one({ ...migration(false), operations: null, history: { verdict: "complete" } }).whole, "applied");
    assert.equal(one({ ...migration(true, created), history: { verdict: "incomplete" } }).whole, "half-way");
  });

  it("counts the operations of which nothing is said yet", () => {
    const whole = one({ ...migration(false), operations: null, operation_count: 3, history: { verdict: "complete" } });
    assert.deepEqual([whole.operations, summary(whole)], [undefined, "3 of 3"]);
    const pending = one({ ...migration(false), operations: null, operation_count: 3, history: { verdict: "pending" } });
    assert.equal(summary(pending), "0 of 3");
    assert.deepEqual(readOperations(migration(false, created)), one(migration(false, created)).operations);
    assert.deepEqual([readOperations(null), readOperations({ operations: 7 })], [[], []]);
  });

  it("leaves out the way down, which has no states, and what it does not know", () => {
    const down = { ...created, state: null };
    const strange = { ...created, state: "upside-down" };
    assert.deepEqual(one(migration(false, down, strange, created, 7)).operations?.map(({ state }) => state), ["applied"]);
    assert.equal(summary(one(migration(null))), "");
  });

  it("is nothing where the answer makes no sense", () => {
    for (const answer of [undefined, null, 7, [], {}, { projects: {} }, "x"]) {
      assert.deepEqual(readStanding(answer), NOTHING);
    }
    assert.deepEqual(readStanding({ database: "dev", projects: [7, { migrations: 3 }] }).projects, [
      { root: "", message: undefined, migrations: [], troubles: [] },
    ]);
  });

  it("says why a database could not be asked", () => {
    const { projects } = readStanding({ database: "dev", projects: [{ root: "/p", message: "nothing listens there", migrations: [] }] });
    assert.equal(projects[0]?.message, "nothing listens there");
  });

  it("names migrations by their files", () => {
    assert.equal(nameOf("db/migrate/001_roles.rb"), "001_roles.rb");
    assert.equal(nameOf("001_roles.rb"), "001_roles.rb");
  });
});

describe("the databases to choose from", () => {
  it("are read with where each comes from", () => {
    const found = readChoices([{ name: "dev", source: "partway.toml", address: "env:DEV", chosen: true }, { name: "" }, 7, { name: "b" }]);
    assert.deepEqual(found, [
      { name: "dev", source: "partway.toml", address: "env:DEV", chosen: true },
      { name: "b", source: "", address: "", chosen: false },
    ]);
    assert.deepEqual(readChoices(null), []);
  });
});

describe("what the server says of the chosen one", () => {
  it("is shown in the status bar", () => {
    assert.equal(shortly(readState({ database: "dev", state: "answering", message: "" })), " $(database) dev");
    assert.equal(shortly(readState({ database: "dev", state: "asking" })), " $(sync~spin) dev");
    assert.equal(shortly(readState({ database: "dev", state: "unavailable", message: "x" })), " $(debug-disconnect) dev");
    assert.equal(shortly(readState({ database: null, state: "none" })), "");
  });

  it("is nothing where no server runs", () => {
    for (const said of [undefined, null, 7, { state: "broken" }]) {
      assert.deepEqual(readState(said), NO_DATABASE);
    }
  });
});
