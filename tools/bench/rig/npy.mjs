// Reading .npy files (version 1 to 3, little endian, C order), in Node and in browsers.

const TYPES = {
  "<f4": ["float32", Float32Array],
  "<f8": ["float64", Float64Array],
  "<i8": ["int64", BigInt64Array],
  "<i4": ["int32", Int32Array],
  "|u1": ["uint8", Uint8Array],
  "|i1": ["int8", Int8Array],
  "|b1": ["bool", Uint8Array],
};

/**
 * @param {ArrayBuffer} buffer the file's bytes
 * @returns {{dtype: string, dims: number[], data: ArrayLike<number | bigint>}} a tensor; its data is a copy
 */
export function parseNpy(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 12 || view.getUint32(0) !== 0x934e554d) throw new Error("not a .npy file");
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(new Uint8Array(buffer, start, length));
  const descr = /'descr': '([^']+)'/.exec(header)?.[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (!(descr in TYPES) || shape === undefined || !header.includes("'fortran_order': False")) {
    throw new Error(`cannot read .npy header ${header.trim()}`);
  }
  const [dtype, Type] = TYPES[descr];
  const dims = shape.split(",").filter((dim) => dim.trim() !== "").map(Number);
  return { dtype, dims, data: new Type(buffer.slice(start + length)) };
}

/**
 * Largest difference between two tensors' elements, in units of the expected one's largest magnitude.
 * A NaN or a length that differs is infinitely far away.
 */
export function distance(actual, expected) {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(Number(actual[i]) - Number(expected[i]));
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(Number(expected[i])));
  }
  return worst === 0 ? 0 : worst / largest;
}
