// src/errors.ts
var WeftInputError = class extends TypeError {
  constructor(code, input, expected, received, message) {
    super(message);
    this.code = code;
    this.input = input;
    this.expected = expected;
    this.received = received;
  }
  code;
  input;
  expected;
  received;
  name = "WeftInputError";
};
var WeftLoadError = class extends Error {
  constructor(url, message, options) {
    super(message, options);
    this.url = url;
  }
  url;
  name = "WeftLoadError";
};
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

// src/files.ts
function locate([name, beside], baseUrl) {
  try {
    if (baseUrl === void 0) return beside().href;
    const here = globalThis.location?.href ?? import.meta.url;
    const folder = new URL(baseUrl, here);
    if (!folder.pathname.endsWith("/")) folder.pathname += "/";
    return new URL(name, folder).href;
  } catch (cause) {
    throw new WeftLoadError(name, `Can't tell where ${name} is: pass load() an absolute baseUrl.`, { cause });
  }
}
async function open(url, fetch) {
  let response;
  try {
    response = !fetch && url.startsWith("file:") ? await openFromDisk(url) : await (fetch ?? globalThis.fetch)(url);
  } catch (cause) {
    throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
  }
  if (!response.ok) {
    throw new WeftLoadError(url, `Can't load ${url}: status ${response.status} ${response.statusText}.`);
  }
  return { url, response };
}
async function openFromDisk(url) {
  const name = ["node:fs", "promises"].join("/");
  const fs = await import(
    /* @vite-ignore */
    /* webpackIgnore: true */
    name
  );
  const file = await fs.open(new URL(url));
  const source = {
    async pull(controller) {
      const buffer = new Uint8Array(1 << 20);
      const { bytesRead } = await file.read(buffer).catch(async (error) => {
        await file.close();
        throw error;
      });
      if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
      await file.close();
      controller.close();
    },
    cancel: () => file.close()
  };
  return new Response(new ReadableStream(source, { highWaterMark: 0 }));
}
async function compile({ url, response }) {
  const type = response.headers.get("content-type")?.trim().toLowerCase();
  try {
    if (type === "application/wasm" && WebAssembly.compileStreaming) {
      return await WebAssembly.compileStreaming(response);
    }
    const bytes = await response.arrayBuffer();
    if (new TextDecoder("latin1").decode(bytes.slice(0, 4)) !== "\0asm") {
      throw new Error(`it is no Wasm file (content type ${type ?? "unknown"}, ${bytes.byteLength} bytes)`);
    }
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new WeftLoadError(url, `Can't compile ${url}: ${reason(cause)}.`, { cause });
  }
}
async function fill(target, { url, response }) {
  let position = 0;
  const add = (chunk) => {
    if (chunk.length <= target.length - position) target.set(chunk, position);
    position += chunk.length;
  };
  try {
    if (response.body) {
      const reader = response.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) add(part.value);
    } else {
      add(new Uint8Array(await response.arrayBuffer()));
    }
  } catch (cause) {
    throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
  }
  if (position !== target.length) {
    throw new WeftLoadError(
      url,
      `${url} has ${position} bytes, expected ${target.length}: deploy all files of one compilation together.`
    );
  }
}

