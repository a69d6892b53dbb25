// Compiled models in Chromium, in the page and in a worker, under a policy that forbids eval and foreign hosts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "../../tools/bench/rig/chromium.mjs";
import { VARIANTS, manifestOf, models, openModels } from "../../tools/bench/rig/files.mjs";
import { TOLERANCE } from "./compare.mjs";
import { serveTests } from "./site.mjs";

let server;
let browser;

before(async () => {
  server = await serveTests();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Runs `call(model, variant)` in a fresh page. */
async function inPage(call, model, variant) {
  const page = await openPage(browser, `${server.origin}/tests/browser/page/index.html`);
  await page.waitForFunction(() => globalThis.runModel);
  server.sent.length = 0;
  try {
    return await page.evaluate(([name, ...job]) => globalThis[name](...job), [call, model, variant]);
  } finally {
    await page.context().close();
  }
}

function assertClose({ distances }) {
  assert.ok(Object.keys(distances).length > 0);
  for (const [output, distance] of Object.entries(distances)) {
    assert.ok(distance <= TOLERANCE, `${output} is ${distance} off the reference`);
  }
}

/** Files of the compiled model that the page has asked for. */
const loaded = (model) =>
  server.sent
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`/dist/${model}/`))
    .map((path) => path.slice(`/dist/${model}/`.length))
    .sort();

for (const model of models) {
  for (const variant of VARIANTS) {
    test(`${model}, ${variant} module, Chromium`, async () => {
      const result = await inPage("runModel", model, variant);
      assert.equal(result.variant, variant);
      assertClose(result);
      const { weights } = (await manifestOf(model)).wasm;
      const expected = ["index.js", `model.${variant}.wasm`, ...(weights.file ? [weights.file] : [])];
      assert.deepEqual(loaded(model), expected.sort(), "a page loads only what it needs");
    });
  }

  test(`${model}, a worker in Chromium, variant left to the runtime`, async () => {
    const result = await inPage("runModelInWorker", model, "auto");
    assert.equal(result.variant, "relaxed");
    assertClose(result);
  });
}

for (const open of openModels) {
  for (const variant of VARIANTS) {
    test(`${open.artifact}, ${variant} module, Chromium, at ${open.sizes.length} sizes`, async () => {
      const result = await inPage("runOpenModel", open, variant);
      assert.equal(result.variant, variant);
      assertClose(result);
    });
  }
}
