import { runModel } from "./run.mjs";

globalThis.onmessage = async ({ data: job }) => {
  try {
    globalThis.postMessage({ result: await runModel(...job) });
  } catch (error) {
    globalThis.postMessage({ error: String(error?.stack ?? error) });
  }
};
