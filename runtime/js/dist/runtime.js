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
      const message = i < 0 ? `${problem}, expected ${expected}.` : `runInPlace() got dims ${problem}.`;
      throw new WeftInputError("dims", "", expected, `${name}: ${value}`, message);
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
      const message = `${JSON.stringify(name)} is no input of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message);
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
      const message = `${JSON.stringify(name)} is no state of model "${model.name}", expected ${expected}.`;
      throw new WeftInputError("unknown", name, expected, name, message);
    }
    initial.set(i, checkOne(model, model.inputs[i], value).slice());
  }
  return initial;
}
function checkOne(model, slot, value, resolve = () => slot.dims, other) {
  const fail = (code, received2, problem) => {
    const expected = wanted(model, slot);
    const message = `Input ${JSON.stringify(slot.name)} ${problem}, expected ${expected}.`;
    throw new WeftInputError(code, slot.name, expected, received2, message);
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
    const { arrays: checked, dims, symbols } = check(this.#model, given);
    const arrays = checked.map(
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

// src/index.ts
async function load(options = {}) {
  return loadWasm(MODEL, options);
}
export {
  WeftInputError,
  WeftLoadError,
  load
};
