import type { Description } from './description';
import { WeftLoadError } from './errors';
import type { Variant } from './types';

// Both probes are one function that returns a vector: three times `i32.const 0, i8x16.splat`, and for relaxed SIMD
// `f32x4.relaxed_madd` on them, two vectors more, and `i32x4.relaxed_dot_i8x16_i7x16_add_s`. Engines accept or refuse whole modules.
const SPLAT = [0x41, 0, 0xfd, 0x0f];
const BODIES: Record<Variant, number[]> = {
  relaxed: [...SPLAT, ...SPLAT, ...SPLAT, 0xfd, 0x85, 0x02, ...SPLAT, ...SPLAT, 0xfd, 0x93, 0x02],
  simd: SPLAT,
};

/** Whether this engine accepts modules of this variant. */
export function supports(variant: Variant): boolean {
  const body = BODIES[variant];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
  return WebAssembly.validate(
    new Uint8Array([...header, 10, body.length + 4, 1, body.length + 2, 0, ...body, 0x0b]),
  );
}

/** The variant to load: the one asked for, or the fastest that the artifact has and the engine accepts. */
export function choose(model: Description, wanted: 'auto' | Variant): Variant {
  const built = (['relaxed', 'simd'] as const).filter((variant) => model.modules[variant]);
  const candidates = wanted === 'auto' ? built : built.filter((variant) => variant === wanted);
  const chosen = candidates.find(supports);
  if (chosen) return chosen;
  if (candidates.length === 0) {
    throw new WeftLoadError('', `Model "${model.name}" has no module "${wanted}", only: ${built.join(', ')}.`);
  }
  const lacks = candidates.includes('simd') ? 'Wasm SIMD' : 'relaxed Wasm SIMD';
  throw new WeftLoadError('', `This JavaScript engine lacks ${lacks}, which model "${model.name}" needs.`);
}
