// Compiled models on Chromium's WebGPU, under a policy that forbids eval and foreign hosts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "../../tools/bench/rig/chromium.mjs";
import { TOLERANCES } from "../gpu/compare.mjs";
import { serveTests } from "./site.mjs";

/** Those whose kernels a software GPU compiles in seconds. */
const MODELS = ["ppocrv4_cls", "mobilenetv2"];
const PAGE = "/tests/browser/page/gpu.html";

let server;
before(async () => (server = await serveTests()));
after(() => server?.close());

/** Runs `call` of the page in a fresh page, of a browser with or without a WebGPU adapter. */
async function inPage(gpu, call, ...job) {
  const browser = await launch({ gpu });
  try {
    const page = await openPage(browser, `${server.origin}${PAGE}`);
    await page.waitForFunction(() => globalThis.runOnGpu);
    return await page.evaluate(([name, ...job]) => globalThis[name](...job), [call, ...job]);
  } finally {
    await browser.close();
  }
}

for (const model of MODELS) {
  test(`${model}.webgpu in Chromium, arrays and buffers`, async () => {
    const { info, distances } = await inPage(true, "runOnGpu", `${model}.webgpu`, model);
    assert.deepEqual(info, { device: "webgpu", precision: "float32", islands: [] });
    for (const [output, distance] of Object.entries(distances)) {
      assert.ok(distance <= TOLERANCES.float32, `${output} is ${distance} off the reference`);
    }
  });
}

const [MODEL] = MODELS;
const FAILURES = [
  ["no WebGPU", true, `${MODEL}.webgpu`, "no webgpu", "no-webgpu", /WebGPU/],
  ["no adapter", false, `${MODEL}.webgpu`, "load", "no-adapter", /adapter/],
  ["an adapter without f16", true, `${MODEL}.webgpu-f16`, "load", "feature", /shader-f16/],
  ["a device lost during a run", true, `${MODEL}.webgpu`, "lost", "lost", /lost/],
];

for (const [title, gpu, artifact, how, code, message] of FAILURES) {
  test(`in Chromium: ${title}`, async () => {
    const error = await inPage(gpu, "failOnGpu", artifact, MODEL, how);
    assert.equal(error?.name, "WeftDeviceError", JSON.stringify(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });
}
