// What a person is told when there is no GPU, when it is not enough, and when it goes away.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { openAdapter, openDevice, openGpu, plainGpu } from "../../tools/bench/rig/dawn.mjs";
import { ARTIFACTS, manifestOf, referenceOf } from "../../tools/bench/rig/files.mjs";

const MODEL = "ppocrv4_cls";

const load = async (artifact, options) => {
  const module = await import(pathToFileURL(join(ARTIFACTS, artifact, "index.js")));
  return module.load(options);
};
const feedsOf = async () => {
  const { inputs } = await referenceOf(MODEL);
  return Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
};

/** Checks a WeftDeviceError: its code, and that its message has all the words. */
const deviceError = (code, ...words) => (error) => {
  assert.equal(error.name, "WeftDeviceError", error.stack);
  assert.equal(error.code, code, error.message);
  for (const word of words) assert.ok(error.message.includes(word), error.message);
  return true;
};

test("no WebGPU at all", async () => {
  assert.equal(globalThis.navigator?.gpu, undefined);
  await assert.rejects(load(`${MODEL}.webgpu`, { device: "webgpu" }), deviceError("no-webgpu"));
});

test("no adapter", async () => {
  const gpu = { requestAdapter: async () => null };
  await assert.rejects(load(`${MODEL}.webgpu`, { device: "webgpu", gpu }), deviceError("no-adapter"));
});

test("an adapter without a feature that the artifact needs", async () => {
  const options = { device: "webgpu", gpu: plainGpu() };
  await assert.rejects(load(`${MODEL}.webgpu-f16`, options), deviceError("feature", "shader-f16"));
});

test("an adapter whose limit is too low", async () => {
  const { limits } = (await manifestOf(`${MODEL}.webgpu`)).webgpu[0];
  const needed = limits.maxStorageBuffersPerShaderStage;
  const gpu = plainGpu({ maxStorageBuffersPerShaderStage: needed - 1 });
  const expected = deviceError("limit", "maxStorageBuffersPerShaderStage", String(needed), String(needed - 1));
  await assert.rejects(load(`${MODEL}.webgpu`, { device: "webgpu", gpu }), expected);
});

test("a device that is lost before a run, and during one", async () => {
  const feeds = await feedsOf();
  const gpu = await openDevice(await openAdapter());
  const model = await load(`${MODEL}.webgpu`, { device: "webgpu", gpu });
  await model.run(feeds);
  const running = model.run(feeds);
  gpu.destroy();
  await assert.rejects(running, deviceError("lost"));
  await assert.rejects(model.run(feeds), deviceError("lost"));
});

test("another device only where it is asked for", async () => {
  const artifact = `${MODEL}.webgpu+wasm`;
  const none = { requestAdapter: async () => null };
  await assert.rejects(load(artifact, { gpu: none }), deviceError("no-adapter"));
  const onWasm = await load(artifact, { device: ["webgpu", "wasm"], gpu: none });
  assert.equal(onWasm.info.device, "wasm");
  const onGpu = await load(artifact, { device: ["webgpu", "wasm"], gpu: openGpu() });
  assert.equal(onGpu.info.device, "webgpu");
  const feeds = await feedsOf();
  const [a, b] = [await onWasm.run(feeds), await onGpu.run(feeds)];
  for (const [name, { data }] of Object.entries(a)) {
    const far = data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[name].data[i])), 0);
    assert.ok(far < 1e-4, `${name}: ${far}`);
  }
});
