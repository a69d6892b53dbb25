// src/errors.ts
var WeftInputError = class extends TypeError {
  constructor(code, input, expected, received, message2) {
    super(message2);
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
  constructor(url, message2, options) {
    super(message2, options);
    this.url = url;
  }
  url;
  name = "WeftLoadError";
};
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

// src/gpu/errors.ts
var WeftDeviceError = class extends Error {
  constructor(code, message2, options) {
    super(message2, options);
    this.code = code;
  }
  code;
  name = "WeftDeviceError";
};
function stopIf(signal) {
  if (signal?.aborted) throw aborted(signal);
}
async function unless(promise, signal, lost) {
  stopIf(signal);
  let stop;
  const stopped = new Promise((_, reject) => {
    stop = () => reject(aborted(signal));
    signal?.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, stopped, ...lost ? [lost] : []]);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
function aborted(signal) {
  return new WeftDeviceError("aborted", `Stopped: ${reason(signal.reason)}.`, { cause: signal.reason });
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

// src/open.ts
function misfit(model, symbol, value, values) {
  const { name, min, max } = model.open.symbols[symbol];
  if (!Number.isInteger(value) || value < min || value > max) {
    return `where ${JSON.stringify(name)} is ${value}, but the model was compiled for ${min} to ${max}`;
  }
  const other = values[symbol];
  if (other !== void 0 && other !== value) {
    return `where ${JSON.stringify(name)} is ${value}, but another input makes it ${other}`;
  }
  return void 0;
}
function complete(model, values) {
  return (model.open?.symbols ?? []).map((symbol, i) => values[i] ?? symbol.max);
}
function named(model, given) {
  const values = [];
  for (const [name, value] of Object.entries(given)) {
    const i = model.open?.symbols.findIndex((symbol) => symbol.name === name) ?? -1;
    const names = model.open?.symbols.map((symbol) => JSON.stringify(symbol.name)).join(", ");
    const expected = names ? `the open dims ${names}` : "no open dims";
    const problem = i < 0 ? `${JSON.stringify(name)} is no open dim of model "${model.name}"` : misfit(model, i, value, values);
    if (problem) {
      const message2 = i < 0 ? `${problem}, expected ${expected}.` : `runInPlace() got dims ${problem}.`;
      throw new WeftInputError("dims", "", expected, `${name}: ${value}`, message2);
    }
    values[i] = value;
  }
  return complete(model, values);
}
function runs(dims, bound, copy) {
  let last = dims.length - 1;
  while (last > 0 && dims[last] === bound[last]) last--;
  last = Math.max(last, 0);
  const product = (list) => list.reduce((a, b) => a * b, 1);
  const run = product(dims.slice(last));
  const step = product(bound.slice(last));
  const outer = product(dims.slice(0, last));
  for (let i = 0; i < outer; i++) {
    let [rest, place2, scale] = [i, 0, 1];
    for (let d = last - 1; d >= 0; d--) {
      place2 += rest % dims[d] * scale;
      rest = Math.floor(rest / dims[d]);
      scale *= bound[d];
    }
    copy(i * run, place2 * step, run);
  }
}
function place(view, slot, data, dims) {
  runs(dims, slot.dims, (packed, placed, n) => view.set(data.subarray(packed, packed + n), placed));
}
function take(view, slot, dims) {
  const n = dims.reduce((a, b) => a * b, 1);
  if (n === slot.length) return view.slice();
  const out = new slot.array(new ArrayBuffer(n * view.BYTES_PER_ELEMENT), 0, n);
  runs(dims, slot.dims, (packed, placed, n2) => out.set(view.subarray(placed, placed + n2), packed));
  return out;
}

// src/inputs.ts
function wanted(model, slot) {
  const open2 = model.open?.inputs[model.inputs.indexOf(slot)];
  if (!open2?.length) return `${slot.array.name} of ${slot.length} values, ${slot.dtype} ${shape(slot.dims)}`;
  const dims = [...slot.dims];
  for (const [dim, symbol] of open2) {
    const { name, min, max } = model.open.symbols[symbol];
    dims[dim] = `${name} (${min} to ${max})`;
  }
  return `${slot.takes ?? slot.array.name}, ${slot.dtype} ${shape(dims)}`;
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
function check(model, given, other) {
  const names = model.inputs.map((slot) => JSON.stringify(slot.name)).join(", ");
  const expected = `an object with ${names ? `the inputs ${names}` : "no inputs"}`;
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given) || Array.isArray(given)) {
    const received = describe(given);
    throw new WeftInputError("inputs", "", expected, received, `run() got ${received}, expected ${expected}.`);
  }
  for (const name of Object.keys(given)) {
    if (!model.inputs.some((slot) => slot.name === name)) {
      const message2 = `${JSON.stringify(name)} is no input of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message2);
    }
  }
  const values = [];
  const arrays = [];
  const dims = model.inputs.map((slot) => slot.dims);
  const own = model.inputs.map(
    ({ name, read = (value) => value }) => Object.hasOwn(given, name) ? read(given[name], !!other) : void 0
  );
  for (const telling of model.open ? [true, false] : [false]) {
    model.inputs.forEach((slot, i) => {
      if (model.open && isTensor(own[i]) !== telling) return;
      if (own[i] === void 0 && isState(model, i)) return;
      arrays[i] = checkOne(
        model,
        slot,
        own[i],
        (length, given2) => {
          const open2 = model.open?.inputs[i];
          const [actual, problem] = open2?.length ? solve(model, slot, open2, values, length, given2) : [slot.dims];
          if (actual) dims[i] = actual;
          return problem ?? actual;
        },
        other
      );
    });
  }
  return { arrays, dims, symbols: complete(model, values) };
}
function solve(model, slot, open2, values, length, given) {
  const dims = [...slot.dims];
  const unknown = open2.filter(([, symbol]) => values[symbol] === void 0);
  for (const [dim, symbol] of open2) dims[dim] = given?.[dim] ?? values[symbol] ?? 1;
  if (!given && unknown.length > 1) {
    return [void 0, `has ${length} values, which leaves its dims open: give { data, dims }`];
  }
  if (!given && unknown.length === 1) {
    const [dim] = unknown[0];
    const known = dims.reduce((a, b) => a * b, 1);
    if (length % known !== 0) return [void 0, `has ${length} values, no multiple of ${known}`];
    dims[dim] = length / known;
  }
  for (const [dim, symbol] of open2) {
    const problem = misfit(model, symbol, dims[dim], values);
    if (problem) return [void 0, `has the shape ${shape(dims)}, ${problem}`];
    values[symbol] = dims[dim];
  }
  return [dims];
}
function isTensor(value) {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && "data" in value && "dims" in value;
}
function checkStates(model, given) {
  const initial = /* @__PURE__ */ new Map();
  for (const [name, value] of Object.entries(given)) {
    const i = model.inputs.findIndex((slot) => slot.name === name);
    if (!isState(model, i)) {
      const states = model.states?.map((state) => JSON.stringify(model.inputs[state[1]].name)) ?? [];
      const expected = states.length ? `the states ${states.join(", ")}` : "no states";
      const message2 = `${JSON.stringify(name)} is no state of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message2);
    }
    initial.set(i, checkOne(model, model.inputs[i], value).slice());
  }
  return initial;
}
function checkOne(model, slot, value, resolve = () => slot.dims, other) {
  const fail = (code, received2, problem) => {
    const expected = wanted(model, slot);
    const message2 = `Input ${JSON.stringify(slot.name)} ${problem}, expected ${expected}.`;
    throw new WeftInputError(code, slot.name, expected, received2, message2);
  };
  if (value === void 0) return fail("missing", "nothing", "is missing");
  let data = value;
  let dims;
  const wrong = (dims2) => {
    const received2 = Array.isArray(dims2) ? shape(dims2) : describe(dims2);
    return fail("dims", received2, `has the shape ${received2}`);
  };
  if (isTensor(value)) {
    ({ data, dims } = value);
    if (!Array.isArray(dims) || dims.length !== slot.dims.length) return wrong(dims);
  }
  const found = other?.(data, slot);
  if (found) {
    const actual2 = dims ? resolve(slot.length, dims) : slot.dims;
    if (typeof actual2 === "string") return fail("dims", shape(dims), actual2);
    if (dims?.some((dim, i) => dim !== actual2[i])) return wrong(dims);
    if (found.problem) return fail("type", found.problem, `is ${found.problem}`);
    return found.value;
  }
  const received = describe(data);
  const ofType = tag(data) === slot.array.name;
  if (!ofType && !dims) return fail("type", received, `is ${received}`);
  const actual = resolve(data.length, dims);
  if (typeof actual === "string") return fail("dims", dims ? shape(dims) : received, actual);
  if (dims?.some((dim, i) => dim !== actual[i])) return wrong(dims);
  if (!ofType) return fail("type", received, `is ${received}`);
  const { length } = data;
  if (length !== actual.reduce((a, b) => a * b, 1)) return fail("size", received, `has ${length} values`);
  return data;
}

// src/model.ts
function named2(slots, value) {
  const object = /* @__PURE__ */ Object.create(null);
  slots.forEach((slot, i) => object[slot.name] = value(slot, i));
  return object;
}
function signature(model) {
  const infos = (slots) => slots.map(({ name, dtype, dims }) => Object.freeze({ name, dtype, dims: Object.freeze(dims) }));
  return {
    name: model.name,
    producer: model.producer,
    inputs: infos(model.inputs),
    outputs: infos(model.outputs),
    open: (model.open?.symbols ?? []).map((symbol) => Object.freeze(symbol)),
    states: (model.states ?? []).map(
      ([output, input]) => Object.freeze({ output: model.outputs[output].name, input: model.inputs[input].name })
    )
  };
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
  /** Runs the module on what is in place, for these values of the open dims. */
  call;
  /** State's first contents, by the inputs' numbers; 0 for what isn't there. */
  #initial;
  constructor(model, variant, url, instance, states = {}) {
    const { memory, main, init } = instance.exports;
    const isArgument = (_, i) => !model.states?.some((state) => state[0] === i);
    const slots = [...model.inputs, ...model.outputs.filter(isArgument)];
    const addresses = [model.weights.offset, model.arena, ...slots.map((slot) => slot.offset)];
    if (memory?.buffer.byteLength !== model.pages * 65536 || main?.length !== addresses.length + (model.open?.symbols.length ?? model.symbols ?? 0) || init?.length !== (model.prepared ? 2 : void 0)) {
      throw new WeftLoadError(
        url,
        `${url} has another interface than index.js describes: deploy all files of one compilation together.`
      );
    }
    const view = (slot) => new slot.array(memory.buffer, slot.offset, slot.length);
    this.#model = model;
    this.#memory = memory.buffer;
    this.inputs = Object.freeze(named2(model.inputs, view));
    this.outputs = Object.freeze(named2(model.outputs, view));
    this.call = (symbols) => main(...addresses, ...symbols);
    this.runInPlace = (open2 = {}) => this.call(named(model, open2));
    this.prepare = () => init?.(model.weights.offset, model.arena);
    this.info = Object.freeze({ ...signature(model), variant, memoryBytes: memory.buffer.byteLength });
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
    const { arrays: checked2, dims, symbols } = check(this.#model, given);
    const arrays = checked2.map(
      (array, i) => (
        // Another view of this memory (an output of the last run, say) could be overwritten before it is read.
        array && array.buffer === this.#memory && array.byteOffset !== inputs[i].offset ? new inputs[i].array(array) : array
      )
    );
    inputs.forEach((slot, i) => {
      const array = arrays[i];
      if (array && array.buffer !== this.#memory) place(this.inputs[slot.name], slot, array, dims[i]);
    });
    this.call(symbols);
    const shapes = this.#model.open?.outputs(symbols);
    return named2(outputs, (slot, i) => {
      const dims2 = shapes?.[i] ?? slot.dims;
      return { data: take(this.outputs[slot.name], slot, dims2), dims: dims2 };
    });
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

// src/wasm.ts
async function loadWasm(description, { baseUrl, variant = "auto", fetch, states }) {
  const chosen = choose(description, variant);
  const { file, offset, bytes } = description.weights;
  const url = locate(description.modules[chosen], baseUrl);
  const weightsUrl = file && locate(file, baseUrl);
  const weights = weightsUrl && open(weightsUrl, fetch);
  if (weights) weights.catch(() => {
  });
  try {
    const instance = await instantiate(description, await open(url, fetch));
    const model = new Model(description, chosen, url, instance, states);
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
async function instantiate({ pages }, file) {
  const module = await compile(file);
  try {
    return await WebAssembly.instantiate(module);
  } catch (cause) {
    const problem = `Can't start ${file.url}, which needs ${pages / 16} MiB of memory: ${reason(cause)}.`;
    throw new WeftLoadError(file.url, problem, { cause });
  }
}

// src/gpu/build.ts
var USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 };
var COMPUTE = 4;
var ALIGN = 256;
async function checked(device, what, make) {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  let made;
  let thrown;
  try {
    made = make();
  } catch (error) {
    thrown = error;
  }
  const [invalid, memory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  if (memory || thrown instanceof RangeError) {
    const cause = memory ?? thrown;
    throw new WeftDeviceError("memory", `The GPU has too little memory for ${what}: ${message(cause)}`, { cause });
  }
  if (invalid || thrown) {
    const cause = invalid ?? thrown;
    throw new WeftDeviceError("validation", `WebGPU refuses ${what}: ${message(cause)}`, { cause });
  }
  return made;
}
var message = (error) => error?.message ?? reason(error);
function makeBuffers(device, { buffers }) {
  return buffers.map(
    ({ role, bytes }) => device.createBuffer({
      label: role,
      size: Math.max(bytes, ALIGN),
      usage: USAGE.STORAGE | USAGE.COPY_DST | (role === "weights" ? 0 : USAGE.COPY_SRC),
      mappedAtCreation: role === "weights"
    })
  );
}
async function makePipelines(device, { pipelines }, sources) {
  const start = performance.now();
  const known = /* @__PURE__ */ new Map();
  const layoutOf = (pipeline) => {
    const key = pipeline.bindings.join() + !!pipeline.uniform;
    let layout = known.get(key);
    if (!layout) {
      const group = device.createBindGroupLayout({ entries: entriesOf(pipeline) });
      known.set(key, layout = [group, device.createPipelineLayout({ bindGroupLayouts: [group] })]);
    }
    return layout;
  };
  const make = async (pipeline, layout) => {
    const { name } = pipeline;
    const code = sources.get(name);
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ label: name, code });
    const invalid = device.popErrorScope();
    try {
      const [made2] = await Promise.all([
        device.createComputePipelineAsync({ label: name, layout, compute: { module } }),
        invalid
      ]);
      return made2;
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const errors = messages.filter(({ type }) => type === "error");
      const text = errors.map(({ lineNum, linePos, message: message2 }) => `${lineNum}:${linePos}: ${message2}`).join("\n");
      throw new WeftDeviceError("validation", `WebGPU refuses the kernel "${name}": ${text || message(cause)}`, { cause });
    }
  };
  const layouts = await checked(device, "the layout of a kernel", () => pipelines.map(layoutOf));
  const made = await Promise.all(pipelines.map((pipeline, i) => make(pipeline, layouts[i][1])));
  return { pipelines: made, layouts: layouts.map(([group]) => group), ms: performance.now() - start };
}
function entriesOf({ bindings, uniform }) {
  const entries = bindings.map((access, binding) => {
    const resource = access === "texture" ? { texture: { sampleType: "unfilterable-float" } } : access === "external_texture" ? { externalTexture: {} } : { buffer: { type: access === "read" ? "read-only-storage" : "storage" } };
    return { binding, visibility: COMPUTE, ...resource };
  });
  if (uniform) entries.push({ binding: bindings.length, visibility: COMPUTE, buffer: { type: "uniform" } });
  return entries;
}
function split(text) {
  const parts = text.split(/^\/\/\/\/ (.*)\n/m).slice(1);
  return new Map(parts.flatMap((name, i) => i % 2 ? [] : [[name, parts[i + 1]]]));
}
var Uniforms = class {
  #parts = /* @__PURE__ */ new Map();
  constructor({ init = [], main }) {
    for (const step of [...init, ...main]) {
      const key = keyOf(step);
      if ("pipeline" in step && key && !this.#parts.has(key)) this.#parts.set(key, { at: this.#parts.size * ALIGN, step });
    }
  }
  /** The buffer's size. */
  get bytes() {
    return this.#parts.size * ALIGN;
  }
  /** Where a step's part is; `undefined` if it has none. */
  at(step) {
    return this.#parts.get(keyOf(step))?.at;
  }
  /** What the buffer holds; `value` evaluates an expression. */
  content(value) {
    const content = new Int32Array(this.bytes / 4);
    for (const { at, step } of this.#parts.values()) content.set(step.symbols.map(value), at / 4);
    return content;
  }
};
var keyOf = ({ symbols }) => symbols?.length ? JSON.stringify(symbols) : "";

// src/gpu/device.ts
async function acquire(model, { gpu }, decided) {
  const given = gpu ?? globalThis.navigator?.gpu;
  if (!given) {
    const where = globalThis.isSecureContext === false ? "This page is not secure (https or localhost), so it has no" : "There is no";
    throw new WeftDeviceError("no-webgpu", `${where} WebGPU, which model "${model.name}" needs.`);
  }
  if (isDevice(given)) {
    const [program2, variant2] = choose2(model, { features: given.features, limits: given.limits, info: given.adapterInfo });
    decided(program2, variant2);
    return { device: given, own: false, program: program2, variant: variant2 };
  }
  const adapter = isAdapter(given) ? given : await findAdapter(given);
  const [program, variant] = choose2(model, adapter);
  decided(program, variant);
  try {
    const device = await adapter.requestDevice({
      label: model.name,
      requiredFeatures: featuresOf(program, variant),
      requiredLimits: Object.fromEntries(Object.entries(program.limits).filter(([name]) => limitOf(adapter, name) !== void 0))
    });
    return { device, own: true, program, variant };
  } catch (cause) {
    throw new WeftDeviceError("no-adapter", `${nameOf(adapter)} gives no device: ${reason(cause)}`, { cause });
  }
}
function featuresOf(program, variant) {
  return [...program.features, ...program.variants[variant].features];
}
var isDevice = (given) => "queue" in given;
var isAdapter = (given) => "requestDevice" in given;
async function findAdapter(gpu) {
  let cause;
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch((error) => {
    cause = error;
    return null;
  });
  if (adapter) return adapter;
  const why = cause ? `: ${reason(cause)}` : ": the browser blocks this GPU or its driver, or there is none.";
  throw new WeftDeviceError("no-adapter", `WebGPU offers no adapter${why}`, { cause });
}
function choose2(model, has) {
  const lacks = (features) => features.filter((feature) => !has.features.has(feature));
  let problem;
  for (const program of model.webgpu) {
    const missing = lacks(program.features);
    const variant = program.variants.findIndex(({ features }) => lacks(features).length === 0);
    if (variant < 0) missing.push(...lacks(program.variants.at(-1).features));
    if (missing.length > 0) {
      const names = missing.map((feature) => JSON.stringify(feature)).join(", ");
      problem = new WeftDeviceError("feature", `Model "${model.name}" needs the WebGPU feature ${names}, which ${nameOf(has)} lacks.`);
      continue;
    }
    const small = Object.entries(program.limits).find(([name2, need2]) => (limitOf(has, name2) ?? need2) < need2);
    if (!small) return [program, variant];
    const [name, need] = small;
    problem = new WeftDeviceError("limit", `Model "${model.name}" needs ${name} of ${need}, but ${nameOf(has)} has ${limitOf(has, name)}.`);
  }
  throw problem;
}
function limitOf({ limits }, name) {
  return limits[name];
}
function nameOf({ info }) {
  const words2 = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(" ");
  return words2 ? `the GPU (${words2})` : "the GPU";
}

// src/gpu/model.ts
var words = (bytes) => bytes + 3 & ~3;
var sizeOf = ({ length, array }) => length * new array(new ArrayBuffer(0), 0, 0).BYTES_PER_ELEMENT;
var GpuModel = class {
  info;
  #model;
  #runner;
  #budgetMs;
  #initial;
  /** The numbers of the buffers of inputs and outputs. */
  #inputs;
  #outputs;
  /** How far into each buffer kernels reach. */
  #reach;
  /** Where each output is read back, in a buffer of its own for each run under way; and how large that is. */
  #places;
  #stagingBytes;
  #staging = [];
  /** Absent if no input is an image. */
  #images;
  /** Ends when all that was asked for before has been submitted. */
  #turn = Promise.resolve();
  #waiting = 0;
  #end;
  #gone;
  constructor(model, program, runner, info, { budgetMs, states = {} }, end) {
    this.info = Object.freeze(info);
    this.#model = model;
    this.#runner = runner;
    this.#budgetMs = budgetMs;
    this.#end = end;
    this.#images = model.images && new model.images(runner.device);
    const bufferOf = (roles, i) => program.buffers.findIndex(({ role, index }) => roles.includes(role) && index === i);
    this.#inputs = model.inputs.map((_, i) => bufferOf(["input", "image"], i));
    const stateOf = (output) => model.states?.find((state) => state[0] === output)?.[1];
    this.#outputs = model.outputs.map((_, i) => this.#inputs[stateOf(i) ?? -1] ?? bufferOf(["output"], i));
    this.#reach = reach(program, [...runner.variant.init ?? [], ...runner.variant.main]);
    let bytes = 0;
    this.#places = model.outputs.map((slot) => {
      const at = bytes;
      bytes += sizeOf(slot) + 7 & ~7;
      return at;
    });
    this.#stagingBytes = bytes;
    this.#initial = checkStates(model, states);
    runner.lost.catch((error) => this.#gone ??= error);
    this.#reset();
  }
  async run(given, options = {}) {
    if (this.#gone) throw this.#gone;
    const { signal, outputs = "cpu", budgetMs = this.#budgetMs } = options;
    const model = this.#model;
    const { arrays, dims, symbols } = check(
      model,
      given,
      (value, slot) => this.#asBuffer(value, slot) ?? this.#asImage(value, slot)
    );
    const inputs = this.#waiting > 0 ? arrays.map((input) => ArrayBuffer.isView(input) ? input.slice() : input) : arrays;
    let staging;
    await this.#inTurn(async () => {
      const instead = /* @__PURE__ */ new Map();
      const copied = [];
      inputs.forEach((input, i) => {
        const n = this.#inputs[i];
        if (input && model.inputs[i].read) {
          instead.set(n, this.#carrier(i, input, dims[i], budgetMs));
        } else if (input && isBuffer(input)) {
          if (this.#isReadInPlace(input, i)) instead.set(n, input);
          else copied.push([input, this.#runner.buffers[n], words(sizeOf(model.inputs[i]))]);
        } else if (input) this.#write(i, input, dims[i]);
      });
      const job = {
        symbols,
        instead,
        budgetMs,
        signal,
        first: (encoder) => {
          for (const [from, to, bytes] of copied) if (from !== to) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
        },
        last: (encoder) => {
          if (outputs === "gpu" || this.#stagingBytes === 0) return;
          staging = this.#staging.pop() ?? this.#makeStaging();
          model.outputs.forEach((slot, i) => {
            const from = this.#runner.buffers[this.#outputs[i]];
            if (slot.length > 0) encoder.copyBufferToBuffer(from, 0, staging, this.#places[i], words(sizeOf(slot)));
          });
        }
      };
      await this.#runner.run(job).finally(() => this.#images?.release());
    }, signal).catch((error) => {
      staging?.destroy();
      throw error;
    });
    const shapes = model.open?.outputs(symbols);
    const dimsOf = (slot, i) => shapes?.[i] ?? slot.dims;
    if (outputs === "gpu") {
      return named2(model.outputs, (slot, i) => ({ data: this.#runner.buffers[this.#outputs[i]], dims: dimsOf(slot, i) }));
    }
    try {
      if (staging) await unless(staging.mapAsync(1), signal, this.#runner.lost);
    } catch (error) {
      staging?.destroy();
      throw this.#gone ?? await this.#lossBehind(error);
    }
    const mapped = staging?.getMappedRange() ?? new ArrayBuffer(0);
    const results = named2(model.outputs, (slot, i) => {
      const view = new slot.array(mapped, slot.length > 0 ? this.#places[i] : 0, slot.length);
      return { data: take(view, slot, dimsOf(slot, i)), dims: dimsOf(slot, i) };
    });
    staging?.unmap();
    if (staging) this.#staging.push(staging);
    return results;
  }
  reset() {
    this.#inTurn(async () => this.#reset()).catch(() => {
    });
  }
  dispose() {
    if (this.#gone instanceof Disposed) return;
    this.#gone = new Disposed(this.#model.name);
    this.#runner.destroy();
    this.#images?.destroy();
    for (const buffer of this.#staging) buffer.destroy();
    this.#end();
  }
  /** Runs `work` when all that was asked for before has been submitted; at once, if that is so already. */
  async #inTurn(work, signal) {
    const before = this.#turn;
    let done;
    const mine = new Promise((resolve) => done = resolve);
    this.#turn = before.then(() => mine);
    try {
      if (this.#waiting++ > 0) await unless(before, signal, this.#runner.lost);
      if (this.#gone) throw this.#gone;
      return await work();
    } catch (error) {
      throw this.#gone ?? error;
    } finally {
      this.#waiting--;
      done();
    }
  }
  /** A value as a buffer, if it is one. */
  #asBuffer(value, slot) {
    if (!isBuffer(value)) return void 0;
    if (slot.read) return { value, problem: "GPUBuffer" };
    const input = this.#model.inputs.indexOf(slot);
    if (value.size < words(sizeOf(slot))) return { value, problem: `GPUBuffer of ${value.size} bytes` };
    if (value.usage & USAGE.COPY_SRC || this.#isReadInPlace(value, input)) return { value };
    return { value, problem: "GPUBuffer without the usage COPY_SRC" };
  }
  /** A value as an image, if it is one. */
  #asImage(value, slot) {
    return slot.read && this.#images?.takes(value) ? { value } : void 0;
  }
  /** What kernels read in the place of an image. */
  #carrier(input, image, dims, budgetMs) {
    const lasting = budgetMs !== void 0 || this.info.islands.length > 0;
    try {
      return this.#images.carrier(input, image, dims, lasting);
    } catch (cause) {
      const { name, takes = "" } = this.#model.inputs[input];
      const message2 = `Input ${JSON.stringify(name)} is an image that can't be read: ${reason(cause)}.`;
      throw new WeftInputError("type", name, takes, "an image", message2);
    }
  }
  /** Whether kernels can read an input where it is: never if they would overwrite it, or are to write it elsewhere. */
  #isReadInPlace(buffer, input) {
    const readable = buffer.usage & USAGE.STORAGE && buffer.size >= this.#reach[this.#inputs[input]];
    return !!readable && !isState(this.#model, input) && !this.#runner.buffers.includes(buffer);
  }
  #write(input, data, dims) {
    const slot = this.#model.inputs[input];
    const { queue } = this.#runner.device;
    const buffer = this.#runner.buffers[this.#inputs[input]];
    if (data.length === slot.length && data.byteLength % 4 === 0) {
      queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
      return;
    }
    const room = new ArrayBuffer(words(sizeOf(slot)));
    place(new slot.array(room, 0, slot.length), slot, data, dims);
    queue.writeBuffer(buffer, 0, room);
  }
  #reset() {
    for (const [, input] of this.#model.states ?? []) {
      const slot = this.#model.inputs[input];
      const zeros = () => new slot.array(new ArrayBuffer(words(sizeOf(slot))), 0, slot.length);
      this.#write(input, this.#initial.get(input) ?? zeros(), slot.dims);
    }
  }
  #makeStaging() {
    const usage = USAGE.MAP_READ | USAGE.COPY_DST;
    return this.#runner.device.createBuffer({ label: "outputs", size: this.#stagingBytes, usage });
  }
  /** The error that says why, if the device is lost. */
  async #lossBehind(error) {
    if (error instanceof WeftDeviceError) return error;
    const soon = new Promise((_, reject) => setTimeout(() => reject(error), 10));
    return Promise.race([this.#runner.lost, soon]).catch((error2) => this.#gone ?? error2);
  }
};
var Disposed = class extends WeftDeviceError {
  constructor(model) {
    super("lost", `Model "${model}" was disposed.`);
  }
};
function isBuffer(value) {
  return typeof value === "object" && value !== null && "mapState" in value && "usage" in value;
}
function reach({ buffers }, steps) {
  const ends = buffers.map(() => 0);
  for (const step of steps) {
    const bindings = "pipeline" in step ? step.bindings : [...step.inputs, ...step.outputs];
    for (const [n, offset, bytes] of bindings) ends[n] = Math.max(ends[n], offset + bytes);
    if ("island" in step) for (const [n] of bindings) ends[n] = Infinity;
  }
  return ends;
}

// src/gpu/description.ts
function valueOf(expr, symbols) {
  if (typeof expr === "number") return expr;
  return expr.terms.reduce((sum2, { factor, ...atom }) => {
    const value = "symbol" in atom ? symbols[atom.symbol] : Math.floor(valueOf(atom.floor.of, symbols) / atom.floor.by);
    return sum2 + factor * value;
  }, expr.constant);
}

// src/gpu/runner.ts
var Runner = class {
  constructor(device, buffers, program, variant, made, islands, lost) {
    this.device = device;
    this.buffers = buffers;
    this.variant = variant;
    this.made = made;
    this.islands = islands;
    this.lost = lost;
    this.#uniforms = new Uniforms(variant);
    const buffer = (label, size, usage) => size > 0 ? device.createBuffer({ label, size, usage }) : void 0;
    this.#uniformBuffer = buffer("symbols", this.#uniforms.bytes, USAGE.UNIFORM | USAGE.COPY_DST);
    const { init = [], main } = variant;
    const staged = [...init, ...main].map((step) => "island" in step ? total(step.inputs) : 0);
    this.#staging = buffer("island", Math.max(0, ...staged), USAGE.MAP_READ | USAGE.COPY_DST);
    const isImage = ([n]) => program.buffers[n].role === "image";
    const plan = (steps) => ({
      steps,
      groups: steps.map(
        (step) => "pipeline" in step && !step.bindings.some(isImage) ? this.#group(step.pipeline, step, step.bindings.map(([n]) => this.buffers[n])) : void 0
      ),
      others: [],
      costs: []
    });
    this.#init = plan(init);
    this.#main = plan(main);
  }
  device;
  buffers;
  variant;
  made;
  islands;
  lost;
  #uniforms;
  #uniformBuffer;
  #main;
  #init;
  /** For the inputs of islands. */
  #staging;
  /** What the uniform buffer holds. */
  #symbols;
  /** Bytes of what it has made beside the program's buffers. */
  get bytes() {
    return (this.#uniformBuffer?.size ?? 0) + (this.#staging?.size ?? 0);
  }
  destroy() {
    for (const buffer of [...this.buffers, this.#uniformBuffer, this.#staging]) buffer?.destroy();
  }
  /** Prepares weights, once. */
  prepare(job) {
    return this.#init.steps.length > 0 ? this.#submit(this.#init, job) : Promise.resolve();
  }
  /** Submits a run. */
  run(job) {
    return this.#submit(this.#main, job);
  }
  async #submit(list, job) {
    const { steps } = list;
    const { symbols, budgetMs, signal } = job;
    const submissions = [];
    this.#write(symbols);
    for (let at = 0, begun = false, done = false; !done; ) {
      stopIf(signal);
      const end = this.#end(list, at, budgetMs);
      const island = steps[end] && "island" in steps[end] ? steps[end] : void 0;
      done = end === steps.length;
      const start = performance.now();
      const submission = checked(this.device, "a run", () => {
        const encoder = this.device.createCommandEncoder();
        if (!begun) job.first?.(encoder);
        if (end > at) this.#encode(encoder, list, at, end, job);
        let to = 0;
        for (const [n, offset, bytes] of island?.inputs ?? []) {
          encoder.copyBufferToBuffer(this.buffers[n], offset, this.#staging, to, bytes);
          to += bytes;
        }
        if (done) job.last?.(encoder);
        this.device.queue.submit([encoder.finish()]);
      });
      begun = true;
      submission.catch(() => {
      });
      submissions.push(submission);
      if (budgetMs !== void 0 && end > at) {
        const [from, ended] = [at, this.device.queue.onSubmittedWorkDone()];
        const measured = ended.then(() => learn(list, from, end, performance.now() - start));
        measured.catch(() => {
        });
        if (!done) await unless(measured, signal, this.lost);
      }
      at = end;
      if (island) {
        await this.#runIsland(island, symbols, signal);
        at++;
      }
    }
    await unless(Promise.all(submissions), void 0, this.lost);
  }
  /** Where the next submission ends: at an island, or where the budget is used up; at least a step on. */
  #end({ steps, costs }, at, budgetMs) {
    const known = costs.filter((cost) => cost !== void 0);
    const guess = known.length > 0 ? sum(known) / known.length : Infinity;
    let [end, spent] = [at, 0];
    for (; end < steps.length && !("island" in steps[end]); end++) {
      spent += costs[end] ?? guess;
      if (budgetMs !== void 0 && end > at && spent > budgetMs) break;
    }
    return end;
  }
  #encode(encoder, list, from, to, { instead, symbols }) {
    const pass = encoder.beginComputePass();
    for (let i = from; i < to; i++) {
      const step = list.steps[i];
      if (!("pipeline" in step)) continue;
      let pipeline = step.pipeline;
      let group = list.groups[i];
      if (!group || step.bindings.some(([n]) => instead?.has(n))) {
        const carriers = step.bindings.map(([n]) => instead?.get(n) ?? this.buffers[n]);
        if (step.external !== void 0 && carriers.some((carrier) => tag2(carrier) === "GPUExternalTexture")) pipeline = step.external;
        const last = list.others[i];
        group = last?.carriers.every((carrier, k) => carrier === carriers[k]) ? last.group : this.#group(pipeline, step, carriers);
        list.others[i] = { carriers, group };
      }
      pass.setPipeline(this.made.pipelines[pipeline]);
      pass.setBindGroup(0, group);
      const [x, y, z] = step.workgroups.map((expr) => valueOf(expr, symbols));
      pass.dispatchWorkgroups(x, y, z);
    }
    pass.end();
  }
  #group(pipeline, step, carriers) {
    const entries = step.bindings.map(([, offset, size], binding) => {
      const carrier = carriers[binding];
      return { binding, resource: "mapState" in carrier ? { buffer: carrier, offset, size } : carrier };
    });
    const at = this.#uniforms.at(step);
    if (at !== void 0) {
      const resource = { buffer: this.#uniformBuffer, offset: at, size: 4 * step.symbols.length };
      entries.push({ binding: carriers.length, resource });
    }
    return this.device.createBindGroup({ label: this.variant.pipelines[pipeline].name, layout: this.made.layouts[pipeline], entries });
  }
  /** Writes the open dims' values, if they aren't there already. */
  #write(symbols) {
    const key = symbols.join();
    if (!this.#uniformBuffer || key === this.#symbols) return;
    this.#symbols = key;
    const content = this.#uniforms.content((expr) => valueOf(expr, symbols));
    this.device.queue.writeBuffer(this.#uniformBuffer, 0, content);
  }
  async #runIsland(step, symbols, signal) {
    const island = this.islands[step.island];
    const { info } = island;
    const staging = this.#staging;
    const bytesOf = (view, size2) => new Uint8Array(view.buffer, view.byteOffset, size2);
    const size = total(step.inputs);
    if (size > 0) {
      await unless(staging.mapAsync(1, 0, size), void 0, this.lost);
      const mapped = staging.getMappedRange(0, size);
      let at = 0;
      info.inputs.forEach(({ name }, i) => {
        const view = island.inputs[name];
        bytesOf(view, view.byteLength).set(new Uint8Array(mapped, at, view.byteLength));
        at += step.inputs[i][2];
      });
      staging.unmap();
    }
    stopIf(signal);
    island.call((step.symbols ?? []).map((expr) => valueOf(expr, symbols)));
    info.outputs.forEach(({ name }, i) => {
      const view = island.outputs[name];
      const [n, offset] = step.outputs[i];
      this.device.queue.writeBuffer(this.buffers[n], offset, bytesOf(view, view.byteLength + 3 & ~3));
    });
  }
};
function learn({ costs }, from, to, ms) {
  const known = costs.filter((cost) => cost !== void 0);
  const guess = known.length > 0 ? sum(known) / known.length : 1;
  const before = Array.from({ length: to - from }, (_, i) => costs[from + i] ?? guess);
  const scale = ms / (sum(before) || 1);
  before.forEach((cost, i) => costs[from + i] = cost * scale || ms / before.length);
}
var sum = (list) => list.reduce((a, b) => a + b, 0);
var total = (bindings) => sum(bindings.map(([, , bytes]) => bytes));
var tag2 = (value) => Object.prototype.toString.call(value).slice(8, -1);

// src/gpu/load.ts
async function loadGpu(model, options, fallback) {
  const { signal } = options;
  let files;
  stopIf(signal);
  const acquiring = acquire(model, options, (program, variant) => {
    stopIf(signal);
    files = request(program, variant, options);
  });
  try {
    const acquired = await unless(acquiring, signal);
    const { device, own } = acquired;
    const lost = lossOf(device, model.name);
    return await unless(build(files), signal, lost);
    async function build(files2) {
      const { program: ref, variant: number } = acquired;
      const program = await files2.program;
      const variant = program.variants[number];
      const [buffers, made, islands] = await Promise.all([
        upload(device, program, files2),
        files2.kernels.then((kernels) => {
          const missing = variant.pipelines.find(({ name }) => !kernels.has(name));
          if (missing) throw mixed(ref.variants[number].kernels, `no kernel "${missing.name}"`, options);
          return makePipelines(device, variant, kernels);
        }),
        files2.islands
      ]);
      const runner = await checked(device, "the buffers of a kernel", () => new Runner(device, buffers, program, variant, made, islands, lost));
      await runner.prepare({ symbols: [], budgetMs: options.budgetMs, signal });
      const info = {
        ...signature(model),
        device: "webgpu",
        precision: ref.precision,
        features: featuresOf(ref, number),
        islands: (program.islands ?? []).map(({ name, reason: reason2 }) => Object.freeze({ name, reason: reason2 })),
        pipelines: variant.pipelines.length,
        pipelineMs: made.ms,
        weightsBytes: program.weights?.bytes ?? 0,
        gpuBytes: buffers.reduce((sum2, { size }) => sum2 + size, runner.bytes),
        ...fallback === void 0 ? {} : { fallback }
      };
      return new GpuModel(model, program, runner, info, options, () => own && device.destroy());
    }
  } catch (error) {
    files?.weights?.then(({ response }) => response.body?.cancel()).catch(() => {
    });
    acquiring.then(({ device, own }) => own && device.destroy()).catch(() => {
    });
    throw error;
  }
}
function request(ref, variant, options) {
  const get = async (file) => open(locate(file, options.baseUrl), options.fetch);
  const text = async (file) => {
    const { url, response } = await get(file);
    return response.text().catch((cause) => {
      throw new WeftLoadError(url, `Can't load ${url}: ${reason(cause)}.`, { cause });
    });
  };
  const { baseUrl, fetch, variant: module } = options;
  const islandOptions = { ...baseUrl && { baseUrl }, ...fetch && { fetch }, ...module && { variant: module } };
  const files = {
    program: text(ref.program).then((json) => parse(json, ref, options)),
    kernels: text(ref.variants[variant].kernels).then(split),
    weights: ref.weights && get(ref.weights),
    islands: Promise.all((ref.islands ?? []).map((island) => loadWasm(island, islandOptions)))
  };
  for (const file of Object.values(files)) file?.catch(() => {
  });
  return files;
}
function parse(json, ref, options) {
  let program;
  try {
    program = JSON.parse(json);
  } catch {
  }
  if (program?.variants?.length !== ref.variants.length) throw mixed(ref.program, "another content than index.js describes", options);
  return program;
}
function mixed(file, what, { baseUrl }) {
  const url = locate(file, baseUrl);
  return new WeftLoadError(url, `${url} has ${what}: deploy all files of one compilation together.`);
}
async function upload(device, program, { weights }) {
  const buffers = await checked(device, "its buffers", () => makeBuffers(device, program));
  const buffer = buffers[program.buffers.findIndex(({ role }) => role === "weights")];
  if (buffer && weights) await fill(new Uint8Array(buffer.getMappedRange(), 0, program.weights.bytes), await weights);
  buffer?.unmap();
  return buffers;
}
function lossOf(device, model) {
  const lost = device.lost.then(({ reason: reason2, message: message2 }) => {
    const why = [reason2 !== "unknown" && reason2, message2].filter(Boolean).join(": ") || "the browser does not say why";
    throw new WeftDeviceError("lost", `The GPU device of model "${model}" was lost (${why}): load the model again.`);
  });
  lost.catch(() => {
  });
  return lost;
}

// src/index.gpu.ts
async function load(options = {}) {
  const { device = MODEL.devices[0], signal } = options;
  const devices = typeof device === "string" ? [device] : device;
  const unknown = devices.find((name) => !MODEL.devices.includes(name));
  if (unknown || devices.length === 0) {
    const names = MODEL.devices.join(", ");
    throw new WeftLoadError("", `Model "${MODEL.name}" wasn't compiled for the device "${unknown ?? ""}", only for: ${names}.`);
  }
  let fallback;
  for (const [i, name] of devices.entries()) {
    try {
      if (name === "webgpu") return await loadGpu(MODEL, options, fallback);
      stopIf(signal);
      return new WasmModel(await unless(loadWasm(MODEL, options), signal), fallback);
    } catch (error) {
      const hopeless = !(error instanceof WeftDeviceError) || error.code === "aborted" || i === devices.length - 1;
      if (hopeless) throw error;
      fallback ??= error.message;
    }
  }
  throw new Error("unreachable");
}
var WasmModel = class {
  info;
  inputs;
  outputs;
  runInPlace;
  reset;
  #model;
  constructor(model, fallback) {
    this.#model = model;
    this.info = Object.freeze({ ...model.info, device: "wasm", ...fallback === void 0 ? {} : { fallback } });
    ({ inputs: this.inputs, outputs: this.outputs, runInPlace: this.runInPlace } = model);
    this.reset = () => model.reset();
  }
  async run(inputs, { outputs, signal } = {}) {
    stopIf(signal);
    if (outputs === "gpu") {
      throw new WeftDeviceError("no-webgpu", `Model "${this.info.name}" runs as Wasm: its outputs can't be GPU buffers.`);
    }
    return this.#model.run(inputs);
  }
  /** Its memory goes with the last reference to it. */
  dispose() {
  }
};
export {
  WeftDeviceError,
  WeftInputError,
  WeftLoadError,
  load
};
