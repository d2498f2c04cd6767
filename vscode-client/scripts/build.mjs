// Bundles the extension into dist/extension.js, with the licences of what is bundled; with --watch again after every
// change.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";

const options = {
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: !process.argv.includes("--watch"),
  sourcemap: process.argv.includes("--watch"),
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

/** The packages that a bundle holds, each with its licence. */
function notices({ inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined || !existsSync(path.join(folder, file))) {
      throw new Error(`${name} comes without a licence text`);
    }
    return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), "utf8").trim()}\n`;
  });
}

if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else {
  const { metafile } = await esbuild.build(options);
  const intro = "The extension contains the following packages, under the licences given.\n";
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", [intro, ...notices(metafile)].join(`\n${"-".repeat(80)}\n\n`));
}
