// A program on a device: buffers and pipelines, made once.

import { reason } from '../errors';
import type { Pipeline, Program, ProgramVariant, Step } from './description';
import { WeftDeviceError } from './errors';

// `GPUBufferUsage` and its kin are numbers of the specification, and no globals where the GPU was passed in.
export const USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const;
const COMPUTE = 4;
const ALIGN = 256;

/** Runs `make`, and throws what the device has against it. */
export async function checked<T>(device: GPUDevice, what: string, make: () => T): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let made: T | undefined;
  let thrown: unknown;
  try {
    made = make();
  } catch (error) {
    thrown = error;
  }
  // Closed before anything is waited for: the device may be shared, and its scopes are a stack.
  const [invalid, memory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  // A range error is an allocation that failed, of a buffer that is mapped at once.
  if (memory || thrown instanceof RangeError) {
    const cause = memory ?? thrown;
    throw new WeftDeviceError('memory', `The GPU has too little memory for ${what}: ${message(cause)}`, { cause });
  }
  if (invalid || thrown) {
    const cause = invalid ?? thrown;
    throw new WeftDeviceError('validation', `WebGPU refuses ${what}: ${message(cause)}`, { cause });
  }
  return made as T;
}

const message = (error: unknown) => (error as { message?: string } | null)?.message ?? reason(error);

/** The program's buffers; that of the weights is mapped, to be filled. Textures have no buffer. */
export function makeBuffers(device: GPUDevice, { buffers }: Program): GPUBuffer[] {
  return buffers.map(({ role, bytes }) =>
    device.createBuffer({
      label: role,
      size: Math.max(bytes, ALIGN),
      usage: USAGE.STORAGE | USAGE.COPY_DST | (role === 'weights' ? 0 : USAGE.COPY_SRC),
      mappedAtCreation: role === 'weights',
    }),
  );
}

/** Pipelines, and how what they bind is laid out. */
export interface Made {
  readonly pipelines: readonly GPUComputePipeline[];
  readonly layouts: readonly GPUBindGroupLayout[];
  /** Milliseconds it took. */
  readonly ms: number;
}

/** Makes all pipelines at once; browsers compile them in parallel. `sources` holds the kernels' WGSL by name. */
export async function makePipelines(
  device: GPUDevice,
  { pipelines }: ProgramVariant,
  sources: ReadonlyMap<string, string>,
): Promise<Made> {
  const start = performance.now();
  const known = new Map<string, [GPUBindGroupLayout, GPUPipelineLayout]>();
  const layoutOf = (pipeline: Pipeline) => {
    const key = pipeline.bindings.join() + !!pipeline.uniform;
    let layout = known.get(key);
    if (!layout) {
      const group = device.createBindGroupLayout({ entries: entriesOf(pipeline) });
      known.set(key, (layout = [group, device.createPipelineLayout({ bindGroupLayouts: [group] })]));
    }
    return layout;
  };
  const make = async (pipeline: Pipeline, layout: GPUPipelineLayout) => {
    const { name } = pipeline;
    const code = sources.get(name)!;
    // Its errors come with the pipeline; unless they are caught, browsers report them a second time.
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: name, code });
    const invalid = device.popErrorScope();
    try {
      const [made] = await Promise.all([
        device.createComputePipelineAsync({ label: name, layout, compute: { module } }),
        invalid,
      ]);
      return made;
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const errors = messages.filter(({ type }) => type === 'error');
      const text = errors.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos}: ${message}`).join('\n');
      throw new WeftDeviceError('validation', `WebGPU refuses the kernel "${name}": ${text || message(cause)}`, { cause });
    }
  };
  const layouts = await checked(device, 'the layout of a kernel', () => pipelines.map(layoutOf));
  const made = await Promise.all(pipelines.map((pipeline, i) => make(pipeline, layouts[i]![1])));
  return { pipelines: made, layouts: layouts.map(([group]) => group), ms: performance.now() - start };
}

function entriesOf({ bindings, uniform }: Pipeline): GPUBindGroupLayoutEntry[] {
  const entries: GPUBindGroupLayoutEntry[] = bindings.map((access, binding) => {
    const resource: Omit<GPUBindGroupLayoutEntry, 'binding' | 'visibility'> =
      access === 'texture'
        ? { texture: { sampleType: 'unfilterable-float' } }
        : access === 'external_texture'
          ? { externalTexture: {} }
          : { buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' } };
    return { binding, visibility: COMPUTE, ...resource };
  });
  if (uniform) entries.push({ binding: bindings.length, visibility: COMPUTE, buffer: { type: 'uniform' } });
  return entries;
}

/** The kernels of a file, by their names: each stands under a line `//// name`. */
export function split(text: string): Map<string, string> {
  const parts = text.split(/^\/\/\/\/ (.*)\n/m).slice(1);
  return new Map(parts.flatMap((name, i) => (i % 2 ? [] : [[name, parts[i + 1]!] as const])));
}

/** The open dims' values that kernels take: one uniform buffer, with a part for each list of expressions. */
export class Uniforms {
  readonly #parts = new Map<string, { readonly at: number; readonly step: Step }>();

  constructor({ init = [], main }: ProgramVariant) {
    for (const step of [...init, ...main]) {
      const key = keyOf(step);
      if ('pipeline' in step && key && !this.#parts.has(key)) this.#parts.set(key, { at: this.#parts.size * ALIGN, step });
    }
  }

  /** The buffer's size. */
  get bytes(): number {
    return this.#parts.size * ALIGN;
  }

  /** Where a step's part is; `undefined` if it has none. */
  at(step: Step): number | undefined {
    return this.#parts.get(keyOf(step))?.at;
  }

  /** What the buffer holds; `value` evaluates an expression. */
  content(value: (expr: NonNullable<Step['symbols']>[number]) => number): Int32Array<ArrayBuffer> {
    const content = new Int32Array(this.bytes / 4);
    for (const { at, step } of this.#parts.values()) content.set(step.symbols!.map(value), at / 4);
    return content;
  }
}

const keyOf = ({ symbols }: Step) => (symbols?.length ? JSON.stringify(symbols) : '');
