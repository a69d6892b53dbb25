// Compiled models against onnxruntime-web's WebGPU provider, on Dawn in Node:
// node --liftoff-only gpu.mjs [--json] [--seconds N] [--engine E]... MODEL...
//
// Expects the models in .cache/models, their references in .cache/reference and models compiled for webgpu in
// .cache/artifacts; `cargo xtask bench --gpu` puts them there. Node's optimising Wasm compiler takes minutes for
// onnxruntime-web's module, hence the flag; kernels are not compiled by it.

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { engines } from "./gpu/engines.mjs";
import { measureGemm } from "./gpu/gemm.mjs";
import { measureRoof } from "./gpu/roof.mjs";
import { describe, openAdapter, openDevice } from "./rig/dawn.mjs";
import { manifestOf, referenceOf } from "./rig/files.mjs";
import { distance } from "./rig/npy.mjs";
import { formatGpu } from "./table.mjs";

const PEER = "onnxruntime-web";
const BATCH_MS = 100;
const ROUNDS = 5;

const { values: options, positionals: models } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "20" },
    engine: { type: "string", multiple: true, default: ["weft webgpu", "weft webgpu-f16", PEER] },
    gemm: { type: "string", default: "2048" },
  },
});

const progress = (text) => process.stderr.write(`    ${text}\n`);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function timeBatch({ run }, runs) {
  const start = performance.now();
  for (let i = 0; i < runs; i++) await run();
  return (performance.now() - start) / runs;
}

/** Loads an engine, runs it once, and says what that took and how far the result is from the reference. */
async function open(model, name, { inputs, outputs }) {
  const engine = engines[name];
  const start = performance.now();
  const session = await engine.load(model, inputs);
  const createMs = performance.now() - start;
  await session.run();
  const firstMs = performance.now() - start - createMs;
  const result = session.outputs();
  const far = Math.max(...Object.entries(outputs).map(([output, { data }]) => distance(result[output] ?? [], data)));
  if (!(far <= engine.tolerance)) {
    throw new Error(`${model}: ${name} is ${far.toExponential(1)} off the reference (limit ${engine.tolerance})`);
  }
  // The second run tells how long one takes.
  const estimate = await timeBatch(session, 1);
  progress(`${model}: ${name} loaded in ${createMs.toFixed(0)} ms, first run ${firstMs.toFixed(0)} ms, then about ${estimate.toFixed(1)} ms`);
  return { session, createMs, firstMs, distance: far, runs: Math.max(1, Math.ceil(BATCH_MS / estimate)) };
}

/** Alternating batches of all engines. */
async function measureModel(model, names) {
  const reference = await referenceOf(model);
  const opened = [];
  for (const name of names) opened.push([name, await open(model, name, reference)]);
  const rounds = [];
  const end = Date.now() + Number(options.seconds) * 1000;
  for (let i = 0; Date.now() < end || i < ROUNDS; i++) {
    const round = {};
    // Every other round in reverse, so that no engine always follows the same one.
    for (const [name, { session, runs }] of i % 2 ? [...opened].reverse() : opened) round[name] = await timeBatch(session, runs);
    rounds.push(round);
  }
  progress(`${model}: ${rounds.length} rounds`);
  const { flops = null } = names.some((name) => name !== PEER) ? (await manifestOf(`${model}.webgpu`)).stats : {};
  const results = opened.map(([name, { session, createMs, firstMs, distance, runs }]) => {
    const ms = median(rounds.map((round) => round[name]));
    return {
      name,
      ms,
      // Round by round: what disturbs the machine disturbs both.
      speedup: names.includes(PEER) ? median(rounds.map((round) => round[PEER] / round[name])) : null,
      gflops: flops && flops / ms / 1e6,
      createMs,
      firstMs,
      distance,
      runsPerBatch: runs,
      ...session.about,
    };
  });
  for (const [, { session }] of opened) await session.release();
  return { model, rounds: rounds.length, flops, engines: results };
}

const adapter = await openAdapter();
const report = {
  machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version, adapter: describe(adapter) },
  roof: [],
  gemm: [],
  models: [],
};
const device = await openDevice(adapter);
const halves = device.features.has("shader-f16");
const chosen = options.engine.filter((name) => halves || !name.endsWith("-f16"));
for (const element of halves ? ["f32", "f16"] : ["f32"]) {
  report.roof.push({ element, ...(await measureRoof(device, element)) });
  progress(`roof: ${report.roof.at(-1).gflops.toFixed(1)} GFLOP/s ${element}`);
}
const size = Number(options.gemm);
for (const name of size ? chosen.filter((name) => name !== PEER) : []) {
  const element = name.endsWith("-f16") ? "f16" : "f32";
  const roof = report.roof.find((roof) => roof.element === element);
  const { gflops, ms } = await measureGemm(device, name.replace("weft ", ""), size);
  report.gemm.push({ size, element, ms, gflops, roofShare: gflops / roof.gflops });
  progress(`product of ${size}: ${gflops.toFixed(1)} GFLOP/s ${element}`);
}
device.destroy();
for (const model of models) report.models.push(await measureModel(model, chosen));
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatGpu(report));
// Dawn's threads and onnxruntime's module have nothing left to do, and would keep the process.
process.exit(0);
