// Runs compiled tests on Wasm, one a message; in a thread of its own, because a module that never returns can only be
// terminated.

import { parentPort } from "node:worker_threads";
import { execute, lineOf } from "./execute.mjs";

parentPort.on("message", ({ folder, file }) => {
  execute(folder, file, { variant: "simd" }).then(
    (result) => parentPort.postMessage(result),
    (error) => parentPort.postMessage({ kind: "failed", reason: lineOf(error) }),
  );
});
