// Lets the compiled text recogniser (PP-OCRv4 rec) read a picture: node demo.mjs FOLDER ABOUT PICTURE
//
// FOLDER is the compiled model, ABOUT what `weftc inspect --json` says of its ONNX file, PICTURE a PNG with one line.

import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readPicture, scale, show } from "./picture.mjs";

const [folder, about, path] = process.argv.slice(2).map((argument) => resolve(argument));
const { load } = await import(pathToFileURL(join(folder, "index.js")));
const { metadata } = JSON.parse(readFileSync(about, "utf8"));
// Class 0 is "no character", the last one a space; between them the model's own list.
const characters = ["", ...metadata.character.split("\n"), " "];

const start = performance.now();
const model = await load();
const loadMs = performance.now() - start;
const { name, dims } = model.info.inputs[0];
const [, , height, width] = dims;

/** As the network wants it: scaled to its height, three equal channels of -1 to 1, and 0 behind the line's end. */
function toInput(picture) {
  const x = new Float32Array(3 * height * width);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < picture.grey.length; i++) {
      const [row, column] = [Math.floor(i / picture.width), i % picture.width];
      x[(channel * height + row) * width + column] = picture.grey[i] / 127.5 - 1;
    }
  }
  return x;
}

/** Connectionist temporal classification, greedily: the best class a step, repetitions and blanks dropped. */
function decode({ data, dims: [, steps, classes] }) {
  let [text, score, count, last] = ["", 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const scores = data.subarray(step * classes, (step + 1) * classes);
    const best = scores.indexOf(Math.max(...scores));
    if (best !== 0 && best !== last) {
      text += characters[best];
      score += scores[best];
      count++;
    }
    last = best;
  }
  return { text, confidence: count ? score / count : 0 };
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

const original = await readPicture(path);
const picture = scale(original, Math.min(width, Math.round((original.width * height) / original.height)), height);
const x = toInput(picture);
const { text, confidence } = decode(Object.values(await model.run({ [name]: x }))[0]);

console.log(`\n${show(picture)}\n`);
console.log(`  reads: ${text || "(nothing)"}   (confidence ${(100 * confidence).toFixed(1)} %)`);

const latency = await medianMs(() => model.run({ [name]: x }));
const bytes = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
const kilobytes = (n) => `${(n / 1000).toFixed(1)} kB`;
const module = `model.${model.info.variant}.wasm`;
const parts = ["index.js", module, "weights.bin"].map((file) => [file, bytes(file)]).filter(([, n]) => n > 0);

console.log(`\nlatency  ${latency.toFixed(2)} ms (median), loaded in ${loadMs.toFixed(1)} ms`);
console.log(`bytes    ${parts.map(([file, n]) => `${file} ${kilobytes(n)}`).join(", ")}`);
console.log(`         ${kilobytes(parts.reduce((sum, [, n]) => sum + n, 0))} together`);
