// A tenth of the tests that pass on the GPU alone, as smoke-gpu.txt lists them. All are run by
// `cargo xtask conformance --device webgpu`, which also writes the list.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SMOKE, isInTenth, listedTests, runTests } from "./suite.mjs";

const tests = await listedTests(SMOKE.webgpu);

test("the list is of the tenth", () => assert.deepEqual(tests.filter((one) => !isInTenth(one)), []));

for (const { name, kind, reason, islands } of await runTests(tests, { device: "webgpu" })) {
  test(`${name} on WebGPU`, () => {
    assert.equal(kind, "pass", reason);
    assert.equal(islands, 0, "a part of it ran elsewhere");
  });
}
