// What all other tests here stand on: a WebGPU device in Node, that compiles WGSL and computes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";
import { readBuffer } from "../../tools/bench/rig/readback.mjs";

const KERNEL = `
enable f16;
enable subgroups;
@group(0) @binding(0) var<storage, read_write> sums: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(subgroup_size) size: u32) {
  sums[id.x] = f32(f16(subgroupAdd(1.0))) / f32(size);
}`;

test("a device has f16 and subgroups, and its kernels compute", async (t) => {
  const adapter = await openAdapter();
  t.diagnostic(describe(adapter).name);
  const device = await openDevice(adapter);
  for (const feature of ["shader-f16", "subgroups"]) assert.ok(device.features.has(feature), `no ${feature}`);
  const module = device.createShaderModule({ code: KERNEL });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const size = 256;
  const sums = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [{ binding: 0, resource: { buffer: sums } }];
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  assert.deepEqual(await readBuffer(device, sums, Float32Array), new Float32Array(size / 4).fill(1));
  device.destroy();
});
