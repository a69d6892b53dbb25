// The suite: which tests there are, and what becomes of each of them.

import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
/** The ONNX project's node tests, and random ones with onnxruntime's outputs: where their files are. */
export const NODE_TESTS = join(ROOT, ".cache/conformance");
export const RANDOM_TESTS = join(NODE_TESTS, "random");
const COMPILER = process.env.WEFT_COMPILER ?? join(ROOT, "target/debug/weftc");
/** At most this many tests at once. */
const LANES = 2;
const COMPILE_MS = 60_000;
const RUN_MS = 10_000;

/**
 * @typedef {{name: string, operator: string, domain: string, opset: number, shapes?: Record<string, number[]>}} Test
 *   shapes: of inputs with a dim of 0
 * @typedef {Test & {kind: "pass" | "wrong" | "refused" | "failed" | "crash", reason?: string}} Result
 *   crash: the compiler panicked, was killed, or ran out of time. failed: the artifact could not be loaded, trapped, or
 *   ran out of time. wrong: it gave other outputs than the test expects. refused: the compiler said what it can't do.
 */

/** All tests of a folder, by name. @returns {Promise<Test[]>} */
export async function allTests(folder = NODE_TESTS) {
  try {
    return JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
  } catch (cause) {
    throw new Error("the tests are not there: run `cargo xtask conformance`, which generates them", { cause });
  }
}

/** Compiles and runs tests. @param {Test[]} tests @returns {Promise<Result[]>} in the order of `tests` */
export async function runTests(tests, { progress = () => {}, suite = NODE_TESTS } = {}) {
  const results = new Array(tests.length);
  let next = 0;
  const lane = async () => {
    const runner = new Runner();
    while (next < tests.length) {
      const index = next++;
      const { name, shapes } = tests[index];
      const folder = join(suite, "artifacts", name);
      const [model, data] = ["onnx", "json"].map((extension) => join(suite, "cases", `${name}.${extension}`));
      const outcome = (await compile(model, shapes, folder)) ?? (await runner.run(folder, data));
      results[index] = { ...tests[index], ...outcome };
      progress(results[index]);
    }
    await runner.close();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** Compiles a test's model; null if that succeeds. */
async function compile(model, shapes = {}, folder) {
  await rm(folder, { recursive: true, force: true });
  const { error, stderr } = await new Promise((resolve) => {
    const options = { timeout: COMPILE_MS, killSignal: "SIGKILL", env: { ...process.env, RUST_BACKTRACE: "0" } };
    const line = ["compile", model, "-o", folder, "--variant", "simd", "--quiet"];
    for (const [input, dims] of Object.entries(shapes)) line.push("--shape", `${input}=${dims.join("x")}`);
    execFile(COMPILER, line, options, (error, _, stderr) => resolve({ error, stderr }));
  });
  if (!error) return null;
  // The model's path is this machine's.
  const lines = stderr.replaceAll(`${model}: `, "").split("\n").map((text) => text.trim()).filter(Boolean);
  if (error.code === 1) {
    const reason = (lines[0] ?? "no reason given").replace(/^error: /, "");
    // A headline alone says nothing: what it counts stands below it.
    return { kind: "refused", reason: /^\d+ problems$/.test(reason) ? lines.slice(1).join("; ") : reason };
  }
  if (typeof error.code === "string") throw new Error(`cannot run the compiler ${COMPILER}: ${error.code}`);
  if (error.killed) return { kind: "crash", reason: `no result after ${COMPILE_MS / 1000} s` };
  const panic = lines.findIndex((text) => text.includes("panicked at"));
  const said = panic < 0 ? lines[0] : lines[panic + 1];
  return { kind: "crash", reason: `${error.signal ?? `exit status ${error.code}`}: ${said ?? "nothing said"}` };
}

/** A thread that runs artifacts, replaced when one of them doesn't end. */
class Runner {
  #worker;
  #settle = () => {};

  async run(folder, file) {
    this.#worker ??= this.#start();
    const { fatal, ...outcome } = await new Promise((resolve) => {
      const timer = setTimeout(() => this.#break(`no result after ${RUN_MS / 1000} s`), RUN_MS);
      this.#settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#worker.postMessage({ folder, file });
    });
    if (fatal) await this.close();
    return outcome;
  }

  #start() {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url));
    worker.on("message", (result) => this.#settle(result));
    worker.on("error", (error) => this.#break(`the thread died: ${error.message}`));
    return worker;
  }

  #break(reason) {
    this.#settle({ kind: "failed", reason, fatal: true });
  }

  async close() {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}
