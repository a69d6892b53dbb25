// Images and videos as inputs, in Chromium: frames are read where they are, and the result is drawn without leaving the GPU.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage } from "../../tools/bench/rig/chromium.mjs";
import { COMPILER, ROOT } from "../../tools/bench/rig/files.mjs";
import { serve } from "../../tools/bench/rig/serve.mjs";

let folder;
let server;
let browser;
let page;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "weft-video-"));
  const model = join(ROOT, "examples/video/edges.onnx");
  const options = ["--device", "webgpu,wasm", "--preprocess", "x=image:max=1920x1080", "-q"];
  execFileSync(COMPILER, ["compile", model, "-o", join(folder, "edges"), ...options], { stdio: "inherit" });
  const mounts = { "/tests/": join(ROOT, "tests"), "/examples/": join(ROOT, "examples"), "/dist/": folder };
  server = await serve(mounts);
  browser = await launch({ gpu: true, video: true });
  page = await openPage(browser, `${server.origin}/tests/browser/page/video.html`);
  await page.waitForFunction(() => globalThis.drawEdges);
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

const draw = (...job) => page.evaluate((job) => globalThis.drawEdges(...job), job);

// Levels: half of one is lost where the canvas rounds. Decoders give YUV, and both sides convert it by themselves.
const EXACT = { mean: 0.5, largest: 0.51 };
const CONVERTED = { mean: 1, largest: 8 };

for (const [kind, limits, calls] of [
  ["frame", EXACT, { importExternalTexture: 1 }],
  ["yuv", CONVERTED, { importExternalTexture: 1 }],
  ["video", EXACT, { importExternalTexture: 1 }],
  ["bitmap", EXACT, { copyExternalImageToTexture: 1 }],
  ["canvas", EXACT, { copyExternalImageToTexture: 1 }],
  ["pixels", EXACT, { writeTexture: 1 }],
]) {
  for (const [width, height] of [[320, 180], [640, 360], [333, 97]]) {
    test(`${kind}, ${width} x ${height}: drawn as the processor computes it, and nothing is read back`, async (t) => {
      const result = await draw(kind, width, height);
      t.diagnostic(`mean difference ${result.mean.toFixed(3)}, largest ${result.largest.toFixed(2)} of 255`);
      assert.equal(result.device, "webgpu");
      assert.deepEqual(result.calls, calls);
      assert.ok(result.mean <= limits.mean && result.largest <= limits.largest, JSON.stringify(result));
    });
  }
}

for (const kind of ["frame", "video"]) {
  test(`${kind}: it lasts where a run is divided into many submissions`, async () => {
    for (let i = 0; i < 3; i++) {
      const { calls, mean, largest } = await draw(kind, 320, 180, { budgetMs: 0 });
      assert.deepEqual(calls, { importExternalTexture: 1 });
      assert.ok(mean <= EXACT.mean && largest <= EXACT.largest, `${mean}, ${largest}`);
    }
  });
}

test("frames that are too large or closed are refused by what they are", async () => {
  const [large, closed] = await page.evaluate(() => globalThis.refuseFrames());
  assert.match(large, /^WeftInputError dims: .*"x.width" is 2000, but the model was compiled for 1 to 1920/);
  assert.match(closed, /^WeftInputError type: Input "x" is an image that can't be read: /);
});
