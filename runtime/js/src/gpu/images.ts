// Only in models that have an image as an input, and were compiled for a GPU. One class, because it stands beside the runtime as it is.

import type { ImageSource } from '../image-source';
import type { TypedArray } from '../types';
import type { Carrier } from './runner';

/** What a page can show: everything that an image can be but plain pixels. */
export type Drawable = Exclude<ImageSource, { readonly data: unknown }>;

/** Images on a device: what kernels read is a texture, kept from run to run, or a frame of a video where it is. */
export class Images {
  readonly #kept = new Map<number, { readonly texture: GPUTexture; readonly view: GPUTextureView }>();

  /** Frames that were taken for a run. */
  readonly #frames: VideoFrame[] = [];

  constructor(readonly device: GPUDevice) {}

  /** Whether a value may be an image to read on the device: something else than arrays, plain objects and what is none. */
  takes(value: unknown): boolean {
    const isArray = ArrayBuffer.isView(value) || Array.isArray(value);
    return typeof value === 'object' && value !== null && !isArray && Images.#tag(value) !== 'Object';
  }

  /**
   * What kernels read of input number `input`. It can be submitted in this very task, and later if it is `lasting`, until `release`.
   * Throws if the browser doesn't let it be read.
   */
  carrier(input: number, image: Drawable | TypedArray, [height, width]: readonly number[], lasting: boolean): Carrier {
    const isVideo = Images.#tag(image) === 'HTMLVideoElement';
    if (isVideo || Images.#tag(image) === 'VideoFrame') {
      let source = image as VideoFrame | HTMLVideoElement;
      // What is imported of an element ends with the task, of a frame with the frame.
      if (isVideo && lasting) this.#frames.push((source = new VideoFrame(source)));
      return this.device.importExternalTexture({ source });
    }
    const { texture, view } = this.#texture(input, width!, height!);
    const size = [width!, height!];
    if (ArrayBuffer.isView(image)) {
      this.device.queue.writeTexture({ texture }, image as Uint8Array<ArrayBuffer>, { bytesPerRow: 4 * width! }, size);
    } else {
      this.device.queue.copyExternalImageToTexture({ source: image as ImageBitmap }, { texture }, size);
    }
    return view;
  }

  /** Lets go of what was taken for a run, when all of it is submitted. */
  release(): void {
    for (const frame of this.#frames.splice(0)) frame.close();
  }

  destroy(): void {
    for (const { texture } of this.#kept.values()) texture.destroy();
  }

  static #tag(value: unknown): string {
    return Object.prototype.toString.call(value).slice(8, -1);
  }

  #texture(input: number, width: number, height: number) {
    const known = this.#kept.get(input);
    if (known?.texture.width === width && known.texture.height === height) return known;
    known?.texture.destroy();
    // COPY_DST, TEXTURE_BINDING and RENDER_ATTACHMENT, which copies of images need.
    const usage = 2 | 4 | 16;
    const texture = this.device.createTexture({ label: 'image', size: [width, height], format: 'rgba8unorm', usage });
    const made = { texture, view: texture.createView() };
    this.#kept.set(input, made);
    return made;
  }
}
