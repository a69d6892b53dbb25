// Reference inputs and outputs of a model (written by tests/models/reference.py), in Node and in browsers.

import { parseNpy } from "./npy.mjs";

/**
 * @param {(file: string) => Promise<ArrayBuffer>} read reads a file of the model's reference folder
 * @returns {Promise<{inputs: Record<string, object>, outputs: Record<string, object>}>} tensors by name
 */
export async function readReference(read) {
  const signature = JSON.parse(new TextDecoder().decode(await read("signature.json")));
  const tensors = async (entries) =>
    Object.fromEntries(
      await Promise.all(entries.map(async ({ name, file }) => [name, parseNpy(await read(file))])),
    );
  return { inputs: await tensors(signature.inputs), outputs: await tensors(signature.outputs) };
}

/** Reads a file of `folder` (a URL that ends in a slash) with fetch. */
export const fetchFrom = (folder) => async (file) => {
  const response = await fetch(new URL(file, folder));
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  return response.arrayBuffer();
};
