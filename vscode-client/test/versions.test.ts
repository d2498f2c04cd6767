import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareVersions, misfit } from "../src/server/versions";

describe("versions", () => {
  it("come in Python's order", () => {
    const inOrder = ["0.1.0.dev0", "0.1.0.dev3", "0.1.0a1", "0.1.0b2", "0.1.0rc1", "0.1.0", "0.1.0.post1", "0.1.1", "0.2", "0.10", "1.0.0"];
    for (const [index, earlier] of inOrder.entries()) {
      for (const later of inOrder.slice(index + 1)) {
        assert.equal(compareVersions(earlier, later), -1, `${earlier} < ${later}`);
        assert.equal(compareVersions(later, earlier), 1, `${later} > ${earlier}`);
      }
      assert.equal(compareVersions(earlier, earlier), 0);
    }
  });

  it("are the same with and without zeros at the end, and a local part", () => {
    assert.equal(compareVersions("1.0", "1.0.0"), 0);
    assert.equal(compareVersions("1.0+local.3", "1.0"), 0);
  });

  it("fit a range, its end excluded", () => {
    const range = { from: "0.1.0.dev0", below: "0.2" };
    assert.equal(misfit("0.1.0.dev0", range), undefined);
    assert.equal(misfit("0.1.9", range), undefined);
    assert.equal(misfit("0.0.9", range), "older");
    assert.equal(misfit("0.2.0", range), "newer");
    assert.equal(misfit("nonsense", range), "unreadable");
  });
});
