import type { Signature, Slot } from './description';
import { WeftInputError } from './errors';
import { type Values, complete, misfit } from './open';
import type { Tensor, TypedArray } from './types';

/** `Float32Array of 27648 values, float32 [1, 3, 48, 192]`, or `BigInt64Array, int64 [1, sequence (1 to 128)]` */
function wanted(model: Signature, slot: Slot): string {
  const open = model.open?.inputs[model.inputs.indexOf(slot)];
  if (!open?.length) return `${slot.array.name} of ${slot.length} values, ${slot.dtype} ${shape(slot.dims)}`;
  const dims: unknown[] = [...slot.dims];
  for (const [dim, symbol] of open) {
    const { name, min, max } = model.open!.symbols[symbol]!;
    dims[dim] = `${name} (${min} to ${max})`;
  }
  return `${slot.takes ?? slot.array.name}, ${slot.dtype} ${shape(dims)}`;
}

function shape(dims: readonly unknown[]): string {
  return `[${dims.join(', ')}]`;
}

/** The class of a value; also for arrays of another frame, whose constructors are others. */
function tag(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function describe(value: unknown): string {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return typeof value === 'string' ? 'a string' : String(value);
  }
  return ArrayBuffer.isView(value) ? `${tag(value)} of ${(value as TypedArray).length ?? value.byteLength} values` : tag(value);
}

/** Whether an input is state, which need not be given. */
export function isState(model: Signature, input: number): boolean {
  return model.states?.some((state) => state[1] === input) ?? false;
}

/** What `run` was given: in the signature's order, arrays (`undefined` for state that isn't given) and dims; and the open dims. */
export interface Given<Other = never> {
  readonly arrays: (TypedArray | Other | undefined)[];
  readonly dims: (readonly number[])[];
  readonly symbols: number[];
}

/** What else than an array may hold a tensor, if the value is that; `problem` says what keeps it from being taken. */
export type Other<T> = (value: unknown, slot: Slot) => { readonly value: T; readonly problem?: string } | undefined;

/** Checks all inputs. */
export function check<T = never>(model: Signature, given: unknown, other?: Other<T>): Given<T> {
  const names = model.inputs.map((slot) => JSON.stringify(slot.name)).join(', ');
  const expected = `an object with ${names ? `the inputs ${names}` : 'no inputs'}`;
  if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given) || Array.isArray(given)) {
    const received = describe(given);
    throw new WeftInputError('inputs', '', expected, received, `run() got ${received}, expected ${expected}.`);
  }
  for (const name of Object.keys(given)) {
    if (!model.inputs.some((slot) => slot.name === name)) {
      const message = `${JSON.stringify(name)} is no input of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError('unknown', name, expected, name, message);
    }
  }
  const values: Values = [];
  const arrays: (TypedArray | T | undefined)[] = [];
  const dims: (readonly number[])[] = model.inputs.map((slot) => slot.dims);
  const own = model.inputs.map(({ name, read = (value: unknown) => value }) =>
    Object.hasOwn(given, name) ? read((given as Record<string, unknown>)[name], !!other) : undefined,
  );
  // What tells its dims comes first: an array's length may leave a doubt that another input settles.
  for (const telling of model.open ? [true, false] : [false]) {
    model.inputs.forEach((slot, i) => {
      if (model.open && isTensor(own[i]) !== telling) return;
      if (own[i] === undefined && isState(model, i)) return;
      arrays[i] = checkOne(
        model,
        slot,
        own[i],
        (length, given) => {
          const open = model.open?.inputs[i];
          const [actual, problem] = open?.length ? solve(model, slot, open, values, length, given) : [slot.dims];
          if (actual) dims[i] = actual;
          return problem ?? actual!;
        },
        other,
      );
    });
  }
  return { arrays, dims, symbols: complete(model, values) };
}

/** An input's dims, its open ones told by the given dims or by the number of its values; or what is wrong. */
function solve(
  model: Signature,
  slot: Slot,
  open: readonly (readonly [dim: number, symbol: number])[],
  values: Values,
  length: number,
  given?: readonly number[],
): [dims: readonly number[]] | [dims: undefined, problem: string] {
  const dims = [...slot.dims];
  const unknown = open.filter(([, symbol]) => values[symbol] === undefined);
  for (const [dim, symbol] of open) dims[dim] = given?.[dim] ?? values[symbol] ?? 1;
  if (!given && unknown.length > 1) {
    return [undefined, `has ${length} values, which leaves its dims open: give { data, dims }`];
  }
  if (!given && unknown.length === 1) {
    const [dim] = unknown[0]!;
    const known = dims.reduce((a, b) => a * b, 1);
    if (length % known !== 0) return [undefined, `has ${length} values, no multiple of ${known}`];
    dims[dim] = length / known;
  }
  for (const [dim, symbol] of open) {
    const problem = misfit(model, symbol, dims[dim]!, values);
    if (problem) return [undefined, `has the shape ${shape(dims)}, ${problem}`];
    values[symbol] = dims[dim]!;
  }
  return [dims];
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && 'data' in value && 'dims' in value;
}

/** State's first contents, by the inputs' numbers. */
export function checkStates(model: Signature, given: { readonly [input: string]: unknown }): Map<number, TypedArray> {
  const initial = new Map<number, TypedArray>();
  for (const [name, value] of Object.entries(given)) {
    const i = model.inputs.findIndex((slot) => slot.name === name);
    if (!isState(model, i)) {
      const states = model.states?.map((state) => JSON.stringify(model.inputs[state[1]]!.name)) ?? [];
      const expected = states.length ? `the states ${states.join(', ')}` : 'no states';
      const message = `${JSON.stringify(name)} is no state of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError('unknown', name, expected, name, message);
    }
    initial.set(i, checkOne(model, model.inputs[i]!, value).slice());
  }
  return initial;
}

