// Where a model's files come from, and what is said when they don't come.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { artifact, inputs, outputs, plain, script } from './artifact.js';

const folder = artifact('tiny');
const { load, WeftLoadError } = await script(folder);
const embedded = await script(artifact('embedded'));

/** The message of the WeftLoadError with which `promise` fails, with `base` left out. */
async function failure(promise, base) {
  const error = await promise.then(
    () => assert.fail('loaded'),
    (error) => error,
  );
  assert.equal(error.name, 'WeftLoadError', error.stack);
  return error.message.replaceAll(base ?? '\0', 'BASE/');
}

async function works(loading) {
  const model = await loading;
  assert.deepEqual(plain(await model.run(inputs())), outputs);
  return model;
}

test('weights are prepared once, before the first run', async () => {
  const model = await (await script(artifact('prepared'))).load();
  for (const x of [1, 2]) {
    const { y } = await model.run({ x: new Float32Array(4).fill(x) });
    assert.deepEqual(y.data, Float32Array.of(2 * x, 4 * x, 6 * x, 8 * x));
  }
});

suite('variant', () => {
  test('auto takes the fastest that the engine accepts', async (t) => {
    const probes = [];
    const { validate } = WebAssembly;
    t.mock.method(WebAssembly, 'validate', (bytes) => probes.push(bytes.length) && bytes.length < 40 && validate(bytes));
    const model = await works(load());
    assert.equal(model.info.variant, 'simd');
    assert.equal(probes.length, 2);
  });

  test('each variant is accepted by this engine and computes the same', async () => {
    for (const variant of ['relaxed', 'simd']) assert.equal((await works(load({ variant }))).info.variant, variant);
    assert.equal((await load()).info.variant, 'relaxed');
  });

  test('one that is missing is named, with those that are there', async () => {
    assert.equal(await failure(embedded.load({ variant: 'relaxed' })), 'Model "embedded" has no module "relaxed", only: simd.');
    assert.equal(await failure(load({ variant: 'fast' })), 'Model "tiny" has no module "fast", only: relaxed, simd.');
  });

  test('an engine without SIMD is told apart from one without relaxed SIMD', async (t) => {
    t.mock.method(WebAssembly, 'validate', () => false);
    assert.equal(await failure(load()), 'This JavaScript engine lacks Wasm SIMD, which model "tiny" needs.');
    assert.equal(
      await failure(load({ variant: 'relaxed' })),
      'This JavaScript engine lacks relaxed Wasm SIMD, which model "tiny" needs.',
    );
  });
});

test('weights inside the module need no second file', async () => {
  const requested = [];
  const base = 'https://cdn.example/m';
  const fetch = async (url) => {
    requested.push(url);
    return new Response(readFileSync(new URL('../../fixtures/embedded/model.simd.wasm', import.meta.url)));
  };
  const model = await embedded.load({ baseUrl: base, fetch });
  const { y } = await model.run({ x: Float32Array.of(1, 1, 1, 1) });
  assert.deepEqual(y, { data: Float32Array.of(1, 2, 3, 4), dims: [4] });
  assert.deepEqual(requested, ['https://cdn.example/m/model.simd.wasm']);
});

