// src/gpu/images.ts
var Images = class _Images {
  constructor(device) {
    this.device = device;
  }
  device;
  #kept = /* @__PURE__ */ new Map();
  /** Whether a value may be an image to read on the device: something else than arrays, plain objects and what is none. */
  takes(value) {
    const isArray = ArrayBuffer.isView(value) || Array.isArray(value);
    return typeof value === "object" && value !== null && !isArray && _Images.#tag(value) !== "Object";
  }
  /** What kernels read of input number `input`, for the run that is submitted in this very task. Throws if the browser doesn't let it be read. */
  carrier(input, image, [height, width]) {
    if (["VideoFrame", "HTMLVideoElement"].includes(_Images.#tag(image))) {
      return this.device.importExternalTexture({ source: image });
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
