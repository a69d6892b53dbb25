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
  const requiredFeatures = FEATURES.filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({ requiredFeatures, requiredLimits: limitsOf(adapter) });
}

/** What the adapter is, in words, and whether it computes on the CPU. */
export function describe({ info }) {
  const name = [info.vendor, info.architecture, info.description].filter(Boolean).join(" ");
  return { name, software: info.isFallbackAdapter === true || /llvmpipe|lavapipe|swiftshader/i.test(name) };
}

/**
 * A GPU that offers what every WebGPU implementation has to: default limits, and of the features none.
 * @param {Record<string, number>} lower limits that it has instead
 */
export function plainGpu(lower = {}) {
  const gpu = openGpu();
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      const limits = { ...(await defaultLimits(adapter)), ...lower };
      return {
        features: new Set(),
        limits,
        info: adapter.info,
        requestDevice: (descriptor = {}) => {
          const missing = [...(descriptor.requiredFeatures ?? [])];
          const over = Object.entries(descriptor.requiredLimits ?? {}).filter(([name, value]) => value > limits[name]);
          if (missing.length + over.length > 0) {
            throw new TypeError(`the adapter has no ${[...missing, ...over.map(([name, value]) => `${name} of ${value}`)].join(", ")}`);
          }
          return adapter.requestDevice(descriptor);
        },
      };
    },
  };
}

let defaults;

/** The limits of a device of which no limits were asked. */
async function defaultLimits(adapter) {
  if (!defaults) {
    const again = await openGpu().requestAdapter();
    const device = await again.requestDevice();
    defaults = Object.fromEntries(Object.keys(limitsOf(adapter)).map((name) => [name, device.limits[name]]));
    device.destroy();
  }
  return defaults;
}

/** The limits that may be asked for, by name. */
function limitsOf(adapter) {
  const limits = {};
  for (const name in adapter.limits) {
    // Not all that an adapter tells may be asked for.
    if (/^max|^min/.test(name) && typeof adapter.limits[name] === "number") limits[name] = adapter.limits[name];
  }
  return limits;
}
