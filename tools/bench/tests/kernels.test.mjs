import assert from "node:assert/strict";
import { test } from "node:test";
import { CATALOG, importText } from "../kernels/catalog.mjs";
import { countInstructions } from "../kernels/count.mjs";
import { copyModule } from "../page/roof.mjs";
import { formatKernels } from "../table.mjs";

test("a kernel's text is a model of the import level", () => {
  const { inputs, nodes } = CATALOG.find(({ name }) => name === "GEMM 128x384x384");
  assert.equal(
    importText(inputs, nodes),
    `module attributes {weft.level = "import", weft.model = "kernel"} {
  func.func @main(%x: tensor<128x384xf32> {weft.name = "x", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "y", weft.dtype = "float32"}) attributes {onnx.opset = 20 : i64} {
    %w = "onnx.Constant"() {value = dense<1.000e-2> : tensor<384x384xf32>} : () -> !onnx.value
    %y = "onnx.MatMul"(%x, %w) {} : (tensor<128x384xf32>, !onnx.value) -> !onnx.value
    return %y : !onnx.value
  }
}
`,
  );
});

test("every kernel has a name of its own, and its work", () => {
  assert.equal(new Set(CATALOG.map(({ family, name }) => `${family} ${name}`)).size, CATALOG.length);
  for (const { name, flops, family } of CATALOG) assert.equal(flops > 0, family === "product", name);
  const { flops, read, written } = CATALOG.find(({ name }) => name === "Q K' 12x128x64");
  assert.deepEqual([flops, read, written], [2 * 12 * 128 * 128 * 64, 2 * 4 * 12 * 128 * 64, 4 * 12 * 128 * 128]);
});

test("only instructions that compute are counted", () => {
  const text = `
    %0 = "wasm.v128_load"(%p) {offset = 0 : i32} : (i32) -> vector<4xf32>
    %1 = "wasm.f32x4_splat"(%s) : (f32) -> vector<4xf32>
    %2 = "wasm.f32x4_relaxed_madd"(%0, %1, %1) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
    %3 = "wasm.v128_bitselect"(%2, %1, %0) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
    "wasm.v128_store"(%q, %3) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()`;
  assert.equal(countInstructions(text), 2);
});

test("the roof's copy copies", async () => {
  const { instance } = await WebAssembly.instantiate(copyModule(1));
  const { memory, f } = instance.exports;
  new Float32Array(memory.buffer).set(Array.from({ length: 64 }, (_, i) => i));
  f(1024, 0, 256);
  assert.deepEqual([...new Float32Array(memory.buffer, 1024, 65)], [...Array(64).keys(), 0]);
});

test("the kernels' table", () => {
  const roof = { us: 10, gflops: 58, gigabytesPerSecond: 80 };
  const kernels = [
    { family: "product", name: "GEMM", us: 12.5, gflops: 46.4, gigabytesPerSecond: 1, instructions: null, bound: "ALU", roof, share: 0.8 },
    { family: "function", name: "Exp", us: 10, gflops: null, gigabytesPerSecond: 13.9, instructions: 17, bound: "ALU", roof, share: 1 },
  ];
  assert.equal(
    formatKernels({ machine: { cpu: "A processor", chromium: "156.0" }, kernels }),
    `A processor, Chromium 156.0, one thread; roof 58.0 GFLOP/s f32

family    kernel    us  GFLOP/s  GB/s  instr.  roof us  bound  of roof
product   GEMM    12.5     46.4   1.0             10.0  ALU       80 %
function  Exp     10.0           13.9      17     10.0  ALU      100 %
`,
  );
});
