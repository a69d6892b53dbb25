// Where a compiled model spends its time, kernel by kernel: node profile.mjs [--json] [--seconds N] [--variant V] MODEL...
//
// MODEL is an .onnx file, IR text (.mlir) or a model in .cache/models; --shape goes to the compiler. It is compiled with
// its functions' names, run in headless Chromium, and sampled by V8's own profiler, so that what is seen is the
// optimised code in its true order and with its true caches. Work and signature of each kernel come from the text
// of the level `kernels`.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launch, openPage } from "./rig/chromium.mjs";
import { COMPILER, MODELS } from "./rig/files.mjs";
import { serve } from "./rig/serve.mjs";
import { alignColumns } from "./table.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const WARM_UP_MS = 1500;
const SAMPLE_US = 100;

const bytesOf = (type) => {
  const elem = type.match(/(?:[a-z]+)(\d+)$/)?.[1] ?? "32";
  const dims = type.split("x").slice(0, -1).map(Number);
  return (dims.reduce((a, b) => a * b, 1) * Math.max(8, Number(elem))) / 8;
};

/**
 * The kernels in the text of the level `kernels`.
 * @returns {Map<string, {calls: number, flops: number, bytes: number, root: string, signature: string, node: string}>}
 */
export function kernelsOf(text) {
  const kernels = new Map();
  for (const part of text.split(/^ {2}func\.func /m).slice(1)) {
    const head = part.match(/^private @([\w$.-]+)\((.*?)\) -> (tensor<[^>]*>)/);
    if (!head) continue;
    const [, name, parameters, result] = head;
    const ins = [...parameters.matchAll(/tensor<([^>]*)>/g)].map((m) => m[1]);
    const out = result.slice(7, -1);
    const root = part.match(/"(nn\.\w+)"|= (tensor\.(?:pad|concat|extract_slice|insert_slice))|(reduction)/);
    const product = part.match(/"nn\.(?:matmul|conv2d|depthwise_conv2d)".*: \(tensor<([^>]*)>, tensor<([^>]*)>\) -> tensor<([^>]*)>/);
    let flops = 0;
    if (product) {
      const [a, w, y] = product.slice(1).map((t) => t.split("x").slice(0, -1).map(Number));
      const points = y.reduce((p, n) => p * n, 1);
      const kernel = (part.match(/kernel = array<i64: (\d+), (\d+)>/) ?? [0, 1, 1]).slice(1).map(Number);
      const groups = Number(part.match(/groups = (\d+)/)?.[1] ?? 1);
      const depthwise = part.includes("depthwise");
      const k = depthwise ? w[0] * w[1] : (kernel[0] * kernel[1] * a.at(-1)) / groups;
      flops = 2 * points * k;
    }
    kernels.set(name, {
      calls: text.match(new RegExp(`call @${name.replace(/[$.]/g, "\\$&")}\\(`, "g"))?.length ?? 0,
      flops,
      bytes: [...ins, out].map(bytesOf).reduce((a, b) => a + b, 0),
      root: root?.[1] ?? root?.[2] ?? (root?.[3] ? "reduction" : "elementwise"),
      signature: `${ins.join(", ")} -> ${out}`,
    });
  }
  return kernels;
}

/** Milliseconds a run by function name, from V8's profile of `runs` runs. */
export function timesOf(profile, runs) {
  const names = new Map(profile.nodes.map((n) => [n.id, n.callFrame]));
  const times = new Map();
  for (const [i, id] of profile.samples.entries()) {
    const frame = names.get(id);
    const wasm = frame.url.startsWith("wasm:") || frame.scriptId !== "0";
    const name = wasm ? frame.functionName : `(${frame.functionName})`;
    times.set(name, (times.get(name) ?? 0) + profile.timeDeltas[i] / 1000 / runs);
  }
  return times;
}

