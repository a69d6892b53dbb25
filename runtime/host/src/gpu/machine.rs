//! Steps on the device's queue.

use super::adapter::{Acquired, acquire};
use super::build::{self, Kernel, Uniforms, checked};
use super::{GpuInfo, GpuOptions};
use crate::machine::Machine;
use crate::wasm::{Context, WasmMachine};
use crate::{Artifact, HostError, Tensor};
use std::sync::{Arc, Mutex, mpsc};
use weft_artifact::open::{Expr, unpack};
use weft_artifact::{Binding, GpuProgram, GpuVariant, Island, Role, Step, TensorSpec, Variant};
use wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BindingResource, BufferBinding, BufferSize, CommandEncoder, Device,
    Extent3d, MapMode, PollType, Queue, TexelCopyBufferLayout, TextureDescriptor, TextureDimension, TextureFormat,
    TextureUsages, TextureView,
};

/// A program on a device.
pub(crate) struct GpuMachine {
    device: Device,
    queue: Queue,
    lost: Arc<Mutex<Option<String>>>,
    info: GpuInfo,
    program: GpuProgram,
    variant: GpuVariant,
    inputs: Vec<TensorSpec>,
    /// The pipelines; none where one is for frames of videos.
    kernels: Vec<Option<Kernel>>,
    /// What the program's buffers are here; images have none.
    buffers: Vec<Option<wgpu::Buffer>>,
    /// The textures of images, by the buffer's number; of no size before there is an image.
    images: Vec<Option<TextureView>>,
    uniforms: Uniforms,
    /// What `main`'s dispatches bind; those with an image are made anew for each image.
    groups: Vec<Option<BindGroup>>,
    /// Of each output: its buffer's number, and where it is copied to in order to be read.
    outputs: Vec<(usize, wgpu::Buffer)>,
    /// Each island, with where its inputs are copied to.
    islands: Vec<(WasmMachine, wgpu::Buffer)>,
}

impl GpuMachine {
    pub(crate) fn new(artifact: &Artifact, options: &GpuOptions) -> Result<Self, HostError> {
        let Acquired { device, queue, lost, program, variant, info } = acquire(artifact, options)?;
        let manifest = artifact.manifest();
        let kernels = build::kernels(artifact, &device, &variant)?;
        let buffers: Vec<_> = checked(&device, "the model's buffers", || {
            program.buffers.iter().map(|b| build::buffer(&device, b)).collect()
        })?;
        if let (Some(weights), Some(Some(buffer))) =
            (&program.weights, program.weights_buffer().and_then(|i| buffers.get(i)))
        {
            queue.write_buffer(buffer, 0, &artifact.file(&weights.file, weights.bytes, &weights.sha256)?);
        }
        let states: Vec<_> = manifest.state_numbers().collect();
        let outputs = manifest.outputs.iter().enumerate().filter_map(|(i, spec)| {
            let bytes = spec.bytes().unwrap_or_default();
            Some((program.output_buffer(i, &states)?, build::staging(&device, bytes)))
        });
        let outputs = outputs.collect();
        let islands = program.islands.iter().enumerate().map(|(i, island)| {
            let symbols = island_symbols(&variant, i);
            let staged = island.inputs.iter().filter_map(TensorSpec::bytes).map(|n| n.next_multiple_of(4)).sum();
            Ok((island_machine(artifact, island, symbols)?, build::staging(&device, staged)))
        });
        let islands = islands.collect::<Result<_, HostError>>()?;
        let uniforms = Uniforms::new(&device, &variant);
        let images = vec![None; buffers.len()];
        let groups = vec![None; variant.main.len()];
        let inputs = manifest.inputs.clone();
        let mut machine = GpuMachine {
            device,
            queue,
            lost,
            info,
            program,
            variant,
            inputs,
            kernels,
            buffers,
            images,
            uniforms,
            groups,
            outputs,
            islands,
        };
        let init = std::mem::take(&mut machine.variant.init);
        let largest: Vec<u64> = manifest.open.iter().flat_map(|open| &open.symbols).map(|s| s.max).collect();
        machine.steps("the preparation of weights", &init, &largest, false)?;
        Ok(machine)
    }

