// The packaged extension in the real VS Code, on a project whose migration stopped half way: what a person sees of it.
// PARTWAY_VSIX names the package, PICTURES where screenshots go.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Editor, until } from "./editor.mjs";
import { EARLIER, LATER, MIGRATION, TEXT, project as makeProject, sqlite } from "./halfway.mjs";
import { install } from "./install.mjs";
import { resuming } from "./resuming.mjs";

const { PARTWAY_VSIX, PICTURES } = process.env;
const FIRST_INSTALL = 120_000;
const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), "partway-vscode-")));
let editor;
let window;

const project = (name) => makeProject(path.join(scratch, name));

function picture(name) {
  return PICTURES === undefined ? undefined : path.join(PICTURES, `vscode-${name}.png`);
}

before(async () => {
  assert.ok(PARTWAY_VSIX, "PARTWAY_VSIX names no package");
  editor = await Editor.start(install(), path.join(scratch, "editor"), PARTWAY_VSIX);
});

after(async () => {
  await editor?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

afterEach(async (test) => {
  if (test.passed === false && window !== undefined) {
    const folder = path.join(os.tmpdir(), "partway-vscode-failures");
    const file = path.join(folder, `${test.name.replaceAll(/\W+/g, "-")}.png`);
    await window.screenshot(file).catch(() => undefined);
    console.log(`# picture: ${file}\n# log:\n${editor.log.split("\n").slice(-30).join("\n")}`);
  }
});

const lens = (text) => window.page.locator(".codelens-decoration", { hasText: text });
const row = (text) => window.page.locator(".pane-body .monaco-list-row", { hasText: text });

/** The rows of the view from top to bottom, which is not their order in the document, once all of them are as expected. */
async function tree(...expected) {
  let shown = [];
  await until("the rows of the tree", async () => {
    const found = await window.page.locator(".pane-body .monaco-list-row").evaluateAll((rows) =>
      rows.map((one) => [Number(one.dataset.index), one.innerText.replaceAll(/\s+/g, " ").trim()]),
    );
    shown = found.sort(([one], [other]) => one - other).map(([, text]) => text);
    return shown.length === expected.length && expected.every((pattern, index) => pattern.test(shown[index]));
  }).catch((error) => assert.deepEqual(shown, expected, error.message));
}

/** What stands behind a line of the file, hints included. */
async function lineWith(text) {
  const line = window.page.locator(".view-line", { hasText: text }).first();
  return (await line.innerText()).replaceAll("\u00a0", " ");
}

describe("a project whose migration stopped half way", { timeout: 240_000 }, () => {
  let folder;

  before(async () => {
    folder = project("shop");
    window = await editor.open(folder, MIGRATION);
  });
  after(() => window.close());

  it("asks no database by itself, and offers the one that is configured", async () => {
    await window.trust(true);
    await window.running(FIRST_INSTALL);
    await lens("Choose database...").waitFor();
    assert.doesNotMatch(await lineWith("users_role"), /pending|applied/);
    assert.ok(!(await window.status.innerText()).includes("dev"));
  });

  it("shows in the view what is to be done", async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="Partway"]').click();
    await window.page.getByText("A database can tell").waitFor();
  });

  it("asks the one that is chosen, and shows where it stopped", async () => {
    await lens("Choose database...").locator("a").click();
    const row = window.page.locator(".quick-input-list .monaco-list-row", { hasText: "dev" });
    await row.first().waitFor();
    assert.match((await row.first().innerText()).replaceAll("\u00a0", " "), /partway\.toml/);
    await window.page.keyboard.press("Enter");
    await lens("2 of 5 applied on dev, stopped before creating index users_role").waitFor();
    await lens("Refresh").waitFor();
    await until("the status bar names it", async () => (await window.status.innerText()).includes("dev"));
  });

  it("shows beside each operation what is true of it", async () => {
    await until("hints", async () => /✓ applied/.test(await lineWith("CREATE TABLE roles")));
    assert.match(await lineWith("ADD COLUMN role_id"), /✓ applied/);
    assert.match(await lineWith("users_role"), /○ pending/);
    assert.match(await lineWith("CREATE TABLE grants"), /○ pending/);
    await window.squiggles(1);
    await window.page.locator(".view-line", { hasText: "users_role" }).getByText("INDEX").first().hover();
    const hover = window.page.locator(".monaco-hover:visible", { hasText: "is not there" }).first();
    await hover.waitFor();
    await hover.getByText("half-applied").waitFor();
  });

  it("has it on top of the tree, with its operations", async () => {
    await tree(
      /^shop/,
      /20260215_add_user_roles\.sql.*2 of 5/,
      /create-table roles.*applied/,
      /add-column users\.role_id.*applied/,
      /create-index users_role.*pending/,
      /create-table grants.*pending/,
      /create-index grants_permission.*pending/,
      /20260301_invitations\.sql.*0 of 1/,
      /20260101_create_users\.sql.*1 of 1/,
    );
    await window.page.locator(".activitybar .badge", { hasText: "1" }).first().waitFor();
    await window.page.mouse.move(600, 600);
    await window.page.locator(".monaco-hover:visible").first().waitFor({ state: "hidden" });
    await window.screenshot(picture("tree"));
  });

  it("goes to an operation that is clicked", async () => {
    await row("create-index grants_permission").click();
    await until("the cursor is there", async () =>
      (await window.page.locator("#status\\.editor\\.selection").innerText()).includes("Ln 14,"),
    );
  });

  it("shows it all in the editor", async () => {
    await window.command("View: Toggle Primary Side Bar Visibility");
    await window.page.locator(".view-line", { hasText: "users_role" }).getByText("INDEX").first().hover();
    await window.page.locator(".monaco-hover:visible", { hasText: "is not there" }).first().waitFor();
    await window.page.waitForTimeout(400); // the hover fades in
    await window.screenshot(picture("status"));
    await window.page.keyboard.press("Escape");
  });

  it("asks again on command", async () => {
    sqlite(path.join(folder, "dev.db"), "CREATE INDEX users_role ON users (role_id);");
    await lens("Refresh").locator("a", { hasText: "Refresh" }).click();
    await lens("3 of 5 applied on dev, stopped before creating table grants").waitFor();
  });

  it("asks again at a save, and is content when all is there", async () => {
    sqlite(path.join(folder, "dev.db"), `CREATE TABLE grants${TEXT.split("CREATE TABLE grants")[1]}`);
    await window.click("Who", 1);
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" And more.");
    await lens("(before your changes)").waitFor();
    await window.save();
    await lens("5 of 5 applied on dev").waitFor();
  });

  it("says quietly that a database is away", async () => {
    rmSync(path.join(folder, "dev.db"));
    await lens("Refresh").locator("a", { hasText: "Refresh" }).click();
    await lens("dev: there is no such database").waitFor();
    assert.equal(await window.page.locator(".notification-toast").count(), 0);
    await window.status.locator(".codicon-debug-disconnect").waitFor();
    await until("no hints", async () => !/applied/.test(await lineWith("CREATE TABLE roles")));
  });

  it("remembers the choice for this workspace", async () => {
    sqlite(path.join(folder, "dev.db"), EARLIER);
    await window.command("Partway: Restart Server");
    await window.running();
    await lens("not applied on dev").waitFor();
  });
});

