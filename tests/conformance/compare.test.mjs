// The comparison itself: what it lets pass and what it doesn't.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mismatch } from "./compare.mjs";

const TOLERANCE = { rtol: 1e-3, atol: 1e-7 };

function compare(dtype, actual, expected) {
  const data = Buffer.from(expected.buffer).toString("base64");
  const tensor = { name: "y", dtype, dims: [expected.length] };
  return mismatch(tensor, actual, { ...tensor, data }, TOLERANCE);
}

test("floats within the tolerance pass, others are named", () => {
  assert.equal(compare("float32", Float32Array.of(1.0009, 0), Float32Array.of(1, 5e-8)), null);
  assert.equal(
    compare("float32", Float32Array.of(1, 2.003, 0), Float32Array.of(1, 2, 1)),
    "y[1] is 2.003, expected 2 (2 of 3 differ)",
  );
});

test("NaN is equal to NaN only, an infinity to itself only", () => {
  const special = Float32Array.of(NaN, Infinity, -Infinity);
  assert.equal(compare("float32", special, special), null);
  assert.match(compare("float32", Float32Array.of(0, Infinity, -Infinity), special), /^y\[0\]/);
  assert.match(compare("float32", Float32Array.of(NaN, 3e38, -Infinity), special), /^y\[1\]/);
  assert.match(compare("float32", Float32Array.of(NaN, Infinity, Infinity), special), /^y\[2\]/);
  assert.match(compare("float32", Float32Array.of(NaN), Float32Array.of(1)), /^y\[0\] is NaN/);
  assert.match(compare("float32", Float32Array.of(Infinity), Float32Array.of(1)), /^y\[0\] is Infinity/);
});

test("16-bit floats are compared by value", () => {
  // 1, 1 + 2^-10, -2, the smallest subnormal, infinity
  const bits = Uint16Array.of(0x3c00, 0x3c01, 0xc000, 0x0001, 0x7c00);
  assert.equal(compare("float16", bits, bits), null);
  assert.equal(compare("float16", Uint16Array.of(0x3c01), Uint16Array.of(0x3c00)), null);
  assert.match(compare("float16", Uint16Array.of(0x3c02), Uint16Array.of(0x3c00)), /^y\[0\] is 1.00195, expected 1 /);
  assert.equal(compare("bfloat16", Uint16Array.of(0x3f82), Uint16Array.of(0x3f80)), null);
  assert.match(compare("bfloat16", Uint16Array.of(0x3f83), Uint16Array.of(0x3f80)), /^y\[0\] is 1.02344, expected 1 /);
});

test("integers and booleans are compared exactly", () => {
  assert.match(compare("int64", BigInt64Array.of(10001n), BigInt64Array.of(10000n)), /^y\[0\] is 10001, expected 10000/);
  assert.match(compare("bool", Uint8Array.of(1), Uint8Array.of(0)), /^y\[0\]/);
});

test("element type and shape have to be the expected ones", () => {
  const expected = { name: "y", dtype: "float32", dims: [2, 1], data: "AAAAAAAAAAA=" };
  const zeros = new Float32Array(2);
  assert.equal(mismatch({ dtype: "float32", dims: [2, 1] }, zeros, expected, TOLERANCE), null);
  assert.equal(
    mismatch({ dtype: "float32", dims: [1, 2] }, zeros, expected, TOLERANCE),
    "y is float32 [1,2], expected float32 [2,1]",
  );
  assert.match(mismatch({ dtype: "float64", dims: [2, 1] }, zeros, expected, TOLERANCE), /^y is float64/);
});
