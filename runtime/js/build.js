// Bundles the runtime into dist/runtime.js, which the package writer puts below each model's description.
// It isn't minified: a stack trace in a user's page should mean something, and servers compress it.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
export const output = new URL('dist/runtime.js', here);

/** The bundle's text, or the file written. */
export async function bundle({ write }) {
  const result = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: ['src/index.ts'],
    outfile: fileURLToPath(output),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write,
  });
  return result.outputFiles?.[0]?.text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle({ write: true });