// src/inputs.ts
function wanted(slot) {
  return `${slot.array.name} of ${slot.length} values, ${slot.dtype} ${shape(slot.dims)}`;
}
function shape(dims) {
  return `[${dims.join(", ")}]`;
}
function tag(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}
function describe(value) {
  if (value === null || typeof value !== "object" && typeof value !== "function") {
    return typeof value === "string" ? "a string" : String(value);
  }
  return ArrayBuffer.isView(value) ? `${tag(value)} of ${value.length ?? value.byteLength} values` : tag(value);
}
function isState(model, input) {
  return model.states?.some((state) => state[1] === input) ?? false;
}
function check(model, given) {
  const names = model.inputs.map((slot) => JSON.stringify(slot.name)).join(", ");
  const expected = `an object with ${names ? `the inputs ${names}` : "no inputs"}`;
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given) || Array.isArray(given)) {
    const received = describe(given);
    throw new WeftInputError("inputs", "", expected, received, `run() got ${received}, expected ${expected}.`);
  }
  for (const name of Object.keys(given)) {
    if (!model.inputs.some((slot) => slot.name === name)) {
      const message = `${JSON.stringify(name)} is no input of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message);
    }
  }
  return model.inputs.map((slot, i) => {
    const value = Object.hasOwn(given, slot.name) ? given[slot.name] : void 0;
    return value === void 0 && isState(model, i) ? void 0 : checkOne(slot, value);
  });
}
function checkStates(model, given) {
  const initial = /* @__PURE__ */ new Map();
  for (const [name, value] of Object.entries(given)) {
    const i = model.inputs.findIndex((slot) => slot.name === name);
    if (!isState(model, i)) {
      const states = model.states?.map((state) => JSON.stringify(model.inputs[state[1]].name)) ?? [];
      const expected = states.length ? `the states ${states.join(", ")}` : "no states";
      const message = `${JSON.stringify(name)} is no state of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message);
    }
    initial.set(i, checkOne(model.inputs[i], value).slice());
  }
  return initial;
}
function checkOne(slot, value) {
  const fail = (code, received2, problem) => {
    const expected = wanted(slot);
    const message = `Input ${JSON.stringify(slot.name)} ${problem}, expected ${expected}.`;
    throw new WeftInputError(code, slot.name, expected, received2, message);
  };
  if (value === void 0) return fail("missing", "nothing", "is missing");
  let data = value;
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && "data" in value && "dims" in value) {
    const { dims } = value;
    data = value.data;
    if (!Array.isArray(dims) || dims.length !== slot.dims.length || dims.some((dim, i) => dim !== slot.dims[i])) {
      const received2 = Array.isArray(dims) ? shape(dims) : describe(dims);
      return fail("dims", received2, `has the shape ${received2}`);
    }
  }
  const received = describe(data);
  if (tag(data) !== slot.array.name) return fail("type", received, `is ${received}`);
  if (data.length !== slot.length) return fail("size", received, `has ${data.length} values`);
  return data;
}

