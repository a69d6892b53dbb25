// The device's roof: multiply-adds on registers alone, measured with the same device and driver as the kernels.

import { readBuffer } from "../rig/readback.mjs";

/** Shapes of the kernel that are tried; the fastest is the roof. A driver's compiler decides which one that is. */
export const SHAPES = [
  { lanes: 1, accumulators: 16 },
  { lanes: 4, accumulators: 4 },
  { lanes: 4, accumulators: 8 },
  { lanes: 4, accumulators: 16 },
];
const WORKGROUP = 64;
const UNROLL = 4;
/** A dispatch of about this long is timed: launching it is nothing against it. */
const DISPATCH_MS = 80;
const DISPATCHES = 5;

/** WGSL of one shape; the count of iterations comes at run time, so that no compiler knows it. */
export function roofKernel({ lanes, accumulators }, element = "f32") {
  const type = lanes === 1 ? element : `vec${lanes}<${element}>`;
  const names = Array.from({ length: accumulators }, (_, i) => `a${i}`);
  // x * a + y has a fixed point: no accumulator grows, vanishes or becomes a constant that is known beforehand.
  const once = names.map((name) => `${name} = fma(${name}, x, y);`).join(" ");
  return `${element === "f16" ? "enable f16;\n" : ""}
struct Parameters { iterations: u32, x: f32, y: f32 }
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@group(0) @binding(1) var<uniform> parameters: Parameters;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = ${type}(${element}(parameters.x));
  let y = ${type}(${element}(parameters.y));
  ${names.map((name, i) => `var ${name} = ${type}(${element}(id.x % 7u) + ${i});`).join(" ")}
  for (var i = 0u; i < parameters.iterations; i++) {
    ${Array(UNROLL).fill(once).join("\n    ")}
  }
  let sum = ${names.join(" + ")};
  out[id.x] = f32(${lanes === 1 ? "sum" : Array.from({ length: lanes }, (_, i) => `sum[${i}]`).join(" + ")});
}`;
}

/** Floating-point operations of one iteration of one invocation. */
export const flopsPerIteration = ({ lanes, accumulators }) => 2 * lanes * accumulators * UNROLL;

/**
 * One shape of the kernel on `groups` workgroups: `time(iterations)` runs it and gives milliseconds, `read()` what it left.
 */
export async function makeRoofKernel(device, shape, element, groups) {
  const module = device.createShaderModule({ code: roofKernel(shape, element) });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const size = groups * WORKGROUP * 4;
  const out = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const uniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const entries = [out, uniform].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return {
    async time(iterations) {
      const parameters = new ArrayBuffer(16);
      new Uint32Array(parameters)[0] = iterations;
      new Float32Array(parameters).set([0.5, 1], 1);
      device.queue.writeBuffer(uniform, 0, parameters);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(groups);
      pass.end();
      await device.queue.onSubmittedWorkDone();
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - start;
    },
    read: () => readBuffer(device, out, Float32Array),
    destroy: () => [out, uniform].forEach((buffer) => buffer.destroy()),
  };
}

/**
 * The device's GFLOP/s in multiply-adds of an element type, the best of all shapes.
 * @returns {Promise<{gflops: number, shape: object}>}
 */
export async function measureRoof(device, element = "f32") {
  // Enough for every unit of a large GPU, and a multiple of any number of cores that is a power of two.
  const groups = 4096;
  let best = { gflops: 0 };
  for (const shape of SHAPES) {
    const kernel = await makeRoofKernel(device, shape, element, groups);
    let iterations = 1;
    // The first dispatch also finishes compiling.
    await kernel.time(iterations);
    let ms = await kernel.time(iterations);
    while (ms < DISPATCH_MS) {
      iterations = Math.ceil(iterations * Math.min(16, Math.max(2, DISPATCH_MS / ms)));
      ms = await kernel.time(iterations);
    }
    for (let i = 0; i < DISPATCHES; i++) ms = Math.min(ms, await kernel.time(iterations));
    kernel.destroy();
    const gflops = (flopsPerIteration(shape) * iterations * groups * WORKGROUP) / ms / 1e6;
    if (gflops > best.gflops) best = { gflops, shape };
  }
  return best;
}
