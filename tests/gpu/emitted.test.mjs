// The emitter's sample kernels on a device, against the reference evaluator. `cargo test -p weft-codegen` writes the cases.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";
import { readBuffer } from "../../tools/bench/rig/readback.mjs";
import { complaints } from "./tint.mjs";

const CASES = new URL("../../target/kernel-cases.json", import.meta.url);

/** Elements of a buffer, as numbers. */
const READERS = {
  f32: (view, at) => view.getFloat32(at, true),
  f16: (view, at) => half(view.getUint16(at, true)),
  bf16: (view, at) => new Float32Array(new Uint32Array([view.getUint16(at, true) << 16]).buffer)[0],
};
const BYTES = { f32: 4, f16: 2, bf16: 2, i64: 8, i32: 4, i16: 2, i8: 1, i1: 1 };

function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The first element that differs by more than `tolerance` times the largest magnitude; null if there is none. */
function difference(elem, actual, expected, tolerance) {
  const read = READERS[elem];
  const [a, b] = [actual, expected].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const count = expected.length / BYTES[elem];
  if (!read) {
    const at = expected.findIndex((byte, i) => byte !== actual[i]);
    if (at < 0) return null;
    const from = at - (at % BYTES[elem]);
    return `element ${from / BYTES[elem]}: ${actual.slice(from, from + BYTES[elem])}, not ${expected.slice(from, from + BYTES[elem])}`;
  }
  const values = Array.from({ length: count }, (_, i) => read(b, i * BYTES[elem]));
  const scale = Math.max(1e-30, ...values.map(Math.abs).filter((v) => Number.isFinite(v) && v < 1e30));
  for (const [i, want] of values.entries()) {
    const got = read(a, i * BYTES[elem]);
    const same = Object.is(got, want) || got === want || Math.abs(got - want) <= tolerance * scale;
    const relative = Math.abs(got - want) <= tolerance * Math.abs(want);
    if (!(same || relative || (Number.isNaN(got) && Number.isNaN(want)))) return `element ${i}: ${got}, not ${want}`;
  }
  return null;
}

async function run(device, { wgsl, grid, symbols, buffers }) {
  const module = device.createShaderModule({ code: wgsl });
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const made = buffers.map(({ before }) => {
    const buffer = device.createBuffer({ size: before.length, usage: STORAGE | COPY_SRC | COPY_DST });
    device.queue.writeBuffer(buffer, 0, new Uint8Array(before));
    return buffer;
  });
  const type = { read: "read-only-storage", read_write: "storage" };
  const layouts = buffers.map(({ access }) => type[access]);
  const bound = [...made];
  if (symbols.length > 0) {
    const uniform = device.createBuffer({ size: 4 * symbols.length, usage: UNIFORM | COPY_DST });
    device.queue.writeBuffer(uniform, 0, new Int32Array(symbols));
    layouts.push("uniform");
    bound.push(uniform);
  }
  const visibility = GPUShaderStage.COMPUTE;
  const layout = device.createBindGroupLayout({
    entries: layouts.map((type, binding) => ({ binding, visibility, buffer: { type } })),
  });
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module },
  });
  const group = device.createBindGroup({ layout, entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })) });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...grid);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const results = [];
  for (const buffer of made) results.push(await readBuffer(device, buffer, Uint8Array));
  bound.forEach((buffer) => buffer.destroy());
  return results;
}

let device;
before(async () => (device = await openDevice(await openAdapter())));
after(() => device.destroy());

const text = await readFile(CASES, "utf8").catch(({ message }) => {
  throw new Error(`${message}: cargo test -p weft-codegen writes the cases`);
});
const cases = JSON.parse(text);
for (const kernel of cases) {
  test(kernel.name, async (t) => {
    if (kernel.features.some((feature) => !device.features.has(feature))) return t.skip("the device lacks a feature");
    assert.deepEqual(await complaints(device, kernel.wgsl), []);
    const results = await run(device, kernel);
    for (const [i, { elem, after }] of kernel.buffers.entries()) {
      const expected = Uint8Array.from(after);
      assert.equal(difference(elem, results[i].subarray(0, after.length), expected, kernel.tolerance), null, `binding ${i}`);
    }
  });
}
