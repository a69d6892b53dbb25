// The committed bundle and the types.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, bundles } from '../build.js';
import { artifact } from './artifact.js';

for (const [entry, file] of Object.entries(bundles)) {
  test(`${entry} makes the bundle that is committed; \`npm run build\` writes it`, async () => {
    assert.equal(await bundle(entry), readFileSync(file, 'utf8'));
  });
}

test('the script depends on nothing, evaluates no text, and is small', () => {
  const text = readFileSync(join(artifact('tiny'), 'index.js'), 'utf8');
  assert.doesNotMatch(text, /\beval\b|new Function|\bfrom ["']|^import /m);
  assert.ok(text.length < 20_000, `${text.length} bytes`);
});

test('that of a GPU too', () => {
  const text = readFileSync(join(artifact('gpu'), 'index.js'), 'utf8');
  assert.doesNotMatch(text, /\beval\b|new Function|\bfrom ["']|^import /m);
  assert.ok(text.length < 54_000, `${text.length} bytes`);
});

/** Compiles a page beside a model. */
function compiles(folder, page) {
  writeFileSync(join(folder, 'page.ts'), page);
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'es2022', '--lib', 'es2022,dom', '--moduleResolution', 'bundler', '--types', ''];
  try {
    execFileSync(process.execPath, [tsc, ...options, 'page.ts'], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
}

test('the types hold a page to this model', () => {
  compiles(
    artifact('tiny'),
    `import { load, WeftInputError, WeftLoadError, type Inputs, type Model } from './index.js';

    const model: Model = await load({ variant: 'simd', baseUrl: new URL('https://cdn.example/m/'), fetch: (url) => fetch(url) });
    const inputs: Inputs = {
      x: new Float32Array(6),
      ids: new BigInt64Array(2),
      'attention mask': { data: new Uint8Array(2), dims: [1, 2] },
      half: new Uint16Array(2),
      class: new Uint8Array(),
      ['__proto__']: new Int8Array(1),
    };
    const out = await model.run(inputs);
    const data: Float32Array = out.y.data;
    const dims: readonly [2, 3] = out.y.dims;
    const sum: BigInt64Array = model.outputs['sum/"1"'];
    model.inputs.x.set(data);
    model.runInPlace();
    await model.run({ ...inputs, x: out.y });
    const error: TypeError | Error = Math.random() ? (0 as never as WeftInputError) : (0 as never as WeftLoadError);
    // @ts-expect-error: another element type
    inputs.x = new Float64Array(6);
    // @ts-expect-error: a missing input
    model.run({ x: data });
    // @ts-expect-error: an unknown output
    out.z;
    // @ts-expect-error: a view stays where it is
    model.inputs.x = data;
    // @ts-expect-error: an unknown variant
    load({ variant: 'fast' });
    export { dims, sum, error };
    `,
  );
});

test('the types hold a page to a model on a GPU', () => {
  compiles(
    artifact('gpu'),
    `import { load, WeftDeviceError, type Model, type WasmModel, type GpuTensor } from './index.js';

    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const model: Model = await load({ device: ['webgpu', 'wasm'], gpu: device, budgetMs: 8, signal: AbortSignal.timeout(1000) });
    const out = await model.run({ x: new Float32Array(8) });
    const data: Float32Array = out.y.data;
    const kept = await model.run({ x: { data, dims: [2, 4] } }, { outputs: 'gpu', budgetMs: 4 });
    const y: GpuTensor<readonly [2, 4]> = kept.y;
    const buffer: GPUBuffer = y.data;
    await model.run({ x: buffer });
    await model.run({ x: y });
    if (model.info.device === 'webgpu') model.info.pipelineMs.toFixed();
    else model.info.variant satisfies 'relaxed' | 'simd';
    const wasm: WasmModel = await load({ device: 'wasm' });
    wasm.inputs.x.set(data);
    wasm.runInPlace();
    model.reset();
    model.dispose();
    const code: 'lost' | string = (0 as never as WeftDeviceError).code;
    // @ts-expect-error: another element type
    model.run({ x: new Float64Array(8) });
    // @ts-expect-error: no array
    kept.y.data.length;
    // @ts-expect-error: no such device
    load({ device: 'webgl' });
    // @ts-expect-error: a model on a GPU has no views
    model.runInPlace();
    export { code };
    `,
  );
});
