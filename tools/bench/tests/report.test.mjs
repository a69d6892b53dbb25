import assert from "node:assert/strict";
import { test } from "node:test";
import { FLOPS_PER_ITERATION, arithmeticModule, memoryModule } from "../page/roof.mjs";
import { formatGpu, formatTable } from "../table.mjs";

test("the roof's kernels compute what they are counted for", async () => {
  // Twelve accumulators, four multiply-adds of four lanes each an iteration.
  assert.equal(FLOPS_PER_ITERATION, 12 * 4 * 4 * 2);
  const { instance } = await WebAssembly.instantiate(arithmeticModule(false));
  // From 0, acc = 0.5 acc + 1 four times: 1.875 in each of 12 accumulators.
  assert.equal(instance.exports.f(1), 12 * 1.875);

  const memory = (await WebAssembly.instantiate(memoryModule(1))).instance.exports;
  new Float32Array(memory.memory.buffer).fill(1);
  // Lane 0 of each 16 bytes of 1024.
  assert.equal(memory.f(64, 1024), 64);
});

test("the table shows medians, ratios, cold start, bytes and the share of the roof", () => {
  const engine = (name, ms, more) => ({
    name,
    ms,
    speedup: 1,
    gflops: null,
    roofShare: null,
    coldStartMs: 812.4,
    bytes: { js: 74500, wasm: 14240000, data: 586000 },
    distance: 2.1e-7,
    ...more,
  });
  const own = { speedup: 2.5, gflops: 40.25, roofShare: 0.694, coldStartMs: 12, bytes: { js: 5100, wasm: 60000, data: 0 } };
  const table = formatTable({
    machine: { cpu: "A processor", cores: 2, chromium: "156.0" },
    models: [
      {
        model: "net",
        rounds: 30,
        flops: 12e6,
        roof: { gflops: 58, gigabytesPerSecond: 23.44 },
        engines: [engine("weft relaxed", 0.9512, own), engine("onnxruntime-web", 22.4)],
      },
    ],
  });
  assert.equal(
    table,
    `A processor, Chromium 156.0, one thread; medians of alternating batches

net, 12 MFLOP; roof 58.0 GFLOP/s f32, memory 23.4 GB/s; 30 rounds
  engine           median ms  speed-up  GFLOP/s  of roof  cold ms       js      wasm    data   error
  weft relaxed         0.951     2.50x     40.3     69 %       12   5.1 kB   60.0 kB  0.0 kB  2.1e-7
  onnxruntime-web      22.40     1.00x        -        -      812  74.5 kB  14240 kB  586 kB  2.1e-7

speed-up: against onnxruntime-web, round by round. error: largest, over the output's largest magnitude.
`,
  );
});

test("the GPU's table names the adapter, says when it is software, and leaves unknown cells empty", () => {
  const own = {
    name: "weft webgpu",
    ms: 4.25,
    speedup: 1.5,
    gflops: 2823.5,
    createMs: 120.4,
    firstMs: 8.2,
    pipelines: 14,
    pipelineMs: 95.1,
    wgslGzipBytes: 12345,
    gpuBytes: 31.4e6,
    islands: [],
    distance: 2.1e-6,
  };
  const peer = { name: "onnxruntime-web", ms: 6.375, speedup: 1, gflops: 1882.4, createMs: 1295, firstMs: 812, distance: 1.2e-5 };
  const report = {
    machine: { cpu: "A processor", cores: 2, node: "v20.1.0", adapter: { name: "a GPU", software: false } },
    roof: [{ element: "f32", gflops: 5000 }],
    gemm: [{ size: 2048, element: "f32", ms: 6.5, gflops: 2643, roofShare: 0.5286 }],
    models: [{ model: "net", rounds: 30, flops: 12e9, engines: [own, peer] }],
  };
  assert.equal(
    formatGpu(report),
    `a GPU; A processor, Node v20.1.0

roof f32: 5000.0 GFLOP/s in multiply-adds on registers
product of 2048 x 2048 matrices, f32: 6.50 ms, 2643.0 GFLOP/s, 53 % of the roof

net, 12000 MFLOP; 30 rounds
  engine           median ms  speed-up  GFLOP/s  create ms  1st run ms  pipelines  in ms  WGSL gzip  GPU memory  islands   error
  weft webgpu          4.250     1.50x   2823.5        120           8         14     95    12.3 kB     31.4 MB        0  2.1e-6
  onnxruntime-web      6.375     1.00x   1882.4       1295         812                                                    1.2e-5

A run takes arrays and gives arrays: transfers count. speed-up: against onnxruntime-web's WebGPU provider, round by round.
create: from the compiled or the ONNX file to a session; pipelines: how many, and how long the driver took for them.
error: largest, over the output's largest magnitude.
`,
  );
  report.machine.adapter.software = true;
  assert.match(formatGpu(report), /^a GPU; .*\nTHIS ADAPTER IS SOFTWARE/);
});
