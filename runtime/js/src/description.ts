// What the package writer puts above this runtime: all that is particular to one model.

import type { OpenDim, TensorInfo, TypedArray, Variant } from './types';

/** An input or output. */
export interface Slot extends TensorInfo {
  readonly array: TypedArrayConstructor;
  /** Number of elements. */
  readonly length: number;
  /** Makes a tensor of what is given, unless the device shall; and what that may be beside an array. Of images only. */
  readonly read?: (value: unknown, device: boolean) => unknown;
  readonly takes?: string;
}

/** One that has a place in a module's memory. */
export interface PlacedSlot extends Slot {
  /** Byte address. */
  readonly offset: number;
}

export interface TypedArrayConstructor {
  readonly name: string;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray;
  new (values: TypedArray): TypedArray;
}

/**
 * A file's name, and its address beside this module.
 * The address is spelled out for each file (`new URL('./weights.bin', import.meta.url)`), which is what bundlers recognise.
 */
export type FileRef = readonly [name: string, beside: () => URL];

/** What a model takes and gives, on whatever device. */
export interface Signature {
  readonly name: string;
  readonly producer: string;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  /** Numbers of outputs, and of the inputs that they become for the next run: both are one place. Absent if there are none. */
  readonly states?: readonly (readonly [output: number, input: number])[];
  /** Dims that are left open until the model runs; absent if there are none. The slots' dims are the largest. */
  readonly open?: {
    readonly symbols: readonly OpenDim[];
    /** For each input: its open dims, and which symbol each is. */
    readonly inputs: readonly (readonly (readonly [dim: number, symbol: number])[])[];
    /** Dims of the outputs for the symbols' values. */
    readonly outputs: (symbols: readonly number[]) => number[][];
  };
}

/** A model as Wasm modules. */
export interface Description extends Signature {
  /** Pages of the module's memory. */
  readonly pages: number;
  /** Without a file, the modules bring the weights themselves. */
  readonly weights: { readonly offset: number; readonly bytes: number; readonly file?: FileRef };
  /** Byte address of the intermediate tensors. */
  readonly arena: number;
  /** Bytes there that the modules' `init` fills once; absent if there is nothing to prepare. */
  readonly prepared?: number;
  readonly inputs: readonly PlacedSlot[];
  readonly outputs: readonly PlacedSlot[];
  /** How many open dims `main` takes, where it is that of a part of a model, which has no `open` of its own. */
  readonly symbols?: number;
  readonly modules: { readonly [variant in Variant]?: FileRef };
}
