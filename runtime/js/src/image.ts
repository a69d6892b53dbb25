// Only in models that have an image as an input. One function, because it stands beside the runtime as it is.

import type { ImageSource } from './image-source';
import type { Tensor } from './types';

/**
 * The pixels of an image, RGBA with 8 bits a channel, rows from the top; what is no image is left as it is. A device that reads
 * images itself gets the image in the place of its pixels.
 */
export function pixels(source: unknown, device: boolean): unknown {
  type Drawable = Exclude<ImageSource, ImageData | { data: unknown }>;
  // Not instanceof: it may be of another frame, and Node has none of the classes.
  const is = (value: unknown, ...names: string[]) =>
    names.some((name) => Object.prototype.toString.call(value) === `[object ${name}]`);
  const extent = (source: object): readonly [width: number, height: number] | undefined => {
    const { displayWidth, displayHeight, videoWidth, videoHeight, naturalWidth, naturalHeight, width, height } =
      source as VideoFrame & HTMLVideoElement & HTMLImageElement;
    if (is(source, 'VideoFrame')) return [displayWidth, displayHeight];
    if (is(source, 'HTMLVideoElement')) return [videoWidth, videoHeight];
    if (is(source, 'HTMLImageElement')) return [naturalWidth, naturalHeight];
    return is(source, 'ImageBitmap', 'HTMLCanvasElement', 'OffscreenCanvas') ? [width, height] : undefined;
  };
  if (typeof source !== 'object' || source === null) return source;
  let image = source as Partial<ImageData>;
  const size = extent(source);
  if (size) {
    // Nothing has been loaded yet.
    if (!size[0] || !size[1]) return source;
    if (device) return { data: source, dims: [size[1], size[0], 4] };
    if (typeof OffscreenCanvas === 'undefined') return source;
    let { canvas } = pixels;
    if (canvas?.width !== size[0] || canvas.height !== size[1]) pixels.canvas = canvas = new OffscreenCanvas(...size);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.clearRect(0, 0, ...size);
    context.drawImage(source as Drawable, 0, 0, ...size);
    image = context.getImageData(0, 0, ...size);
  }
  const { data, width, height } = image;
  if (!ArrayBuffer.isView(data) || width === undefined || height === undefined) return source;
  const bytes = is(data, 'Uint8ClampedArray') ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
  return { data: bytes, dims: [height, width, 4] } as Tensor;
}

/** Kept from run to run. */
pixels.canvas = undefined as OffscreenCanvas | undefined;
