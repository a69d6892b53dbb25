// Single kernels against the machine's roof, in headless Chromium: node kernels.mjs [--json] [--rounds N] [FILTER]
//
// Each kernel of the catalogue is compiled by the normal pipeline. Rounds alternate the kernel with the roofs, in batches
// shorter than a scheduler's time slice; of each the 10th percentile counts, which other processes disturb least.
//
// The roof of a kernel is the slower of two times: its bytes (inputs and output, each once) at the speed of a hand-written
// copy, or of reading where little is written, over as much memory; and its arithmetic at the speed of multiply-adds
// from registers. Products count their multiply-adds; functions, also behind products, the vector instructions of the
// compiled polynomial (see kernels/count.mjs), each as long as a multiply-add.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CATALOG, importText } from "./kernels/catalog.mjs";
import { countInstructions } from "./kernels/count.mjs";
import { launch, openPage } from "./rig/chromium.mjs";
import { COMPILER } from "./rig/files.mjs";
import { serve } from "./rig/serve.mjs";
import { formatKernels } from "./table.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
// Long enough for the optimising compiler on a busy machine too.
const WARM_UP_MS = 1500;
const BATCH_MS = 1;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "100" } },
});
const chosen = CATALOG.filter(({ family, name }) => positionals.every((part) => `${family} ${name}`.includes(part)));
if (chosen.length === 0) throw new Error(`no kernel has '${positionals.join(" ")}' in its name`);

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)];
}

const weftc = (...args) => execFileSync(COMPILER, ["compile", "--quiet", ...args], { maxBuffer: 1 << 28 }).toString();

/** Compiles a kernel into `folder`; returns the vector instructions of its function, if it has one. */
function compile(folder, kernel) {
  const text = `${folder}.mlir`;
  writeFileSync(text, importText(kernel.inputs, kernel.nodes));
  weftc(text, "-o", folder, "--variant", "relaxed");
  if (!kernel.probe) return kernel.extra ?? 0;
  writeFileSync(text, kernel.probe);
  return countInstructions(weftc(text, "--variant", "relaxed", "--emit=machine")) + (kernel.extra ?? 0);
}

async function measure(page, kernel, path, instructions) {
  const bytes = kernel.read + kernel.written;
  const writes = kernel.written > kernel.read / 8;
  const rounds = await page.evaluate(
    async ([path, rounds, warmUp, batch, bytes, writes]) => bench.kernel(path, rounds, warmUp, batch, bytes, writes),
    [path, Number(options.rounds), WARM_UP_MS, BATCH_MS, bytes, writes],
  );
  const best = (part) => percentile(rounds.map((round) => round[part]), 0.1);
  const us = best("kernel") * 1000;
  // Rates from times: an iteration's flops and the copied bytes are the same in all rounds.
  const gflops = percentile(rounds.map((round) => round.gflops), 0.9);
  const gigabytesPerSecond = percentile(rounds.map((round) => round.gigabytesPerSecond), 0.9);
  const memoryUs = bytes / gigabytesPerSecond / 1000;
  const vectors = Math.max(kernel.written, writes ? 0 : kernel.read) / 16;
  // A multiply-add of four lanes is eight operations.
  const aluUs = (kernel.flops + instructions * vectors * 8) / gflops / 1000;
  const bound = aluUs > memoryUs ? "ALU" : writes ? "copy" : "read";
  return {
    family: kernel.family,
    name: kernel.name,
    us,
    gflops: kernel.flops ? kernel.flops / us / 1000 : null,
    gigabytesPerSecond: bytes / us / 1000,
    instructions: instructions || null,
    bound,
    roof: { us: Math.max(aluUs, memoryUs), gflops, gigabytesPerSecond },
    share: Math.max(aluUs, memoryUs) / us,
  };
}

const folder = mkdtempSync(join(tmpdir(), "weft-kernels-"));
const server = await serve({ "/page/": join(HERE, "page"), "/rig/": join(HERE, "rig"), "/dist/": folder });
const browser = await launch();
try {
  const kernels = [];
  for (const [i, kernel] of chosen.entries()) {
    const instructions = compile(join(folder, String(i)), kernel);
    const page = await openPage(browser, `${server.origin}/page/index.html`);
    await page.waitForFunction(() => globalThis.bench);
    kernels.push(await measure(page, kernel, `/dist/${i}/index.js`, instructions));
    await page.context().close();
    process.stderr.write(`    ${kernel.family}: ${kernel.name}\n`);
  }
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, chromium: browser.version() };
  const report = { machine, kernels };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatKernels(report));
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
