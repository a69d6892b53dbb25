// Kernels as Tint sees them: node tests/gpu/tint.mjs [--pipelines] PATH...
//
// A path is a WGSL file, of one kernel or of several under lines `//// name`, or a compiled model's folder. Prints what
// Tint says, and with --pipelines also what the driver's compiler says, with a time for each kernel.

import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";

const SEPARATOR = /^\/\/\/\/ (.*)$/m;

/** The kernels of a WGSL file: `[name, source]`. A file without `//// name` is one, called "". */
export function kernelsOf(text) {
  const [before, ...parts] = text.split(SEPARATOR);
  if (parts.length === 0) return [["", before]];
  if (before.trim()) throw new Error(`WGSL before the first //// line: ${before.trim().slice(0, 60)}`);
  return Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i].trim(), parts[2 * i + 1]]);
}

/** What Tint has against a kernel, with lines counted in `source`; empty if nothing. @returns {Promise<string[]>} */
export async function complaints(device, source) {
  // An invalid module is also an error of the device: it is in the messages already.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code: source });
  const { messages } = await module.getCompilationInfo();
  const error = await device.popErrorScope();
  const lines = source.split("\n");
  const said = messages
    .filter(({ type }) => type !== "info")
    .map(({ type, message, lineNum, linePos }) => `${type} ${lineNum}:${linePos}: ${message}\n    ${lines[lineNum - 1]?.trim()}`);
  return error && said.length === 0 ? [error.message] : said;
}

/** What is said against making a pipeline of a kernel that Tint accepts; null if nothing. */
export async function pipelineError(device, source) {
  const module = device.createShaderModule({ code: source });
  try {
    await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
    return null;
  } catch (error) {
    return error.message;
  }
}

/** The WGSL files at a path. */
async function filesAt(path) {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(".wgsl"));
  if (names.length === 0) throw new Error(`${path} has no .wgsl file`);
  return names.map((name) => join(path, name));
}

async function main() {
  const options = { pipelines: { type: "boolean", default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const device = await openDevice(await openAdapter());
  let [kernels, bad] = [0, 0];
  for (const file of (await Promise.all(positionals.map(filesAt))).flat()) {
    for (const [name, source] of kernelsOf(await readFile(file, "utf8"))) {
      const said = await complaints(device, source);
      const start = performance.now();
      if (values.pipelines && said.length === 0) said.push(...[await pipelineError(device, source)].filter(Boolean));
      if (values.pipelines) console.log(`${(performance.now() - start).toFixed(0).padStart(6)} ms ${name}`);
      for (const text of said) console.log(`${file}: ${name}: ${text}`);
      kernels++;
      bad += said.length > 0;
    }
  }
  console.log(`${kernels - bad} of ${kernels} kernels compile`);
  device.destroy();
  process.exitCode = bad > 0 || kernels === 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
