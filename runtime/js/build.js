// Bundles the runtime, which the package writer puts below each model's description: dist/runtime.js for models that were compiled for
// the processor only, dist/runtime.gpu.js for all others.
// It isn't minified: a stack trace in a user's page should mean something, and servers compress it.
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
const dist = (name) => new URL(`dist/${name}.js`, here);
/** Entry points, and the bundles that are made of them; the last two stand beside the others, in models that take images. */
export const bundles = {
  'src/index.ts': dist('runtime'),
  'src/index.gpu.ts': dist('runtime.gpu'),
  'src/image.ts': dist('image'),
  'src/gpu/images.ts': dist('image.gpu'),
};

/** The bundle's text. */
export async function bundle(entry) {
  const result = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  const [{ text }] = result.outputFiles;
  // A page imports what the runtime exports, and nothing of what stands beside it.
  return entry.includes('image') ? text.replace(/export \{[^}]*\};\n$/, '') : text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [entry, file] of Object.entries(bundles)) await writeFile(file, await bundle(entry));
}
