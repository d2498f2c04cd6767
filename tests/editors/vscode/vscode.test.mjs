// The packaged extension in the real VS Code: what a person sees and does, from the first start on.
// PARTWAY_VSIX names the package, PARTWAY the command to compare with, PICTURES where screenshots go.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Editor, until } from "./editor.mjs";
import { install } from "./install.mjs";

const repository = path.resolve(import.meta.dirname, "../../..");
const { PARTWAY_VSIX, PARTWAY = path.join(repository, ".venv/bin/partway"), PICTURES } = process.env;
const MIGRATION = "src/main/resources/db/migration/V2__roles.sql";
const FIRST_INSTALL = 120_000;

const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), "partway-vscode-")));
let editor;
let window;

/** A project of its own, with migrations that MySQL runs statement by statement. */
function project(name) {
  const folder = path.join(scratch, name);
  cpSync(path.join(repository, "examples/shop/billing"), folder, { recursive: true });
  mkdirSync(path.join(folder, ".git")); // where a project begins
  return folder;
}

function picture(name) {
  return PICTURES === undefined ? undefined : path.join(PICTURES, `vscode-${name}.png`);
}

/** A program that answers to --version, and does `body` when it is started as server. */
function program(file, body) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = --version ]; then exec '${PARTWAY}' --version; fi\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
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

describe("a trusted folder", { timeout: 240_000 }, () => {
  let folder;
  let file;

  before(async () => {
    folder = project("billing");
    file = path.join(folder, MIGRATION);
    window = await editor.open(folder, MIGRATION);
  });
  after(() => window.close());

  it("gets a server of the extension's own, with nothing configured", async () => {
    await window.trust(true);
    await window.running(FIRST_INSTALL);
    await until("the log says which", () => /starting Partway \S+ \(managed\)/.test(editor.log));
  });

  it("shows what is wrong, and why", async () => {
    await window.squiggles(3);
    const word = window.page.locator(".view-line", { hasText: "approved_by" }).getByText("TABLE").first();
    await word.hover();
    await window.page.locator(".monaco-hover:visible", { hasText: "unguarded-add" }).first().waitFor();
    await window.page.waitForTimeout(400); // the hover fades in
    await window.screenshot(picture("findings"));
    await window.page.keyboard.press("Escape");
  });

  it("writes the guard that the light bulb offers", async () => {
    const before = readFileSync(file, "utf8");
    await window.click("roles", 2);
    const entries = await window.lightBulb();
    assert.ok(entries.some((entry) => /Ignore unguarded-create here/.test(entry)), entries.join(" | "));
    await window.page.waitForTimeout(200);
    await window.screenshot(picture("guards"));
    await window.page.keyboard.press("Enter");
    await window.save();
    assert.equal(readFileSync(file, "utf8"), before.replace("CREATE TABLE roles", "CREATE TABLE IF NOT EXISTS roles"));
  });

  it("lists the operations", async () => {
    await window.command("Partway: Show Operations");
    const rows = window.page.locator(".quick-input-list .monaco-list-row");
    await until("three operations", async () => (await rows.count()) >= 3);
    const shown = (await rows.allInnerTexts()).join("\n");
    for (const expected of [/create-table roles/, /add-column invoices.approved_by/, /guarded · commits at once/, /a second run fails/]) {
      assert.match(shown, expected);
    }
    await window.screenshot(picture("operations"));
    await window.page.keyboard.press("Escape");
  });

  it("explains a rule, by the finding's link and by command", async () => {
    const tab = window.page.locator(".tab", { hasText: "unguarded-add.md" });
    await window.page.locator(".view-line", { hasText: "approved_by" }).getByText("TABLE").first().hover();
    await window.page.locator(".monaco-hover:visible a", { hasText: "unguarded-add" }).click();
    await tab.waitFor();
    await tab.locator(".codicon-close").click();
    await tab.waitFor({ state: "detached" });

    await window.click("approved_by", 3);
    await window.command("Partway: Explain Rule");
    await tab.waitFor();
    const preview = window.page.frameLocator("iframe.webview").first().frameLocator("iframe").first();
    await preview.getByText("Why it matters").waitFor();
    await window.screenshot(picture("rule"));
    await tab.locator(".codicon-close").click();
  });

  it("mends the rest of the file at once, as the command line does", async () => {
    const copy = project("billing-by-terminal");
    writeFileSync(path.join(copy, MIGRATION), readFileSync(file));
    spawnSync(PARTWAY, ["lint", "--fix", path.join(copy, MIGRATION)]);
    await window.click("approved_by", 3);
    await window.command("Partway: Fix File");
    await window.save();
    assert.equal(readFileSync(file, "utf8"), readFileSync(path.join(copy, MIGRATION), "utf8"));
    await window.noSquiggles();
    await window.screenshot(picture("mended"));
  });

  it("starts a server again that was killed", async () => {
    const starts = () => editor.log.split("starting Partway").length;
    const before = starts();
    const servers = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(path.join(scratch, "editor")) && / -m partway server/.test(line))
      .map((line) => Number(line.trim().split(/\s+/)[0]));
    assert.equal(servers.length, 1);
    process.kill(servers[0], "SIGKILL");
    await until("the server is started again", () => starts() === before + 1);
    await window.running();
  });
});

