import assert from "node:assert/strict";
import { test } from "node:test";
import { SHAPES, flopsPerIteration, makeRoofKernel } from "../gpu/roof.mjs";
import { openAdapter, openDevice } from "../rig/dawn.mjs";

test("the GPU roof's kernels compute what they are counted for", async () => {
  const device = await openDevice(await openAdapter());
  for (const shape of SHAPES) {
    const { lanes, accumulators } = shape;
    // Four multiply-adds, two operations each, of every lane of every accumulator.
    assert.equal(flopsPerIteration(shape), 4 * 2 * lanes * accumulators);
    const kernel = await makeRoofKernel(device, shape, "f32", 1);
    await kernel.time(1);
    const out = await kernel.read();
    // From a, a = 0.5 a + 1 four times: a / 16 + 1.875.
    const start = (id) => Array.from({ length: accumulators }, (_, i) => (id % 7) + i).reduce((a, b) => a + b, 0);
    const expected = Float32Array.from(out, (_, id) => lanes * (start(id) / 16 + 1.875 * accumulators));
    assert.deepEqual(out, expected);
    kernel.destroy();
  }
  device.destroy();
});
