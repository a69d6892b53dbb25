// Runs compiled tests on WebGPU, one a message; in a process of its own, because a driver that crashes takes the process
// along. All tests of a process share a device, until one loses it.

import { openAdapter, openDevice } from "../../tools/bench/rig/dawn.mjs";
import { execute, lineOf } from "./execute.mjs";

let device;

/** A device that works. An error that nobody waited for is the running test's. */
async function deviceFor(report) {
  if (!device) {
    device = await openDevice(await openAdapter());
    const own = device;
    own.lost.then(() => {
      if (device === own) device = undefined;
    });
  }
  device.onuncapturederror = ({ error }) => report(error);
  return device;
}

process.on("message", async ({ folder, file }) => {
  let stray;
  try {
    const gpu = await deviceFor((error) => (stray ??= error));
    const result = await execute(folder, file, { device: "webgpu", gpu });
    process.send(stray ? { kind: "failed", reason: lineOf(stray) } : result);
  } catch (error) {
    process.send({ kind: "failed", reason: lineOf(error) });
  }
});

// Nobody waits for results any more.
process.on("disconnect", () => process.exit());
