import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { describe as inWords, readInspection, utf16Column } from "../src/inspection";
import { LAYOUTS, mayBeMigration } from "../src/migrations";
import { fillIn } from "../src/variables";

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, unknown>> } };
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

describe("which files start the server", () => {
  it("are those that look like migrations", () => {
    for (const file of [
      "/ws/db/migrations/002_stock.sql",
      "/ws/src/main/resources/db/migration/V2__roles.sql",
      "/ws/schema/V1.2__users.sql",
      "/ws/anywhere/0001_users.up.sql",
      "C:\\ws\\db_migrations\\1.sql",
      "/ws/prisma/migrations/20240101120000_users/migration.sql",
      "/ws/db/migrate/20240101120000_add_roles.rb",
      "/ws/shop/migrations/0002_roles.py",
      "/ws/alembic/versions/4f2e_add_roles.py",
    ]) {
      assert.ok(mayBeMigration(file), file);
    }
    for (const file of [
      "/ws/queries/report.sql",
      "/ws/immigration/list.sql",
      "/ws/migrations/readme.md",
      "/ws/V8.sql",
      "/ws/app/models/user.rb",
      "/ws/db/migrate/helpers.rb",
      "/ws/shop/migrations/__init__.py",
      "/ws/alembic/env.py",
      "/ws/shop/models.py",
    ]) {
      assert.ok(!mayBeMigration(file), file);
    }
  });

  it("have the same patterns in the manifest", () => {
    const patterns = manifest.activationEvents.filter((event) => event.startsWith("workspaceContains:"));
    assert.deepEqual(patterns.map((event) => event.replace("workspaceContains:", "")).sort(), [...LAYOUTS].sort());
  });
});

describe("the README", () => {
  it("lists every setting", () => {
    const readme = readFileSync("README.md", "utf8");
    for (const name of Object.keys(manifest.contributes.configuration.properties)) {
      assert.ok(readme.includes(`\`${name}\``), name);
    }
  });
});

describe("paths in settings", () => {
  const places = { home: "/home/me", workspace: "/ws" };
  it("may hold variables", () => {
    assert.equal(fillIn("~/bin/partway", places), "/home/me/bin/partway");
    assert.equal(fillIn("${userHome}/bin/partway", places), "/home/me/bin/partway");
    assert.equal(fillIn("${workspaceFolder}/.venv/bin/partway", places), "/ws/.venv/bin/partway");
    assert.equal(fillIn(".venv/bin/partway", places), "/ws/.venv/bin/partway");
    assert.equal(fillIn("", places), "");
    assert.equal(fillIn("${env:X}/partway", places), "${env:X}/partway");
    assert.equal(fillIn("${workspaceFolder}/p", { home: "/h", workspace: undefined }), "${workspaceFolder}/p");
  });
});

describe("an inspection", () => {
  const answer = {
    path: "V2__roles.sql",
    tool: "flyway",
    dialect: "mysql",
    transaction: "per-migration",
    operations: [
      {
        index: 0,
        kind: "create-table",
        target: "roles",
        section: "up",
        guarded: false,
        repeat: "fails",
        in_transaction: "commits",
        range: { start: { line: 2, column: 1 }, end: { line: 2, column: 40 } },
        postconditions: [{ object: "table", text: "table roles exists" }, "column roles.id exists"],
      },
    ],
  };

  it("is read from one document, or a list of one", () => {
    for (const form of [answer, [answer]]) {
      const [operation] = readInspection(form)?.operations ?? [];
      assert.ok(operation);
      assert.deepEqual(operation.start, { line: 1, column: 0 });
      assert.deepEqual(operation.postconditions, ["table roles exists", "column roles.id exists"]);
      assert.equal(inWords(operation), "a second run fails · commits at once");
    }
  });

  it("is not there, or incomplete, without harm", () => {
    for (const nothing of [undefined, null, [], {}, "text", { operations: 3 }]) {
      assert.equal(readInspection(nothing), undefined);
    }
    assert.equal(readInspection({ operations: [{}, 7] })?.operations.length, 1);
  });

  it("counts columns in code points, and the editor in UTF-16", () => {
    assert.equal(utf16Column("a😀b", 0), 0);
    assert.equal(utf16Column("a😀b", 2), 3);
    assert.equal(utf16Column("ab", 9), 2);
  });
});
