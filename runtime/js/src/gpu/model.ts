// A loaded model on a GPU: inputs in, a run, outputs out.

import type { Slot } from '../description';
import { WeftInputError, reason } from '../errors';
import { check, checkStates, isState } from '../inputs';
import { type Named, named } from '../model';
import { place, take } from '../open';
import type { LoadOptions, Tensor, TypedArray } from '../types';
import type { DeviceModel, DeviceOptions, GpuInfo, GpuTensor, RunOptions } from '../types.gpu';
import { USAGE } from './build';
import type { GpuDescription, Program, Step } from './description';
import { WeftDeviceError, unless } from './errors';
import type { Drawable, Images } from './images';
import type { Carrier, Job, Runner } from './runner';

type Input = TypedArray | Tensor | GPUBuffer | GpuTensor;

/** The number of bytes that can be copied: whole words. */
const words = (bytes: number) => (bytes + 3) & ~3;
const sizeOf = ({ length, array }: Slot) => length * new array(new ArrayBuffer(0), 0, 0).BYTES_PER_ELEMENT;

export class GpuModel implements DeviceModel<Named<Input>, Named<Tensor>, Named<GpuTensor>> {
  readonly info: GpuInfo;
  readonly #model: GpuDescription;
  readonly #runner: Runner;
  readonly #budgetMs: number | undefined;
  readonly #initial: ReadonlyMap<number, TypedArray>;
  /** The numbers of the buffers of inputs and outputs. */
  readonly #inputs: readonly number[];
  readonly #outputs: readonly number[];
  /** How far into each buffer kernels reach. */
  readonly #reach: readonly number[];
  /** Where each output is read back, in a buffer of its own for each run under way; and how large that is. */
  readonly #places: readonly number[];
  readonly #stagingBytes: number;
  readonly #staging: GPUBuffer[] = [];
  /** Absent if no input is an image. */
  readonly #images: Images | undefined;
  /** Ends when all that was asked for before has been submitted. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  readonly #end: () => void;
  #gone: Error | undefined;

  constructor(
    model: GpuDescription,
    program: Program,
    runner: Runner,
    info: GpuInfo,
    { budgetMs, states = {} }: LoadOptions & DeviceOptions,
    end: () => void,
  ) {
    this.info = Object.freeze(info);
    this.#model = model;
    this.#runner = runner;
    this.#budgetMs = budgetMs;
    this.#end = end;
    this.#images = model.images && new model.images(runner.device);
    const bufferOf = (roles: string[], i: number) =>
      program.buffers.findIndex(({ role, index }) => roles.includes(role) && index === i);
    this.#inputs = model.inputs.map((_, i) => bufferOf(['input', 'image'], i));
    // A state is one buffer.
    const stateOf = (output: number) => model.states?.find((state) => state[0] === output)?.[1];
    this.#outputs = model.outputs.map((_, i) => this.#inputs[stateOf(i) ?? -1] ?? bufferOf(['output'], i));
    this.#reach = reach(program, [...(runner.variant.init ?? []), ...runner.variant.main]);
    let bytes = 0;
    this.#places = model.outputs.map((slot) => {
      const at = bytes;
      // Views of 64-bit elements need such addresses.
      bytes += (sizeOf(slot) + 7) & ~7;
      return at;
    });
    this.#stagingBytes = bytes;
    this.#initial = checkStates(model, states);
    runner.lost.catch((error: Error) => (this.#gone ??= error));
    this.#reset();
  }

  run(given: Named<Input>, options: RunOptions & { outputs: 'gpu' }): Promise<Named<GpuTensor>>;
  run(given: Named<Input>, options?: RunOptions & { outputs?: 'cpu' }): Promise<Named<Tensor>>;
  async run(given: Named<Input>, options: RunOptions = {}): Promise<Named<Tensor> | Named<GpuTensor>> {
    if (this.#gone) throw this.#gone;
    const { signal, outputs = 'cpu', budgetMs = this.#budgetMs } = options;
    const model = this.#model;
    const { arrays, dims, symbols } = check<GPUBuffer | Drawable>(
      model,
      given,
      (value, slot) => this.#asBuffer(value, slot) ?? this.#asImage(value, slot),
    );
    // What waits for its turn takes its inputs along: the caller may overwrite them.
    const inputs = this.#waiting > 0 ? arrays.map((input) => (ArrayBuffer.isView(input) ? input.slice() : input)) : arrays;
    let staging: GPUBuffer | undefined;
    await this.#inTurn(async () => {
      const instead = new Map<number, Carrier>();
      const copied: [from: GPUBuffer, to: GPUBuffer, bytes: number][] = [];
      inputs.forEach((input, i) => {
        const n = this.#inputs[i]!;
        if (input && model.inputs[i]!.read) {
          instead.set(n, this.#carrier(i, input as Drawable | TypedArray, dims[i]!, budgetMs));
        } else if (input && isBuffer(input)) {
          if (this.#isReadInPlace(input, i)) instead.set(n, input);
          else copied.push([input, this.#runner.buffers[n]!, words(sizeOf(model.inputs[i]!))]);
        } else if (input) this.#write(i, input as TypedArray, dims[i]!);
      });
      const job: Job = {
        symbols,
        instead,
        budgetMs,
        signal,
        first: (encoder) => {
          for (const [from, to, bytes] of copied) if (from !== to) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
        },
        last: (encoder) => {
          if (outputs === 'gpu' || this.#stagingBytes === 0) return;
          staging = this.#staging.pop() ?? this.#makeStaging();
          model.outputs.forEach((slot, i) => {
            const from = this.#runner.buffers[this.#outputs[i]!]!;
            if (slot.length > 0) encoder.copyBufferToBuffer(from, 0, staging!, this.#places[i]!, words(sizeOf(slot)));
          });
        },
      };
      await this.#runner.run(job).finally(() => this.#images?.release());
    }, signal).catch((error: unknown) => {
      staging?.destroy();
      throw error;
    });
    const shapes = model.open?.outputs(symbols);
    const dimsOf = (slot: Slot, i: number) => shapes?.[i] ?? slot.dims;
    if (outputs === 'gpu') {
      return named(model.outputs, (slot, i) => ({ data: this.#runner.buffers[this.#outputs[i]!]!, dims: dimsOf(slot, i) }));
    }
    try {
      if (staging) await unless(staging.mapAsync(1), signal, this.#runner.lost);
    } catch (error) {
      staging?.destroy();
      // A map that fails has its cause in the device's loss, which may be told later.
      throw this.#gone ?? (await this.#lossBehind(error));
    }
    const mapped = staging?.getMappedRange() ?? new ArrayBuffer(0);
    const results = named(model.outputs, (slot, i) => {
      const view = new slot.array(mapped, slot.length > 0 ? this.#places[i]! : 0, slot.length);
      return { data: take(view, slot, dimsOf(slot, i)), dims: dimsOf(slot, i) };
    });
    staging?.unmap();
    if (staging) this.#staging.push(staging);
    return results;
  }

  reset(): void {
    // Told by the next run, if it fails.
    this.#inTurn(async () => this.#reset()).catch(() => {});
  }

  dispose(): void {
    if (this.#gone instanceof Disposed) return;
    this.#gone = new Disposed(this.#model.name);
    this.#runner.destroy();
    this.#images?.destroy();
    for (const buffer of this.#staging) buffer.destroy();
    this.#end();
  }

  /** Runs `work` when all that was asked for before has been submitted; at once, if that is so already. */
  async #inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#turn;
    let done!: () => void;
    const mine = new Promise<void>((resolve) => (done = resolve));
    this.#turn = before.then(() => mine);
    try {
      if (this.#waiting++ > 0) await unless(before, signal, this.#runner.lost);
      if (this.#gone) throw this.#gone;
      return await work();
    } catch (error) {
      throw this.#gone ?? error;
    } finally {
      this.#waiting--;
      done();
    }
  }

  /** A value as a buffer, if it is one. */
  #asBuffer(value: unknown, slot: Slot): { value: GPUBuffer; problem?: string } | undefined {
    if (!isBuffer(value)) return undefined;
    if (slot.read) return { value, problem: 'GPUBuffer' };
    const input = this.#model.inputs.indexOf(slot);
    if (value.size < words(sizeOf(slot))) return { value, problem: `GPUBuffer of ${value.size} bytes` };
    if (value.usage & USAGE.COPY_SRC || this.#isReadInPlace(value, input)) return { value };
    return { value, problem: 'GPUBuffer without the usage COPY_SRC' };
  }

  /** A value as an image, if it is one. */
  #asImage(value: unknown, slot: Slot): { value: Drawable } | undefined {
    return slot.read && this.#images?.takes(value) ? { value: value as Drawable } : undefined;
  }

