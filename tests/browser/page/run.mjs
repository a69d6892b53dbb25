// Loads a compiled model and runs it on its reference input, in a page or a worker.

import { compareWithReference } from "../compare.mjs";
import { fetchFrom, readReference } from "../../../tools/bench/rig/reference.mjs";

/** @returns {Promise<{variant: string, distances: Record<string, number>}>} see compareWithReference */
export async function runModel(model, variant) {
  const { load } = await import(`/dist/${model}/index.js`);
  const reference = await readReference(fetchFrom(new URL(`/reference/${model}/`, globalThis.location.href)));
  return compareWithReference(await load({ variant }), reference);
}
