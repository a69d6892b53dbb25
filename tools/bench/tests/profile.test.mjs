import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProfile, kernelsOf, timesOf } from "../profile.mjs";

const TEXT = `module attributes {weft.level = "kernels"} {
  func.func private @matmul_addf(%arg0: tensor<1x4x16xf32>, %arg1: tensor<1x2x16x8xf32>, %arg2: tensor<10xf32>) -> tensor<1x4x10xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 10 : i64, panel = 8 : i64} : (tensor<1x4x16xf32>, tensor<1x2x16x8xf32>) -> tensor<1x4x10xf32> loc(#loc)
  }
  func.func private @cast(%arg0: tensor<8xi8>) -> tensor<8xf32> {
  }
  func.func @main(%arg0: tensor<1x4x16xf32>) -> tensor<1x4x10xf32> {
    %0 = call @matmul_addf(%arg0, %w, %b) : () -> ()
    %1 = call @matmul_addf(%0, %w, %b) : () -> ()
    %2 = call @cast(%c) : () -> ()
  }
}`;

test("kernels are counted from their text", () => {
  const kernels = kernelsOf(TEXT);
  assert.deepEqual([...kernels.keys()], ["matmul_addf", "cast"]);
  const { calls, flops, bytes, root } = kernels.get("matmul_addf");
  assert.deepEqual([calls, flops, bytes, root], [2, 2 * 4 * 10 * 16, 4 * (64 + 256 + 10 + 40), "nn.matmul"]);
  assert.equal(kernels.get("cast").bytes, 8 + 32);
  assert.equal(kernels.get("cast").root, "elementwise");
});

test("samples become milliseconds a run, and a table", () => {
  const frame = (functionName, scriptId) => ({ functionName, scriptId, url: scriptId === "0" ? "" : "wasm://wasm/1" });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame("matmul_addf", "5") },
      { id: 2, callFrame: frame("program", "0") },
    ],
    samples: [1, 2, 1],
    timeDeltas: [1000, 500, 2500],
  };
  const times = timesOf(profile, 2);
  assert.deepEqual([...times], [["matmul_addf", 1.75], ["(program)", 0.25]]);
  const kernels = [...times].map(([name, ms]) => ({ name, ms, share: ms / 2, ...kernelsOf(TEXT).get(name) }));
  assert.equal(
    formatProfile({ model: "net", variant: "relaxed", runs: 2, ms: 2, kernels }),
    `net, relaxed: 2.00 ms a run, 2 runs
  kernel       calls  ms a run   share  GFLOP/s  GB/s  root       signature
  matmul_addf      2     1.750  87.5 %      0.0   0.0  nn.matmul  1x4x16xf32, 1x2x16x8xf32, 10xf32 -> 1x4x10xf32
  (program)              0.250  12.5 %
`,
  );
});
