// Random tests of single operators against onnxruntime, all of them (made by random_tests.py).

import assert from "node:assert/strict";
import { test } from "node:test";
import { RANDOM_TESTS, allTests, runTests } from "./suite.mjs";

for (const { name, kind, reason } of await runTests(await allTests(RANDOM_TESTS), { suite: RANDOM_TESTS })) {
  test(name, () => assert.equal(kind, "pass", reason));
}
