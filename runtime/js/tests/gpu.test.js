// Models on a GPU: Dawn, Chromium's WebGPU, in Node. What can't be provoked on a real device is made of a real one, changed.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { openAdapter, openDevice, openGpu } from 'weft-bench/rig/dawn.mjs';
import { readBuffer } from 'weft-bench/rig/readback.mjs';
import { artifact, plain, script } from './artifact.js';

const gpu = openGpu();
const folder = artifact('gpu');
const { load, WeftDeviceError, WeftInputError } = await script(folder);
const parts = await script(artifact('gpu-parts'));
const device = await openDevice(await openAdapter());

const x = () => Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const y = Float32Array.of(5, 5, 0, 0, 9, 5, 0, 0);

/** An object as another, but for some properties. */
const changed = (object, changes) =>
  new Proxy(object, {
    get(target, name) {
      if (name in changes) return changes[name];
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
    has: (target, name) => name in changes || name in target,
  });

/** A GPU whose adapter is changed. */
const adapter = async (changes) => changed(await openAdapter(), changes);

/** The code and the message of the WeftDeviceError with which `promise` fails. */
async function failure(promise) {
  const error = await promise.then(
    () => assert.fail('it works'),
    (error) => error,
  );
  assert.equal(error.name, 'WeftDeviceError', error.stack);
  return [error.code, error.message];
}

async function buffer(values, usage) {
  const made = device.createBuffer({ size: values.byteLength, usage: usage | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(made, 0, values);
  return made;
}

suite('run', () => {
  test('gives what the kernels compute, as the modules do', async () => {
    for (const options of [{ gpu }, { device: 'wasm' }]) {
      const model = await load(options);
      assert.deepEqual(plain(await model.run({ x: x() })), { y: { data: y, dims: [2, 4] } });
      model.dispose();
    }
  });

  test('takes runs in the order in which they are asked for, with the inputs as they were then', async () => {
    const model = await parts.load({ gpu });
    const given = Float32Array.of(1, 1, 1, 1);
    const runs = [1, 2, 3].map((n) => {
      given.fill(n);
      return model.run({ x: given });
    });
    given.fill(99);
    const sums = (await Promise.all(runs)).map(({ sN }) => sN.data[0]);
    assert.deepEqual(sums, [1, 3, 6]);
    model.dispose();
  });

  test('open dims, state, prepared weights, parts that are Wasm, outputs of no whole words', async () => {
    const model = await parts.load({ gpu, states: { s: Float32Array.of(1, 0, 0, 0) } });
    const run = async (...values) => plain(await model.run({ x: Float32Array.from(values) }));
    const of = (y, s, n) => ({
      y: { data: Float32Array.from(y), dims: [y.length] },
      sN: { data: Float32Array.from(s), dims: [4] },
      n: { data: Uint8Array.from(n), dims: [3] },
    });
    assert.deepEqual(await run(1, 2, 3), of([4, 9, 19], [2, 2, 3, 0], [3, 1, 3]));
    assert.deepEqual(await run(1, 2), of([5, 11], [3, 4, 3, 0], [2, 1, 3]));
    model.reset();
    assert.deepEqual(await run(1, 2, 3, 4), of([4, 9, 19, 33], [2, 2, 3, 4], [4, 2, 3]));
    const given = await model.run({ x: Float32Array.of(0), s: Float32Array.of(7, 7, 7, 7) });
    assert.deepEqual(given.y.data, Float32Array.of(8));
    assert.deepEqual(model.info.islands, [{ name: 'island0', reason: 'a test' }]);
    await assert.rejects(model.run({ x: new Float32Array(5) }), { name: 'WeftInputError', code: 'dims' });
    model.dispose();
  });

  test('reads inputs where they are, or copies them; gives outputs where they are', async () => {
    const model = await load({ gpu: device });
    for (const usage of [GPUBufferUsage.STORAGE, GPUBufferUsage.COPY_SRC]) {
      for (const given of [await buffer(x(), usage), { data: await buffer(x(), usage), dims: [2, 4] }]) {
        const out = await model.run({ x: given }, { outputs: 'gpu' });
        assert.deepEqual(out.y.dims, [2, 4]);
        assert.deepEqual((await readBuffer(device, out.y.data, Float32Array)).slice(0, 8), y);
      }
    }
    // One model feeds another, and itself.
    const first = await model.run({ x: x() }, { outputs: 'gpu' });
    const second = await model.run({ x: first.y });
    assert.deepEqual(second.y.data, Float32Array.of(0, 0, 0, 5, 0, 0, 0, 9));
    model.dispose();
    assert.equal(await device.queue.onSubmittedWorkDone(), undefined, 'the device is still there');
  });

  test('says which buffers it takes', async () => {
    const model = await load({ gpu: device });
    for (const [given, problem] of [
      [await buffer(new Float32Array(4), GPUBufferUsage.STORAGE), 'is GPUBuffer of 16 bytes'],
      [await buffer(x(), GPUBufferUsage.UNIFORM), 'is GPUBuffer without the usage COPY_SRC'],
      [{ data: await buffer(x(), GPUBufferUsage.STORAGE), dims: [4, 2] }, 'has the shape [4, 2]'],
    ]) {
      const message = `Input "x" ${problem}, expected Float32Array of 8 values, float32 [2, 4].`;
      await assert.rejects(model.run({ x: given }), { name: 'WeftInputError', message });
    }
    assert.ok(WeftInputError.prototype instanceof TypeError);
    model.dispose();
  });
});

test('info describes what was loaded', async () => {
  const model = await load({ gpu });
  const { pipelineMs, ...info } = model.info;
  assert.deepEqual(info, {
    name: 'gpu',
    producer: 'weft 0.1.0',
    inputs: [{ name: 'x', dtype: 'float32', dims: [2, 4] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [2, 4] }],
    open: [],
    states: [],
    device: 'webgpu',
    precision: 'float32',
    features: ['subgroups'],
    islands: [],
    pipelines: 2,
    weightsBytes: 64,
    gpuBytes: 1024,
  });
  assert.ok(pipelineMs > 0);
  model.dispose();
});

suite('budgetMs', () => {
  /** A device that counts submissions. */
  const counting = async () => {
    const device = await openDevice(await openAdapter());
    const counted = { submissions: 0 };
    const { submit } = device.queue;
    device.queue.submit = (...lists) => (counted.submissions++, submit.apply(device.queue, lists));
    return [device, counted];
  };

  test('divides a run between kernels, by the times that they took', async () => {
    const [device, counted] = await counting();
    const model = await load({ gpu: device });
    const submissions = async (options) => {
      counted.submissions = 0;
      assert.deepEqual((await model.run({ x: x() }, options)).y.data, y);
      return counted.submissions;
    };
    assert.equal(await submissions({}), 1);
    assert.equal(await submissions({ budgetMs: 0 }), 2);
    assert.equal(await submissions({ budgetMs: 10_000 }), 1);
    device.destroy();
  });

  test('lets a run be stopped between them', async () => {
    const [device, counted] = await counting();
    const model = await load({ gpu: device, budgetMs: 0 });
    counted.submissions = 0;
    const controller = new AbortController();
    const run = model.run({ x: x() }, { signal: controller.signal });
    controller.abort(new Error('not needed any more'));
    assert.deepEqual(await failure(run), ['aborted', 'Stopped: not needed any more.']);
    assert.equal(counted.submissions, 1);
    assert.deepEqual((await model.run({ x: x() })).y.data, y, 'later runs are none the worse');
    device.destroy();
  });
});

test('a signal stops loading, and runs that wait', async () => {
  assert.deepEqual((await failure(load({ gpu, signal: AbortSignal.abort(new Error('no')) })))[0], 'aborted');
  const model = await load({ gpu });
  const controller = new AbortController();
  const [first, second] = [model.run({ x: x() }), model.run({ x: x() }, { signal: controller.signal })];
  controller.abort(new Error('no'));
  assert.deepEqual((await failure(second))[0], 'aborted');
  assert.deepEqual((await first).y.data, y);
  model.dispose();
});

suite('a device that can not be had', () => {
  test('is an error, unless the caller names another', async () => {
    const none = changed(gpu, { requestAdapter: async () => null });
    const message = 'WebGPU offers no adapter: the browser blocks this GPU or its driver, or there is none.';
    assert.deepEqual(await failure(load({ gpu: none })), ['no-adapter', message]);
    assert.deepEqual((await failure(load({ gpu: none, device: 'webgpu' })))[0], 'no-adapter');
    const model = await load({ gpu: none, device: ['webgpu', 'wasm'] });
    assert.deepEqual([model.info.device, model.info.fallback, model.info.variant], ['wasm', message, 'simd']);
    assert.deepEqual((await model.run({ x: x() })).y.data, y);
    assert.deepEqual(await failure(model.run({ x: x() }, { outputs: 'gpu' })), [
      'no-webgpu',
      `Model "gpu" runs as Wasm: its outputs can't be GPU buffers.`,
    ]);
    const had = await load({ gpu, device: ['webgpu', 'wasm'] });
    assert.deepEqual([had.info.device, had.info.fallback], ['webgpu', undefined]);
    had.dispose();
  });

  test('because there is no WebGPU', async () => {
    assert.deepEqual(await failure(load()), ['no-webgpu', 'There is no WebGPU, which model "gpu" needs.']);
  });

  test('because it was not compiled for it', async () => {
    await assert.rejects(parts.load({ device: 'wasm' }), {
      name: 'WeftLoadError',
      message: `Model "gpu-parts" wasn't compiled for the device "wasm", only for: webgpu.`,
    });
  });

  test('because a limit is too small', async () => {
    const { limits } = await openAdapter();
    const low = await adapter({ limits: changed(limits, { maxStorageBuffersPerShaderStage: 3 }), info: { vendor: 'acme' } });
    assert.deepEqual(await failure(load({ gpu: low })), [
      'limit',
      'Model "gpu" needs maxStorageBuffersPerShaderStage of 4, but the GPU (acme) has 3.',
    ]);
  });

  test('because a feature is missing, if no variant does without', async () => {
    const bare = () => adapter({ features: new Set(), info: {} });
    const model = await load({ gpu: await bare() });
    assert.deepEqual(model.info.features, []);
    assert.deepEqual((await model.run({ x: x() })).y.data, y);
    model.dispose();
    const half = artifact('gpu');
    const index = join(half, 'index.js');
    writeFileSync(index, readFileSync(index, 'utf8').replace('features: [],\n      limits', 'features: ["shader-f16"],\n      limits'));
    const message = 'Model "gpu" needs the WebGPU feature "shader-f16", which the GPU lacks.';
    assert.deepEqual(await failure((await script(half)).load({ gpu: await bare() })), ['feature', message]);
  });

  test('because the adapter gives none', async () => {
    const requestDevice = async () => {
      throw new TypeError('consumed');
    };
    assert.deepEqual(await failure(load({ gpu: await adapter({ requestDevice, info: {} }) })), [
      'no-adapter',
      'the GPU gives no device: consumed',
    ]);
  });
});

suite('what does not fit together', () => {
  /** The artifact, with a file changed. */
  const altered = async (file, change) => {
    const folder = artifact('gpu');
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    return (await script(folder)).load({ gpu });
  };

  test('a kernel that the browser refuses is named, with what it says', async () => {
    const [code, message] = await failure(altered('webgpu.subgroups.wgsl', (text) => text.replace('max(x[id.x], 0.0)', 'max(x, 0.0)')));
    assert.equal(code, 'validation');
    assert.match(message, /^WebGPU refuses the kernel "relu": 3:\d+: no matching call to 'max\(/);
  });

  test('bindings that the kernel does not have are found when it is made', async () => {
    const [code, message] = await failure(altered('webgpu.subgroups.wgsl', (text) => text.replaceAll('@binding(2)', '@binding(7)')));
    assert.equal(code, 'validation');
    assert.match(message, /^WebGPU refuses the kernel "matmul": /);
  });

  test('files of another compilation are told apart', async () => {
    const mixed = (promise, message) => assert.rejects(promise, { name: 'WeftLoadError', message });
    await mixed(altered('webgpu.subgroups.wgsl', (text) => text.replace('//// relu', '//// gelu')), /webgpu.subgroups.wgsl has no kernel "relu": deploy all files of one compilation together\.$/);
    await mixed(altered('webgpu.json', () => '<!doctype html>'), /webgpu.json has another content than index.js describes: deploy all files/);
    await mixed(altered('webgpu.weights.bin', () => 'short'), /webgpu.weights.bin has 5 bytes, expected 64: deploy all files/);
  });
});

suite('a device that is lost', () => {
  test('fails runs that are under way, and later ones', async () => {
    const device = await openDevice(await openAdapter());
    const model = await load({ gpu: device });
    const run = model.run({ x: x() });
    device.destroy();
    const [code, message] = await failure(run);
    assert.equal(code, 'lost');
    assert.match(message, /^The GPU device of model "gpu" was lost \(destroyed.*\): load the model again\.$/);
    assert.deepEqual(await failure(model.run({ x: x() })), [code, message]);
  });

  test('fails loading', async () => {
    const device = await openDevice(await openAdapter());
    device.destroy();
    assert.deepEqual((await failure(load({ gpu: device })))[0], 'lost');
  });
});

test('dispose() ends the model, and the device that it made', async () => {
  let made;
  const real = await openAdapter();
  const requestDevice = async (options) => (made = await real.requestDevice(options));
  const model = await load({ gpu: changed(real, { requestDevice }) });
  const run = model.run({ x: x() });
  model.dispose();
  model.dispose();
  const message = 'Model "gpu" was disposed.';
  assert.deepEqual(await failure(run), ['lost', message]);
  assert.deepEqual(await failure(model.run({ x: x() })), ['lost', message]);
  assert.equal((await made.lost).reason, 'destroyed');
  assert.ok(new WeftDeviceError('lost', message) instanceof Error);
});

test('files are asked for at once, each once', async () => {
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    return new Response(readFileSync(join(folder, new URL(url).pathname.slice(1))));
  };
  const model = await load({ gpu, fetch, baseUrl: 'https://cdn.example/' });
  const files = ['webgpu.json', 'webgpu.subgroups.wgsl', 'webgpu.weights.bin'];
  assert.deepEqual(asked.sort(), files.map((file) => `https://cdn.example/${file}`));
  assert.deepEqual((await model.run({ x: x() })).y.data, y);
  model.dispose();
});
