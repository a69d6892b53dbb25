// One compiled test on one device.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode, mismatch } from "./compare.mjs";

/**
 * Loads the artifact in `folder` and runs it on the inputs of the test in `file`.
 * @param {object} options what `load` is told of the device
 * @returns {Promise<{kind: "pass" | "wrong" | "failed", reason?: string, islands?: number, islandReasons?: string[]}>}
 *   islands: how many parts of the model don't run on the GPU that the rest runs on, and why
 */
export async function execute(folder, file, options) {
  const test = JSON.parse(await readFile(file, "utf8"));
  const foreign = [...test.inputs, ...test.outputs].find(({ data }) => data === undefined);
  if (foreign) return { kind: "failed", reason: `it compiled, but ${foreign.name} is nothing that an artifact takes or gives` };
  const { load } = await import(pathToFileURL(join(folder, "index.js")));
  const model = await load(options);
  try {
    return await judge(model, test);
  } finally {
    model.dispose?.();
  }
}

/** The loaded model's outputs against the test's. */
async function judge(model, test) {
  const { islands } = model.info;
  const about = islands ? { islands: islands.length, islandReasons: [...new Set(islands.map(({ reason }) => reason))] } : {};
  const feeds = test.inputs.map((input) => [input.name, { data: decode(input), dims: input.dims }]);
  const results = await model.run(Object.fromEntries(feeds));
  for (const expected of test.outputs) {
    const info = model.info.outputs.find(({ name }) => name === expected.name);
    if (!info) return { kind: "failed", reason: `the artifact has no output ${expected.name}`, ...about };
    const reason = mismatch(info, results[expected.name].data, expected, test);
    if (reason) return { kind: "wrong", reason, ...about };
  }
  return { kind: "pass", ...about };
}

/** What an error says, in a line. */
export const lineOf = (error) => String(error?.message ?? error).split("\n")[0];
