// Runs compiled tests, one a message; in a thread of its own, because a module that never returns can only be terminated.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import { decode, mismatch } from "./compare.mjs";

/** The plain SIMD module of the artifact in `folder` on the inputs of the test in `file`. */
async function execute(folder, file) {
  const test = JSON.parse(await readFile(file, "utf8"));
  const foreign = [...test.inputs, ...test.outputs].find(({ data }) => data === undefined);
  if (foreign) return { kind: "failed", reason: `it compiled, but ${foreign.name} is nothing that an artifact takes or gives` };
  const { load } = await import(pathToFileURL(join(folder, "index.js")));
  const model = await load({ variant: "simd" });
  const feeds = test.inputs.map((input) => [input.name, { data: decode(input), dims: input.dims }]);
  const results = await model.run(Object.fromEntries(feeds));
  for (const expected of test.outputs) {
    const info = model.info.outputs.find(({ name }) => name === expected.name);
    if (!info) return { kind: "failed", reason: `the artifact has no output ${expected.name}` };
    const reason = mismatch(info, results[expected.name].data, expected, test);
    if (reason) return { kind: "wrong", reason };
  }
  return { kind: "pass" };
}

parentPort.on("message", ({ folder, file }) => {
  execute(folder, file).then(
    (result) => parentPort.postMessage(result),
    (error) => parentPort.postMessage({ kind: "failed", reason: String(error?.message ?? error).split("\n")[0] }),
  );
});
