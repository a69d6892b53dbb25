// One test of each operator that passes, as smoke.txt lists them. The whole suite is `cargo xtask conformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SMOKE, listedTests, runTests } from "./suite.mjs";

for (const { name, kind, reason } of await runTests(await listedTests(SMOKE.wasm))) {
  test(name, () => assert.equal(kind, "pass", reason));
}
