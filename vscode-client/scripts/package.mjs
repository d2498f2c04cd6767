// Makes partway-VERSION.vsix: the bundle, the server as a wheel built from this repository, the documents with their
// pictures. What goes in is laid out in dist/vsix first, so the list below is the whole of it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const stage = "dist/vsix";
const repository = path.resolve("..");

function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit", ...options });
  if (status !== 0) {
    console.error(`${program} ${args.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
    process.exit(1);
  }
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(`${stage}/server`, { recursive: true });

run(process.execPath, ["scripts/build.mjs"]);
cpSync("dist/extension.js", `${stage}/dist/extension.js`);
cpSync("dist/THIRD-PARTY-NOTICES.txt", `${stage}/THIRD-PARTY-NOTICES.txt`);

// What only development needs is no business of who installs the extension.
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
delete manifest.scripts;
delete manifest.devDependencies;
writeFileSync(`${stage}/package.json`, JSON.stringify(manifest, undefined, 2));

cpSync("media", `${stage}/media`, { recursive: true });
for (const [from, to] of [
  ["../LICENSE", "LICENSE"],
  ["CHANGELOG.md", "CHANGELOG.md"],
]) {
  cpSync(from, `${stage}/${to}`);
}

// The editor shows pictures of a README from https alone: they become links into the repository once package.json names
// one. Until then the installed README does without; the walkthrough has its own, from the package.
const published = manifest.repository !== undefined;
const readme = readFileSync("README.md", "utf8");
writeFileSync(
  `${stage}/README.md`,
  published ? readme.replaceAll("../docs/images/", "docs/images/") : readme.replace(/^!\[[^\]]*\]\(\.\.\/docs\/images\/.*\)\n\n/gm, ""),
);
for (const { media } of manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)) {
  if (media.image?.startsWith("images/")) {
    cpSync(`../docs/${media.image}`, `${stage}/${media.image}`);
  }
}
writeFileSync(`${stage}/.vscodeignore`, ""); // all that is laid out goes in

const inside = path.join(repository, process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python");
const python = process.env.PYTHON ?? (existsSync(inside) ? inside : "python3");
run(python, ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", `${stage}/server`, repository]);

const file = path.resolve(`partway-${manifest.version}.vsix`);
run(process.execPath, [
  path.resolve("node_modules/@vscode/vsce/vsce"),
  "package",
  "--no-dependencies",
  ...(published ? [] : ["--allow-missing-repository", "--no-rewrite-relative-links"]),
  "--out",
  file,
], { cwd: stage });
