// A VS Code of the test's own (server, extension, settings, in a folder of its own) and a browser that shows it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const QUIET = {
  "files.autoSave": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.commandCenter.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "editor.minimap.enabled": false,
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.fontSize": 14,
  "window.commandCenter": false,
  "window.title": "${activeEditorShort}${separator}${rootName}",
};

/** Waits until `probe` gives something; fails, saying what was waited for, after `patience` milliseconds. */
export async function until(what, probe, patience = 40_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
    }
    await sleep(50);
  }
}

/** VS Code's server, with an extension installed. */
export class Editor {
  #process;
  #browser;

  /** `places` is what install() gave; `folder` a folder that is not there yet; `extension` a .vsix. */
  static async start(places, folder, extension) {
    const editor = new Editor();
    editor.places = places;
    editor.folder = folder;
    editor.port = await freePort();
    for (const scope of ["User", "Machine"]) {
      mkdirSync(path.join(folder, "user", scope), { recursive: true });
      writeFileSync(path.join(folder, "user", scope, "settings.json"), JSON.stringify(QUIET));
    }
    const args = [
      path.join(places.vscode, "out", "server-main.js"),
      ...["--host", "127.0.0.1", "--port", String(editor.port), "--without-connection-token"],
      ...["--accept-server-license-terms", "--telemetry-level", "off"],
      ...["--server-data-dir", path.join(folder, "srv"), "--extensions-dir", path.join(folder, "ext")],
      ...["--user-data-dir", path.join(folder, "user")],
      ...["--start-server", "--install-extension", extension],
    ];
    // A group of its own: ending it ends the extension host and the language server too.
    editor.#process = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    editor.output = "";
    for (const stream of [editor.#process.stdout, editor.#process.stderr]) {
      stream.on("data", (data) => (editor.output += data));
    }
    await until(
      "VS Code's server answers",
      async () => {
        if (editor.#process.exitCode !== null) {
          throw new Error(`VS Code's server ended:\n${editor.output}`);
        }
        return await fetch(`http://127.0.0.1:${editor.port}/version`).then((answer) => answer.ok, () => false);
      },
      60_000,
    );
    editor.#browser = await places.playwright.launch({
      executablePath: places.chromium,
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    return editor;
  }

  /** A window on a folder, as a person sees it the first time, with a file open. */
  async open(folder, file) {
    const context = await this.#browser.newContext({ viewport: { width: 1180, height: 640 }, deviceScaleFactor: 1 });
    const page = await context.newPage();
    const address = `vscode-remote://127.0.0.1:${this.port}${path.join(folder, file)}`;
    const payload = encodeURIComponent(JSON.stringify([["openFile", address]]));
    await page.goto(`http://127.0.0.1:${this.port}/?folder=${folder}&payload=${payload}`);
    await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
    return new Window(page);
  }

  /** What the extension and its server have written to their logs so far. */
  get log() {
    const logs = path.join(this.folder, "user", "logs");
    return filesBelow(logs)
      .filter((file) => path.basename(file) === "Partway.log")
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
  }

  async stop() {
    await this.#browser?.close();
    if (this.#process?.exitCode === null) {
      process.kill(-this.#process.pid, "SIGTERM");
      await until("VS Code's server ends", () => this.#process.exitCode !== null || this.#process.signalCode !== null, 10_000).catch(() => {
        process.kill(-this.#process.pid, "SIGKILL");
      });
    }
  }
}

/** What a person does in a window, and what is to be seen there. */
export class Window {
  constructor(page) {
    this.page = page;
  }

  async trust(yes) {
    const name = yes ? /Yes, I trust/ : /No, I don't trust/;
    await this.page.locator(".monaco-dialog-box").getByRole("button", { name }).click({ timeout: 60_000 });
  }

  /** The item in the status bar says that the server runs; the first start may install it. */
  async running(patience = 40_000) {
    await this.page.locator('.statusbar-item[id$="partway.status"] .codicon-check').waitFor({ timeout: patience });
  }

  get status() {
    return this.page.locator('.statusbar-item[id$="partway.status"]');
  }

  async squiggles(atLeast, patience = 40_000) {
    const found = this.page.locator(".squiggly-warning, .squiggly-info, .squiggly-error");
    await until(`at least ${atLeast} squiggles`, async () => (await found.count()) >= atLeast, patience);
  }

  async noSquiggles(patience = 40_000) {
    const found = this.page.locator(".squiggly-warning, .squiggly-error");
    await until("no squiggles", async () => (await found.count()) === 0, patience);
  }

  /** Put the cursor on the first occurrence of a word. */
  async click(word, line) {
    const target = this.page.locator(".view-line", { hasText: word }).getByText(word).first();
    await target.click();
    let clicked = Date.now();
    await until(`the cursor is in line ${line}`, async () => {
      if (Date.now() - clicked > 4_000) {
        await target.click(); // a busy browser can lose one
        clicked = Date.now();
      }
      return (await this.page.locator("#status\\.editor\\.selection").innerText()).includes(`Ln ${line},`);
    });
  }

  /** Open the light bulb's menu; its entries. */
  async lightBulb() {
    await this.page.keyboard.press("Control+.");
    await this.page.locator(".action-widget .monaco-list-row.focused").waitFor();
    return await this.page.locator(".action-widget .monaco-list-row").allInnerTexts();
  }

  async command(title) {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${title}`);
    await until(`the palette offers ${title}`, async () => {
      const row = this.page.locator(".quick-input-list .monaco-list-row.focused");
      return (await row.count()) > 0 && (await row.innerText()).includes(title);
    });
    await this.page.keyboard.press("Enter");
  }

  /** Change settings, as a person does; those that name programs are the machine's, so "Remote" in the web build. */
  async settings(values, scope = "User") {
    await this.command(`Preferences: Open ${scope} Settings (JSON)`);
    const tab = this.page.locator(".tab.active", { hasText: "settings.json" });
    await tab.waitFor();
    await this.page.locator(".view-line", { hasText: "files.autoSave" }).first().click();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(JSON.stringify({ ...QUIET, ...values }));
    await this.save();
    await tab.locator(".codicon-close").click();
    await this.page.locator(".tab", { hasText: "settings.json" }).waitFor({ state: "detached" });
  }

  /** Save, and wait until it is on the disk. */
  async save() {
    await this.page.locator(".tab.active.dirty").waitFor();
    await this.page.keyboard.press("Control+s");
    await until("the file is saved", async () => (await this.page.locator(".tab.dirty").count()) === 0);
  }

  async toast(pattern, patience = 40_000) {
    const toast = this.page.locator(".notification-toast", { hasText: pattern });
    await toast.first().waitFor({ timeout: patience });
    return toast.first();
  }

  async screenshot(file) {
    if (file !== undefined) {
      mkdirSync(path.dirname(file), { recursive: true });
      await this.page.screenshot({ path: file });
    }
  }

  async close() {
    await this.page.context().close();
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder).flatMap((name) => {
    const entry = path.join(folder, name);
    return statSync(entry).isDirectory() ? filesBelow(entry) : [entry];
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
