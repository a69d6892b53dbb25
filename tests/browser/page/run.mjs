// Loads a compiled model and runs it on its reference input, in a page or a worker.

import { compareAtSizes, compareWithReference } from "../compare.mjs";
import { fetchFrom, readReference } from "../../../tools/bench/rig/reference.mjs";

const referenceOf = (name) => readReference(fetchFrom(new URL(`/reference/${name}/`, globalThis.location.href)));

/** @returns {Promise<{variant: string, distances: Record<string, number>}>} see compareWithReference */
export async function runModel(model, variant) {
  const { load } = await import(`/dist/${model}/index.js`);
  return compareWithReference(await load({ variant }), await referenceOf(model));
}

/** The same for a model with an open dim, at several sizes. */
export async function runOpenModel({ name, artifact, sizes }, variant) {
  const { load } = await import(`/dist/${artifact}/index.js`);
  const references = await Promise.all(sizes.map(async (size) => [size, await referenceOf(`${name}@${size}`)]));
  return compareAtSizes(await load({ variant }), Object.fromEntries(references));
}
