// One check for Node and pages: a model on a GPU against the reference.

import { distance } from "../../tools/bench/rig/npy.mjs";
import { readBuffer } from "../../tools/bench/rig/readback.mjs";

/** Largest acceptable distance by precision, in units of an output's largest magnitude. */
export const TOLERANCES = { float32: 1e-3, float16: 2e-2 };

const arraysOf = (tensors) => Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));

/** How far each output is from the reference; infinitely if its dims differ. */
function distancesOf(result, outputs, suffix = "") {
  const entries = Object.entries(outputs).map(([name, expected]) => {
    const { data, dims } = result[name];
    return [`${name}${suffix}`, String(dims) === String(expected.dims) ? distance(data, expected.data) : Infinity];
  });
  return Object.fromEntries(entries);
}

/**
 * Runs the loaded model on the reference's inputs, twice with zeros in between, so that no result can be one left over.
 * @returns {Promise<{info: object, runMs: number, distances: Record<string, number>}>} what the model says of itself,
 *   milliseconds of the last run, and how far each output is from the reference ("name" and "name (again)")
 */
export async function compareWithReference(model, { inputs, outputs }) {
  const feeds = arraysOf(inputs);
  const zeros = Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, new data.constructor(data.length)]));
  const first = distancesOf(await model.run(feeds), outputs);
  const ofZeros = Object.values(distancesOf(await model.run(zeros), outputs));
  if (Math.max(...ofZeros) <= TOLERANCES.float32) throw new Error("the outputs for zeros are those for the reference's inputs");
  const start = performance.now();
  const result = await model.run(feeds);
  const runMs = performance.now() - start;
  return { info: model.info, runMs, distances: { ...first, ...distancesOf(result, outputs, " (again)") } };
}

/** Runs a model with an open dim on references of several sizes, one after the other. */
export async function compareAtSizes(model, references) {
  const distances = {};
  for (const [size, { inputs, outputs }] of references) {
    Object.assign(distances, distancesOf(await model.run(arraysOf(inputs)), outputs, ` at ${size}`));
  }
  return { info: model.info, distances };
}

/** Runs the model with inputs and outputs in buffers of `device`, which the model was loaded for. */
export async function compareInBuffers(model, device, { inputs, outputs }) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const feeds = Object.entries(inputs).map(([name, { data }]) => {
    // Sizes of buffers and of what is written are multiples of four.
    const size = Math.ceil(data.byteLength / 4) * 4;
    const bytes = new Uint8Array(size);
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const buffer = device.createBuffer({ size, usage });
    device.queue.writeBuffer(buffer, 0, bytes);
    return [name, buffer];
  });
  const result = await model.run(Object.fromEntries(feeds), { outputs: "gpu" });
  const read = Object.entries(outputs).map(async ([name, { data }]) => {
    const { data: buffer, dims } = result[name];
    const values = await readBuffer(device, buffer, data.constructor);
    return [name, { data: values.subarray(0, data.length), dims }];
  });
  const distances = distancesOf(Object.fromEntries(await Promise.all(read)), outputs, " (buffer)");
  for (const [, buffer] of feeds) buffer.destroy();
  return { info: model.info, distances };
}
