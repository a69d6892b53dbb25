// What is compared on a GPU: each engine loads a model and gives a function that runs it once.
//
// An engine is {name, tolerance, load(model, inputs)}; load resolves to {run, outputs, about, release}: run() is one
// inference from the caller's typed arrays to new ones, transfers included; outputs() is the last result, typed arrays by
// name; about is what it took to get there.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openAdapter, openDevice, openGpu } from "../rig/dawn.mjs";
import { ARTIFACTS, MODELS, manifestOf } from "../rig/files.mjs";

const arraysOf = (result) => Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data]));

/** Weft's artifact for the device called so. */
function weft(device, tolerance) {
  return {
    name: `weft ${device}`,
    tolerance,
    async load(model, inputs) {
      const artifact = `${model}.${device}`;
      const gpu = await openDevice(await openAdapter());
      const { load } = await import(pathToFileURL(join(ARTIFACTS, artifact, "index.js")));
      const network = await load({ device: "webgpu", gpu });
      const { pipelines, pipelineMs, weightsBytes, gpuBytes, islands, features } = network.info;
      const [program] = (await manifestOf(artifact)).webgpu;
      const subgroups = features.includes("subgroups");
      const variant = program.variants.find((variant) => variant.features.includes("subgroups") === subgroups);
      const feeds = arraysOf(inputs);
      let result;
      return {
        about: { pipelines, pipelineMs, weightsBytes, gpuBytes, islands, wgslGzipBytes: variant.kernels.gzip },
        run: async () => void (result = await network.run(feeds)),
        outputs: () => arraysOf(result),
        release: () => {
          network.dispose();
          gpu.destroy();
        },
      };
    },
  };
}

/** onnxruntime-web: WebGPU provider, all optimisations. */
const onnxruntime = {
  name: "onnxruntime-web",
  tolerance: 1e-3,
  async load(model, inputs) {
    const ort = await openOnnxruntime();
    const session = await ort.InferenceSession.create(new Uint8Array(await readFile(join(MODELS, `${model}.onnx`))), {
      executionProviders: ["webgpu"],
      graphOptimizationLevel: "all",
    });
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { dtype, dims, data }]) => [name, new ort.Tensor(dtype, data, dims)]),
    );
    let result;
    return {
      about: {},
      run: async () => void (result = await session.run(feeds)),
      outputs: () => arraysOf(result),
      release: () => session.release(),
    };
  },
};

let ort;

/** onnxruntime-web, made to find Dawn where a page has its WebGPU. */
async function openOnnxruntime() {
  if (ort) return ort;
  Object.defineProperty(globalThis, "navigator", { value: { gpu: openGpu() }, configurable: true });
  // Its memory is shared between threads, and Dawn for Node takes no view of such a buffer.
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...range) {
    const shared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    return writeBuffer.call(this, buffer, offset, shared ? data.slice() : data, ...range);
  };
  ort = await import("onnxruntime-web/webgpu");
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  ort.env.webgpu.powerPreference = "high-performance";
  return ort;
}

/** All engines by name; the last one is the peer that the others are compared with. */
export const engines = Object.fromEntries(
  [weft("webgpu", 1e-3), weft("webgpu-f16", 2e-2), onnxruntime].map((engine) => [engine.name, engine]),
);
