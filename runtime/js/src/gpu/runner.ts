// Steps on the device's queue: one submission, or several where an island or a budget of time divides them.

import type { Model } from '../model';
import type { TypedArray } from '../types';
import { type Made, USAGE, Uniforms, checked } from './build';
import { type Binding, type Dispatch, type IslandCall, type Program, type ProgramVariant, type Step, valueOf } from './description';
import { stopIf, unless } from './errors';

/** What a binding can be. */
export type Carrier = GPUBuffer | GPUTextureView | GPUExternalTexture;

/** A list of steps, with what was made of it. */
interface Planned {
  readonly steps: readonly Step[];
  /** Of each dispatch, unless something stands in for its buffers. */
  readonly groups: readonly (GPUBindGroup | undefined)[];
  /** Of dispatches that something stood in for, in the last run. */
  readonly others: { readonly carriers: readonly Carrier[]; readonly group: GPUBindGroup }[];
  /** What each step took, in milliseconds, as far as it was measured. */
  readonly costs: (number | undefined)[];
}

export interface Job {
  readonly symbols: readonly number[];
  /** What stands in for a buffer, by its number. */
  readonly instead?: ReadonlyMap<number, Carrier>;
  readonly budgetMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What comes before the first step. */
  readonly first?: (encoder: GPUCommandEncoder) => void;
  /** What comes behind the last step. */
  readonly last?: (encoder: GPUCommandEncoder) => void;
}

export class Runner {
  readonly #uniforms: Uniforms;
  readonly #uniformBuffer: GPUBuffer | undefined;
  readonly #main: Planned;
  readonly #init: Planned;
  /** For the inputs of islands. */
  readonly #staging: GPUBuffer | undefined;
  /** What the uniform buffer holds. */
  #symbols: string | undefined;

  constructor(
    readonly device: GPUDevice,
    readonly buffers: readonly GPUBuffer[],
    program: Program,
    readonly variant: ProgramVariant,
    readonly made: Made,
    readonly islands: readonly Model[],
    /** Is rejected when the device is lost. */
    readonly lost: Promise<never>,
  ) {
    this.#uniforms = new Uniforms(variant);
    const buffer = (label: string, size: number, usage: number) =>
      size > 0 ? device.createBuffer({ label, size, usage }) : undefined;
    this.#uniformBuffer = buffer('symbols', this.#uniforms.bytes, USAGE.UNIFORM | USAGE.COPY_DST);
    const { init = [], main } = variant;
    const staged = [...init, ...main].map((step) => ('island' in step ? total(step.inputs) : 0));
    this.#staging = buffer('island', Math.max(0, ...staged), USAGE.MAP_READ | USAGE.COPY_DST);
    const isImage = ([n]: Binding) => program.buffers[n]!.role === 'image';
    const plan = (steps: readonly Step[]): Planned => ({
      steps,
      groups: steps.map((step) =>
        'pipeline' in step && !step.bindings.some(isImage)
          ? this.#group(step.pipeline, step, step.bindings.map(([n]) => this.buffers[n]!))
          : undefined,
      ),
      others: [],
      costs: [],
    });
    this.#init = plan(init);
    this.#main = plan(main);
  }

