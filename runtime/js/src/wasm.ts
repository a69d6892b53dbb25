import type { Description } from './description';
import { WeftLoadError, reason } from './errors';
import { type Opened, compile, fill, locate, open } from './files';
import { Model } from './model';
import type { LoadOptions } from './types';
import { choose } from './variant';

/** Loads a model's Wasm: one module, and the weights into its memory while they arrive. */
export async function loadWasm(
  description: Description,
  { baseUrl, variant = 'auto', fetch, states }: LoadOptions,
): Promise<Model> {
  const chosen = choose(description, variant);
  const { file, offset, bytes } = description.weights;
  const url = locate(description.modules[chosen]!, baseUrl);
  const weightsUrl = file && locate(file, baseUrl);
  // Both requests leave at once; the weights' body waits until there is memory to put it in.
  const weights = weightsUrl && open(weightsUrl, fetch);
  // It is awaited below, but may fail before.
  if (weights) weights.catch(() => {});
  try {
    const instance = await instantiate(description, await open(url, fetch));
    const model = new Model(description, chosen, url, instance, states);
    if (weights) {
      const { memory } = instance.exports as { memory: WebAssembly.Memory };
      await fill(new Uint8Array(memory.buffer, offset, bytes), await weights);
    }
    model.prepare();
    return model;
  } catch (error) {
    // Don't leave the other download running.
    if (weights) weights.then(({ response }) => response.body?.cancel()).catch(() => {});
    throw error;
  }
}

async function instantiate({ pages }: Description, file: Opened): Promise<WebAssembly.Instance> {
  const module = await compile(file);
  try {
    return await WebAssembly.instantiate(module);
  } catch (cause) {
    const problem = `Can't start ${file.url}, which needs ${pages / 16} MiB of memory: ${reason(cause)}.`;
    throw new WeftLoadError(file.url, problem, { cause });
  }
}
