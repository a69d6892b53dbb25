// What a page has to load besides the weights stays small.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ARTIFACTS, VARIANTS, models } from "../../tools/bench/rig/files.mjs";

const LIMIT = 200_000;
const DATA_SECTION = 11;

/** Bytes of a Wasm module that are not in its data section. */
function codeBytes(module) {
  let [position, data] = [8, 0];
  while (position < module.length) {
    const id = module[position++];
    let [size, shift, byte] = [0, 0];
    do {
      byte = module[position++];
      size += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte & 128);
    if (id === DATA_SECTION) data += size;
    position += size;
  }
  assert.equal(position, module.length);
  return module.length - data;
}

for (const model of models) {
  for (const variant of VARIANTS) {
    test(`${model}: index.js and the ${variant} module without data are under ${LIMIT} bytes`, async () => {
      const [script, module] = await Promise.all(
        ["index.js", `model.${variant}.wasm`].map((file) => readFile(join(ARTIFACTS, model, file))),
      );
      const bytes = script.length + codeBytes(module);
      assert.ok(bytes < LIMIT, `index.js ${script.length} + module ${codeBytes(module)} = ${bytes} bytes`);
    });
  }
}
