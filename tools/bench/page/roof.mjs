// The machine's roof, measured by two small Wasm modules written here byte by byte:
// f32 multiply-adds from registers, and reading memory that no cache holds.

const uleb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...uleb(n >>> 7)]);
const sleb = (n) => (n < 64 ? [n] : [(n & 127) | 128, ...sleb(n >>> 7)]); // n >= 0
const section = (id, body) => [id, ...uleb(body.length), ...body];
const simd = (opcode) => [0xfd, ...uleb(opcode)];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const ADD = simd(0xe4);
const MUL = simd(0xe6);
const RELAXED_MADD = simd(0x105);
const SPLAT = simd(0x13);
const EXTRACT_LANE_0 = [...simd(0x1f), 0];
const load = (offset) => [...simd(0x00), 4, ...uleb(offset)];
const store = (offset) => [...simd(0x0b), 4, ...uleb(offset)];

/** A module that exports `f` with i32 parameters, an f32 result and v128 locals behind them; and `memory`. */
function module(parameters, vectors, pages, body) {
  const locals = [1, ...uleb(vectors), V128];
  const code = [...locals, ...body, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...Array(parameters).fill(I32), 1, F32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...uleb(pages)]),
    ...section(7, [2, 1, 0x66, 0, 0, 6, ...new TextEncoder().encode("memory"), 2, 0]),
    ...section(10, [1, ...uleb(code.length), ...code]),
  ]);
}

/** Repeats `body`, taking `step` from local `counter` after each turn, until that is zero. */
const loop = (counter, step, body) => [
  ...[0x03, 0x40, ...body],
  ...[...get(counter), 0x41, ...sleb(step), 0x6b, 0x22, counter, 0x0d, 0, 0x0b],
];

/** Lane 0 of the sum of `count` vectors from local `first` on: uses every result, so nothing is dead. */
const sumOf = (first, count) => [
  ...Array.from({ length: count }, (_, i) => [...get(first + i), ...(i ? ADD : [])]).flat(),
  ...EXTRACT_LANE_0,
];

const ACCUMULATORS = 12; // Latency times throughput needs 8 to 10; with two operands 12 still fit 16 registers.
const UNROLL = 4;
export const FLOPS_PER_ITERATION = ACCUMULATORS * UNROLL * 4 * 2;

/**
 * f(iterations): ACCUMULATORS * UNROLL multiply-adds of four lanes an iteration, operands in registers.
 * Without relaxed SIMD each is a multiplication and an addition.
 */
export function arithmeticModule(relaxed) {
  const [a, b, first] = [1, 2, 3];
  const constant = (local, value) => [
    0x43,
    ...new Uint8Array(new Float32Array([value]).buffer),
    ...SPLAT,
    ...set(local),
  ];
  const multiplyAdd = (acc) =>
    relaxed
      ? [...get(a), ...get(b), ...get(acc), ...RELAXED_MADD, ...set(acc)]
      : [...get(a), ...get(acc), ...MUL, ...get(b), ...ADD, ...set(acc)];
  const once = Array.from({ length: ACCUMULATORS }, (_, i) => multiplyAdd(first + i)).flat();
  // a * acc + b stays finite and normal for any number of iterations.
  return module(1, 2 + ACCUMULATORS, 1, [
    ...constant(a, 0.5),
    ...constant(b, 1),
    ...loop(0, 1, Array(UNROLL).fill(once).flat()),
    ...sumOf(first, ACCUMULATORS),
  ]);
}

const STREAMS = 8;
const LINE = 16 * STREAMS;

/** f(address, bytes): reads `bytes` (a multiple of LINE) once, in order. */
export function memoryModule(pages) {
  const first = 2;
  const body = Array.from({ length: STREAMS }, (_, i) => [
    ...get(0),
    ...load(16 * i),
    ...get(first + i),
    ...ADD,
    ...set(first + i),
  ]).flat();
  const advance = [...get(0), 0x41, ...sleb(LINE), 0x6a, ...set(0)];
  return module(2, STREAMS, pages, [...loop(1, LINE, [...body, ...advance]), ...sumOf(first, STREAMS)]);
}

/** f(to, from, bytes): copies `bytes` (a multiple of LINE), in order; returns nothing of interest. */
export function copyModule(pages) {
  const [to, from, count] = [0, 1, 2];
  const body = Array.from({ length: STREAMS }, (_, i) => [
    ...get(to),
    ...get(from),
    ...load(16 * i),
    ...store(16 * i),
  ]).flat();
  const advance = [to, from].flatMap((local) => [...get(local), 0x41, ...sleb(LINE), 0x6a, ...set(local)]);
  return module(3, 0, pages, [...loop(count, LINE, [...body, ...advance]), 0x43, 0, 0, 0, 0]);
}

const MEMORY_BYTES = 256 << 20;

/**
 * The roofs of kernels that touch `bytes` of memory: `arithmetic(ms)` measures GFLOP/s for about that long, `memory(ms)` GB/s
 * of reading as much, or with `writes` of a copy that reads one half and writes the other.
 */
export async function kernelRoofs(bytes, writes) {
  const instance = async (code) => (await WebAssembly.instantiate(code)).instance.exports;
  const registers = await instance(arithmeticModule(WebAssembly.validate(arithmeticModule(true))));
  const half = Math.max(LINE, Math.round(bytes / 2 / LINE) * LINE);
  const pages = Math.ceil((2 * half) / 65536) + 1;
  const exports = await instance(writes ? copyModule(pages) : memoryModule(pages));
  new Uint8Array(exports.memory.buffer).fill(0x3d);
  const once = writes ? () => exports.f(half, 0, half) : () => exports.f(0, 2 * half);
  const rate = (run, amount) => {
    let count = 1;
    return (milliseconds) => {
      for (;;) {
        const start = performance.now();
        for (let i = 0; i < count; i++) run();
        const elapsed = performance.now() - start;
        if (elapsed >= milliseconds) return (count * amount) / elapsed / 1e6;
        count *= 2;
      }
    };
  };
  const iterations = 1 << 12;
  return {
    arithmetic: rate(() => registers.f(iterations), iterations * FLOPS_PER_ITERATION),
    memory: rate(once, 2 * half),
  };
}

/** Compiles the kernels once; each call of the result measures for about 2 x `milliseconds`. */
export async function makeRoof() {
  const instance = async (bytes) => (await WebAssembly.instantiate(bytes)).instance.exports;
  const relaxed = WebAssembly.validate(arithmeticModule(true));
  const arithmetic = await instance(arithmeticModule(relaxed));
  const memory = await instance(memoryModule(MEMORY_BYTES >> 16));
  new Uint8Array(memory.memory.buffer).fill(0x3d); // Small floats, and every page is really there.
  let iterations = 1 << 16;
  return (milliseconds) => {
    let elapsed;
    for (;;) {
      const start = performance.now();
      arithmetic.f(iterations);
      elapsed = performance.now() - start;
      if (elapsed >= milliseconds) break;
      iterations *= 2;
    }
    const flops = (iterations * FLOPS_PER_ITERATION) / elapsed / 1e6;
    const start = performance.now();
    memory.f(0, MEMORY_BYTES);
    const bytes = MEMORY_BYTES / (performance.now() - start) / 1e6;
    return { gflops: flops, gigabytesPerSecond: bytes };
  };
}
