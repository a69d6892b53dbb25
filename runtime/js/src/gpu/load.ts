// Loading a model onto a GPU: device, files and pipelines, as much as can be at the same time.

import type { FileRef } from '../description';
import { WeftLoadError, reason } from '../errors';
import { type Opened, fill, locate, open } from '../files';
import { type Model, signature } from '../model';
import type { LoadOptions } from '../types';
import type { DeviceOptions } from '../types.gpu';
import { loadWasm } from '../wasm';
import { checked, makeBuffers, makePipelines, split } from './build';
import type { GpuDescription, Program, ProgramRef } from './description';
import { acquire, featuresOf } from './device';
import { WeftDeviceError, stopIf, unless } from './errors';
import { GpuModel } from './model';
import { Runner } from './runner';

type Options = LoadOptions & DeviceOptions;

interface Files {
  readonly program: Promise<Program>;
  readonly kernels: Promise<Map<string, string>>;
  readonly weights: Promise<Opened> | undefined;
  readonly islands: Promise<Model[]>;
}

export async function loadGpu(model: GpuDescription, options: Options, fallback?: string): Promise<GpuModel> {
  const { signal } = options;
  let files: Files | undefined;
  stopIf(signal);
  const acquiring = acquire(model, options, (program, variant) => {
    stopIf(signal);
    files = request(program, variant, options);
  });
  try {
    const acquired = await unless(acquiring, signal);
    const { device, own } = acquired;
    const lost = lossOf(device, model.name);
    return await unless(build(files!), signal, lost);

    async function build(files: Files): Promise<GpuModel> {
      const { program: ref, variant: number } = acquired;
      const program = await files.program;
      const variant = program.variants[number]!;
      const [buffers, made, islands] = await Promise.all([
        upload(device, program, files),
        files.kernels.then((kernels) => {
          const missing = variant.pipelines.find(({ name }) => !kernels.has(name));
          if (missing) throw mixed(ref.variants[number]!.kernels, `no kernel "${missing.name}"`, options);
          return makePipelines(device, variant, kernels);
        }),
        files.islands,
      ]);
      const runner = await checked(device, 'the buffers of a kernel', () => new Runner(device, buffers, program, variant, made, islands, lost));
      await runner.prepare({ symbols: [], budgetMs: options.budgetMs, signal });
      const info = {
        ...signature(model),
        device: 'webgpu' as const,
        precision: ref.precision,
        features: featuresOf(ref, number),
        islands: (program.islands ?? []).map(({ name, reason }) => Object.freeze({ name, reason })),
        pipelines: variant.pipelines.length,
        pipelineMs: made.ms,
        weightsBytes: program.weights?.bytes ?? 0,
        gpuBytes: buffers.reduce((sum, { size }) => sum + size, runner.bytes),
        ...(fallback === undefined ? {} : { fallback }),
      };
      return new GpuModel(model, program, runner, info, options, () => own && device.destroy());
    }
  } catch (error) {
    // Don't leave a download running, nor a device behind.
    files?.weights?.then(({ response }) => response.body?.cancel()).catch(() => {});
    acquiring.then(({ device, own }) => own && device.destroy()).catch(() => {});
    throw error;
  }
}

/** Asks for all files of a program; the weights' body waits until there is a buffer to put it in. */
function request(ref: ProgramRef, variant: number, options: Options): Files {
  const get = async (file: FileRef) => open(locate(file, options.baseUrl), options.fetch);
  const text = async (file: FileRef) => {
    const { url, response } = await get(file);
    return response.text().catch((cause: unknown) => {
      throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
    });
  };
  const { baseUrl, fetch, variant: module } = options;
  const islandOptions = { ...(baseUrl && { baseUrl }), ...(fetch && { fetch }), ...(module && { variant: module }) };
  const files = {
    program: text(ref.program).then((json) => parse(json, ref, options)),
    kernels: text(ref.variants[variant]!.kernels).then(split),
    weights: ref.weights && get(ref.weights),
    islands: Promise.all((ref.islands ?? []).map((island) => loadWasm(island, islandOptions))),
  };
  // They are awaited later, but may fail before.
  for (const file of Object.values(files)) file?.catch(() => {});
  return files;
}

function parse(json: string, ref: ProgramRef, options: Options): Program {
  let program: Program | undefined;
  try {
    program = JSON.parse(json) as Program;
  } catch {
    // Typically a server's page in place of a missing file.
  }
  if (program?.variants?.length !== ref.variants.length) throw mixed(ref.program, 'another content than index.js describes', options);
  return program;
}

function mixed(file: FileRef, what: string, { baseUrl }: Options): WeftLoadError {
  const url = locate(file, baseUrl);
  return new WeftLoadError(url, `${url} has ${what}: deploy all files of one compilation together.`);
}

/** Makes the buffers, and fills that of the weights while these arrive. */
async function upload(device: GPUDevice, program: Program, { weights }: Files): Promise<GPUBuffer[]> {
  const buffers = await checked(device, 'its buffers', () => makeBuffers(device, program));
  const buffer = buffers[program.buffers.findIndex(({ role }) => role === 'weights')];
  if (buffer && weights) await fill(new Uint8Array(buffer.getMappedRange(), 0, program.weights!.bytes), await weights);
  buffer?.unmap();
  return buffers;
}

/** Is rejected when the device is lost. */
function lossOf(device: GPUDevice, model: string): Promise<never> {
  const lost = device.lost.then(({ reason, message }) => {
    const why = [reason !== 'unknown' && reason, message].filter(Boolean).join(': ') || 'the browser does not say why';
    throw new WeftDeviceError('lost', `The GPU device of model "${model}" was lost (${why}): load the model again.`);
  });
  lost.catch(() => {});
  return lost;
}
