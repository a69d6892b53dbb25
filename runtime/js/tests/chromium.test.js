// The runtime in a browser: what Node can't show.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage } from 'weft-bench/rig/chromium.mjs';
import { serve } from 'weft-bench/rig/serve.mjs';
import { artifact } from './artifact.js';

const app = artifact('embedded');
const tiny = artifact('tiny');
writeFileSync(join(app, 'page.html'), '<!doctype html><title>page</title>');

let server, browser, page;

before(async () => {
  server = await serve({ '/app/': app, '/models/tiny/': tiny });
  browser = await launch();
  page = await openPage(browser, `${server.origin}/app/page.html`);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Evaluates the body of an async function in the page. */
const inPage = (body) => page.evaluate(`(async () => { ${body} })()`);

test('loads beside the script, by http', async () => {
  server.sent.length = 0;
  const result = await inPage(`
    const { load } = await import('/models/tiny/index.js');
    const model = await load();
    model.inputs.x.set([1, 2, 3, 4, 5, 6]);
    const { y } = await model.run({ ...model.inputs });
    return { y: [...y.data], variant: model.info.variant };`);
  assert.deepEqual(result, { y: [1, 4, 9, 16, 25, 36], variant: 'relaxed' });
  assert.deepEqual(server.sent.map(({ path }) => path).sort(), [
    '/models/tiny/index.js',
    '/models/tiny/model.relaxed.wasm',
    '/models/tiny/weights.bin',
  ]);
});

test('a relative baseUrl is relative to the page', async () => {
  const variant = await inPage(`
    const { load } = await import('/models/tiny/index.js');
    return (await load({ baseUrl: '../models/tiny', variant: 'simd' })).info.variant;`);
  assert.equal(variant, 'simd');
  const message = await inPage(`
    const { load } = await import('/models/tiny/index.js');
    return load({ baseUrl: 'none' }).catch((error) => error.message);`);
  assert.match(message, /^Can't load http:.*\/app\/none\/model\.relaxed\.wasm: status 404 Not Found\.$/);
});

test('runs in a worker that was made from a blob', async () => {
  const result = await inPage(`
    const code = \`
      import { load } from '\${location.origin}/app/index.js';
      const model = await load();
      postMessage((await model.run({ x: Float32Array.of(1, 1, 1, 1) })).y);\`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
    const { data } = await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => reject(new Error(event.message));
    });
    return { data: [...data.data], dims: data.dims };`);
  assert.deepEqual(result, { data: [1, 2, 3, 4], dims: [4] });
});

test('arrays of another frame are taken', async () => {
  const result = await inPage(`
    const frame = document.body.appendChild(document.createElement('iframe'));
    const x = frame.contentWindow.Float32Array.of(2, 2, 2, 2);
    const { load } = await import('/app/index.js');
    const { y } = await (await load()).run({ x });
    return [x instanceof Float32Array, ...y.data];`);
  assert.deepEqual(result, [false, 2, 4, 6, 8]);
});
