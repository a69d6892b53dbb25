// Artifacts of runtime/fixtures, made whole in a temporary folder.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// The oldest Node that is supported has relaxed SIMD, but behind a flag.
if (parseInt(process.versions.node) < 21) setFlagsFromString('--experimental-wasm-relaxed-simd');

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Makes the artifact, removes it after the tests, and returns its folder. */
export function artifact(name) {
  const folder = mkdtempSync(join(tmpdir(), 'weft-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(path(`../../fixtures/${name}`), folder, { recursive: true });
  const gpu = existsSync(join(folder, 'webgpu.json'));
  const text = (file) => readFileSync(path(file), 'utf8');
  // The types of a GPU's models without their import, which the types above stand for.
  const types = text('../src/types.d.ts') + (gpu ? text('../src/types.gpu.d.ts').replace(/^import.*\n\n/, '') : '');
  for (const [head, shared, file] of [
    ['head.js', text(gpu ? '../dist/runtime.gpu.js' : '../dist/runtime.js'), 'index.js'],
    ['head.d.ts', types, 'index.d.ts'],
  ]) {
    writeFileSync(join(folder, file), readFileSync(join(folder, head), 'utf8') + shared);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

/** The folder's module. */
export const script = (folder) => import(pathToFileURL(join(folder, 'index.js')));

/** Inputs that `tiny` accepts. */
export const inputs = () => ({
  x: Float32Array.of(1, 2, 3, 4, 5, 6),
  ids: BigInt64Array.of(-5n, 1n << 60n),
  'attention mask': Uint8Array.of(1, 0),
  half: Uint16Array.of(0x3c00, 0xc000),
  class: new Uint8Array(0),
  ['__proto__']: Int8Array.of(7),
});

/** What `tiny` makes of them. */
export const outputs = {
  y: { data: Float32Array.of(1, 4, 9, 16, 25, 36), dims: [2, 3] },
  'sum/"1"': { data: BigInt64Array.of(-4n, 1n << 60n), dims: [2] },
  copy: { data: Uint16Array.of(0x3c00, 0xc000), dims: [2] },
};

/** The same properties on an object with a prototype, for comparisons. */
export const plain = (object) => ({ ...object });
