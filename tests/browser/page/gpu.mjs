// What the tests of WebGPU call in the page.

import { compareInBuffers, compareWithReference } from "/tests/gpu/compare.mjs";
import { fetchFrom, readReference } from "/tools/bench/rig/reference.mjs";

const referenceOf = (name) => readReference(fetchFrom(new URL(`/reference/${name}/`, globalThis.location.href)));
const moduleOf = (artifact) => import(`/dist/${artifact}/index.js`);

/** Results of a model on the browser's GPU, by arrays and by buffers. Only plain data goes to the test. */
globalThis.runOnGpu = async (artifact, name) => {
  const { load } = await moduleOf(artifact);
  const reference = await referenceOf(name);
  const byArrays = await compareWithReference(await load({ device: "webgpu" }), reference);
  const gpu = await (await navigator.gpu.requestAdapter()).requestDevice();
  const byBuffers = await compareInBuffers(await load({ device: "webgpu", gpu }), gpu, reference);
  const { device, precision, islands } = byArrays.info;
  const distances = { ...byArrays.distances, ...byBuffers.distances };
  return { info: { device, precision, islands: islands.map(({ name }) => name) }, distances };
};

/** What is told when a step of loading or running fails: name, code and message of the error. */
globalThis.failOnGpu = async (artifact, name, how) => {
  const { load } = await moduleOf(artifact);
  try {
    if (how === "no webgpu") Object.defineProperty(navigator, "gpu", { value: undefined });
    if (how !== "lost") await load({ device: "webgpu" });
    if (how === "lost") {
      const { inputs } = await referenceOf(name);
      const feeds = Object.fromEntries(Object.entries(inputs).map(([input, { data }]) => [input, data]));
      const gpu = await (await navigator.gpu.requestAdapter()).requestDevice();
      const model = await load({ device: "webgpu", gpu });
      const running = model.run(feeds);
      gpu.destroy();
      await running;
    }
    return null;
  } catch ({ name, code, message }) {
    return { name, code, message };
  }
};