  /** Bytes of what it has made beside the program's buffers. */
  get bytes(): number {
    return (this.#uniformBuffer?.size ?? 0) + (this.#staging?.size ?? 0);
  }

  destroy(): void {
    for (const buffer of [...this.buffers, this.#uniformBuffer, this.#staging]) buffer?.destroy();
  }

  /** Prepares weights, once. */
  prepare(job: Job): Promise<void> {
    return this.#init.steps.length > 0 ? this.#submit(this.#init, job) : Promise.resolve();
  }

  /** Submits a run. */
  run(job: Job): Promise<void> {
    return this.#submit(this.#main, job);
  }

  async #submit(list: Planned, job: Job): Promise<void> {
    const { steps } = list;
    const { symbols, budgetMs, signal } = job;
    const submissions: Promise<void>[] = [];
    this.#write(symbols);
    for (let at = 0, begun = false, done = false; !done; ) {
      stopIf(signal);
      const end = this.#end(list, at, budgetMs);
      const island = steps[end] && 'island' in steps[end] ? steps[end] : undefined;
      done = end === steps.length;
      const start = performance.now();
      const submission = checked(this.device, 'a run', () => {
        const encoder = this.device.createCommandEncoder();
        if (!begun) job.first?.(encoder);
        if (end > at) this.#encode(encoder, list, at, end, job);
        let to = 0;
        for (const [n, offset, bytes] of island?.inputs ?? []) {
          encoder.copyBufferToBuffer(this.buffers[n]!, offset, this.#staging!, to, bytes);
          to += bytes;
        }
        if (done) job.last?.(encoder);
        this.device.queue.submit([encoder.finish()]);
      });
      begun = true;
      submission.catch(() => {});
      submissions.push(submission);
      if (budgetMs !== undefined && end > at) {
        const [from, ended] = [at, this.device.queue.onSubmittedWorkDone()];
        const measured = ended.then(() => learn(list, from, end, performance.now() - start));
        measured.catch(() => {});
        // Nothing is submitted before what is there has ended: that is what bounds the time.
        if (!done) await unless(measured, signal, this.lost);
      }
      at = end;
      if (island) {
        await this.#runIsland(island, symbols, signal);
        at++;
      }
    }
    await unless(Promise.all(submissions), undefined, this.lost);
  }

  /** Where the next submission ends: at an island, or where the budget is used up; at least a step on. */
  #end({ steps, costs }: Planned, at: number, budgetMs: number | undefined): number {
    const known = costs.filter((cost) => cost !== undefined);
    // With nothing known, a step at a time.
    const guess = known.length > 0 ? sum(known) / known.length : Infinity;
    let [end, spent] = [at, 0];
    for (; end < steps.length && !('island' in steps[end]!); end++) {
      spent += costs[end] ?? guess;
      if (budgetMs !== undefined && end > at && spent > budgetMs) break;
    }
    return end;
  }

  #encode(encoder: GPUCommandEncoder, list: Planned, from: number, to: number, { instead, symbols }: Job): void {
    const pass = encoder.beginComputePass();
    for (let i = from; i < to; i++) {
      const step = list.steps[i]!;
      if (!('pipeline' in step)) continue;
      let pipeline = step.pipeline;
      let group = list.groups[i];
      if (!group || step.bindings.some(([n]) => instead?.has(n))) {
        const carriers = step.bindings.map(([n]) => instead?.get(n) ?? this.buffers[n]!);
        if (step.external !== undefined && carriers.some((carrier) => tag(carrier) === 'GPUExternalTexture')) pipeline = step.external;
        const last = list.others[i];
        group = last?.carriers.every((carrier, k) => carrier === carriers[k]) ? last.group : this.#group(pipeline, step, carriers);
        list.others[i] = { carriers, group };
      }
      pass.setPipeline(this.made.pipelines[pipeline]!);
      pass.setBindGroup(0, group);
      const [x, y, z] = step.workgroups.map((expr) => valueOf(expr, symbols));
      pass.dispatchWorkgroups(x!, y, z);
    }
    pass.end();
  }

  #group(pipeline: number, step: Dispatch, carriers: readonly Carrier[]): GPUBindGroup {
    const entries: GPUBindGroupEntry[] = step.bindings.map(([, offset, size], binding) => {
      const carrier = carriers[binding]!;
      return { binding, resource: 'mapState' in carrier ? { buffer: carrier, offset, size } : carrier };
    });
    const at = this.#uniforms.at(step);
    if (at !== undefined) {
      const resource = { buffer: this.#uniformBuffer!, offset: at, size: 4 * step.symbols!.length };
      entries.push({ binding: carriers.length, resource });
    }
    return this.device.createBindGroup({ label: this.variant.pipelines[pipeline]!.name, layout: this.made.layouts[pipeline]!, entries });
  }

  /** Writes the open dims' values, if they aren't there already. */
  #write(symbols: readonly number[]): void {
    const key = symbols.join();
    if (!this.#uniformBuffer || key === this.#symbols) return;
    this.#symbols = key;
    const content = this.#uniforms.content((expr) => valueOf(expr, symbols));
    this.device.queue.writeBuffer(this.#uniformBuffer, 0, content);
  }

  async #runIsland(step: IslandCall, symbols: readonly number[], signal?: AbortSignal): Promise<void> {
    const island = this.islands[step.island]!;
    const { info } = island;
    const staging = this.#staging!;
    const bytesOf = (view: TypedArray, size: number) => new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, size);
    const size = total(step.inputs);
    if (size > 0) {
      await unless(staging.mapAsync(1, 0, size), undefined, this.lost);
      const mapped = staging.getMappedRange(0, size);
      let at = 0;
      info.inputs.forEach(({ name }, i) => {
        const view = island.inputs[name]!;
        bytesOf(view, view.byteLength).set(new Uint8Array(mapped, at, view.byteLength));
        at += step.inputs[i]![2];
      });
      staging.unmap();
    }
    stopIf(signal);
    island.call((step.symbols ?? []).map((expr) => valueOf(expr, symbols)));
    info.outputs.forEach(({ name }, i) => {
      const view = island.outputs[name]!;
      const [n, offset] = step.outputs[i]!;
      // Whole words: what is behind an output belongs to nobody, here as there.
      this.device.queue.writeBuffer(this.buffers[n]!, offset, bytesOf(view, (view.byteLength + 3) & ~3));
    });
  }
}

/** Notes what steps took, in the proportions that were known or guessed before. */
function learn({ costs }: Planned, from: number, to: number, ms: number): void {
  const known = costs.filter((cost) => cost !== undefined);
  const guess = known.length > 0 ? sum(known) / known.length : 1;
  const before = Array.from({ length: to - from }, (_, i) => costs[from + i] ?? guess);
  const scale = ms / (sum(before) || 1);
  before.forEach((cost, i) => (costs[from + i] = cost * scale || ms / before.length));
}

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
const total = (bindings: readonly Binding[]) => sum(bindings.map(([, , bytes]) => bytes));
const tag = (value: object) => Object.prototype.toString.call(value).slice(8, -1);
