import type { Description, PlacedSlot, Signature, Slot } from './description';
import { WeftLoadError } from './errors';
import { check, checkStates } from './inputs';
import { named as symbolsOf, place, take } from './open';
import type { LoadOptions, LoadedModel, ModelInfo, SignatureInfo, Tensor, TypedArray, Variant } from './types';

export type Named<T> = Record<string, T>;
type Exports = {
  memory: WebAssembly.Memory;
  main: (...addresses: number[]) => void;
  init?: (weights: number, arena: number) => void;
};

/** An object with one property a slot. Without a prototype: any string may be a tensor's name. */
export function named<T, S extends Slot>(slots: readonly S[], value: (slot: S, i: number) => T): Named<T> {
  const object = Object.create(null) as Named<T>;
  slots.forEach((slot, i) => (object[slot.name] = value(slot, i)));
  return object;
}

/** What `info` says of every model. */
export function signature(model: Signature): SignatureInfo {
  const infos = (slots: readonly Slot[]) =>
    slots.map(({ name, dtype, dims }) => Object.freeze({ name, dtype, dims: Object.freeze(dims) }));
  return {
    name: model.name,
    producer: model.producer,
    inputs: infos(model.inputs),
    outputs: infos(model.outputs),
    open: (model.open?.symbols ?? []).map((symbol) => Object.freeze(symbol)),
    states: (model.states ?? []).map(([output, input]) =>
      Object.freeze({ output: model.outputs[output]!.name, input: model.inputs[input]!.name }),
    ),
  };
}

export class Model implements LoadedModel<Named<TypedArray | Tensor>, Named<Tensor>, Named<TypedArray>, Named<TypedArray>> {
  readonly inputs: Readonly<Named<TypedArray>>;
  readonly outputs: Readonly<Named<TypedArray>>;
  readonly info: ModelInfo;
  readonly runInPlace: (open?: { readonly [name: string]: number }) => void;
  /** Makes what every run reads of the weights; once, when they are in memory. */
  readonly prepare: () => void;
  readonly #model: Description;
  readonly #memory: ArrayBuffer;
  /** Runs the module on what is in place, for these values of the open dims. */
  readonly call: (symbols: readonly number[]) => void;
  /** State's first contents, by the inputs' numbers; 0 for what isn't there. */
  readonly #initial: ReadonlyMap<number, TypedArray>;

  constructor(
    model: Description,
    variant: Variant,
    url: string,
    instance: WebAssembly.Instance,
    states: LoadOptions['states'] = {},
  ) {
    const { memory, main, init } = instance.exports as Exports;
    const isArgument = (_: Slot, i: number) => !model.states?.some((state) => state[0] === i);
    const slots = [...model.inputs, ...model.outputs.filter(isArgument)];
    const addresses = [model.weights.offset, model.arena, ...slots.map((slot) => slot.offset)];
    if (
      memory?.buffer.byteLength !== model.pages * 65536 ||
      main?.length !== addresses.length + (model.open?.symbols.length ?? model.symbols ?? 0) ||
      init?.length !== (model.prepared ? 2 : undefined)
    ) {
      throw new WeftLoadError(
        url,
        `${url} has another interface than index.js describes: deploy all files of one compilation together.`,
      );
    }
    // The module never grows its memory, so the views stay valid.
    const view = (slot: PlacedSlot) => new slot.array(memory.buffer, slot.offset, slot.length);
    this.#model = model;
    this.#memory = memory.buffer;
    this.inputs = Object.freeze(named(model.inputs, view));
    this.outputs = Object.freeze(named(model.outputs, view));
    this.call = (symbols) => main(...addresses, ...symbols);
    this.runInPlace = (open = {}) => this.call(symbolsOf(model, open));
    this.prepare = () => init?.(model.weights.offset, model.arena);
    this.info = Object.freeze({ ...signature(model), variant, memoryBytes: memory.buffer.byteLength });
    this.#initial = checkStates(model, states);
    this.reset();
  }

  reset(): void {
    for (const [, input] of this.#model.states ?? []) {
      const view = this.inputs[this.#model.inputs[input]!.name]!;
      const initial = this.#initial.get(input);
      if (initial) view.set(initial as never);
      else new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0);
    }
  }

  async run(given: Named<TypedArray | Tensor>): Promise<Named<Tensor>> {
    const { inputs, outputs } = this.#model;
    const { arrays: checked, dims, symbols } = check(this.#model, given);
    const arrays = checked.map((array, i) =>
      // Another view of this memory (an output of the last run, say) could be overwritten before it is read.
      array && array.buffer === this.#memory && array.byteOffset !== inputs[i]!.offset ? new inputs[i]!.array(array) : array,
    );
    inputs.forEach((slot, i) => {
      const array = arrays[i];
      if (array && array.buffer !== this.#memory) place(this.inputs[slot.name]!, slot, array, dims[i]!);
    });
    this.call(symbols);
    const shapes = this.#model.open?.outputs(symbols);
    return named(outputs, (slot, i) => {
      const dims = shapes?.[i] ?? slot.dims;
      return { data: take(this.outputs[slot.name]!, slot, dims), dims };
    });
  }
}