suite('from the disk', () => {
  const moved = artifact('tiny');
  const url = pathToFileURL(moved) + '/';

  test('beside the script, or in the folder that baseUrl names', async () => {
    await works(load());
    for (const baseUrl of [url, url.slice(0, -1), new URL(url), moved]) await works(load({ baseUrl }));
  });

  test('in a worker', async () => {
    const source = `
      import { load } from ${JSON.stringify(pathToFileURL(join(folder, 'index.js')).href)};
      import { parentPort } from 'node:worker_threads';
      const model = await load();
      model.inputs.x.fill(1);
      model.runInPlace();
      parentPort.postMessage(model.outputs.y.slice());`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    const y = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    assert.deepEqual(y, Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  test('what is missing, cut off or of another compilation is named', async () => {
    const file = (name) => join(moved, name);
    const fails = (variant = 'simd') => failure(load({ baseUrl: url, variant }), url);
    const weights = readFileSync(file('weights.bin'));

    writeFileSync(file('weights.bin'), weights.subarray(0, 20));
    assert.equal(await fails(), 'BASE/weights.bin has 20 bytes, expected 24: deploy all files of one compilation together.');
    writeFileSync(file('weights.bin'), Buffer.concat([weights, weights]));
    assert.equal(await fails(), 'BASE/weights.bin has 48 bytes, expected 24: deploy all files of one compilation together.');
    rmSync(file('weights.bin'));
    mkdirSync(file('weights.bin'));
    assert.equal(await fails(), "Can't load BASE/weights.bin: EISDIR: illegal operation on a directory, read.");
    rmdirSync(file('weights.bin'));
    assert.match(await fails(), /^Can't load BASE\/weights.bin: ENOENT: no such file or directory, open .*\.$/);
    writeFileSync(file('weights.bin'), weights);

    const other = new URL('../../fixtures/embedded/model.simd.wasm', import.meta.url);
    renameSync(file('model.simd.wasm'), file('kept'));
    assert.match(await fails(), /^Can't load BASE\/model.simd.wasm: ENOENT: /);
    writeFileSync(file('model.simd.wasm'), readFileSync(other));
    assert.equal(
      await fails(),
      'BASE/model.simd.wasm has another interface than index.js describes: deploy all files of one compilation together.',
    );
    truncateSync(file('model.relaxed.wasm'), 100);
    assert.match(await fails('relaxed'), /^Can't compile BASE\/model.relaxed.wasm: WebAssembly.compile\(\): /);
  });

  test('a failed load leaves no file open', { skip: process.platform !== 'linux' }, async () => {
    const broken = artifact('tiny');
    writeFileSync(join(broken, 'model.simd.wasm'), 'text');
    await assert.rejects(load({ baseUrl: broken, variant: 'simd' }), /it is no Wasm file/);
    const open = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`);
          } catch {
            return ''; // The listing's own descriptor is closed by now.
          }
        })
        .filter((path) => path.startsWith(broken));
    // The weights' file is closed behind the error: load() doesn't keep its caller waiting for that.
    for (let tries = 0; open().length > 0 && tries < 1000; tries++) await new Promise((done) => setTimeout(done, 10));
    assert.deepEqual(open(), []);
  });

  test('where files can not be located, baseUrl is asked for', async () => {
    const nowhere = 'a:b';
    assert.equal(
      await failure(load({ baseUrl: nowhere, variant: 'simd' })),
      "Can't tell where model.simd.wasm is: pass load() an absolute baseUrl.",
    );
  });
});

suite('over http', () => {
  let base;
  let types = { '.wasm': 'application/wasm' };
  const server = createServer((request, response) => {
    const name = request.url.replace(/^\/m\//, '');
    if (name.startsWith('/app/')) {
      // As servers of single-page applications do.
      response.setHeader('content-type', 'text/html').end('<!doctype html>');
    } else if (name === 'weights.bin' && types.broken) {
      response.setHeader('content-length', 24);
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    } else {
      const type = types[extname(name)];
      if (type) response.setHeader('content-type', type);
      try {
        response.end(readFileSync(join(folder, name)));
      } catch {
        response.writeHead(404, 'Not Found').end();
      }
    }
  });
  before(async () => {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}/m/`;
  });
  after(() => server.close());

  test('compiles while the bytes arrive', async (t) => {
    types = { '.wasm': 'application/wasm' };
    const streaming = t.mock.method(WebAssembly, 'compileStreaming');
    await works(load({ baseUrl: base }));
    assert.equal(streaming.mock.callCount(), 1);
  });

  test('takes servers that send another content type, or none', async (t) => {
    const streaming = t.mock.method(WebAssembly, 'compileStreaming');
    for (const type of ['application/octet-stream', 'application/wasm; charset=utf-8', undefined]) {
      types = { '.wasm': type };
      await works(load({ baseUrl: base }));
    }
    assert.equal(streaming.mock.callCount(), 0);
  });

  test('takes engines that can not compile streams, and responses that are none', async (t) => {
    types = { '.wasm': 'application/wasm' };
    const { compileStreaming } = WebAssembly;
    t.after(() => (WebAssembly.compileStreaming = compileStreaming));
    WebAssembly.compileStreaming = undefined;
    const fetch = async (url) => {
      const response = await globalThis.fetch(url);
      Object.defineProperty(response, 'body', { value: null });
      return response;
    };
    await works(load({ baseUrl: base, fetch }));
  });

  test('asks the fetch that it is given, once a file', async () => {
    const requested = [];
    const fetch = (url) => (requested.push(url), globalThis.fetch(url));
    await works(load({ baseUrl: base, fetch }));
    assert.deepEqual(requested.sort(), [`${base}model.relaxed.wasm`, `${base}weights.bin`]);
  });

  test('names the file that failed', async () => {
    types = {};
    const down = async (url) => {
      if (url.endsWith('.bin')) throw new TypeError('fetch failed');
      return fetch(url);
    };
    assert.equal(await failure(load({ baseUrl: base, fetch: down }), base), "Can't load BASE/weights.bin: fetch failed.");
    const origin = new URL('/', base).href;
    const none = failure(load({ baseUrl: `${origin}none` }), origin);
    assert.equal(await none, "Can't load BASE/none/model.relaxed.wasm: status 404 Not Found.");
    assert.equal(
      await failure(load({ baseUrl: `${origin}app/` }), origin),
      "Can't compile BASE/app/model.relaxed.wasm: it is no Wasm file (content type text/html, 15 bytes).",
    );
    types = { broken: true };
    assert.equal(await failure(load({ baseUrl: base }), base), "Can't load BASE/weights.bin: terminated.");
  });
});

test('an instance that can not start says what it needs', async (t) => {
  t.mock.method(WebAssembly, 'instantiate', async () => {
    throw new RangeError('could not allocate memory');
  });
  const error = await load().catch((error) => error);
  assert.ok(error instanceof WeftLoadError);
  assert.match(error.message, /^Can't start .*model.relaxed.wasm, which needs 0.0625 MiB of memory: could not allocate memory\.$/);
  assert.ok(error.cause instanceof RangeError);
});
