// The benchmark's report as a table for people.

const COLUMNS = [
  ["engine", ({ name }) => name],
  ["median ms", ({ ms }) => ms.toFixed(ms < 10 ? 3 : 2)],
  ["speed-up", ({ speedup }) => (speedup === null ? "-" : `${speedup.toFixed(2)}x`)],
  ["GFLOP/s", ({ gflops }) => (gflops === null ? "-" : gflops.toFixed(1))],
  ["of roof", ({ roofShare }) => (roofShare === null ? "-" : `${(100 * roofShare).toFixed(0)} %`)],
  ["cold ms", ({ coldStartMs }) => coldStartMs.toFixed(0)],
  ["js", ({ bytes }) => kilobytes(bytes.js)],
  ["wasm", ({ bytes }) => kilobytes(bytes.wasm)],
  ["data", ({ bytes }) => kilobytes(bytes.data)],
  ["error", ({ distance }) => distance.toExponential(1)],
];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(bytes < 1e5 ? 1 : 0)} kB`;

/** Rows of cells as lines: columns `left` begin at the same place, the others end there. */
export function alignColumns(rows, left = [0]) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  "),
  );
}

/** @returns {string} lines, each ended by a newline */
export function formatTable({ machine, models }) {
  const lines = [`${machine.cpu}, Chromium ${machine.chromium}, one thread; medians of alternating batches`];
  for (const { model, rounds, flops, roof, engines } of models) {
    const work = flops === null ? "" : `, ${(flops / 1e6).toFixed(0)} MFLOP`;
    const limit = `roof ${roof.gflops.toFixed(1)} GFLOP/s f32, memory ${roof.gigabytesPerSecond.toFixed(1)} GB/s`;
    lines.push("", `${model}${work}; ${limit}; ${rounds} rounds`);
    const rows = [COLUMNS.map(([title]) => title), ...engines.map((engine) => COLUMNS.map(([, cell]) => cell(engine)))];
    lines.push(...alignColumns(rows).map((line) => `  ${line}`));
  }
  lines.push("", "speed-up: against onnxruntime-web, round by round. error: largest, over the output's largest magnitude.");
  return `${lines.join("\n")}\n`;
}

const KERNEL_COLUMNS = [
  ["family", ({ family }) => family],
  ["kernel", ({ name }) => name],
  ["us", ({ us }) => us.toFixed(1)],
  ["GFLOP/s", ({ gflops }) => (gflops === null ? "" : gflops.toFixed(1))],
  ["GB/s", ({ gigabytesPerSecond }) => gigabytesPerSecond.toFixed(1)],
  ["instr.", ({ instructions }) => (instructions === null ? "" : String(instructions))],
  ["roof us", ({ roof }) => roof.us.toFixed(1)],
  ["bound", ({ bound }) => bound],
  ["of roof", ({ share }) => `${(100 * share).toFixed(0)} %`],
];

/** @returns {string} the kernels' table; lines, each ended by a newline */
export function formatKernels({ machine, kernels }) {
  const gflops = Math.max(...kernels.map(({ roof }) => roof.gflops));
  const title = `${machine.cpu}, Chromium ${machine.chromium}, one thread; roof ${gflops.toFixed(1)} GFLOP/s f32`;
  const rows = [KERNEL_COLUMNS.map(([name]) => name), ...kernels.map((kernel) => KERNEL_COLUMNS.map(([, cell]) => cell(kernel)))];
  return `${[title, "", ...alignColumns(rows, [0, 1, 7])].join("\n")}\n`;
}

const optional = (show) => (value) => (value === undefined || value === null ? "" : show(value));

const GPU_COLUMNS = [
  ["engine", ({ name }) => name],
  ["median ms", ({ ms }) => ms.toFixed(ms < 10 ? 3 : 2)],
  ["speed-up", ({ speedup }) => optional((ratio) => `${ratio.toFixed(2)}x`)(speedup)],
  ["GFLOP/s", ({ gflops }) => optional((rate) => rate.toFixed(1))(gflops)],
  ["create ms", ({ createMs }) => createMs.toFixed(0)],
  ["1st run ms", ({ firstMs }) => firstMs.toFixed(0)],
  ["pipelines", ({ pipelines }) => optional(String)(pipelines)],
  ["in ms", ({ pipelineMs }) => optional((ms) => ms.toFixed(0))(pipelineMs)],
  ["WGSL gzip", ({ wgslGzipBytes }) => optional(kilobytes)(wgslGzipBytes)],
  ["GPU memory", ({ gpuBytes }) => optional((bytes) => `${(bytes / 1e6).toFixed(1)} MB`)(gpuBytes)],
  ["islands", ({ islands }) => optional((list) => String(list.length))(islands)],
  ["error", ({ distance }) => distance.toExponential(1)],
];

/** @returns {string} the report of models on a GPU; lines, each ended by a newline */
export function formatGpu({ machine, roof, gemm, models }) {
  const { name, software } = machine.adapter;
  const lines = [`${name}; ${machine.cpu}, Node ${machine.node}`];
  if (software) lines.push("THIS ADAPTER IS SOFTWARE: it computes on the CPU, and its times say nothing about a GPU's.");
  lines.push("", ...roof.map(({ element, gflops }) => `roof ${element}: ${gflops.toFixed(1)} GFLOP/s in multiply-adds on registers`));
  for (const { size, element, ms, gflops, roofShare } of gemm) {
    const share = `${(100 * roofShare).toFixed(0)} % of the roof`;
    lines.push(`product of ${size} x ${size} matrices, ${element}: ${ms.toFixed(2)} ms, ${gflops.toFixed(1)} GFLOP/s, ${share}`);
  }
  for (const { model, rounds, flops, engines } of models) {
    const work = flops === null ? "" : `, ${(flops / 1e6).toFixed(0)} MFLOP`;
    lines.push("", `${model}${work}; ${rounds} rounds`);
    const rows = [GPU_COLUMNS.map(([title]) => title), ...engines.map((engine) => GPU_COLUMNS.map(([, cell]) => cell(engine)))];
    lines.push(...alignColumns(rows).map((line) => `  ${line}`));
  }
  if (models.length > 0) {
    lines.push(
      "",
      "A run takes arrays and gives arrays: transfers count. speed-up: against onnxruntime-web's WebGPU provider, round by round.",
      "create: from the compiled or the ONNX file to a session; pipelines: how many, and how long the driver took for them.",
      "error: largest, over the output's largest magnitude.",
    );
  }
  return `${lines.join("\n")}\n`;
}
