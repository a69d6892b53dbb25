// Getting a device that can run the model: what it needs is known beforehand, and checked before it is asked for.

import { reason } from '../errors';
import type { DeviceOptions } from '../types.gpu';
import type { GpuDescription, ProgramRef } from './description';
import { WeftDeviceError } from './errors';

/** A device, and what of the model it runs. */
export interface Acquired {
  readonly device: GPUDevice;
  /** Whether it was made here. */
  readonly own: boolean;
  readonly program: ProgramRef;
  /** The number of the program's variant. */
  readonly variant: number;
}

/** What an adapter and a device have in common. */
type Capable = Pick<GPUAdapter, 'features' | 'limits' | 'info'>;

/** Gets a device. What is told of the program is told before the device is there, so that its files can be on their way. */
export async function acquire(
  model: GpuDescription,
  { gpu }: DeviceOptions,
  decided: (program: ProgramRef, variant: number) => void,
): Promise<Acquired> {
  const given: unknown = gpu ?? globalThis.navigator?.gpu;
  if (!given) {
    const where = globalThis.isSecureContext === false ? 'This page is not secure (https or localhost), so it has no' : 'There is no';
    throw new WeftDeviceError('no-webgpu', `${where} WebGPU, which model "${model.name}" needs.`);
  }
  if (isDevice(given)) {
    const [program, variant] = choose(model, { features: given.features, limits: given.limits, info: given.adapterInfo });
    decided(program, variant);
    return { device: given, own: false, program, variant };
  }
  const adapter = isAdapter(given) ? given : await findAdapter(given as GPU);
  const [program, variant] = choose(model, adapter);
  decided(program, variant);
  try {
    const device = await adapter.requestDevice({
      label: model.name,
      requiredFeatures: featuresOf(program, variant) as GPUFeatureName[],
      requiredLimits: Object.fromEntries(Object.entries(program.limits).filter(([name]) => limitOf(adapter, name) !== undefined)),
    });
    return { device, own: true, program, variant };
  } catch (cause) {
    throw new WeftDeviceError('no-adapter', `${nameOf(adapter)} gives no device: ${reason(cause)}`, { cause });
  }
}

/** The WebGPU features that a program's variant uses. */
export function featuresOf(program: ProgramRef, variant: number): string[] {
  return [...program.features, ...program.variants[variant]!.features];
}

const isDevice = (given: unknown): given is GPUDevice => 'queue' in (given as object);
const isAdapter = (given: unknown): given is GPUAdapter => 'requestDevice' in (given as object);

async function findAdapter(gpu: GPU): Promise<GPUAdapter> {
  let cause: unknown;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch((error: unknown) => {
    cause = error;
    return null;
  });
  if (adapter) return adapter;
  const why = cause ? `: ${reason(cause)}` : ': the browser blocks this GPU or its driver, or there is none.';
  throw new WeftDeviceError('no-adapter', `WebGPU offers no adapter${why}`, { cause });
}

/** The first program that the GPU can run, in its best variant. */
function choose(model: GpuDescription, has: Capable): [program: ProgramRef, variant: number] {
  const lacks = (features: readonly string[]) => features.filter((feature) => !has.features.has(feature));
  let problem: WeftDeviceError | undefined;
  for (const program of model.webgpu) {
    const missing = lacks(program.features);
    const variant = program.variants.findIndex(({ features }) => lacks(features).length === 0);
    if (variant < 0) missing.push(...lacks(program.variants.at(-1)!.features));
    if (missing.length > 0) {
      const names = missing.map((feature) => JSON.stringify(feature)).join(', ');
      problem = new WeftDeviceError('feature', `Model "${model.name}" needs the WebGPU feature ${names}, which ${nameOf(has)} lacks.`);
      continue;
    }
    const small = Object.entries(program.limits).find(([name, need]) => (limitOf(has, name) ?? need) < need);
    if (!small) return [program, variant];
    const [name, need] = small;
    problem = new WeftDeviceError('limit', `Model "${model.name}" needs ${name} of ${need}, but ${nameOf(has)} has ${limitOf(has, name)}.`);
  }
  throw problem!;
}

function limitOf({ limits }: Capable, name: string): number | undefined {
  return (limits as unknown as Record<string, number | undefined>)[name];
}

/** `the GPU (mesa llvmpipe)` */
function nameOf({ info }: { info?: GPUAdapterInfo }): string {
  const words = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ');
  return words ? `the GPU (${words})` : 'the GPU';
}