    /// What it runs on.
    pub(crate) fn info(&self) -> &GpuInfo {
        &self.info
    }

    /// An error if the device is gone.
    fn alive(&self) -> Result<(), HostError> {
        match self.lost.lock().ok().and_then(|lost| lost.clone()) {
            Some(reason) => Err(HostError::Lost { adapter: self.info.adapter.clone(), reason }),
            None => Ok(()),
        }
    }

    fn buffer(&self, number: usize) -> Option<&wgpu::Buffer> {
        self.buffers.get(number)?.as_ref()
    }

    /// Does steps: in one submission, unless islands divide them.
    fn steps(&mut self, what: &str, steps: &[Step], symbols: &[u64], main: bool) -> Result<(), HostError> {
        self.alive()?;
        if let Some(buffer) = &self.uniforms.buffer {
            self.queue.write_buffer(buffer, 0, &self.uniforms.content(symbols));
        }
        let mut from = 0;
        while from <= steps.len() {
            let at =
                steps[from..].iter().position(|s| matches!(s, Step::Island { .. })).map_or(steps.len(), |n| from + n);
            let groups = checked(&self.device, what, || self.bind(&steps[from..at], from, main))?;
            let device = self.device.clone();
            checked(&device, what, || {
                let mut encoder = self.device.create_command_encoder(&Default::default());
                self.encode(&mut encoder, &steps[from..at], &groups, symbols);
                if let Some(Step::Island { island, inputs, .. }) = steps.get(at) {
                    self.stage(&mut encoder, *island, inputs);
                } else if main {
                    for (buffer, staging) in &self.outputs {
                        if let Some(buffer) = self.buffer(*buffer) {
                            encoder.copy_buffer_to_buffer(buffer, 0, staging, 0, staging.size());
                        }
                    }
                }
                self.queue.submit([encoder.finish()]);
            })?;
            if main {
                for (i, group) in groups.into_iter().enumerate() {
                    self.groups[from + i] = group;
                }
            }
            if let Some(Step::Island { island, inputs, outputs, symbols: exprs }) = steps.get(at) {
                self.island(*island, inputs, outputs, exprs, symbols)?;
            }
            from = at + 1;
        }
        self.wait()
    }

    /// What dispatches bind: what is known from an earlier run, or made now.
    fn bind(&self, steps: &[Step], from: usize, main: bool) -> Vec<Option<BindGroup>> {
        let known = |i: usize| if main { self.groups.get(from + i).cloned().flatten() } else { None };
        steps.iter().enumerate().map(|(i, step)| known(i).or_else(|| self.group(step))).collect()
    }

    fn group(&self, step: &Step) -> Option<BindGroup> {
        let Step::Dispatch { pipeline, bindings, symbols, .. } = step else { return None };
        let part = |buffer, offset, bytes| {
            BindingResource::Buffer(BufferBinding { buffer, offset, size: BufferSize::new(bytes) })
        };
        let mut resources = Vec::new();
        for Binding { buffer, offset, bytes } in bindings {
            match (self.images.get(*buffer).and_then(Option::as_ref), self.buffer(*buffer)) {
                (Some(view), _) => resources.push(BindingResource::TextureView(view)),
                (None, Some(buffer)) => resources.push(part(buffer, *offset, *bytes)),
                (None, None) => return None,
            }
        }
        if let (false, Some(buffer)) = (symbols.is_empty(), &self.uniforms.buffer) {
            resources.push(part(buffer, self.uniforms.at(symbols), 4 * symbols.len() as u64));
        }
        let entries: Vec<_> = resources
            .into_iter()
            .enumerate()
            .map(|(i, resource)| BindGroupEntry { binding: i as u32, resource })
            .collect();
        let layout = &self.kernels[*pipeline].as_ref()?.layout;
        Some(self.device.create_bind_group(&BindGroupDescriptor { label: None, layout, entries: &entries }))
    }

