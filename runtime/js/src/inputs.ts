import type { Description, Slot } from './description';
import { WeftInputError } from './errors';
import type { Tensor, TypedArray } from './types';

/** `Float32Array of 27648 values, float32 [1, 3, 48, 192]` */
function wanted(slot: Slot): string {
  return `${slot.array.name} of ${slot.length} values, ${slot.dtype} ${shape(slot.dims)}`;
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
export function isState(model: Description, input: number): boolean {
  return model.states?.some((state) => state[1] === input) ?? false;
}

/** The arrays of all inputs, in the signature's order; `undefined` for state that isn't given. */
export function check(model: Description, given: unknown): (TypedArray | undefined)[] {
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
  return model.inputs.map((slot, i) => {
    const value = Object.hasOwn(given, slot.name) ? (given as Record<string, unknown>)[slot.name] : undefined;
    return value === undefined && isState(model, i) ? undefined : checkOne(slot, value);
  });
}

/** State's first contents, by the inputs' numbers. */
export function checkStates(model: Description, given: { readonly [input: string]: unknown }): Map<number, TypedArray> {
  const initial = new Map<number, TypedArray>();
  for (const [name, value] of Object.entries(given)) {
    const i = model.inputs.findIndex((slot) => slot.name === name);
    if (!isState(model, i)) {
      const states = model.states?.map((state) => JSON.stringify(model.inputs[state[1]]!.name)) ?? [];
      const expected = states.length ? `the states ${states.join(', ')}` : 'no states';
      const message = `${JSON.stringify(name)} is no state of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError('unknown', name, expected, name, message);
    }
    initial.set(i, checkOne(model.inputs[i]!, value).slice());
  }
  return initial;
}

function checkOne(slot: Slot, value: unknown): TypedArray {
  const fail = (code: WeftInputError['code'], received: string, problem: string): never => {
    const expected = wanted(slot);
    const message = `Input ${JSON.stringify(slot.name)} ${problem}, expected ${expected}.`;
    throw new WeftInputError(code, slot.name, expected, received, message);
  };
  if (value === undefined) return fail('missing', 'nothing', 'is missing');
  let data: unknown = value;
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && 'data' in value && 'dims' in value) {
    const { dims } = value as Tensor;
    data = value.data;
    if (!Array.isArray(dims) || dims.length !== slot.dims.length || dims.some((dim, i) => dim !== slot.dims[i])) {
      const received = Array.isArray(dims) ? shape(dims) : describe(dims);
      return fail('dims', received, `has the shape ${received}`);
    }
  }
  const received = describe(data);
  if (tag(data) !== slot.array.name) return fail('type', received, `is ${received}`);
  if ((data as TypedArray).length !== slot.length) return fail('size', received, `has ${(data as TypedArray).length} values`);
  return data as TypedArray;
}
