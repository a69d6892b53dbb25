// The server behind the tests' pages.

import { join } from "node:path";
import { ARTIFACTS, REFERENCES, ROOT } from "../../tools/bench/rig/files.mjs";
import { serve } from "../../tools/bench/rig/serve.mjs";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src data:";

/** Serves pages, references and compiled models under a policy that forbids eval and foreign hosts. */
export const serveTests = () =>
  serve(
    {
      "/tests/": join(ROOT, "tests"),
      "/tools/bench/rig/": join(ROOT, "tools/bench/rig"),
      "/reference/": REFERENCES,
      "/dist/": ARTIFACTS,
    },
    { "Content-Security-Policy": POLICY },
  );