    fn encode(&self, encoder: &mut CommandEncoder, steps: &[Step], groups: &[Option<BindGroup>], symbols: &[u64]) {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        for (step, group) in steps.iter().zip(groups) {
            let (Step::Dispatch { pipeline, workgroups, .. }, Some(group)) = (step, group) else { continue };
            let Some(kernel) = &self.kernels[*pipeline] else { continue };
            // Below maxComputeWorkgroupsPerDimension: the manifest is checked.
            let [x, y, z] = workgroups.each_ref().map(|n| n.at(symbols) as u32);
            pass.set_pipeline(&kernel.pipeline);
            pass.set_bind_group(0, group, &[]);
            pass.dispatch_workgroups(x, y, z);
        }
    }

    /// Copies an island's inputs to where they can be read.
    fn stage(&self, encoder: &mut CommandEncoder, island: usize, inputs: &[Binding]) {
        let mut to = 0;
        for input in inputs {
            if let Some(buffer) = self.buffer(input.buffer) {
                encoder.copy_buffer_to_buffer(buffer, input.offset, &self.islands[island].1, to, input.bytes);
            }
            to += input.bytes;
        }
    }

    /// Runs an island on inputs that have been staged.
    fn island(
        &mut self,
        island: usize,
        inputs: &[Binding],
        outputs: &[Binding],
        exprs: &[Expr],
        symbols: &[u64],
    ) -> Result<(), HostError> {
        let staged = self.fetch(&self.islands[island].1)?;
        let module = &mut self.islands[island].0;
        let mut at = 0;
        for (i, input) in inputs.iter().enumerate() {
            let end = at + input.bytes as usize;
            module.write_bytes(i, staged.get(at..end).unwrap_or_default());
            at = end;
        }
        let values: Vec<u64> = exprs.iter().map(|e| u64::try_from(e.at(symbols)).unwrap_or_default()).collect();
        module.run(&values)?;
        for (i, output) in outputs.iter().enumerate() {
            let bytes = self.islands[island].0.read(i)?;
            if let Some(buffer) = self.buffer(output.buffer) {
                self.upload(buffer, output.offset, bytes);
            }
        }
        Ok(())
    }

    /// Writes bytes, filled up to whole words.
    fn upload(&self, buffer: &wgpu::Buffer, offset: u64, mut bytes: Vec<u8>) {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        self.queue.write_buffer(buffer, offset, &bytes);
    }

    /// Waits until everything that was submitted is done.
    fn wait(&self) -> Result<(), HostError> {
        let done = self.device.poll(PollType::wait_indefinitely());
        self.alive()?;
        done.map(drop).map_err(|source| HostError::Refused { what: "a run".to_owned(), source: source.into() })
    }

    /// The content of a buffer that is for reading.
    fn fetch(&self, staging: &wgpu::Buffer) -> Result<Vec<u8>, HostError> {
        let (send, receive) = mpsc::channel();
        staging.map_async(MapMode::Read, .., move |outcome| drop(send.send(outcome)));
        self.wait()?;
        let refused = |source: Box<dyn std::error::Error + Send + Sync>| HostError::Refused {
            what: "the reading of results".to_owned(),
            source,
        };
        match receive.recv() {
            Ok(Ok(())) => {}
            Ok(Err(source)) => return Err(refused(source.into())),
            Err(source) => return Err(refused(source.into())),
        }
        let bytes = staging.get_mapped_range(..).map_err(|source| refused(source.into()))?.to_vec();
        staging.unmap();
        Ok(bytes)
    }

    /// A texture with an image's pixels, 4 bytes each, in the order of `[height, width, 4]`.
    fn texture(&self, tensor: &Tensor) -> Result<TextureView, HostError> {
        let [height, width] = [0, 1].map(|d| tensor.shape().get(d).copied().unwrap_or(1) as u32);
        let size = Extent3d { width, height, depth_or_array_layers: 1 };
        checked(&self.device, "the image's texture", || {
            let texture = self.device.create_texture(&TextureDescriptor {
                label: Some("image"),
                size,
                mip_level_count: 1,
                sample_count: 1,
                dimension: TextureDimension::D2,
                format: TextureFormat::Rgba8Unorm,
                usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
                view_formats: &[],
            });
            let layout = TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(4 * width), rows_per_image: None };
            self.queue.write_texture(texture.as_image_copy(), tensor.bytes(), layout, size);
            texture.create_view(&Default::default())
        })
    }
}

