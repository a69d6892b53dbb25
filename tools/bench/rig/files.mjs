// Where the compiled models and references are, in Node.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readReference } from "./reference.mjs";

/** The checkout's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
/** A folder per compiled model. */
export const ARTIFACTS = process.env.WEFT_ARTIFACTS ?? join(ROOT, ".cache/artifacts");
/** The compiler that makes them. */
export const COMPILER = process.env.WEFT_COMPILER ?? join(ROOT, "target/debug/weftc");
/** A file per model. */
export const MODELS = join(ROOT, ".cache/models");
/** A folder per model, with inputs and outputs. */
export const REFERENCES = join(ROOT, ".cache/reference");

const readJson = async (path) => JSON.parse(await readFile(path, "utf8"));

/** Names of all pinned models. */
const pins = await readJson(join(ROOT, "tests/models/pins.json"));
export const models = pins.map(({ name }) => name);

/** Models that are also compiled with an open dim: the artifact's name, and the sizes that have a reference `NAME@SIZE`. */
export const openModels = pins
  .filter(({ open }) => open)
  .map(({ name, open }) => ({ name, artifact: `${name}@open`, sizes: open.sizes, ...open }));

/** The variants every compiled model has: what `weftc compile` writes by default. */
export const VARIANTS = ["relaxed", "simd"];

/** The compiled model's manifest. */
export async function manifestOf(model) {
  try {
    return await readJson(join(ARTIFACTS, model, "manifest.json"));
  } catch (cause) {
    throw new Error(`${model} is not compiled: run \`cargo xtask test\``, { cause });
  }
}

/** Reference inputs and outputs. */
export const referenceOf = (model) =>
  readReference(async (file) => {
    const bytes = await readFile(join(REFERENCES, model, file));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  });
