//! Checks of a manifest that its types don't make: a host trusts offsets, sizes and file names after this.

use crate::open::{Extent, Open};
use crate::{ALIGN, Manifest, PAGE, Region, State, TensorEntry};
use std::{collections::HashSet, path::Path};

/// The field and what is wrong with it.
type Problem = (String, String);

impl Manifest {
    /// Checks what a host relies on. The error is the field and the problem.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.check_files()?;
        tensors("inputs", &self.inputs)?;
        tensors("outputs", &self.outputs)?;
        self.check_states()?;
        self.check_open()?;
        self.check_memory()
    }

    /// Open dims are those of the tensors, and what the largest shapes say.
    fn check_open(&self) -> Result<(), Problem> {
        let Some(open) = &self.open else { return Ok(()) };
        let largest: Vec<u64> = open.symbols.iter().map(|s| s.max).collect();
        for (list, extents, entries) in
            [("inputs", &open.inputs, &self.inputs), ("outputs", &open.outputs, &self.outputs)]
        {
            let fits = extents.len() == entries.len()
                && extents.iter().zip(entries).all(|(e, entry)| {
                    let dims = Open::dims(e, &largest);
                    dims.len() == entry.spec.shape.len()
                        && dims.iter().zip(&entry.spec.shape).all(|(n, most)| n <= most)
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

    fn check_files(&self) -> Result<(), Problem> {
        if self.variants.is_empty() {
            return Err(("variants".into(), "there must be at least one".into()));
        }
        let mut seen = HashSet::new();
        for (i, module) in self.variants.iter().enumerate() {
            if !seen.insert(module.name) {
                return Err((format!("variants[{i}].name"), format!("`{}` is there twice", module.name)));
            }
            plain_name(&module.file).map_err(|problem| (format!("variants[{i}].file"), problem))?;
            sha256(&module.sha256).map_err(|problem| (format!("variants[{i}].sha256"), problem))?;
        }
        if let Some(file) = &self.weights.file {
            plain_name(file).map_err(|problem| ("weights.file".into(), problem))?;
        }
        sha256(&self.weights.sha256).map_err(|problem| ("weights.sha256".into(), problem))
    }

    fn check_states(&self) -> Result<(), Problem> {
        for (i, state) in self.states.iter().enumerate() {
            let output = self.outputs.iter().find(|entry| entry.spec.name == state.output);
            let input = self.inputs.iter().find(|entry| entry.spec.name == state.input);
            let same = output.zip(input).is_some_and(|(o, i)| {
                (o.region, o.spec.dtype, &o.spec.shape) == (i.region, i.spec.dtype, &i.spec.shape)
            });
            let twice = self.states[..i].iter().any(|s| s.output == state.output || s.input == state.input);
            if !same || twice {
                let State { output, input } = state;
                let problem = format!("output `{output}` and input `{input}` are not one tensor in one place");
                return Err((format!("states[{i}]"), problem));
            }
        }
        Ok(())
    }

    fn check_memory(&self) -> Result<(), Problem> {
        let size = u64::from(self.memory.pages) * u64::from(PAGE);
        if size > crate::MAX_END {
            return Err((
                "memory.pages".into(),
                format!("{} is more than {}", self.memory.pages, crate::MAX_END / u64::from(PAGE)),
            ));
        }
        if self.memory.prepared > self.memory.arena.bytes {
            let problem = format!("{} is more than the arena's {}", self.memory.prepared, self.memory.arena.bytes);
            return Err(("memory.prepared".into(), problem));
        }
        let tensors = |list: &'static str, entries: &[TensorEntry]| -> Vec<(String, Region)> {
            entries.iter().enumerate().map(|(i, entry)| (format!("{list}[{i}]"), entry.region)).collect()
        };
        let mut regions =
            vec![("weights".to_owned(), self.weights.region), ("memory.arena".to_owned(), self.memory.arena)];
        regions.extend(tensors("inputs", &self.inputs));
        let states: HashSet<usize> = self.state_numbers().map(|(output, _)| output).collect();
        let outputs = tensors("outputs", &self.outputs).into_iter().enumerate();
        regions.extend(outputs.filter(|(i, _)| !states.contains(i)).map(|(_, entry)| entry));
        for (field, region) in &regions {
            if !region.offset.is_multiple_of(ALIGN) {
                return Err((format!("{field}.offset"), format!("{} is no multiple of {ALIGN}", region.offset)));
            }
            if region.end() > size {
                return Err((field.clone(), format!("ends at {}, the memory at {size}", region.end())));
            }
        }
        // Empty regions share their address with the next one.
        regions.retain(|(_, region)| region.bytes > 0);
        regions.sort_by_key(|(_, region)| region.offset);
        for pair in regions.windows(2) {
            let ((before, first), (after, second)) = (&pair[0], &pair[1]);
            if first.end() > u64::from(second.offset) {
                return Err((after.clone(), format!("overlaps {before}")));
            }
        }
        Ok(())
    }
}

fn tensors(list: &str, entries: &[TensorEntry]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (i, TensorEntry { spec, region }) in entries.iter().enumerate() {
        if !seen.insert(&spec.name) {
            return Err((format!("{list}[{i}].name"), format!("`{}` is there twice", spec.name)));
        }
        if spec.bytes() != Some(u64::from(region.bytes)) {
            return Err((format!("{list}[{i}].bytes"), format!("{} don't hold {spec}", region.bytes)));
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
