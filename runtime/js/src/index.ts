// The runtime of a model that was compiled for the processor only. The package writer puts the model's description, MODEL, above it.

import type { Description } from './description';
import type { Model } from './model';
import type { LoadOptions } from './types';
import { loadWasm } from './wasm';

export { WeftInputError, WeftLoadError } from './errors';

declare const MODEL: Description;

/** Loads the model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  return loadWasm(MODEL, options);
}
