// The check itself: what it lets pass and what it doesn't.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";
import { complaints, kernelsOf, pipelineError } from "./tint.mjs";

const kernel = (size, body) => `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(${size}) fn main(@builtin(global_invocation_id) id: vec3u) { ${body} }`;

let device;
before(async () => (device = await openDevice(await openAdapter())));
after(() => device.destroy());

test("a file is divided at its //// lines", () => {
  assert.deepEqual(kernelsOf("//// a\nA\n//// b\nB // c\n"), [["a", "\nA\n"], ["b", "\nB // c\n"]]);
  assert.deepEqual(kernelsOf("A"), [["", "A"]]);
  assert.throws(() => kernelsOf("A\n//// b\nB"), /before the first/);
});

test("what Tint refuses is told with its line", async () => {
  assert.deepEqual(await complaints(device, kernel(64, "x[id.x] = 1;")), []);
  const [said] = await complaints(device, kernel(64, "if (id.x > 3) { workgroupBarrier(); }"));
  assert.match(said, /^error 3:.*uniform control flow/);
  assert.match((await complaints(device, kernel(64, "x[id.x] = y;")))[0], /^error 3:.*'y'/);
});

test("a pipeline may fail where Tint accepts the kernel", async () => {
  assert.equal(await pipelineError(device, kernel(64, "x[id.x] = 1;")), null);
  assert.deepEqual(await complaints(device, kernel(1 << 20, "x[id.x] = 1;")), []);
  assert.match(await pipelineError(device, kernel(1 << 20, "x[id.x] = 1;")), /workgroup_size/);
});
