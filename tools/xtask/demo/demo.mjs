// Runs the compiled text direction classifier (PP-OCRv4 cls) on a drawn line of text: node demo.mjs FOLDER

import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { drawText, show, turn } from "./picture.mjs";

const [WIDTH, HEIGHT] = [192, 48];
const TEXT = "THE WEFT";
const LABELS = ["upright", "rotated by 180 degrees"];

const folder = resolve(process.argv[2]);
const { load } = await import(pathToFileURL(join(folder, "index.js")));

const start = performance.now();
const model = await load();
const loadMs = performance.now() - start;

/** Grey levels as the network wants them: three equal channels of -1 to 1. */
function toInput(picture) {
  const plane = picture.map((grey) => grey / 127.5 - 1);
  const x = new Float32Array(3 * plane.length);
  for (let channel = 0; channel < 3; channel++) x.set(plane, channel * plane.length);
  return x;
}

async function classify(picture) {
  const output = await model.run({ x: toInput(picture) });
  return Object.values(output)[0].data;
}

async function medianMs(run) {
  const times = [];
  const end = performance.now() + 1500; // Long enough for V8's optimising tier to take over.
  while (performance.now() < end) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  const late = times.slice(times.length >> 1).sort((a, b) => a - b);
  return late[late.length >> 1];
}

let wrong = 0;
for (const [expected, picture] of [drawText(TEXT, WIDTH, HEIGHT)].flatMap((p) => [p, turn(p)]).entries()) {
  const scores = [...(await classify(picture))];
  const label = scores.indexOf(Math.max(...scores));
  wrong += label !== expected;
  console.log(`\n${show(picture, WIDTH, HEIGHT)}\n`);
  console.log(`  -> ${LABELS[label]} (${(100 * scores[label]).toFixed(1)} %)`);
}

const x = toInput(drawText(TEXT, WIDTH, HEIGHT));
const latency = await medianMs(() => model.run({ x }));
const bytes = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
const kilobytes = (n) => `${(n / 1000).toFixed(1)} kB`;
const module = `model.${model.info.variant}.wasm`;
const parts = ["index.js", module, "weights.bin"].map((file) => [file, bytes(file)]).filter(([, n]) => n > 0);

console.log(`\nlatency  ${latency.toFixed(2)} ms (median), loaded in ${loadMs.toFixed(1)} ms`);
console.log(`bytes    ${parts.map(([file, n]) => `${file} ${kilobytes(n)}`).join(", ")}`);
console.log(`         ${kilobytes(parts.reduce((sum, [, n]) => sum + n, 0))} together`);
if (wrong) {
  console.error("error: the network takes the drawn text for its opposite");
  process.exit(1);
}