/** Compiles, runs and samples one model. */
export async function profileModel(browser, path, { variant = "relaxed", seconds = 5, flags = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "weft-profile-"));
  const server = await serve({ "/page/": join(HERE, "page"), "/rig/": join(HERE, "rig"), "/dist/": folder });
  try {
    const weftc = (...args) => execFileSync(COMPILER, ["compile", path, ...flags, ...args], { maxBuffer: 1 << 30 }).toString();
    weftc("-o", folder, "--names", "--quiet");
    const kernels = kernelsOf(weftc("--emit=kernels", "--quiet"));
    const page = await openPage(browser, `${server.origin}/page/index.html`);
    await page.evaluate(async (variant) => {
      const { load } = await import("/dist/index.js");
      globalThis.network = await load({ variant });
      const { inputs } = network;
      for (const name of Object.keys(inputs)) {
        // Integers stay zero: small and valid as indices.
        if (inputs[name] instanceof Float32Array) for (let i = 0; i < inputs[name].length; i++) inputs[name][i] = Math.sin(0.37 * i);
      }
      globalThis.feeds = Object.fromEntries(Object.keys(inputs).map((name) => [name, inputs[name].slice()]));
      globalThis.runFor = async (ms) => {
        let runs = 0;
        for (const end = performance.now() + ms; performance.now() < end; runs++) await network.run(feeds);
        return runs;
      };
    }, variant);
    await page.evaluate((ms) => runFor(ms), WARM_UP_MS);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    await cdp.send("Profiler.start");
    const runs = await page.evaluate((ms) => runFor(ms), seconds * 1000);
    const { profile } = await cdp.send("Profiler.stop");
    await page.context().close();
    const times = timesOf(profile, runs);
    const total = [...times.values()].reduce((a, b) => a + b, 0);
    const rows = [...times]
      .map(([name, ms]) => ({ name, ms, share: ms / total, ...kernels.get(name) }))
      .sort((a, b) => b.ms - a.ms);
    return { model: path, variant, runs, ms: total, kernels: rows };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

const COLUMNS = [
  ["kernel", ({ name }) => name],
  ["calls", ({ calls }) => String(calls ?? "")],
  ["ms a run", ({ ms }) => ms.toFixed(3)],
  ["share", ({ share }) => `${(100 * share).toFixed(1)} %`],
  ["GFLOP/s", ({ flops, calls, ms }) => (flops ? ((flops * calls) / ms / 1e6).toFixed(1) : "")],
  ["GB/s", ({ bytes, calls, ms }) => (bytes ? ((bytes * calls) / ms / 1e6).toFixed(1) : "")],
  ["root", ({ root }) => root ?? ""],
  ["signature", ({ signature }) => signature ?? ""],
];

/** @returns {string} lines, each ended by a newline */
export function formatProfile({ model, variant, runs, ms, kernels }, least = 0.002) {
  const shown = kernels.filter(({ share }) => share >= least);
  const rows = [COLUMNS.map(([title]) => title), ...shown.map((kernel) => COLUMNS.map(([, cell]) => cell(kernel)))];
  const lines = alignColumns(rows, [0, 6, 7]).map((line) => `  ${line.trimEnd()}`);
  return [`${model}, ${variant}: ${ms.toFixed(2)} ms a run, ${runs} runs`, ...lines, ""].join("\n");
}

async function main() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      seconds: { type: "string", default: "5" },
      variant: { type: "string", default: "relaxed" },
      shape: { type: "string", multiple: true, default: [] },
      dim: { type: "string", multiple: true, default: [] },
    },
  });
  if (positionals.length === 0) throw new Error("name at least one model");
  const flags = ["shape", "dim"].flatMap((name) => options[name].flatMap((value) => [`--${name}`, value]));
  const browser = await launch();
  try {
    for (const model of positionals) {
      const path = existsSync(model) ? model : join(MODELS, `${model}.onnx`);
      const report = await profileModel(browser, path, { variant: options.variant, seconds: Number(options.seconds), flags });
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatProfile(report));
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
