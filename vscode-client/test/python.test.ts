import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onPath } from "../src/server/machine";
import { findPython, partwayBeside, usualInterpreters } from "../src/server/python";
import { FakeMachine, partway, python } from "./fakes";

describe("the Python for the managed environment", () => {
  it("is the first on PATH that is new enough and has venv", async () => {
    const machine = new FakeMachine(
      { "/a/python3": python(3, 9), "/b/python3.12": python(3, 12), "/b/python3.11": python(3, 11) },
      { PATH: "/a:/b" },
    );
    assert.equal(await findPython(machine, "", []), "/b/python3.12");
  });

  it("is the one that the setting names, or none", async () => {
    const machine = new FakeMachine({ "/my/python": python(3, 13), "/old/python": python(3, 8), "/a/python3": python(3, 12) }, { PATH: "/a" });
    assert.equal(await findPython(machine, "/my/python", []), "/my/python");
    await assert.rejects(findPython(machine, "/old/python", []), /\/old\/python.*Python 3\.8.*3\.11 or newer/);
    await assert.rejects(findPython(machine, "/no/python", []), /there is no such file/);
  });

  it("says what is missing", async () => {
    await assert.rejects(findPython(new FakeMachine({}, { PATH: "/a" }), "", []), /No Python was found on PATH/);
    const lacking = new FakeMachine({ "/a/python3": python(3, 11, false) }, { PATH: "/a" });
    await assert.rejects(findPython(lacking, "", []), /lacks venv or pip \(on Debian and Ubuntu: apt-get install python3-venv\)/);
    const store = new FakeMachine({ "/a/python": () => ({ code: 9009 }) }, { PATH: "/a" });
    await assert.rejects(findPython(store, "", []), /does not answer as Python does/);
  });

  it("never comes from the workspace", async () => {
    const machine = new FakeMachine({ "/ws/bin/python3": python(3, 12), "bin/python3": python(3, 12) }, { PATH: "/ws/bin:bin:." });
    await assert.rejects(findPython(machine, "", ["/ws"]), /No Python was found/);
    assert.deepEqual(machine.calls, []);
  });
});

describe("programs on PATH", () => {
  it("are found in its order", async () => {
    const machine = new FakeMachine({ "/b/partway": partway("1"), "/c/partway": partway("2") }, { PATH: "/a:/b:/c" });
    assert.equal(await onPath("partway", machine), "/b/partway");
    assert.equal(await onPath("other", machine), undefined);
  });

  it("are found on Windows", async () => {
    const machine = new FakeMachine({ "C:\\tools\\partway.exe": partway("1") }, { Path: "C:\\ws\\bin;C:\\tools" }, "win32");
    assert.equal(await onPath("partway", machine, ["C:\\ws"]), "C:\\tools\\partway.exe");
  });
});

describe("a workspace's environments", () => {
  it("lie where they usually lie", () => {
    assert.deepEqual(usualInterpreters(["/ws"], "linux"), ["/ws/.venv/bin/python", "/ws/venv/bin/python", "/ws/env/bin/python"]);
  });

  it("hold partway beside Python", async () => {
    const machine = new FakeMachine({ "/ws/.venv/bin/partway": partway("1") });
    assert.equal(await partwayBeside("/ws/.venv/bin/python", machine), "/ws/.venv/bin/partway");
    assert.equal(await partwayBeside("/ws/venv/bin/python", machine), undefined);
  });
});