/** Checks one input; `resolve` says its dims for the number of its values and the dims that were given, or what is wrong. */
function checkOne<T = never>(
  model: Signature,
  slot: Slot,
  value: unknown,
  resolve: (length: number, given?: readonly number[]) => readonly number[] | string = () => slot.dims,
  other?: Other<T>,
): TypedArray | T {
  const fail = (code: WeftInputError['code'], received: string, problem: string): never => {
    const expected = wanted(model, slot);
    const message = `Input ${JSON.stringify(slot.name)} ${problem}, expected ${expected}.`;
    throw new WeftInputError(code, slot.name, expected, received, message);
  };
  if (value === undefined) return fail('missing', 'nothing', 'is missing');
  let data: unknown = value;
  let dims: readonly number[] | undefined;
  const wrong = (dims: unknown) => {
    const received = Array.isArray(dims) ? shape(dims) : describe(dims);
    return fail('dims', received, `has the shape ${received}`);
  };
  if (isTensor(value)) {
    ({ data, dims } = value);
    if (!Array.isArray(dims) || dims.length !== slot.dims.length) return wrong(dims);
  }
  const found = other?.(data, slot);
  if (found) {
    // Its values have the places of the largest shape; without dims it says nothing of the open ones.
    const actual = dims ? resolve(slot.length, dims) : slot.dims;
    if (typeof actual === 'string') return fail('dims', shape(dims!), actual);
    if (dims?.some((dim, i) => dim !== actual[i])) return wrong(dims);
    if (found.problem) return fail('type', found.problem, `is ${found.problem}`);
    return found.value;
  }
  const received = describe(data);
  const ofType = tag(data) === slot.array.name;
  if (!ofType && !dims) return fail('type', received, `is ${received}`);
  const actual = resolve((data as TypedArray).length, dims);
  if (typeof actual === 'string') return fail('dims', dims ? shape(dims) : received, actual);
  if (dims?.some((dim, i) => dim !== actual[i])) return wrong(dims);
  if (!ofType) return fail('type', received, `is ${received}`);
  const { length } = data as TypedArray;
  if (length !== actual.reduce((a, b) => a * b, 1)) return fail('size', received, `has ${length} values`);
  return data as TypedArray;
}
