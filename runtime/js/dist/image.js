// src/image.ts
function pixels(source, device) {
  const is = (value, ...names) => names.some((name) => Object.prototype.toString.call(value) === `[object ${name}]`);
  const extent = (source2) => {
    const { displayWidth, displayHeight, videoWidth, videoHeight, naturalWidth, naturalHeight, width: width2, height: height2 } = source2;
    if (is(source2, "VideoFrame")) return [displayWidth, displayHeight];
    if (is(source2, "HTMLVideoElement")) return [videoWidth, videoHeight];
    if (is(source2, "HTMLImageElement")) return [naturalWidth, naturalHeight];
    return is(source2, "ImageBitmap", "HTMLCanvasElement", "OffscreenCanvas") ? [width2, height2] : void 0;
  };
  if (typeof source !== "object" || source === null) return source;
  let image = source;
  const size = extent(source);
  if (size) {
    if (!size[0] || !size[1]) return source;
    if (device) return { data: source, dims: [size[1], size[0], 4] };
    if (typeof OffscreenCanvas === "undefined") return source;
    let { canvas } = pixels;
    if (canvas?.width !== size[0] || canvas.height !== size[1]) pixels.canvas = canvas = new OffscreenCanvas(...size);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.clearRect(0, 0, ...size);
    context.drawImage(source, 0, 0, ...size);
    image = context.getImageData(0, 0, ...size);
  }
  const { data, width, height } = image;
  if (!ArrayBuffer.isView(data) || width === void 0 || height === void 0) return source;
  const bytes = is(data, "Uint8ClampedArray") ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
  return { data: bytes, dims: [height, width, 4] };
}
pixels.canvas = void 0;
