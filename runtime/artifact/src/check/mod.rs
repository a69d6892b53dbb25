//! Checks of a manifest that its types don't make: a host trusts numbers, offsets, sizes and file names after this.

mod gpu;
mod wasm;

use crate::open::{Extent, Open};
use crate::{Device, Dtype, Manifest, State, TensorSpec};
use std::{collections::HashSet, path::Path};

/// The field and what is wrong with it.
type Problem = (String, String);

fn problem<T>(field: impl Into<String>, problem: impl Into<String>) -> Result<T, Problem> {
    Err((field.into(), problem.into()))
}

impl Manifest {
    /// Checks what a host relies on. The error is the field and the problem.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.check_devices()?;
        tensors("inputs", &self.inputs)?;
        tensors("outputs", &self.outputs)?;
        self.check_states()?;
        self.check_open()?;
        let states: Vec<_> = self.state_numbers().collect();
        if let Some(program) = &self.wasm {
            wasm::check("wasm", program, &self.inputs, &self.outputs, &states)?;
        }
        for (i, program) in self.webgpu.iter().enumerate() {
            if self.webgpu[..i].iter().any(|p| p.precision == program.precision) {
                return problem(format!("webgpu[{i}].precision"), format!("`{}` is there twice", program.precision));
            }
            gpu::check(&format!("webgpu[{i}]"), program, self, &states)?;
        }
        let mut seen = HashSet::new();
        match self.files().into_iter().find(|&(file, ..)| !seen.insert(file)) {
            Some((file, ..)) => problem("manifest", format!("two of its parts are the file `{file}`")),
            None => Ok(()),
        }
    }

    /// Every device has its program.
    fn check_devices(&self) -> Result<(), Problem> {
        if self.devices.is_empty() {
            return problem("devices", "there must be at least one");
        }
        for (i, device) in self.devices.iter().enumerate() {
            if self.devices[..i].contains(device) {
                return problem(format!("devices[{i}]"), format!("`{device}` is there twice"));
            }
        }
        for (device, there) in [(Device::Wasm, self.wasm.is_some()), (Device::Webgpu, !self.webgpu.is_empty())] {
            if there != self.devices.contains(&device) {
                let what = if there { "a program, which `devices` doesn't say" } else { "no program" };
                return problem(device.name(), format!("there is {what}"));
            }
        }
        Ok(())
    }

    /// Open dims are those of the tensors, and what the largest shapes say.
    fn check_open(&self) -> Result<(), Problem> {
        let Some(open) = &self.open else { return Ok(()) };
        let largest: Vec<u64> = open.symbols.iter().map(|s| s.max).collect();
        for (list, extents, entries) in
            [("inputs", &open.inputs, &self.inputs), ("outputs", &open.outputs, &self.outputs)]
        {
            let fits = extents.len() == entries.len()
                && extents.iter().zip(entries).all(|(e, spec)| {
                    let dims = Open::dims(e, &largest);
                    dims.len() == spec.shape.len() && dims.iter().zip(&spec.shape).all(|(n, most)| n <= most)
                });
            if !fits {
                return Err((format!("open.{list}"), "they aren't the tensors' dims".into()));
            }
        }
        let known = |e: &Extent| matches!(e, Extent::Known(_)) || e.symbol().is_some_and(|i| i < largest.len());
        match open.inputs.iter().flatten().all(known) && open.symbols.iter().all(|s| s.min <= s.max) {
            true => Ok(()),
            false => Err(("open".into(), "an input's dim is neither a number nor a symbol of the list".into())),
        }
    }

    fn check_states(&self) -> Result<(), Problem> {
        for (i, state) in self.states.iter().enumerate() {
            let output = self.outputs.iter().find(|spec| spec.name == state.output);
            let input = self.inputs.iter().find(|spec| spec.name == state.input);
            let same = output.zip(input).is_some_and(|(o, i)| (o.dtype, &o.shape) == (i.dtype, &i.shape));
            let twice = self.states[..i].iter().any(|s| s.output == state.output || s.input == state.input);
            if !same || twice {
                let State { output, input } = state;
                let problem = format!("output `{output}` and input `{input}` are not of one type and shape");
                return Err((format!("states[{i}]"), problem));
            }
        }
        Ok(())
    }
}

fn tensors(list: &str, specs: &[TensorSpec]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (i, spec) in specs.iter().enumerate() {
        if !seen.insert(&spec.name) {
            return problem(format!("{list}[{i}].name"), format!("`{}` is there twice", spec.name));
        }
        let Some(image) = &spec.image else { continue };
        if spec.dtype != Dtype::Uint8 || spec.shape != [image.max_height, image.max_width, 4] || list != "inputs" {
            return problem(format!("{list}[{i}].image"), format!("{spec} is no image of this size"));
        }
    }
    Ok(())
}

/// A file's name and nothing else, so that no manifest makes a host read outside the artifact's folder.
fn plain_name(name: &str) -> Result<(), String> {
    let path = Path::new(name);
    if path.file_name().is_some_and(|last| last == name) && !name.contains(['/', '\\']) {
        Ok(())
    } else {
        Err(format!("`{name}` is no plain file name"))
    }
}

fn sha256(text: &str) -> Result<(), String> {
    if text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
        Ok(())
    } else {
        Err(format!("`{text}` is no SHA-256 (64 lower-case hexadecimal digits)"))
    }
}
