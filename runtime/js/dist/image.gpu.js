// src/gpu/images.ts
var Images = class _Images {
  constructor(device) {
    this.device = device;
  }
  device;
  #kept = /* @__PURE__ */ new Map();
  /** Frames that were taken for a run. */
  #frames = [];
  /** Whether a value may be an image to read on the device: something else than arrays, plain objects and what is none. */
  takes(value) {
    const isArray = ArrayBuffer.isView(value) || Array.isArray(value);
    return typeof value === "object" && value !== null && !isArray && _Images.#tag(value) !== "Object";
  }
  /**
   * What kernels read of input number `input`. It can be submitted in this very task, and later if it is `lasting`, until `release`.
   * Throws if the browser doesn't let it be read.
   */
  carrier(input, image, [height, width], lasting) {
    const isVideo = _Images.#tag(image) === "HTMLVideoElement";
    if (isVideo || _Images.#tag(image) === "VideoFrame") {
      let source = image;
      if (isVideo && lasting) this.#frames.push(source = new VideoFrame(source));
      return this.device.importExternalTexture({ source });
    }
    const { texture, view } = this.#texture(input, width, height);
    const size = [width, height];
    if (ArrayBuffer.isView(image)) {
      this.device.queue.writeTexture({ texture }, image, { bytesPerRow: 4 * width }, size);
    } else {
      this.device.queue.copyExternalImageToTexture({ source: image }, { texture }, size);
    }
    return view;
  }
  /** Lets go of what was taken for a run, when all of it is submitted. */
  release() {
    for (const frame of this.#frames.splice(0)) frame.close();
  }
  destroy() {
    for (const { texture } of this.#kept.values()) texture.destroy();
  }
  static #tag(value) {
    return Object.prototype.toString.call(value).slice(8, -1);
  }
  #texture(input, width, height) {
    const known = this.#kept.get(input);
    if (known?.texture.width === width && known.texture.height === height) return known;
    known?.texture.destroy();
    const usage = 2 | 4 | 16;
    const texture = this.device.createTexture({ label: "image", size: [width, height], format: "rgba8unorm", usage });
    const made = { texture, view: texture.createView() };
    this.#kept.set(input, made);
    return made;
  }
};
