// The suite: which tests there are, and what becomes of each of them.

import { execFile, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { COMPILER, ROOT } from "../../tools/bench/rig/files.mjs";

/** The ONNX project's node tests, and random ones with onnxruntime's outputs: where their files are. */
export const NODE_TESTS = join(ROOT, ".cache/conformance");
export const RANDOM_TESTS = join(NODE_TESTS, "random");
/** Names of tests that every run of all tests compiles and runs, by device. */
export const SMOKE = { wasm: new URL("./smoke.txt", import.meta.url), webgpu: new URL("./smoke-gpu.txt", import.meta.url) };
/** At most this many tests at once. */
const LANES = 2;
const COMPILE_MS = 60_000;
/** Longer on a GPU, where a driver in software may have many kernels to compile. */
const RUN_MS = { wasm: 10_000, webgpu: 60_000 };

/**
 * @typedef {{name: string, operator: string, domain: string, opset: number, shapes?: Record<string, number[]>}} Test
 *   shapes: of inputs with a dim of 0
 * @typedef {Test & {kind: "pass" | "wrong" | "refused" | "failed" | "crash", reason?: string, islands?: number, islandReasons?: string[]}} Result
 *   crash: the compiler panicked, was killed, or ran out of time. failed: the artifact could not be loaded, trapped, or
 *   ran out of time. wrong: it gave other outputs than the test expects. refused: the compiler said what it can't do.
 *   islands: on a GPU, how many parts of the model run elsewhere, and why.
 */

/** All tests of a folder, by name. @returns {Promise<Test[]>} */
export async function allTests(folder = NODE_TESTS) {
  try {
    return JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
  } catch (cause) {
    throw new Error("the tests are not there: run `cargo xtask conformance`, which generates them", { cause });
  }
}

/** The tests that a file lists. Fails if there is none of a name. */
export async function listedTests(list, suite = NODE_TESTS) {
  const known = new Map((await allTests(suite)).map((test) => [test.name, test]));
  return (await readFile(list, "utf8"))
    .split("\n")
    .filter(Boolean)
    .map((name) => {
      if (!known.has(name)) throw new Error(`the suite has no test ${name}`);
      return known.get(name);
    });
}

/** Whether a test is in the tenth that stands for all: every run picks the same, and no property of the tests decides. */
export const isInTenth = ({ name }) => createHash("sha256").update(name).digest().readUInt32LE() % 10 === 0;

/**
 * Compiles and runs tests.
 * @param {Test[]} tests
 * @param {{device?: "wasm" | "webgpu"}} options device: what to compile for and run on
 * @returns {Promise<Result[]>} in the order of `tests`
 */
export async function runTests(tests, { progress = () => {}, suite = NODE_TESTS, device = "wasm" } = {}) {
  const results = new Array(tests.length);
  let next = 0;
  const lane = async () => {
    const runner = new Runner(device);
    while (next < tests.length) {
      const index = next++;
      const { name, shapes } = tests[index];
      const folder = join(suite, device === "wasm" ? "artifacts" : `artifacts-${device}`, name);
      const [model, data] = ["onnx", "json"].map((extension) => join(suite, "cases", `${name}.${extension}`));
      const outcome = (await compile(model, shapes, folder, device)) ?? (await runner.run(folder, data));
      results[index] = { ...tests[index], ...outcome };
      progress(results[index]);
    }
    await runner.close();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** Compiles a test's model; null if that succeeds. */
async function compile(model, shapes = {}, folder, device) {
  await rm(folder, { recursive: true, force: true });
  const { error, stderr } = await new Promise((resolve) => {
    const options = { timeout: COMPILE_MS, killSignal: "SIGKILL", env: { ...process.env, RUST_BACKTRACE: "0" } };
    const line = ["compile", model, "-o", folder, "--quiet"];
    line.push(...(device === "wasm" ? ["--variant", "simd"] : ["--device", device]));
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

/** A thread or a process that runs artifacts, replaced when one of them doesn't end or takes it along. */
class Runner {
  #device;
  #worker;
  #settle = () => {};

  constructor(device) {
    this.#device = device;
  }

  async run(folder, file) {
    this.#worker ??= this.#device === "wasm" ? this.#startThread() : this.#startProcess();
    const limit = RUN_MS[this.#device];
    const { fatal, ...outcome } = await new Promise((resolve) => {
      const timer = setTimeout(() => this.#break(`no result after ${limit / 1000} s`), limit);
      this.#settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#worker.send({ folder, file });
    });
    if (fatal) await this.close();
    return outcome;
  }

  #startThread() {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url));
    worker.on("message", (result) => this.#settle(result));
    worker.on("error", (error) => this.#break(`the thread died: ${error.message}`));
    return { send: (job) => worker.postMessage(job), end: () => worker.terminate() };
  }

  #startProcess() {
    const child = fork(fileURLToPath(new URL("./gpu-worker.mjs", import.meta.url)), {
      // What Dawn and drivers say of themselves is no result.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      // Lavapipe spends its time in LLVM, half of it in optimisations that a test's few numbers don't repay.
      env: { ...process.env, GALLIVM_PERF: "nopt" },
    });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.on("message", (result) => this.#settle(result));
    child.on("exit", (code, signal) => this.#break(`the process died: ${signal ?? `exit status ${code}`}`));
    child.on("error", () => {}); // Sending to one that has just died: its exit is told too.
    const end = () => {
      child.kill("SIGKILL");
      return ended;
    };
    return { send: (job) => child.send(job), end };
  }

  #break(reason) {
    this.#settle({ kind: "failed", reason, fatal: true });
  }

  async close() {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle = () => {};
    await worker?.end();
  }
}