describe("settings", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("are heeded at once: another database, other findings", async () => {
    window = await editor.open(project("settings"), MIGRATION);
    await window.trust(true);
    await window.running();
    await window.squiggles(3);
    // PostgreSQL undoes the whole migration when it fails: there is nothing to report.
    await window.settings({ "partway.dialect": "postgresql" });
    await window.noSquiggles();
    await window.settings({});
    await window.squiggles(3);
  });

  it("can have everything mended at each save", async () => {
    await window.settings({ "[sql]": { "editor.codeActionsOnSave": { "source.fixAll.partway": "explicit" } } });
    await window.click("approved_by", 3);
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" -- who");
    await window.save();
    await window.noSquiggles();
    await window.settings({});
  });
});

describe("a server that dies when it starts", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("is reported with its last words, the way to its log, and the way on", async () => {
    const file = path.join(scratch, "named", "partway");
    program(file, 'echo "ModuleNotFoundError: No module named pygls" >&2; exit 1');
    window = await editor.open(project("broken"), MIGRATION);
    await window.trust(true);
    await window.running();
    await window.settings({ "partway.path": file }, "Remote");
    const toast = await window.toast(/Partway's server ended while it started.*No module named pygls/);
    await window.status.locator(".codicon-error").waitFor();
    await window.screenshot(picture("failure"));
    assert.equal(await window.page.locator(".notification-toast").count(), 1, "one message is enough");
    await toast.getByRole("button", { name: "Show Log" }).click();
    await window.page.locator(".part.panel .view-line", { hasText: "No module named pygls" }).first().waitFor();

    program(file, `exec '${PARTWAY}' "$@"`);
    await window.command("Partway: Restart Server");
    await window.running();
    await window.squiggles(3);
    assert.match(editor.log.split("No module named pygls").at(-1), /starting Partway \S+ \(setting\)/);
    await window.settings({}, "Remote");
  });
});

describe("a folder that is not trusted", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("gets findings, and nothing of it is executed", async () => {
    const folder = project("foreign");
    const trace = path.join(scratch, "executed");
    for (const place of [".venv/bin/partway", ".venv/bin/python", "partway"]) {
      program(path.join(folder, place), `touch '${trace}'; exit 1`);
      const text = readFileSync(path.join(folder, place), "utf8").replace("if [", `touch '${trace}'\nif [`);
      writeFileSync(path.join(folder, place), text);
    }
    mkdirSync(path.join(folder, ".vscode"));
    writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify({ "partway.path": path.join(folder, "partway") }));
    window = await editor.open(folder, MIGRATION);
    await window.trust(false);
    await window.running();
    await window.squiggles(3);
    assert.ok(!existsSync(trace), "something of the workspace was executed");
  });
});

describe("a folder with a Python environment", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("gets the server that is in there", async () => {
    const folder = project("with-environment");
    program(path.join(folder, ".venv/bin/partway"), `exec '${PARTWAY}' "$@"`);
    window = await editor.open(folder, MIGRATION);
    await window.trust(true);
    // Until the answer, the extension's own server ran.
    await until("the environment's server is started", () => /starting Partway \S+ \(environment\)/.test(editor.log));
    await window.running();
    await window.squiggles(3);
  });
});

describe("a folder without migrations", { timeout: 150_000 }, () => {
  after(() => window.close());

  it("gets no server for an SQL file that is no migration", async () => {
    const folder = path.join(scratch, "reports");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "report.sql"), "CREATE TABLE report (id BIGINT PRIMARY KEY);\n");
    const before = editor.log.split("starting Partway").length;
    window = await editor.open(folder, "report.sql");
    await window.trust(true);
    await window.page.locator(".view-line", { hasText: "report" }).waitFor();
    await window.command("Partway: Show Log");
    await window.page.locator(".part.panel").first().waitFor();
    assert.equal(editor.log.split("starting Partway").length, before);
    assert.equal(await window.status.count(), 0);
  });
});
