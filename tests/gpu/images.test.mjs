// Images as inputs on a device: what its kernels read of textures is what the processor reads of pixels.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";
import { COMPILER } from "../../tools/bench/rig/files.mjs";

let device;
let folder;
before(async () => {
  device = await openDevice(await openAdapter());
  folder = await mkdtemp(join(tmpdir(), "weft-images-"));
});
after(async () => {
  device?.destroy();
  if (folder) await rm(folder, { recursive: true });
});

/** A model that hands its input on. */
const model = (shape, storage, dtype) => `module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<${shape}x${storage}> {weft.name = "x", weft.dtype = "${dtype}"}) -> (!onnx.value {weft.name = "y"})
    attributes {onnx.opset = 13 : i64} {
    %y = "onnx.Identity"(%x) : (tensor<${shape}x${storage}>) -> !onnx.value
    return %y : !onnx.value } }`;

let seed = 1;
const byte = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 24;

const CASES = {
  stretched: [model("1x3x6x8", "f32", "float32"), "mean=0.485,0.456,0.406,std=0.229,0.224,0.225,order=bgr"],
  contained: [model("1x6x8x3", "f32", "float32"), "fit=contain,fill=114,resize=nearest"],
  covered: [model("1x3x6x8", "f32", "float32"), "fit=cover,scale=1,mean=127.5,std=127.5"],
  grey: [model("1x1x6x8", "i8", "uint8"), "resize=bilinear"],
};

for (const [name, [text, options]] of Object.entries(CASES)) {
  test(`an image is ${name} as on the processor, whatever its size`, async () => {
    await writeFile(join(folder, `${name}.mlir`), text);
    const out = join(folder, name);
    const preprocess = `x=image:max=64x48,${options}`;
    const args = ["compile", join(folder, `${name}.mlir`), "--device", "webgpu,wasm", "--preprocess", preprocess, "-q", "-o", out];
    execFileSync(COMPILER, args, { stdio: "inherit" });
    await writeFile(join(out, "package.json"), '{ "type": "module" }');
    const { load } = await import(pathToFileURL(join(out, "index.js")));
    const [gpu, wasm] = [await load({ device: "webgpu", gpu: device }), await load({ device: "wasm" })];
    for (const [width, height] of [[64, 48], [1, 1], [8, 6], [13, 9], [64, 3], [2, 48]]) {
      const x = { data: new Uint8ClampedArray(4 * width * height).map(byte), width, height };
      const [{ y: found }, { y: expected }] = [await gpu.run({ x }), await wasm.run({ x })];
      assert.ok(new Set(expected.data).size > (width * height > 1 ? 4 : 0));
      found.data.forEach((value, i) => {
        // Bytes may be rounded the other way where a half is between them.
        const near = name === "grey" ? 1 : 1e-5;
        assert.ok(Math.abs(value - expected.data[i]) <= near, `${width} x ${height}, ${i}: ${value}, not ${expected.data[i]}`);
      });
    }
  });
}
