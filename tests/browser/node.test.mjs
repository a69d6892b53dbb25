// Compiled models in Node, straight from the disk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { arithmeticModule } from "../../tools/bench/page/roof.mjs";
import { ARTIFACTS, VARIANTS, models, openModels, referenceOf } from "../../tools/bench/rig/files.mjs";
import { TOLERANCE, compareAtSizes, compareWithReference } from "./compare.mjs";

// Node 20 knows relaxed SIMD behind a flag only.
if (!WebAssembly.validate(arithmeticModule(true))) setFlagsFromString("--experimental-wasm-relaxed-simd");

const loadModel = async (artifact, variant) => {
  const { load } = await import(pathToFileURL(join(ARTIFACTS, artifact, "index.js")));
  return load({ variant });
};

function assertClose(result, variant) {
  assert.equal(result.variant, variant);
  for (const [output, distance] of Object.entries(result.distances)) {
    assert.ok(distance <= TOLERANCE, `${output} is ${distance} off the reference`);
  }
}

for (const variant of VARIANTS) {
  for (const model of models) {
    test(`${model}, ${variant} module, Node`, async () => {
      assertClose(await compareWithReference(await loadModel(model, variant), await referenceOf(model)), variant);
    });
  }
  for (const { name, artifact, sizes } of openModels) {
    test(`${artifact}, ${variant} module, Node, at ${sizes.length} sizes`, async () => {
      const references = await Promise.all(sizes.map(async (size) => [size, await referenceOf(`${name}@${size}`)]));
      assertClose(await compareAtSizes(await loadModel(artifact, variant), Object.fromEntries(references)), variant);
    });
  }
}

for (const { name, artifact, dim, range, sizes } of openModels) {
  test(`${artifact}: a size out of bounds is an error that names the dim and its bounds`, async () => {
    const { inputs } = await referenceOf(`${name}@${sizes.at(-1)}`);
    const tooLarge = Object.entries(inputs).map(([input, { data, dims }]) => {
      const larger = dims.map((extent) => (extent === sizes.at(-1) ? range[1] + 1 : extent));
      return [input, { data: new data.constructor(larger.reduce((a, b) => a * b)), dims: larger }];
    });
    const model = await loadModel(artifact, "simd");
    await assert.rejects(model.run(Object.fromEntries(tooLarge)), ({ name, message }) => {
      assert.equal(name, "WeftInputError");
      for (const part of [dim, ...range.map(String)]) assert.ok(message.includes(part), message);
      return true;
    });
  });
}
