// Compiled models in Node, straight from the disk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { arithmeticModule } from "../../tools/bench/page/roof.mjs";
import { ARTIFACTS, VARIANTS, models, referenceOf } from "../../tools/bench/rig/files.mjs";
import { TOLERANCE, compareWithReference } from "./compare.mjs";

// Node 20 knows relaxed SIMD behind a flag only.
if (!WebAssembly.validate(arithmeticModule(true))) setFlagsFromString("--experimental-wasm-relaxed-simd");

for (const model of models) {
  for (const variant of VARIANTS) {
    test(`${model}, ${variant} module, Node`, async () => {
      const { load } = await import(pathToFileURL(join(ARTIFACTS, model, "index.js")));
      const result = await compareWithReference(await load({ variant }), await referenceOf(model));
      assert.equal(result.variant, variant);
      for (const [output, distance] of Object.entries(result.distances)) {
        assert.ok(distance <= TOLERANCE, `${output} is ${distance} off the reference`);
      }
    });
  }
}
