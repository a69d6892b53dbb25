// The page's side of the benchmark: loads engines, checks them, times batches on request of bench.mjs in Node.

import { engines } from "./engines.mjs";
import { kernelRoofs, makeRoof } from "./roof.mjs";
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

  /**
   * One kernel's compiled model at `path`, in rounds with the roofs of its `bytes`: milliseconds of a run, GFLOP/s, GB/s.
   */
  async kernel(path, rounds, warmUp, batch, bytes, writes) {
    const { load } = await import(path);
    const network = await load({ variant: "relaxed" });
    for (const view of Object.values(network.inputs)) for (let i = 0; i < view.length; i++) view[i] = Math.sin(0.37 * i);
    const roofs = await kernelRoofs(bytes, writes);
    let count = 1;
    const time = () => {
      const start = performance.now();
      for (let i = 0; i < count; i++) network.runInPlace();
      return (performance.now() - start) / count;
    };
    const end = performance.now() + warmUp;
    while (performance.now() < end) {
      if (time() * count < batch) count *= 2;
      roofs.arithmetic(1);
      roofs.memory(1);
    }
    const values = Object.values(network.outputs)[0];
    if (!values.every(Number.isFinite)) throw new Error(`${path}: a result is not finite`);
    return Array.from({ length: rounds }, () => ({
      gflops: roofs.arithmetic(1),
      kernel: time(),
      gigabytesPerSecond: roofs.memory(1),
    }));
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
