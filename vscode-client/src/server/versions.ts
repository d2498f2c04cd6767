// Python versions (PEP 440) as far as programs print them, and ranges of them.

/** What a version compares by: its release numbers, then how final it is, then how far along in that. */
type Key = readonly number[];

const VERSION = /^v?(\d+(?:\.\d+)*)(?:[._-]?(a|alpha|b|beta|rc|c)[._-]?(\d*))?(?:\.post(\d+))?(?:[._-]?dev(\d*))?(?:\+\S+)?$/i;
const STAGES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3 };
const RELEASE_PARTS = 4;

/** The version's sort key, or undefined for text that is no version. */
function key(version: string): Key | undefined {
  const match = VERSION.exec(version.trim());
  if (match === null) {
    return undefined;
  }
  const [, release = "", stage, number, post, dev] = match;
  const parts = release.split(".").map(Number).slice(0, RELEASE_PARTS);
  while (parts.length < RELEASE_PARTS) {
    parts.push(0);
  }
  const isDev = dev !== undefined;
  // 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0.post1
  const rank = stage === undefined ? (isDev && post === undefined ? 0 : 4) : (STAGES[stage.toLowerCase()] ?? 1);
  return [...parts, rank, Number(number ?? 0), post === undefined ? -1 : Number(post), isDev ? Number(dev) : Infinity];
}

/** Negative, zero or positive as `a` is older than, the same as or newer than `b`; undefined if one is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  const left = key(a);
  const right = key(b);
  if (left === undefined || right === undefined) {
    return undefined;
  }
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) {
      return value < other ? -1 : 1;
    }
  }
  return 0;
}

/** The servers that this extension can work with: from the first version up to, and without, the second. */
export interface VersionRange {
  readonly from: string;
  readonly below: string;
}

/** What is wrong with a version for this range: "older", "newer", "unreadable"; undefined when it fits. */
export function misfit(version: string, range: VersionRange): "older" | "newer" | "unreadable" | undefined {
  const low = compareVersions(version, range.from);
  const high = compareVersions(version, range.below);
  if (low === undefined || high === undefined) {
    return "unreadable";
  }
  return low < 0 ? "older" : high >= 0 ? "newer" : undefined;
}

/** The range, as it is shown. */
export function showRange(range: VersionRange): string {
  return `${range.from} or newer, before ${range.below}`;
}
