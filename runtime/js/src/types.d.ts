/** Array types that hold tensors. `float16` and `bfloat16` are held as their bits in a `Uint16Array`, float8 and float4 types in a
 * `Uint8Array`; `bool` as 0 and 1 in a `Uint8Array`; `uint4` and `int4` with an element a byte. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A tensor: `data` holds its elements in row-major order, `dims` is its shape. */
export interface Tensor<Data extends TypedArray = TypedArray, Dims extends readonly number[] = readonly number[]> {
  readonly data: Data;
  readonly dims: Dims;
}

/** Which instructions a module uses: relaxed SIMD, or only what every engine with SIMD has. */
export type Variant = 'relaxed' | 'simd';

export interface LoadOptions {
  /** Folder of the model's other files. By default, where this module itself came from. */
  baseUrl?: string | URL;
  /** The module to load. By default ('auto') the fastest that this engine accepts. */
  variant?: 'auto' | Variant;
  /** Used in place of the global `fetch`, for headers, caches or progress. Called once a file. */
  fetch?: (url: string) => Promise<Response>;
  /** What state is before the first run, and after `reset()`, by the inputs' names. By default it is 0. */
  states?: { readonly [input: string]: TypedArray | Tensor };
}

/** A dim that is left open until the model runs, and what it may be. */
export interface OpenDim {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** Name, ONNX element type and shape of an input or output; where dims are left open, the largest shape. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly number[];
}

export interface SignatureInfo {
  readonly name: string;
  /** The compiler that made the model. */
  readonly producer: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Dims that are left open until the model runs. */
  readonly open: readonly OpenDim[];
  /** Outputs that are the next run's inputs. */
  readonly states: readonly { readonly output: string; readonly input: string }[];
}

export interface ModelInfo extends SignatureInfo {
  /** The loaded module. */
  readonly variant: Variant;
  /** Size of the module's memory: weights, intermediate tensors, inputs and outputs. */
  readonly memoryBytes: number;
}

/** A loaded model. Each call of `load` gives one, with its own memory. */
export interface LoadedModel<Inputs, Outputs, InputViews, OutputViews> {
  /**
   * Runs the model, and gives the outputs in arrays of their own, which later runs leave alone.
   * An input is copied into the model's memory, unless it is the view of itself that `inputs` holds.
   * State need not be given: it is what the last run made of it.
   * Dims that are left open are told by the inputs' `dims`, or by an array's length where it leaves no doubt.
   * The computation blocks the calling thread: in a page, load the model in a worker if it takes long.
   * @throws {WeftInputError} if an input is missing, unknown, or of another type or size, or an open dim is out of bounds
   */
  run(inputs: Inputs): Promise<Outputs>;
  /**
   * Runs the model on what `inputs` holds and leaves the result in `outputs`. Copies nothing, allocates nothing.
   * Dims that are left open are given by name, and are at their largest otherwise; the views have the strides of the largest shape.
   */
  runInPlace(open?: { readonly [name: string]: number }): void;
  /** Makes state what it was before the first run. */
  reset(): void;
  /** The inputs' place in the model's memory. What is written here stays until it is overwritten. */
  readonly inputs: InputViews;
  /** The outputs' place in the model's memory. Each run overwrites it. A state's is its input's. */
  readonly outputs: OutputViews;
  readonly info: ModelInfo;
}

/** An input of `run` that isn't what the model takes. */
export declare class WeftInputError extends TypeError {
  readonly name: 'WeftInputError';
  readonly code: 'inputs' | 'unknown' | 'missing' | 'type' | 'size' | 'dims';
  /** The input's name; empty if the whole argument is wrong. */
  readonly input: string;
  /** What the model takes. */
  readonly expected: string;
  /** What it was given. */
  readonly received: string;
}

/** The model couldn't be loaded: the message says which file and why, `cause` holds the engine's own error. */
export declare class WeftLoadError extends Error {
  readonly name: 'WeftLoadError';
  /** The file; empty if the failure isn't one file's. */
  readonly url: string;
}
