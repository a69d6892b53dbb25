/**
 * What an image input takes: anything that a page can show, or its pixels (RGBA, 8 bits a channel, rows from the top).
 * An image may be smaller than the largest that the model was compiled for, not larger. Alpha is ignored.
 */
export type ImageSource =
  | ImageData
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame
  | { readonly data: Uint8Array | Uint8ClampedArray; readonly width: number; readonly height: number };
