// Bundles the unit tests and runs them with Node's own test runner; no editor is needed.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import * as esbuild from "esbuild";

const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
rmSync("dist/test", { recursive: true, force: true });
await esbuild.build({
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: "dist/test",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => `dist/test/${name.replace(/\.ts$/, ".cjs")}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test-reporter=spec", "--test", ...files], { stdio: "inherit" });
process.exit(status ?? 1);
