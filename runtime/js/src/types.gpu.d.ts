import type { ModelInfo, SignatureInfo } from './types';

// What follows is there because the model was compiled for a GPU.

/** WebGPU's own type of this name, if TypeScript knows it (by its `dom` library, or @webgpu/types). */
type WebGpu<Name extends string, Otherwise> = typeof globalThis extends { readonly [name in Name]: { prototype: infer Type } }
  ? Type
  : Otherwise;

/** A `GPUBuffer`. */
export type GpuBuffer = WebGpu<'GPUBuffer', { readonly size: number; readonly usage: number; readonly mapState: string; destroy(): void }>;

/** What a model runs on. */
export type Device = 'webgpu' | 'wasm';

export interface DeviceOptions {
  /**
   * What to run on. By default the first that the model was compiled for, and only that: if it can't be had, `load` throws a
   * `WeftDeviceError`. A list is tried in its order; `info.device` says what it came to, and `info.fallback` why it isn't the first.
   */
  device?: Device | readonly Device[];
  /** Where to get the GPU from, instead of `navigator.gpu`; a device is shared, and never destroyed by the model. */
  gpu?: WebGpu<'GPU', object> | WebGpu<'GPUAdapter', object> | WebGpu<'GPUDevice', object>;
  /**
   * How long the GPU may be busy with one submission, in milliseconds; by default a run is one submission. Runs that take longer are
   * split between kernels, by times measured while running, so that the page's own drawing comes in between. `run` can say otherwise.
   */
  budgetMs?: number;
  /** Stops loading: `load` throws a `WeftDeviceError` of the code 'aborted'. */
  signal?: AbortSignal;
}

export interface RunOptions {
  /** Where results shall be: in arrays ('cpu'), or in the model's own buffers ('gpu'), from which nothing is read back. */
  outputs?: 'cpu' | 'gpu';
  /** As for `load`, for this run. */
  budgetMs?: number;
  /**
   * Stops the run where it next waits: before its turn, between the submissions that `budgetMs` makes of it, and while results are
   * awaited. `run` throws a `WeftDeviceError` of the code 'aborted'. State of a run that was stopped is undefined: `reset()` it.
   */
  signal?: AbortSignal;
}

/**
 * A tensor in a `GPUBuffer`, from its start: row-major, little endian, elements as in the arrays. If the model has open dims, elements lie
 * where those of the largest shape lie.
 */
export interface GpuTensor<Dims extends readonly number[] = readonly number[]> {
  readonly data: GpuBuffer;
  readonly dims: Dims;
}

/** A part of the model that runs as Wasm, between the GPU's kernels. */
export interface Island {
  readonly name: string;
  readonly reason: string;
}

/** What a model that runs on the GPU is. */
export interface GpuInfo extends SignatureInfo {
  readonly device: 'webgpu';
  /** What the kernels compute with. */
  readonly precision: 'float32' | 'float16';
  /** The WebGPU features that they use. */
  readonly features: readonly string[];
  /** What runs as Wasm all the same. */
  readonly islands: readonly Island[];
  /** How many pipelines there are, and how long it took to make them, in milliseconds. */
  readonly pipelines: number;
  readonly pipelineMs: number;
  /** Size of the weights. */
  readonly weightsBytes: number;
  /** Size of all buffers: weights, intermediate tensors, inputs and outputs. */
  readonly gpuBytes: number;
  /** Why it doesn't run on what `load` was to try first. */
  readonly fallback?: string;
}

/** What a model that could run on the GPU is, when it runs on the processor. */
export interface WasmInfo extends ModelInfo {
  readonly device: 'wasm';
  /** Why it doesn't run on what `load` was to try first. */
  readonly fallback?: string;
}

/** A loaded model, on whatever device. */
export interface DeviceModel<Inputs, Outputs, GpuOutputs> {
  /**
   * Runs the model. Runs that are asked for while others are under way come after them, in order; inputs are taken as they are now.
   *
   * Inputs are arrays, tensors, or buffers of the model's device. A buffer with the usage STORAGE is read where it is if it is large enough for
   * the kernels; one with COPY_SRC is copied. It may be overwritten or destroyed by work that is submitted after `run` has resolved.
   *
   * With `outputs: 'gpu'`, the results are buffers of the model (usage STORAGE | COPY_SRC | COPY_DST), resolved when the work is submitted,
   * not when it is done: what is submitted next to the same device sees them. The model's next run overwrites them.
   * @throws {WeftInputError} if an input is missing, unknown, or of another type or size, or an open dim is out of bounds
   * @throws {WeftDeviceError} if the device is lost, or the run was stopped
   */
  run(inputs: Inputs, options: RunOptions & { outputs: 'gpu' }): Promise<GpuOutputs>;
  run(inputs: Inputs, options?: RunOptions & { outputs?: 'cpu' }): Promise<Outputs>;
  /** Makes state what it was before the first run. Runs that were asked for before aren't affected. */
  reset(): void;
  /** Frees the GPU's memory. Runs that are under way, and later ones, fail. */
  dispose(): void;
  readonly info: GpuInfo | WasmInfo;
}

/** The device can't be had, or can't go on. */
export declare class WeftDeviceError extends Error {
  readonly name: 'WeftDeviceError';
  /**
   * - 'no-webgpu': there is no `navigator.gpu`: the browser has no WebGPU, or the page isn't secure (https or localhost)
   * - 'no-adapter': the browser has WebGPU, but offers no GPU, or gives no device
   * - 'feature': the GPU lacks a feature that the model needs; the message names it
   * - 'limit': a limit of the GPU is too small; the message says which, what the model needs and what there is
   * - 'memory': the GPU has too little memory
   * - 'validation': the browser refuses a kernel; the message has its name and what is wrong
   * - 'lost': the device was lost (driver reset, or destroyed): load the model again
   * - 'aborted': the caller's `signal` stopped it; `cause` is the signal's reason
   */
  readonly code: 'no-webgpu' | 'no-adapter' | 'feature' | 'limit' | 'memory' | 'validation' | 'lost' | 'aborted';
}
