import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NoServer, findServer, probe, type Places, type Server, type Wishes } from "../src/server/search";
import { FakeMachine, partway } from "./fakes";

const OWN: Server = { origin: "managed", program: "/own/python", args: ["-I", "-m", "partway"], version: "0.1.0" };
const WISHES: Wishes = { trusted: true, path: "", managed: true, range: { from: "0.1.0", below: "0.2" } };

interface Scene {
  readonly programs?: Readonly<Record<string, string>>;
  readonly environments?: readonly string[];
  readonly onPath?: string;
  readonly managed?: () => Promise<Server>;
}

/** Places that count what was asked of them. */
function scene({ programs = {}, environments = [], onPath, managed = () => Promise.resolve(OWN) }: Scene) {
  const asked: string[] = [];
  const notes: string[] = [];
  const machine = new FakeMachine(Object.fromEntries(Object.entries(programs).map(([name, version]) => [name, partway(version)])));
  const places: Places = {
    environments: () => {
      asked.push("environments");
      return Promise.resolve(environments);
    },
    managed: () => {
      asked.push("managed");
      return managed();
    },
    onPath: () => {
      asked.push("path");
      return Promise.resolve(onPath);
    },
    probe: (program, args) => probe(machine, program, args),
    note: (message) => notes.push(message),
  };
  return { places, asked, notes, machine };
}

describe("the search for a server", () => {
  it("takes what partway.path names, and looks nowhere else", async () => {
    const { places, asked } = scene({ programs: { "/mine/partway": "0.1.4" }, environments: ["/ws/.venv/bin/partway"] });
    const server = await findServer({ ...WISHES, path: "/mine/partway" }, places);
    assert.deepEqual(server, { origin: "setting", program: "/mine/partway", args: [], version: "0.1.4" });
    assert.deepEqual(asked, []);
  });

  it("says so when partway.path cannot be used, and takes no other", async () => {
    const { places, asked } = scene({ programs: { "/old/partway": "0.0.3" } });
    await assert.rejects(findServer({ ...WISHES, path: "/gone/partway" }, places), (error) => {
      assert.ok(error instanceof NoServer);
      assert.match(error.message, /\/gone\/partway.*there is no such file/);
      return true;
    });
    await assert.rejects(findServer({ ...WISHES, path: "/old/partway" }, places), /Partway 0\.0\.3; this extension needs 0\.1\.0/);
    assert.deepEqual(asked, []);
  });

  it("prefers the workspace's environment, if it is new enough", async () => {
    const { places, asked, notes } = scene({
      programs: { "/ws/.venv/bin/partway": "0.0.9", "/ws/venv/bin/partway": "0.1.2" },
      environments: ["/ws/.venv/bin/partway", "/ws/venv/bin/partway"],
    });
    const server = await findServer(WISHES, places);
    assert.equal(server.origin, "environment");
    assert.equal(server.program, "/ws/venv/bin/partway");
    assert.deepEqual(asked, ["environments"]);
    assert.match(notes.join(), /0\.0\.9 is older/);
  });

  it("then takes its own, before the one on PATH", async () => {
    const { places, asked } = scene({ programs: { "/usr/bin/partway": "0.1.0" }, onPath: "/usr/bin/partway" });
    assert.equal(await findServer(WISHES, places), OWN);
    assert.deepEqual(asked, ["environments", "managed"]);
  });

  it("takes the one on PATH when its own cannot be made, and remembers why", async () => {
    const { places, notes } = scene({
      programs: { "/usr/bin/partway": "0.1.0" },
      onPath: "/usr/bin/partway",
      managed: () => Promise.reject(new Error("no network")),
    });
    assert.equal((await findServer(WISHES, places)).origin, "path");
    assert.match(notes.join(), /no network/);
  });

  it("makes none of its own when it may not", async () => {
    const { places, asked } = scene({ programs: { "/usr/bin/partway": "0.1.0" }, onPath: "/usr/bin/partway" });
    assert.equal((await findServer({ ...WISHES, managed: false }, places)).origin, "path");
    assert.deepEqual(asked, ["environments", "path"]);
  });

  it("gives the reason when there is none at all", async () => {
    const failing = scene({ managed: () => Promise.reject(new Error("No Python was found on PATH.")) });
    await assert.rejects(findServer(WISHES, failing.places), /No Partway server to start\. No Python was found on PATH\./);
    const forbidden = scene({});
    await assert.rejects(findServer({ ...WISHES, managed: false }, forbidden.places), /partway\.managed\.enabled is off/);
  });

  it("starts nothing but its own where the workspace is not trusted", async () => {
    const { places, asked, machine } = scene({
      programs: { "/ws/evil": "0.1.0", "/usr/bin/partway": "0.1.0" },
      environments: ["/ws/evil"],
      onPath: "/usr/bin/partway",
    });
    assert.equal(await findServer({ ...WISHES, trusted: false, path: "/ws/evil" }, places), OWN);
    assert.deepEqual(asked, ["managed"]);
    assert.deepEqual(machine.calls, []);

    const broken = scene({ onPath: "/usr/bin/partway", managed: () => Promise.reject(new Error("pip failed")) });
    await assert.rejects(findServer({ ...WISHES, trusted: false }, broken.places), /pip failed/);
    await assert.rejects(findServer({ ...WISHES, trusted: false, managed: false }, places), /Restricted Mode/);
  });
});

describe("asking a program for its version", () => {
  it("shows the line that names the error", async () => {
    const machine = new FakeMachine({
      "/broken": () => ({ code: 1, stderr: "Traceback (most recent call last):\n  ...\nModuleNotFoundError: No module named 'sqlglot'\n" }),
      "/other": () => ({ stdout: "something else 1.0\n" }),
      "/silent": () => ({}),
    });
    assert.deepEqual(await probe(machine, "/broken"), { problem: "it says: ModuleNotFoundError: No module named 'sqlglot'" });
    assert.deepEqual(await probe(machine, "/other"), { problem: "it says: something else 1.0" });
    assert.deepEqual(await probe(machine, "/silent"), { problem: "it does not answer as Partway does" });
    assert.deepEqual(await probe(machine, "/absent"), { problem: "there is no such file" });
  });
});
