// What a network makes of an image, drawn on a canvas. Nothing leaves the GPU on the way: a frame of a video is read where the
// decoder has put it, and the result is drawn from the buffer that the network has written.

const SHADER = `
@group(0) @binding(0) var<storage, read> picture: array<f32>;

@vertex fn corners(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  // One triangle that covers everything.
  return vec4f(f32(i & 1) * 4 - 1, f32(i >> 1) * 4 - 1, 0, 1);
}

@fragment fn colour(@builtin(position) at: vec4f) -> @location(0) vec4f {
  // Planes of red, green and blue.
  let i = u32(at.y) * WIDTH + u32(at.x);
  let plane = WIDTH * HEIGHT;
  return vec4f(picture[i], picture[i + plane], picture[i + 2 * plane], 1);
}`;

/** Loads the network and gets a canvas ready; `draw(image)` of the result shows what becomes of an image. */
export async function show(canvas, load) {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error("This browser has no WebGPU.");
  const device = await adapter.requestDevice();
  const model = await load({ device: "webgpu", gpu: device });
  const [, , height, width] = model.info.outputs[0].dims;
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("webgpu");
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format });
  const code = SHADER.replaceAll("WIDTH", `${width}u`).replaceAll("HEIGHT", `${height}u`);
  const module = device.createShaderModule({ code });
  const pipeline = await device.createRenderPipelineAsync({
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  let group;

  async function draw(image, options) {
    const { y } = await model.run({ x: image }, { ...options, outputs: "gpu" });
    // The model's own buffer: the same every time.
    const entries = [{ binding: 0, resource: { buffer: y.data } }];
    group ??= device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = device.createCommandEncoder();
    const view = context.getCurrentTexture().createView();
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }] });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }
  return { draw, model, device };
}
