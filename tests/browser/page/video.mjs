// What the tests of images call in the page: the example that draws the edges of a video, and what goes through its hands.

import { show } from "/examples/video/show.mjs";

/** Calls of functions that bring pixels or results out of the GPU, or copy pixels into it, by name. */
const calls = {};

/** Counts the calls of a method from now on. */
function count(type, name) {
  const original = type.prototype[name];
  type.prototype[name] = function (...args) {
    calls[name] = (calls[name] ?? 0) + 1;
    return original.apply(this, args);
  };
}
for (const name of ["copyTextureToBuffer", "copyBufferToBuffer", "copyTextureToTexture"]) count(GPUCommandEncoder, name);
for (const name of ["writeTexture", "copyExternalImageToTexture"]) count(GPUQueue, name);
for (const type of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) count(type, "getImageData");
count(GPUBuffer, "mapAsync");
count(GPUDevice, "importExternalTexture");
count(VideoFrame, "copyTo");

/** A picture without symmetries: a gradient, a disc and lines, at a moment. */
function paint(width, height, moment) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const gradient = context.createLinearGradient(0, 0, width, height);
  gradient.addColorStop(0, "#203060");
  gradient.addColorStop(1, "#c0d8a0");
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#e04020";
  context.beginPath();
  context.arc(width * (0.25 + 0.1 * moment), height * 0.45, height * 0.28, 0, 7);
  context.fill();
  context.fillStyle = "#f0f0ff";
  context.font = `bold ${Math.round(height * 0.25)}px sans-serif`;
  context.fillText("Weft", width * 0.5, height * 0.62);
  context.fillStyle = "#101018";
  for (let i = 0; i < 6; i++) context.fillRect(width * (0.52 + 0.07 * i), height * 0.72, width * 0.03, height * 0.2);
  return canvas;
}

/**
 * A frame as decoders make them: brightness of every pixel, and colour of every four, which here is the same everywhere, because
 * it is open how it is spread between pixels.
 */
function yuv(width, height) {
  const { data } = paint(width, height, 0).getContext("2d").getImageData(0, 0, width, height);
  const quarter = ((width + 1) >> 1) * ((height + 1) >> 1);
  const planes = new Uint8Array(width * height + 2 * quarter);
  for (let i = 0; i < width * height; i++) planes[i] = 16.5 + 0.183 * data[4 * i] + 0.614 * data[4 * i + 1] + 0.062 * data[4 * i + 2];
  planes.fill(120, width * height, width * height + quarter);
  planes.fill(140, width * height + quarter);
  return new VideoFrame(planes, { format: "I420", codedWidth: width, codedHeight: height, timestamp: 0 });
}

/** A real <video>, that plays what is painted. */
async function play(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const repaint = () => context.drawImage(paint(width, height, 0), 0, 0);
  repaint();
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream(30) });
  const timer = setInterval(repaint, 30);
  await video.play();
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  clearInterval(timer);
  return video;
}

/** An image of each kind. */
const images = {
  frame: (width, height) => new VideoFrame(paint(width, height, 0), { timestamp: 0 }),
  yuv,
  video: play,
  bitmap: async (width, height) => createImageBitmap(paint(width, height, 0)),
  canvas: (width, height) => paint(width, height, 0),
  pixels: (width, height) => paint(width, height, 0).getContext("2d").getImageData(0, 0, width, height),
};

const canvas = document.querySelector("#shown");
let ready;

/**
 * Draws what the network makes of an image. Tells what was called meanwhile, and how the pixels on the canvas differ from what
 * the model computes on the processor of the same image: the mean and the largest difference of levels from 0 to 255.
 */
globalThis.drawEdges = async (kind, width, height, options) => {
  const { load } = await import("/dist/edges/index.js");
  const { draw, model } = await (ready ??= show(canvas, load));
  const image = await images[kind](width, height);
  for (const name of Object.keys(calls)) delete calls[name];
  await draw(image, options);
  const meanwhile = { ...calls };
  // In the same task: a canvas of WebGPU is cleared when it has been shown.
  const shown = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  shown.drawImage(canvas, 0, 0);
  const { data } = shown.getImageData(0, 0, canvas.width, canvas.height);
  const { y } = await (await load({ device: "wasm" })).run({ x: image });
  const plane = canvas.width * canvas.height;
  let [sum, largest] = [0, 0];
  for (let i = 0; i < 3 * plane; i++) {
    const difference = Math.abs(data[4 * (i % plane) + Math.floor(i / plane)] - 255 * y.data[i]);
    sum += difference;
    largest = Math.max(largest, difference);
  }
  image.close?.();
  return { calls: meanwhile, mean: sum / (3 * plane), largest, device: model.info.device };
};

/** How a frame that is too large, and a closed one, are refused. */
globalThis.refuseFrames = async () => {
  const { load } = await import("/dist/edges/index.js");
  const model = await load();
  const closed = images.frame(64, 64);
  closed.close();
  const said = [];
  for (const x of [images.frame(2000, 64), closed]) {
    said.push(await model.run({ x }).then(() => "ran", ({ name, code, message }) => `${name} ${code}: ${message}`));
  }
  return said;
};
