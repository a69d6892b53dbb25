// Outputs against the expected ones, by the rules of the suite's own runner.

/** Array types by element type; 16-bit floats are held as their bits, as artifacts hold them. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  float8e4m3fn: Uint8Array,
  float8e4m3fnuz: Uint8Array,
  float8e5m2: Uint8Array,
  float8e5m2fnuz: Uint8Array,
  float4e2m1: Uint8Array,
  int4: Int8Array,
  uint4: Uint8Array,
};

/** Value of an IEEE half-precision number. */
function half(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** Value of a bfloat16: the upper half of a float32. */
const bfloat = (bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0];

/** Values of small floats by their bits: `special` gives those that are no finite number, by sign and magnitude. */
const small = (fraction, bias, signBit, special) => (bits) => {
  const [negative, magnitude] = [bits & signBit ? 1 : 0, bits & (signBit - 1)];
  const other = special(negative, magnitude);
  if (other !== undefined) return other;
  const [exponent, digits] = [magnitude >> fraction, (magnitude & ((1 << fraction) - 1)) / (1 << fraction)];
  const value = exponent ? 2 ** (exponent - bias) * (1 + digits) : 2 ** (1 - bias) * digits;
  return negative ? -value : value;
};
const minusZero = (negative, magnitude) => (negative && magnitude === 0 ? NaN : undefined);

const FLOATS = {
  float32: Number,
  float64: Number,
  float16: half,
  bfloat16: bfloat,
  float8e4m3fn: small(3, 7, 128, (_, magnitude) => (magnitude === 127 ? NaN : undefined)),
  float8e4m3fnuz: small(3, 8, 128, minusZero),
  float8e5m2: small(2, 15, 128, (negative, magnitude) =>
    magnitude > 124 ? NaN : magnitude === 124 ? (negative ? -Infinity : Infinity) : undefined,
  ),
  float8e5m2fnuz: small(2, 16, 128, minusZero),
  float4e2m1: small(1, 1, 8, () => undefined),
};

/** Two units in the last place of a bfloat16, below which the suite's runner does not go. */
const BFLOAT16_RTOL = 2 ** -6;

/** The elements of a tensor in a test's file; null if it is nothing that JavaScript has an array for. */
export function decode({ dtype, data }) {
  if (data === undefined) return null;
  const bytes = Buffer.from(data, "base64");
  return new ARRAYS[dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/**
 * What is wrong with an output, or null. Floats: |actual - expected| <= atol + rtol * |expected|, equal infinities and
 * NaN for NaN. All other elements have to be equal.
 * @param {{name: string, dtype: string, dims: number[]}} info what the artifact says of the output
 * @param {ArrayLike<number | bigint>} actual its elements
 * @param {object} expected the output in the test's file
 * @param {{rtol: number, atol: number}} tolerance
 */
export function mismatch(info, actual, expected, { rtol, atol }) {
  const { name, dtype } = expected;
  const what = (type, dims) => `${type} [${dims}]`;
  if (info.dtype !== dtype || String(info.dims) !== String(expected.dims)) {
    return `${name} is ${what(info.dtype, info.dims)}, expected ${what(dtype, expected.dims)}`;
  }
  const data = decode(expected);
  const value = FLOATS[dtype];
  const relative = dtype === "bfloat16" ? Math.max(rtol, BFLOAT16_RTOL) : rtol;
  const close = (a, b) =>
    a === b ||
    (Number.isNaN(a) && Number.isNaN(b)) ||
    // Next to an infinity the tolerance would be infinite too.
    (Number.isFinite(b) && Math.abs(a - b) <= atol + relative * Math.abs(b));
  const wrong = [];
  for (let i = 0; i < data.length; i++) {
    if (value ? !close(value(actual[i]), value(data[i])) : actual[i] !== data[i]) wrong.push(i);
  }
  if (wrong.length === 0) return null;
  const shown = (x) => (value ? String(Number(value(x).toPrecision(6))) : String(x));
  const first = wrong[0];
  return `${name}[${first}] is ${shown(actual[first])}, expected ${shown(data[first])} (${wrong.length} of ${data.length} differ)`;
}
