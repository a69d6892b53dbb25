// Compiled models against peers in one headless Chromium: node bench.mjs [--json] [--seconds N] [--engine E]... MODEL...
//
// Expects the models in .cache/models, their references in .cache/reference and compiled models in
// .cache/artifacts; `cargo xtask bench` puts them there.

import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch, openPage } from "./rig/chromium.mjs";
import { ARTIFACTS, MODELS, REFERENCES, manifestOf } from "./rig/files.mjs";
import { serve } from "./rig/serve.mjs";
import { formatTable } from "./table.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PEER = "onnxruntime-web";
/** Largest acceptable distance from the reference, in units of the output's largest magnitude. */
const TOLERANCE = 1e-4;
const WARM_UP_MS = 2000;
const BATCH_MS = 100;
const COLD_STARTS = 5;
const ROOF_MS = 20;

const { values: options, positionals: models } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "20" },
    engine: { type: "string", multiple: true, default: [] },
  },
});
if (models.length === 0) throw new Error("name at least one model");

const progress = (text) => process.stderr.write(`    ${text}\n`);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs in a batch that is about BATCH_MS long, and at least 50 runs where one takes less than 2 ms. */
function batchRuns(estimate) {
  const runs = Math.max(1, Math.ceil(BATCH_MS / estimate));
  return estimate < 2 ? Math.max(50, runs) : runs;
}

/** Alternating batches of all engines, and the roof between them, for the given time. */
async function measureWarm(page, model, names, seconds) {
  const distances = await page.evaluate(([m, n]) => bench.prepare(m, n), [model, names]);
  for (const name of names) {
    if (!(distances[name] <= TOLERANCE)) {
      throw new Error(`${model}: ${name} is ${distances[name].toExponential(1)} off the reference (limit ${TOLERANCE})`);
    }
  }
  const runs = {};
  for (const name of names) {
    const estimate = await page.evaluate(([n, ms]) => bench.warmUp(n, ms), [name, WARM_UP_MS]);
    runs[name] = batchRuns(estimate);
    progress(`${model}: ${name} warm, about ${estimate.toFixed(2)} ms`);
  }
  const rounds = [];
  const end = Date.now() + seconds * 1000;
  for (let i = 0; Date.now() < end || i < 10; i++) {
    const round = { roof: await page.evaluate((ms) => bench.roof(ms), ROOF_MS) };
    // Every other round in reverse, so that no engine always follows the same one.
    for (const name of i % 2 ? [...names].reverse() : names) {
      round[name] = await page.evaluate(([n, count]) => bench.timeBatch(n, count), [name, runs[name]]);
    }
    rounds.push(round);
  }
  progress(`${model}: ${rounds.length} rounds`);
  return { distances, runs, rounds };
}

/** Cold starts in fresh browser contexts, alternating; medians, and the bytes that the server sent. */
async function measureCold(browser, server, model, names) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const bytes = {};
  for (let i = 0; i < COLD_STARTS; i++) {
    for (const name of names) {
      const page = await openPage(browser, `${server.origin}/page/index.html`);
      await page.waitForFunction(() => globalThis.bench);
      server.sent.length = 0;
      times[name].push(await page.evaluate(([m, n]) => bench.coldStart(m, n), [model, name]));
      bytes[name] = countBytes(server.sent);
      await page.context().close();
    }
  }
  progress(`${model}: ${COLD_STARTS} cold starts each`);
  return { times, bytes };
}

/** Sums what was sent by kind: scripts, modules, and the model's data; references are the benchmark's own. */
function countBytes(sent) {
  const total = { js: 0, wasm: 0, data: 0 };
  for (const { path, bytes } of sent) {
    if (path.startsWith("/reference/")) continue;
    const kind = /\.m?js$/.test(path) ? "js" : path.endsWith(".wasm") ? "wasm" : "data";
    total[kind] += bytes;
  }
  return total;
}

async function measureModel(browser, server, model) {
  let names = options.engine;
  let stats = {};
  if (names.length === 0 || names.some((name) => name !== PEER)) {
    const manifest = await manifestOf(model);
    stats = manifest.stats;
    if (names.length === 0) names = [...manifest.wasm.variants.map(({ name }) => `weft ${name}`), PEER];
  }
  const page = await openPage(browser, `${server.origin}/page/index.html`);
  await page.waitForFunction(() => globalThis.bench);
  const warm = await measureWarm(page, model, names, Number(options.seconds));
  await page.context().close();
  const cold = await measureCold(browser, server, model, names);
  const roof = {
    gflops: median(warm.rounds.map((round) => round.roof.gflops)),
    gigabytesPerSecond: median(warm.rounds.map((round) => round.roof.gigabytesPerSecond)),
  };
  const engines = names.map((name) => {
    const ms = median(warm.rounds.map((round) => round[name]));
    const gflops = stats.flops ? stats.flops / ms / 1e6 : null;
    return {
      name,
      ms,
      // Round by round: what disturbs the machine disturbs both.
      speedup: names.includes(PEER) ? median(warm.rounds.map((round) => round[PEER] / round[name])) : null,
      gflops,
      roofShare: gflops && gflops / roof.gflops,
      coldStartMs: median(cold.times[name]),
      bytes: cold.bytes[name],
      distance: warm.distances[name],
      runsPerBatch: warm.runs[name],
    };
  });
  return { model, rounds: warm.rounds.length, flops: stats.flops ?? null, roof, engines };
}

const server = await serve({
  "/page/": join(HERE, "page"),
  "/rig/": join(HERE, "rig"),
  "/ort/": dirname(fileURLToPath(import.meta.resolve("onnxruntime-web"))),
  "/models/": MODELS,
  "/reference/": REFERENCES,
  "/dist/": ARTIFACTS,
});
const browser = await launch();
try {
  const report = {
    machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, chromium: browser.version() },
    models: [],
  };
  for (const model of models) report.models.push(await measureModel(browser, server, model));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatTable(report));
} finally {
  await browser.close();
  await server.close();
}
