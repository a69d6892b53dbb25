import type { Signature, Slot } from './description';
import { WeftInputError } from './errors';
import type { TypedArray } from './types';

/** Values of a model's open dims, by number; `undefined` where nothing has told them yet. */
export type Values = (number | undefined)[];

/** Why dims don't fit: what an open dim is, and what it may be. */
export function misfit(model: Signature, symbol: number, value: number, values: Values): string | undefined {
  const { name, min, max } = model.open!.symbols[symbol]!;
  if (!Number.isInteger(value) || value < min || value > max) {
    return `where ${JSON.stringify(name)} is ${value}, but the model was compiled for ${min} to ${max}`;
  }
  const other = values[symbol];
  if (other !== undefined && other !== value) {
    return `where ${JSON.stringify(name)} is ${value}, but another input makes it ${other}`;
  }
  return undefined;
}

/** All values; what nothing has told is at its largest. */
export function complete(model: Signature, values: Values): number[] {
  return (model.open?.symbols ?? []).map((symbol, i) => values[i] ?? symbol.max);
}

/** Values that are given by name. */
export function named(model: Signature, given: { readonly [name: string]: number }): number[] {
  const values: Values = [];
  for (const [name, value] of Object.entries(given)) {
    const i = model.open?.symbols.findIndex((symbol) => symbol.name === name) ?? -1;
    const names = model.open?.symbols.map((symbol) => JSON.stringify(symbol.name)).join(', ');
    const expected = names ? `the open dims ${names}` : 'no open dims';
    const problem = i < 0 ? `${JSON.stringify(name)} is no open dim of model "${model.name}"` : misfit(model, i, value, values);
    if (problem) {
      const message = i < 0 ? `${problem}, expected ${expected}.` : `runInPlace() got dims ${problem}.`;
      throw new WeftInputError('dims', '', expected, `${name}: ${value}`, message);
    }
    values[i] = value;
  }
  return complete(model, values);
}

/** The longest runs of elements that are contiguous in a buffer of the shape `bound` and among those of `dims` alone. */
function runs(dims: readonly number[], bound: readonly number[], copy: (packed: number, placed: number, n: number) => void): void {
  let last = dims.length - 1;
  while (last > 0 && dims[last] === bound[last]) last--;
  last = Math.max(last, 0);
  const product = (list: readonly number[]) => list.reduce((a, b) => a * b, 1);
  const run = product(dims.slice(last));
  const step = product(bound.slice(last));
  const outer = product(dims.slice(0, last));
  for (let i = 0; i < outer; i++) {
    let [rest, place, scale] = [i, 0, 1];
    for (let d = last - 1; d >= 0; d--) {
      place += (rest % dims[d]!) * scale;
      rest = Math.floor(rest / dims[d]!);
      scale *= bound[d]!;
    }
    copy(i * run, place * step, run);
  }
}

/** Puts contiguous elements into a slot, which has the strides of its largest shape. */
export function place(view: TypedArray, slot: Slot, data: TypedArray, dims: readonly number[]): void {
  runs(dims, slot.dims, (packed, placed, n) => view.set(data.subarray(packed, packed + n) as never, placed));
}

/** The elements of a slot, contiguous, in an array of their own. */
export function take(view: TypedArray, slot: Slot, dims: readonly number[]): TypedArray {
  const n = dims.reduce((a, b) => a * b, 1);
  if (n === slot.length) return view.slice();
  const out = new slot.array(new ArrayBuffer(n * view.BYTES_PER_ELEMENT), 0, n);
  runs(dims, slot.dims, (packed, placed, n) => out.set(view.subarray(placed, placed + n) as never, packed));
  return out;
}
