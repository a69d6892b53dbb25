// One large matrix product, compiled as every model is: how much of the device's roof it reaches.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { constant, importText, node } from "../kernels/catalog.mjs";
import { COMPILER } from "../rig/files.mjs";

const BATCH_MS = 200;
const BATCHES = 7;
/** The right side is all this; a sum of `size` products then is this times a sum of the left side's row. */
const WEIGHT = 0.25;

/**
 * Measures y = x w with square matrices of `size`, w constant, x and y in the GPU's memory.
 * @param {string} target `webgpu` or `webgpu-f16`
 * @returns {Promise<{ms: number, gflops: number}>} of one product, the fastest of batches
 */
export async function measureGemm(device, target, size) {
  const folder = mkdtempSync(join(tmpdir(), "weft-gemm-"));
  try {
    const text = join(folder, "gemm.mlir");
    writeFileSync(text, importText({ x: [size, size] }, [constant("w", [size, size], WEIGHT), node("y", "MatMul", ["x", "w"])]));
    execFileSync(COMPILER, ["compile", "--quiet", text, "--device", target, "-o", join(folder, "gemm")]);
    const { load } = await import(pathToFileURL(join(folder, "gemm/index.js")));
    const network = await load({ device: "webgpu", gpu: device });
    return await measure(device, network, size);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(device, network, size) {
  const rows = Float32Array.from({ length: size * size }, (_, i) => Math.sin(0.37 * i));
  const { y } = await network.run({ x: rows });
  check(rows, y.data, size);
  const x = device.createBuffer({ size: rows.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(x, 0, rows);
  const time = async (count) => {
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    for (let i = 0; i < count; i++) await network.run({ x }, { outputs: "gpu" });
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / count;
  };
  const estimate = await time(1);
  const count = Math.max(1, Math.ceil(BATCH_MS / estimate));
  let ms = estimate;
  for (let i = 0; i < BATCHES; i++) ms = Math.min(ms, await time(count));
  x.destroy();
  return { ms, gflops: (2 * size ** 3) / ms / 1e6 };
}

/** Throws unless every element is its row's sum times the weight. */
function check(rows, product, size) {
  for (let i = 0; i < size; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    const expected = WEIGHT * row.reduce((a, b) => a + b, 0);
    const largest = WEIGHT * row.reduce((a, b) => a + Math.abs(b), 0);
    for (let j = 0; j < size; j++) {
      const actual = product[i * size + j];
      if (!(Math.abs(actual - expected) <= 1e-2 * largest)) throw new Error(`the product's [${i}, ${j}] is ${actual}, expected ${expected}`);
    }
  }
}
