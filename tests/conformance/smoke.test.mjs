// One test of each operator that passes, as smoke.txt lists them. The whole suite is `cargo xtask conformance`.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { allTests, runTests } from "./suite.mjs";

const names = (await readFile(new URL("./smoke.txt", import.meta.url), "utf8")).split("\n").filter(Boolean);
const known = new Map((await allTests()).map((one) => [one.name, one]));

test("the suite has every listed test", () => {
  assert.deepEqual(names.filter((name) => !known.has(name)), []);
});

for (const { name, kind, reason } of await runTests(names.flatMap((name) => known.get(name) ?? []))) {
  test(name, () => assert.equal(kind, "pass", reason));
}