/// Whether a dispatch binds a buffer.
fn binds(step: &Step, number: usize) -> bool {
    match step {
        Step::Dispatch { bindings, .. } => bindings.iter().any(|b| b.buffer == number),
        Step::Island { .. } => false,
    }
}

/// How many numbers an island's `main` takes behind the addresses.
fn island_symbols(variant: &GpuVariant, number: usize) -> usize {
    let mut all = variant.init.iter().chain(&variant.main);
    let found = all.find_map(|step| match step {
        Step::Island { island, symbols, .. } if *island == number => Some(symbols.len()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn island_machine(artifact: &Artifact, island: &Island, symbols: usize) -> Result<WasmMachine, HostError> {
    let variant = island.wasm.variants.first().map_or(Variant::Simd, |module| module.name);
    let context = Context { inputs: &island.inputs, states: Vec::new(), symbols };
    WasmMachine::new(artifact, &island.wasm, variant, context)
}

impl Machine for GpuMachine {
    fn write(&mut self, input: usize, tensor: &Tensor) -> Result<(), HostError> {
        self.alive()?;
        let Some(number) = self.program.input_buffer(input) else { return Ok(()) };
        if self.program.buffers[number].role == Role::Image {
            self.images[number] = Some(self.texture(tensor)?);
            // They bind the image before.
            let stale = self.variant.main.iter().zip(&mut self.groups).filter(|(step, _)| binds(step, number));
            stale.for_each(|(_, group)| *group = None);
            return Ok(());
        }
        let spec = &self.inputs[input];
        let mut bytes = vec![0; spec.bytes().unwrap_or_default() as usize];
        unpack(tensor.bytes(), tensor.shape(), spec.dtype.size(), &mut bytes, &spec.shape);
        if let Some(buffer) = self.buffer(number) {
            self.upload(buffer, 0, bytes);
        }
        Ok(())
    }

    fn clear(&mut self, input: usize) -> Result<(), HostError> {
        self.alive()?;
        if let Some(buffer) = self.program.input_buffer(input).and_then(|i| self.buffer(i)) {
            self.queue.write_buffer(buffer, 0, &vec![0; buffer.size() as usize]);
        }
        Ok(())
    }

    fn run(&mut self, symbols: &[u64]) -> Result<(), HostError> {
        let main = std::mem::take(&mut self.variant.main);
        let done = self.steps("a run", &main, symbols, true);
        self.variant.main = main;
        // Whatever else a lost GPU refuses.
        done.map_err(|error| self.alive().err().unwrap_or(error))
    }

    fn read(&self, output: usize) -> Result<Vec<u8>, HostError> {
        self.alive()?;
        let Some((_, staging)) = self.outputs.get(output) else { return Ok(Vec::new()) };
        self.fetch(staging)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_lost_gpu_is_an_error_of_its_own() {
        if std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1") {
            return;
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/gpu");
        let artifact = Artifact::open(folder).expect("a fixture");
        let mut machine = GpuMachine::new(&artifact, &GpuOptions::default())
            .unwrap_or_else(|e| panic!("{e}\nRun this test by `cargo xtask test`, or set WEFT_NO_GPU=1."));
        machine.run(&[]).expect("a run");
        machine.device.destroy();
        for _ in 0..2 {
            let Err(error) = machine.run(&[]) else { panic!("ran on a GPU that is gone") };
            assert!(matches!(error, HostError::Lost { .. }), "{error}");
            assert!(error.to_string().ends_with("; load the model again"), "{error}");
        }
        assert!(matches!(machine.read(0), Err(HostError::Lost { .. })));
    }
}
