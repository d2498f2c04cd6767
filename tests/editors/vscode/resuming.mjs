// A migration that stopped half way is finished by the one that the lens writes, or the tree.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { until } from "./editor.mjs";
import { EARLIER, MIGRATION, TEXT, project, sqlite } from "./halfway.mjs";

const { PICTURES } = process.env;
const RESUME = MIGRATION.replace(".sql", "_resume.sql");

/** The tests, in an editor that `started` gives and a folder of their own below `scratch`. */
export function resuming(started, scratch) {
  describe("a migration that stopped half way", { timeout: 240_000 }, () => {
    const folder = path.join(scratch, "resumed");
    const database = path.join(folder, "dev.db");
    let window;

    before(async () => {
      project(folder);
      window = await started().open(folder, MIGRATION);
      await window.trust(true);
      await window.running();
    });
    after(() => window.close());

    const lens = (text) => window.page.locator(".codelens-decoration", { hasText: text });

    it("is finished by the file that the lens writes", async () => {
      await lens("Choose database...").locator("a").click();
      await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "dev" }).first().waitFor();
      await window.page.keyboard.press("Enter");
      await lens("2 of 5 applied on dev").waitFor();
      await lens("Generate resume migration").locator("a", { hasText: "Generate" }).click();
      await window.page.locator(".tab.active", { hasText: path.basename(RESUME) }).waitFor();
      await window.page.locator(".view-line", { hasText: "Finishes" }).first().waitFor();
      await window.toast("Save the resume migration");
      await window.screenshot(PICTURES === undefined ? undefined : path.join(PICTURES, "vscode-resume.png"));
      await window.save();
      const text = readFileSync(path.join(folder, RESUME), "utf8");
      assert.match(text.replaceAll(/\s+(-- )?/g, " "), /stopped before creating index users_role/);
      sqlite(database, text);
      await window.page.locator(".tab", { hasText: path.basename(MIGRATION) }).click();
      await lens("Refresh").locator("a", { hasText: "Refresh" }).click();
      await lens("5 of 5 applied on dev").waitFor();
      assert.equal(await lens("Generate resume migration").count(), 0);
    });

    it("is finished from the tree, too", async () => {
      rmSync(path.join(folder, RESUME));
      rmSync(database);
      sqlite(database, EARLIER + TEXT.split("ALTER")[0]);
      await window.page.locator('.activitybar .action-label[aria-label^="Partway"]').click();
      await window.command("Partway: Refresh Migrations");
      const row = window.page.locator(".pane-body .monaco-list-row", { hasText: "add_user_roles.sql" });
      await until("one operation of it", async () => (await row.first().innerText()).includes("1 of 5"));
      await row.first().hover();
      await row.first().locator('.action-label[aria-label="Generate Resume Migration"]').click();
      await window.page.locator(".tab.active.dirty", { hasText: path.basename(RESUME) }).waitFor();
      await window.save();
      sqlite(database, readFileSync(path.join(folder, RESUME), "utf8"));
      await window.command("Partway: Refresh Migrations");
      await until("all of them", async () => (await row.first().innerText()).includes("5 of 5"));
    });
  });
}
