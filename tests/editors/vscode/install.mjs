// The web build of VS Code and the remote control for Chromium, in a cache outside the repository: made once, some 300 MB.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const here = import.meta.dirname;
const FILES = ["package.json", "package-lock.json", ".npmrc"];
/** The parts of the web build that are compiled for this machine; terminals and Kerberos are not needed here. */
const COMPILED = ["@vscode/spdlog", "native-watchdog"];
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Something that the tests need is not there; the message says how to get it. */
export class Missing extends Error {}

/** Where it lies: `vscode` is the web build's folder, `playwright` the remote control, `chromium` the browser. */
export function install() {
  const chromium = findChromium();
  const key = createHash("sha256");
  FILES.forEach((name) => key.update(readFileSync(path.join(here, name))));
  key.update(process.version);
  const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache");
  const folder = path.join(cache, "partway-tests", `vscode-${key.digest("hex").slice(0, 12)}`);
  const vscode = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  const done = path.join(folder, "done");
  if (!existsSync(done)) {
    console.log(`installing the web build of VS Code into ${folder}; once, and it takes a minute or two`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    FILES.forEach((name) => copyFileSync(path.join(here, name), path.join(folder, name)));
    npm(["ci"], folder);
    npm(["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], vscode);
    npm(["rebuild", ...COMPILED], vscode);
    writeFileSync(done, "");
  }
  const { chromium: playwright } = createRequire(path.join(folder, "package.json"))("playwright-core");
  return { vscode, playwright, chromium };
}

/** The browser: the one that CHROMIUM names, else the first on PATH. */
export function findChromium() {
  if (process.env.CHROMIUM !== undefined) {
    return process.env.CHROMIUM;
  }
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const name of BROWSERS) {
      const file = path.join(folder, name);
      if (existsSync(file)) {
        return file;
      }
    }
  }
  throw new Missing("Chromium is not there (Debian: apt-get install chromium), and CHROMIUM names none.");
}

function npm(args, cwd) {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (status !== 0) {
    throw new Missing(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}\n${stderr}`);
  }
}