// src/model.ts
function named(slots, value) {
  const object = /* @__PURE__ */ Object.create(null);
  slots.forEach((slot, i) => object[slot.name] = value(slot, i));
  return object;
}
var Model = class {
  inputs;
  outputs;
  info;
  runInPlace;
  /** Makes what every run reads of the weights; once, when they are in memory. */
  prepare;
  #model;
  #memory;
  /** State's first contents, by the inputs' numbers; 0 for what isn't there. */
  #initial;
  constructor(model, variant, url, instance, states = {}) {
    const { memory, main, init } = instance.exports;
    const isArgument = (_, i) => !model.states?.some((state) => state[0] === i);
    const slots = [...model.inputs, ...model.outputs.filter(isArgument)];
    const addresses = [model.weights.offset, model.arena, ...slots.map((slot) => slot.offset)];
    if (memory?.buffer.byteLength !== model.pages * 65536 || main?.length !== addresses.length || init?.length !== (model.prepared ? 2 : void 0)) {
      throw new WeftLoadError(
        url,
        `${url} has another interface than index.js describes: deploy all files of one compilation together.`
      );
    }
    const view = (slot) => new slot.array(memory.buffer, slot.offset, slot.length);
    this.#model = model;
    this.#memory = memory.buffer;
    this.inputs = Object.freeze(named(model.inputs, view));
    this.outputs = Object.freeze(named(model.outputs, view));
    this.runInPlace = () => main(...addresses);
    this.prepare = () => init?.(model.weights.offset, model.arena);
    const infos = (slots2) => slots2.map(({ name, dtype, dims }) => Object.freeze({ name, dtype, dims: Object.freeze(dims) }));
    this.info = Object.freeze({
      name: model.name,
      producer: model.producer,
      variant,
      inputs: infos(model.inputs),
      outputs: infos(model.outputs),
      states: (model.states ?? []).map(
        ([output, input]) => Object.freeze({ output: model.outputs[output].name, input: model.inputs[input].name })
      ),
      memoryBytes: memory.buffer.byteLength
    });
    this.#initial = checkStates(model, states);
    this.reset();
  }
  reset() {
    for (const [, input] of this.#model.states ?? []) {
      const view = this.inputs[this.#model.inputs[input].name];
      const initial = this.#initial.get(input);
      if (initial) view.set(initial);
      else new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0);
    }
  }
  async run(given) {
    const { inputs, outputs } = this.#model;
    const arrays = check(this.#model, given).map(
      (array, i) => (
        // Another view of this memory (an output of the last run, say) could be overwritten before it is read.
        array && array.buffer === this.#memory && array.byteOffset !== inputs[i].offset ? new inputs[i].array(array) : array
      )
    );
    inputs.forEach((slot, i) => {
      const array = arrays[i];
      if (array && array.buffer !== this.#memory) this.inputs[slot.name].set(array);
    });
    this.runInPlace();
    return named(outputs, (slot) => ({ data: this.outputs[slot.name].slice(), dims: slot.dims }));
  }
};

// src/variant.ts
var SPLAT = [65, 0, 253, 15];
var BODIES = {
  relaxed: [...SPLAT, ...SPLAT, ...SPLAT, 253, 133, 2, ...SPLAT, ...SPLAT, 253, 147, 2],
  simd: SPLAT
};
function supports(variant) {
  const body = BODIES[variant];
  const header = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];
  return WebAssembly.validate(
    new Uint8Array([...header, 10, body.length + 4, 1, body.length + 2, 0, ...body, 11])
  );
}
function choose(model, wanted2) {
  const built = ["relaxed", "simd"].filter((variant) => model.modules[variant]);
  const candidates = wanted2 === "auto" ? built : built.filter((variant) => variant === wanted2);
  const chosen = candidates.find(supports);
  if (chosen) return chosen;
  if (candidates.length === 0) {
    throw new WeftLoadError("", `Model "${model.name}" has no module "${wanted2}", only: ${built.join(", ")}.`);
  }
  const lacks = candidates.includes("simd") ? "Wasm SIMD" : "relaxed Wasm SIMD";
  throw new WeftLoadError("", `This JavaScript engine lacks ${lacks}, which model "${model.name}" needs.`);
}

// src/index.ts
async function load({ baseUrl, variant = "auto", fetch, states } = {}) {
  const chosen = choose(MODEL, variant);
  const { file, offset, bytes } = MODEL.weights;
  const url = locate(MODEL.modules[chosen], baseUrl);
  const weightsUrl = file && locate(file, baseUrl);
  const weights = weightsUrl && open(weightsUrl, fetch);
  if (weights) weights.catch(() => {
  });
  try {
    const instance = await instantiate(await open(url, fetch));
    const model = new Model(MODEL, chosen, url, instance, states);
    if (weights) {
      const { memory } = instance.exports;
      await fill(new Uint8Array(memory.buffer, offset, bytes), await weights);
    }
    model.prepare();
    return model;
  } catch (error) {
    if (weights) weights.then(({ response }) => response.body?.cancel()).catch(() => {
    });
    throw error;
  }
}
async function instantiate(file) {
  const module = await compile(file);
  try {
    return await WebAssembly.instantiate(module);
  } catch (cause) {
    const problem = `Can't start ${file.url}, which needs ${MODEL.pages / 16} MiB of memory: ${reason(cause)}.`;
    throw new WeftLoadError(file.url, problem, { cause });
  }
}
export {
  WeftInputError,
  WeftLoadError,
  load
};
