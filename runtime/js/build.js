// Bundles the runtime, which the package writer puts below each model's description: dist/runtime.js for models that were compiled for
// the processor only, dist/runtime.gpu.js for all others.
// It isn't minified: a stack trace in a user's page should mean something, and servers compress it.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
/** Entry points, and the bundles that are made of them. */
export const bundles = { 'src/index.ts': new URL('dist/runtime.js', here), 'src/index.gpu.ts': new URL('dist/runtime.gpu.js', here) };

/** The bundle's text, or the file written. */
export async function bundle(entry, { write }) {
  const result = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: [entry],
    outfile: fileURLToPath(bundles[entry]),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write,
  });
  return result.outputFiles?.[0]?.text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const entry of Object.keys(bundles)) await bundle(entry, { write: true });
}
