// Vector instructions of a function of one element, counted in the machine level of its kernel for a single vector.

const NEUTRAL = /^v128_(load|store|const)|_splat$|_extract_lane|_replace_lane/;

/**
 * Vector instructions that compute; loads, stores, splats and moves of lanes don't. In the text of a kernel for four
 * elements, which is one straight line without loops, this is the function's length.
 * @param {string} text machine level of one target
 */
export function countInstructions(text) {
  const ops = [...text.matchAll(/"wasm\.((?:f32x4|i32x4|i16x8|i8x16|v128)_\w+)"/g)].map((m) => m[1]);
  return ops.filter((op) => !NEUTRAL.test(op)).length;
}
