// One check for all environments: both ways of passing inputs against the reference.

import { distance } from "../../tools/bench/rig/npy.mjs";

/** Largest acceptable distance, in units of an output's largest magnitude. */
export const TOLERANCE = 1e-4;

/** How far each output is from the reference; infinitely if its dims differ. */
function distancesOf(result, outputs) {
  const entries = Object.entries(outputs).map(([name, expected]) => {
    const { data, dims } = result[name];
    return [name, String(dims) === String(expected.dims) ? distance(data, expected.data) : Infinity];
  });
  return Object.fromEntries(entries);
}

/**
 * Runs a model with an open dim on references of several sizes, one after the other.
 * @param {Record<string, {inputs: object, outputs: object}>} references by size
 * @returns {Promise<{variant: string, distances: Record<string, number>}>} by size and output
 */
export async function compareAtSizes(model, references) {
  const distances = {};
  for (const [size, { inputs, outputs }] of Object.entries(references)) {
    const result = distancesOf(await model.run(inputs), outputs);
    for (const [name, far] of Object.entries(result)) distances[`${name} at ${size}`] = far;
  }
  return { variant: model.info.variant, distances };
}

/**
 * Runs the loaded model on the reference's inputs, handed over to run() and then written to the model's own views.
 * @returns {Promise<{variant: string, distances: Record<string, number>}>} the variant that runs, and how far each
 *   output is from the reference ("name" by run, "name (view)" through views)
 */
export async function compareWithReference(model, { inputs, outputs }) {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
  const distances = distancesOf(await model.run(feeds), outputs);
  // Zeros in between, so that the second result can't be the first one left over.
  for (const name of Object.keys(inputs)) model.inputs[name].fill(inputs[name].dtype === "int64" ? 0n : 0);
  model.runInPlace();
  const ofZeros = Object.entries(outputs).map(([name, { data }]) => distance(model.outputs[name], data));
  if (Math.max(...ofZeros) <= TOLERANCE) throw new Error("the outputs for zeros are those for the reference's inputs");
  for (const [name, { data }] of Object.entries(inputs)) model.inputs[name].set(data);
  model.runInPlace();
  for (const [name, expected] of Object.entries(outputs)) {
    distances[`${name} (view)`] = distance(model.outputs[name], expected.data);
  }
  return { variant: model.info.variant, distances };
}
