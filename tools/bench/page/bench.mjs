// The page's side of the benchmark: loads engines, checks them, times batches on request of bench.mjs in Node.

import { engines } from "./engines.mjs";
import { makeRoof } from "./roof.mjs";
import { distance } from "/rig/npy.mjs";
import { fetchFrom, readReference } from "/rig/reference.mjs";

const readModelReference = (model) => readReference(fetchFrom(new URL(`/reference/${model}/`, location.href)));

async function worstDistance(session, expected) {
  await session.run();
  const outputs = session.outputs();
  return Math.max(...Object.entries(expected).map(([name, { data }]) => distance(outputs[name] ?? [], data)));
}

const sessions = {};

async function timeBatch(name, runs) {
  const { run } = sessions[name];
  const start = performance.now();
  for (let i = 0; i < runs; i++) await run();
  return (performance.now() - start) / runs;
}

globalThis.bench = {
  /** Loads the engines; resolves to each one's distance from the reference. */
  async prepare(model, names) {
    const { inputs, outputs } = await readModelReference(model);
    const distances = {};
    for (const name of names) {
      sessions[name] = await engines[name].load(model, inputs);
      distances[name] = await worstDistance(sessions[name], outputs);
    }
    return distances;
  },

  /** Runs the engine for `milliseconds` and some more, until compiled by the optimising tier; ms of one run. */
  async warmUp(name, milliseconds) {
    const end = performance.now() + milliseconds;
    let last = await timeBatch(name, 10);
    while (performance.now() < end) last = await timeBatch(name, 10);
    return last;
  },

  /** Milliseconds of one run, over a batch of `runs`. */
  timeBatch,

  /** The machine's roof now. */
  async roof(milliseconds) {
    bench.measureRoof ??= await makeRoof();
    return bench.measureRoof(milliseconds);
  },

  /** In a fresh page: milliseconds from nothing to the first output. */
  async coldStart(model, name) {
    const { inputs } = await readModelReference(model);
    const start = performance.now();
    const session = await engines[name].load(model, inputs);
    await session.run();
    return performance.now() - start;
  },
};