describe("a project whose tool keeps books", { timeout: 150_000 }, () => {
  const users = "db/migrations/20260101000000_users.sql";

  after(() => window.close());

  it("has the operations of what is whole as well, when somebody opens it", async () => {
    const folder = project("kept");
    rmSync(path.join(folder, "db"), { recursive: true });
    mkdirSync(path.join(folder, "db/migrations"), { recursive: true });
    mkdirSync(path.join(folder, ".vscode"));
    writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify({ "partway.database": "dev" }));
    writeFileSync(path.join(folder, "partway.toml"), 'tool = "dbmate"\ndialect = "sqlite"\n\n[databases]\ndev = "sqlite:///dev.db"\n');
    writeFileSync(path.join(folder, users), `-- migrate:up\n${EARLIER}CREATE INDEX users_email ON users (email);\n`);
    writeFileSync(path.join(folder, "db/migrations/20260301000000_invitations.sql"), `-- migrate:up\n${LATER}`);
    sqlite(
      path.join(folder, "dev.db"),
      `CREATE INDEX users_email ON users (email);
       CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
       INSERT INTO schema_migrations VALUES ('20260101000000')`,
    );
    window = await editor.open(folder, users);
    await window.trust(true);
    await window.running();
    await window.page.locator('.activitybar .action-label[aria-label^="Partway"]').click();
    await tree(/^kept/, /invitations\.sql.*0 of 1/, /users\.sql.*2 of 2/);
    await row("users.sql").locator(".monaco-tl-twistie").click();
    await tree(
      /^kept/,
      /invitations\.sql.*0 of 1/,
      /users\.sql.*2 of 2/,
      /create-table users.*applied/,
      /create-index users_email.*applied/,
    );
    await row("create-index users_email").click();
    await until("the cursor is there", async () =>
      (await window.page.locator("#status\\.editor\\.selection").innerText()).includes("Ln 3,"),
    );
  });
});

resuming(() => editor, scratch);

describe("the same in a folder that is not trusted", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("is not asked about, though a database is named in the settings", async () => {
    const folder = project("foreign");
    mkdirSync(path.join(folder, ".vscode"));
    writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify({ "partway.database": "dev" }));
    window = await editor.open(folder, MIGRATION);
    await window.trust(false);
    await window.running();
    await window.page.locator('.activitybar .action-label[aria-label^="Partway"]').click();
    await window.page.getByText("In Restricted Mode no database is asked.").waitFor();
    await window.page.waitForTimeout(1500); // as long as an answer would take, and more
    assert.equal(await window.page.locator(".codelens-decoration").count(), 0);
    assert.doesNotMatch(await lineWith("CREATE TABLE roles"), /applied/);
  });

  it("is asked about as soon as it is trusted", async () => {
    await window.command("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await window.page.locator(".tab", { hasText: "add_user_roles" }).click();
    await lens("2 of 5 applied on dev").waitFor();
  });
});
