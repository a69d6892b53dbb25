// The runtime of a model that was compiled for a GPU. The package writer puts the model's description, MODEL, above it.

import type { Description } from './description';
import { WeftLoadError } from './errors';
import type { GpuDescription } from './gpu/description';
import { WeftDeviceError, stopIf, unless } from './gpu/errors';
import { loadGpu } from './gpu/load';
import type { GpuModel } from './gpu/model';
import type { Model } from './model';
import type { LoadOptions } from './types';
import type { Device, DeviceOptions, RunOptions, WasmInfo } from './types.gpu';
import { loadWasm } from './wasm';

export { WeftInputError, WeftLoadError } from './errors';
export { WeftDeviceError } from './gpu/errors';

declare const MODEL: GpuDescription & Partial<Description>;

/** Loads the model on the first of the devices that can be had; there is no other than those that the caller named. */
export async function load(options: LoadOptions & DeviceOptions = {}): Promise<GpuModel | WasmModel> {
  const { device = MODEL.devices[0]!, signal } = options;
  const devices: readonly Device[] = typeof device === 'string' ? [device] : device;
  const unknown = devices.find((name) => !MODEL.devices.includes(name));
  if (unknown || devices.length === 0) {
    const names = MODEL.devices.join(', ');
    throw new WeftLoadError('', `Model "${MODEL.name}" wasn't compiled for the device "${unknown ?? ''}", only for: ${names}.`);
  }
  let fallback: string | undefined;
  for (const [i, name] of devices.entries()) {
    try {
      if (name === 'webgpu') return await loadGpu(MODEL, options, fallback);
      stopIf(signal);
      return new WasmModel(await unless(loadWasm(MODEL as Description, options), signal), fallback);
    } catch (error) {
      const hopeless = !(error instanceof WeftDeviceError) || error.code === 'aborted' || i === devices.length - 1;
      if (hopeless) throw error;
      fallback ??= error.message;
    }
  }
  throw new Error('unreachable');
}

/** A model on the processor, with the interface that models on a GPU have, and its own views besides. */
class WasmModel {
  readonly info: WasmInfo;
  readonly inputs: Model['inputs'];
  readonly outputs: Model['outputs'];
  readonly runInPlace: Model['runInPlace'];
  readonly reset: () => void;
  readonly #model: Model;

  constructor(model: Model, fallback?: string) {
    this.#model = model;
    this.info = Object.freeze({ ...model.info, device: 'wasm' as const, ...(fallback === undefined ? {} : { fallback }) });
    ({ inputs: this.inputs, outputs: this.outputs, runInPlace: this.runInPlace } = model);
    this.reset = () => model.reset();
  }

  async run(inputs: Parameters<Model['run']>[0], { outputs, signal }: RunOptions = {}): ReturnType<Model['run']> {
    stopIf(signal);
    if (outputs === 'gpu') {
      throw new WeftDeviceError('no-webgpu', `Model "${this.info.name}" runs as Wasm: its outputs can't be GPU buffers.`);
    }
    return this.#model.run(inputs);
  }

  /** Its memory goes with the last reference to it. */
  dispose(): void {}
}
