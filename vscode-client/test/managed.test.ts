// On the real disk, with programs that act as Python and pip do.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Machine, Outcome } from "../src/server/machine";
import { managedServer, type Watch } from "../src/server/managed";

const watch: Watch = (work) => work(() => undefined, new AbortController().signal);

/** Makes environments as `python -m venv` does, as far as anybody looks at them. */
class VenvMachine implements Machine {
  readonly platform = "linux";
  readonly environment = { PATH: "/usr/bin" };
  readonly commands: string[] = [];
  pip: Partial<Outcome> = {};
  version: Partial<Outcome> = { stdout: "partway 0.1.0\n" };

  async isFile(file: string): Promise<boolean> {
    return file === "/usr/bin/python3" || (await stat(file).then((found) => found.isFile(), () => false));
  }

  async run(program: string, args: readonly string[]): Promise<Outcome> {
    this.commands.push([path.basename(program), ...args].join(" "));
    const done: Outcome = { code: 0, stdout: "", stderr: "" };
    const last = args.at(-1) ?? "";
    if (args.includes("venv")) {
      await mkdir(path.join(last, "bin"), { recursive: true });
      await writeFile(path.join(last, "bin", "python"), "");
      return done;
    }
    if (args.includes("pip")) {
      return { ...done, ...this.pip };
    }
    return last === "--version" ? { ...done, ...this.version } : { ...done, stdout: "3 12\n" };
  }
}

describe("the managed server", () => {
  let folder: string;
  let wanted: { wheels: string; storage: string; python: string; without: string[] };
  let machine: VenvMachine;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "partway-managed-"));
    wanted = { wheels: path.join(folder, "wheels"), storage: path.join(folder, "storage"), python: "", without: [] };
    machine = new VenvMachine();
    await mkdir(wanted.wheels);
    await writeFile(path.join(wanted.wheels, "partway-0.1.0-py3-none-any.whl"), "wheel");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("is made once, and started without looking at the folder that it runs in", async () => {
    const first = await managedServer(machine, wanted, watch);
    assert.equal(first.origin, "managed");
    assert.deepEqual(first.args, ["-I", "-m", "partway"]);
    assert.equal(machine.commands.filter((command) => command.includes("pip install")).length, 1);
    const second = await managedServer(machine, wanted, () => assert.fail("nothing is to be installed"));
    assert.deepEqual(second, first);
  });

  it("is made anew for another wheel, and for an environment that does not run any more", async () => {
    const first = await managedServer(machine, wanted, watch);
    await writeFile(path.join(wanted.wheels, "partway-0.1.0-py3-none-any.whl"), "another wheel");
    const second = await managedServer(machine, wanted, watch);
    assert.notEqual(second.program, first.program);

    machine.version = { code: 127 };
    await assert.rejects(managedServer(machine, wanted, watch), /installed, but it does not start/);
    machine.version = { stdout: "partway 0.1.0\n" };
    assert.deepEqual(await managedServer(machine, wanted, watch), second);
  });

  it("leaves nothing behind when pip fails, and says what pip said", async () => {
    machine.pip = { code: 1, stderr: "WARNING: Retrying\nERROR: No matching distribution found for sqlglot\n\n[notice] a new pip\n" };
    await assert.rejects(managedServer(machine, wanted, watch), /pip cannot install Partway.*: No matching distribution found for sqlglot$/);
    assert.deepEqual(await readdir(path.join(wanted.storage, "server")), []);
    machine.pip = {};
    assert.equal((await managedServer(machine, wanted, watch)).version, "0.1.0");
  });

  it("says so when there is no network", async () => {
    const retry = "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError('Connection refused')': /simple/sqlglot/";
    machine.pip = { code: 1, stderr: `${retry}\nERROR: No matching distribution found for sqlglot\n` };
    await assert.rejects(managedServer(machine, wanted, watch), /it cannot reach the package index \(NewConnectionError\)/);
  });

  it("can be cancelled", async () => {
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(
      managedServer(machine, wanted, (work) => work(() => undefined, abort.signal)),
      /The installation was cancelled/,
    );
  });

  it("may be made by two windows at once", async () => {
    const [one, other] = await Promise.all([managedServer(machine, wanted, watch), managedServer(machine, wanted, watch)]);
    assert.deepEqual(one, other);
    assert.equal((await readdir(path.join(wanted.storage, "server"))).length, 1);
  });

  it("takes environments away that nobody has used for a week", async () => {
    const old = path.join(wanted.storage, "server", "old");
    const recent = path.join(wanted.storage, "server", "recent");
    await mkdir(old, { recursive: true });
    await mkdir(recent);
    const lately = new Date(Date.now() - 8 * 24 * 60 * 60_000);
    await utimes(old, lately, lately);
    await managedServer(machine, wanted, watch);
    const left = await readdir(path.join(wanted.storage, "server"));
    assert.ok(left.includes("recent") && !left.includes("old"), left.join());
  });

  it("says so when the extension carries none", async () => {
    await rm(wanted.wheels, { recursive: true });
    await assert.rejects(managedServer(machine, wanted, watch), /carries no server/);
  });
});
