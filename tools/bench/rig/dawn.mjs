// WebGPU in Node: Dawn, Chromium's own implementation, on the machine's drivers.

import { create, globals } from "webgpu";

/** Features that are asked for wherever the adapter has them. */
const FEATURES = ["shader-f16", "subgroups", "timestamp-query"];

let gpu;

/** The `navigator.gpu` of this process. Also makes GPUBufferUsage and its kin global, as in a page. */
export function openGpu() {
  if (!gpu) {
    Object.assign(globalThis, globals);
    gpu = create(process.platform === "linux" ? ["backend=vulkan"] : []);
  }
  return gpu;
}

/** The adapter to measure and test on. */
export async function openAdapter() {
  const adapter = await openGpu().requestAdapter({ powerPreference: "high-performance" });
  if (adapter) return adapter;
  throw new Error("Dawn finds no adapter: `cargo xtask setup` fetches lavapipe, and `cargo xtask test` runs with it");
}

/** A device with all that the adapter offers: its limits, and the features that kernels can use. */
export async function openDevice(adapter) {
  const limits = {};
  for (const name in adapter.limits) {
    // Not all that an adapter tells may be asked for.
    if (/^max|^min/.test(name) && typeof adapter.limits[name] === "number") limits[name] = adapter.limits[name];
  }
  const requiredFeatures = FEATURES.filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({ requiredFeatures, requiredLimits: limits });
}

/** What the adapter is, in words, and whether it computes on the CPU. */
export function describe({ info }) {
  const name = [info.vendor, info.architecture, info.description].filter(Boolean).join(" ");
  return { name, software: info.isFallbackAdapter === true || /llvmpipe|lavapipe|swiftshader/i.test(name) };
}

/** What a buffer holds, in an array of `Type`. */
export async function readBuffer(device, buffer, Type) {
  const back = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, back, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  const values = new Type(back.getMappedRange().slice(0));
  back.destroy();
  return values;
}
