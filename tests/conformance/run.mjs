// Compiles and runs a suite: node run.mjs [--device wasm|webgpu] [--random] [--filter TEXT] [--json]
//
// Prints what went wrong and how often (with --json, all results as JSON). Without --random it is the ONNX project's
// node tests; a run of all of them also rewrites the device's report, and for a GPU the list of the tests that
// smoke-gpu.test.mjs runs. The exit status is 1 if the compiler crashed, or an artifact failed or gave wrong outputs.

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { REPORTS, causes, report, summary } from "./report.mjs";
import { NODE_TESTS, RANDOM_TESTS, SMOKE, allTests, isInTenth, runTests } from "./suite.mjs";

const flag = { type: "boolean", default: false };
const { values } = parseArgs({
  options: { device: { type: "string", default: "wasm" }, filter: { type: "string" }, json: flag, random: flag },
});
const { device } = values;
if (!(device in REPORTS)) throw new Error(`--device is one of ${Object.keys(REPORTS).join(", ")}`);
const suite = values.random ? RANDOM_TESTS : NODE_TESTS;

const tests = (await allTests(suite)).filter(({ name }) => !values.filter || name.includes(values.filter));
if (tests.length === 0) throw new Error(`no test's name contains ${values.filter}`);

let done = 0;
const progress = () => {
  done++;
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${tests.length}`);
};
const results = await runTests(tests, { progress, suite, device });
if (process.stderr.isTTY) process.stderr.write("\n");
if (!values.filter && !values.random) {
  await writeFile(new URL(REPORTS[device].file, import.meta.url), report(results, device));
  if (device === "webgpu") {
    const smoke = results.filter((one) => one.kind === "pass" && one.islands === 0 && isInTenth(one));
    await writeFile(SMOKE.webgpu, smoke.map(({ name }) => `${name}\n`).join(""));
  }
}

const bugs = ["crash", "wrong", "failed"].flatMap((kind) => results.filter((result) => result.kind === kind));
if (values.json) {
  console.log(JSON.stringify(results, null, 1));
} else {
  for (const { kind, name, reason } of bugs) console.log(`${kind}: ${name}: ${reason}`);
  const refusals = causes(results.filter(({ kind }) => kind === "refused"));
  for (const [text, count] of refusals.slice(0, 20)) console.log(`${count} refused: ${text}`);
  console.log(summary(results, device));
}
process.exitCode = bugs.length > 0 ? 1 : 0;