  /** What kernels read in the place of an image. */
  #carrier(input: number, image: Drawable | TypedArray, dims: readonly number[], budgetMs?: number): Carrier {
    // Whether a run is more than one submission.
    const lasting = budgetMs !== undefined || this.info.islands.length > 0;
    try {
      return this.#images!.carrier(input, image, dims, lasting);
    } catch (cause) {
      // Closed, of another origin, or not decoded yet: the browser knows.
      const { name, takes = '' } = this.#model.inputs[input]!;
      const message = `Input ${JSON.stringify(name)} is an image that can't be read: ${reason(cause)}.`;
      throw new WeftInputError('type', name, takes, 'an image', message);
    }
  }

  /** Whether kernels can read an input where it is: never if they would overwrite it, or are to write it elsewhere. */
  #isReadInPlace(buffer: GPUBuffer, input: number): boolean {
    const readable = buffer.usage & USAGE.STORAGE && buffer.size >= this.#reach[this.#inputs[input]!]!;
    return !!readable && !isState(this.#model, input) && !this.#runner.buffers.includes(buffer);
  }

  #write(input: number, data: TypedArray, dims: readonly number[]): void {
    const slot = this.#model.inputs[input]!;
    const { queue } = this.#runner.device;
    const buffer = this.#runner.buffers[this.#inputs[input]!]!;
    if (data.length === slot.length && data.byteLength % 4 === 0) {
      queue.writeBuffer(buffer, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
      return;
    }
    // With the strides of the largest shape, and whole words.
    const room = new ArrayBuffer(words(sizeOf(slot)));
    place(new slot.array(room, 0, slot.length), slot, data, dims);
    queue.writeBuffer(buffer, 0, room);
  }

  #reset(): void {
    for (const [, input] of this.#model.states ?? []) {
      const slot = this.#model.inputs[input]!;
      const zeros = () => new slot.array(new ArrayBuffer(words(sizeOf(slot))), 0, slot.length);
      this.#write(input, this.#initial.get(input) ?? zeros(), slot.dims);
    }
  }

  #makeStaging(): GPUBuffer {
    const usage = USAGE.MAP_READ | USAGE.COPY_DST;
    return this.#runner.device.createBuffer({ label: 'outputs', size: this.#stagingBytes, usage });
  }

  /** The error that says why, if the device is lost. */
  async #lossBehind(error: unknown): Promise<unknown> {
    if (error instanceof WeftDeviceError) return error;
    const soon = new Promise<never>((_, reject) => setTimeout(() => reject(error), 10));
    return Promise.race([this.#runner.lost, soon]).catch((error: unknown) => this.#gone ?? error);
  }
}

class Disposed extends WeftDeviceError {
  constructor(model: string) {
    super('lost', `Model "${model}" was disposed.`);
  }
}

function isBuffer(value: unknown): value is GPUBuffer {
  return typeof value === 'object' && value !== null && 'mapState' in value && 'usage' in value;
}

/** How far into each buffer steps reach. */
function reach({ buffers }: Program, steps: readonly Step[]): number[] {
  const ends = buffers.map(() => 0);
  for (const step of steps) {
    const bindings = 'pipeline' in step ? step.bindings : [...step.inputs, ...step.outputs];
    for (const [n, offset, bytes] of bindings) ends[n] = Math.max(ends[n]!, offset + bytes);
    // What an island takes is copied, which needs another usage.
    if ('island' in step) for (const [n] of bindings) ends[n] = Infinity;
  }
  return ends;
}
