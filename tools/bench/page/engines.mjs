// What is compared: each engine loads a model and gives a function that runs it once.
//
// An engine is {name, load(model, inputs)}; load resolves to {run, outputs}: run() is one inference from the
// caller's typed arrays (the same ones every time), outputs() is the last result, typed arrays by name.

/** Weft's artifact, with the given module variant. */
function weft(variant) {
  return {
    name: `weft ${variant}`,
    async load(model, inputs) {
      const { load } = await import(`/dist/${model}/index.js`);
      const network = await load({ variant });
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
      let result;
      return {
        async run() {
          result = await network.run(feeds);
        },
        outputs: () => Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data])),
      };
    },
  };
}

/** onnxruntime-web: Wasm provider, one thread, all optimisations. */
const onnxruntime = {
  name: "onnxruntime-web",
  async load(model, inputs) {
    const ort = await import("/ort/ort.wasm.min.mjs");
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = "/ort/";
    const session = await ort.InferenceSession.create(`/models/${model}.onnx`, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "all",
    });
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { dtype, dims, data }]) => [name, new ort.Tensor(dtype, data, dims)]),
    );
    let result;
    return {
      async run() {
        result = await session.run(feeds);
      },
      outputs: () => Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data])),
    };
  },
};

/** All engines by name; the last one is the peer that the others are compared with. */
export const engines = Object.fromEntries(
  [weft("relaxed"), weft("simd"), onnxruntime].map((engine) => [engine.name, engine]),
);
