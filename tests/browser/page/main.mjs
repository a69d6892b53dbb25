// What the tests call in the page.

import { runModel, runOpenModel } from "./run.mjs";

Object.assign(globalThis, { runModel, runOpenModel });

/** The same in a worker of its own. */
globalThis.runModelInWorker = (...job) =>
  new Promise((resolve, reject) => {
    const worker = new Worker("worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error) reject(new Error(data.error));
      else resolve(data.result);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(job);
  });
