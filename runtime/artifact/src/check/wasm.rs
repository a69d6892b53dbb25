//! Wasm programs: files, and a memory map in which nothing overlaps.

use super::{Problem, plain_name, problem, sha256};
use crate::{ALIGN, PAGE, Region, TensorSpec, WasmProgram};
use std::collections::HashSet;

/// Checks a program for these tensors; `at` is its field, `states` are pairs of an output and the input whose place it has.
pub(super) fn check(
    at: &str,
    program: &WasmProgram,
    inputs: &[TensorSpec],
    outputs: &[TensorSpec],
    states: &[(usize, usize)],
) -> Result<(), Problem> {
    files(at, program)?;
    regions(&format!("{at}.inputs"), &program.inputs, inputs)?;
    regions(&format!("{at}.outputs"), &program.outputs, outputs)?;
    for &(output, input) in states {
        if program.outputs[output] != program.inputs[input] {
            let names = format!("output `{}` and input `{}`", outputs[output].name, inputs[input].name);
            return problem(format!("{at}.outputs[{output}]"), format!("{names} are one state, but not in one place"));
        }
    }
    memory(at, program, states)
}

fn files(at: &str, program: &WasmProgram) -> Result<(), Problem> {
    if program.variants.is_empty() {
        return problem(format!("{at}.variants"), "there must be at least one");
    }
    let mut seen = HashSet::new();
    for (i, module) in program.variants.iter().enumerate() {
        let at = format!("{at}.variants[{i}]");
        if !seen.insert(module.name) {
            return problem(format!("{at}.name"), format!("`{}` is there twice", module.name));
        }
        plain_name(&module.file).or_else(|p| problem(format!("{at}.file"), p))?;
        sha256(&module.sha256).or_else(|p| problem(format!("{at}.sha256"), p))?;
    }
    if let Some(file) = &program.weights.file {
        plain_name(file).or_else(|p| problem(format!("{at}.weights.file"), p))?;
    }
    sha256(&program.weights.sha256).or_else(|p| problem(format!("{at}.weights.sha256"), p))
}

fn regions(list: &str, regions: &[Region], specs: &[TensorSpec]) -> Result<(), Problem> {
    if regions.len() != specs.len() {
        return problem(list, format!("there are {}, but {} tensors", regions.len(), specs.len()));
    }
    for (i, (spec, region)) in specs.iter().zip(regions).enumerate() {
        if spec.bytes() != Some(u64::from(region.bytes)) {
            return problem(format!("{list}[{i}].bytes"), format!("{} don't hold {spec}", region.bytes));
        }
    }
    Ok(())
}

fn memory(at: &str, program: &WasmProgram, states: &[(usize, usize)]) -> Result<(), Problem> {
    let memory = &program.memory;
    let size = u64::from(memory.pages) * u64::from(PAGE);
    if size > crate::MAX_END {
        let most = crate::MAX_END / u64::from(PAGE);
        return problem(format!("{at}.memory.pages"), format!("{} is more than {most}", memory.pages));
    }
    if memory.prepared > memory.arena.bytes {
        let much = format!("{} is more than the arena's {}", memory.prepared, memory.arena.bytes);
        return problem(format!("{at}.memory.prepared"), much);
    }
    let list = |name: &'static str, regions: &[Region]| -> Vec<(String, Region)> {
        regions.iter().enumerate().map(|(i, &region)| (format!("{at}.{name}[{i}]"), region)).collect()
    };
    let mut regions =
        vec![(format!("{at}.weights"), program.weights.region), (format!("{at}.memory.arena"), memory.arena)];
    regions.extend(list("inputs", &program.inputs));
    let outputs = list("outputs", &program.outputs).into_iter().enumerate();
    regions.extend(outputs.filter(|(i, _)| states.iter().all(|s| s.0 != *i)).map(|(_, entry)| entry));
    for (field, region) in &regions {
        if !region.offset.is_multiple_of(ALIGN) {
            return problem(format!("{field}.offset"), format!("{} is no multiple of {ALIGN}", region.offset));
        }
        if region.end() > size {
            return problem(field, format!("ends at {}, the memory at {size}", region.end()));
        }
    }
    // Empty regions share their address with the next one.
    regions.retain(|(_, region)| region.bytes > 0);
    regions.sort_by_key(|(_, region)| region.offset);
    for pair in regions.windows(2) {
        let ((before, first), (after, second)) = (&pair[0], &pair[1]);
        if first.end() > u64::from(second.offset) {
            return problem(after, format!("overlaps {before}"));
        }
    }
    Ok(())
}
