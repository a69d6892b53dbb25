// Images as inputs on a GPU: what kernels read is a texture, or a frame of a video where it is.

import type { Slot } from '../description';
import { WeftInputError, reason } from '../errors';
import type { ImageSource } from '../image-source';
import type { TypedArray } from '../types';
import type { Carrier } from './runner';

// Numbers of the specification, see build.ts.
const USAGE = { COPY_DST: 2, TEXTURE_BINDING: 4, RENDER_ATTACHMENT: 16 } as const;

/** What a page can show: everything that an image can be but plain pixels. */
export type Drawable = Exclude<ImageSource, { readonly data: unknown }>;

const tag = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);

/** A value as an image to read on the device, if it is one: `read` has found out its size. */
export function asImage(value: unknown, slot: Slot): { value: Drawable } | undefined {
  const isPixels = ArrayBuffer.isView(value) || Array.isArray(value);
  return slot.read && typeof value === 'object' && value !== null && !isPixels && tag(value) !== 'Object'
    ? { value: value as Drawable }
    : undefined;
}

/** Textures of images, kept from run to run. */
export class Images {
  readonly #kept = new Map<number, { readonly texture: GPUTexture; readonly view: GPUTextureView }>();

  constructor(readonly device: GPUDevice) {}

  /** What kernels read, for the run that is submitted in this very task. */
  carrier(input: number, slot: Slot, image: Drawable | TypedArray, dims: readonly number[]): Carrier {
    try {
      return this.#carrier(input, image, dims);
    } catch (cause) {
      // Closed, of another origin, or not decoded yet: the browser knows.
      const message = `Input ${JSON.stringify(slot.name)} is a ${tag(image)} that can't be read: ${reason(cause)}.`;
      throw new WeftInputError('type', slot.name, slot.takes ?? slot.array.name, tag(image), message);
    }
  }

  #carrier(input: number, image: Drawable | TypedArray, [height, width]: readonly number[]): Carrier {
    if (tag(image) === 'VideoFrame' || tag(image) === 'HTMLVideoElement') {
      return this.device.importExternalTexture({ source: image as VideoFrame | HTMLVideoElement });
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

  destroy(): void {
    for (const { texture } of this.#kept.values()) texture.destroy();
  }

  #texture(input: number, width: number, height: number) {
    const known = this.#kept.get(input);
    if (known?.texture.width === width && known.texture.height === height) return known;
    known?.texture.destroy();
    const usage = USAGE.COPY_DST | USAGE.TEXTURE_BINDING | USAGE.RENDER_ATTACHMENT;
    const texture = this.device.createTexture({ label: 'image', size: [width, height], format: 'rgba8unorm', usage });
    const made = { texture, view: texture.createView() };
    this.#kept.set(input, made);
    return made;
  }
}
