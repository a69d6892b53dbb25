//! Locals for variables: those whose ranges don't meet share one.

use super::code::Function;
use super::live::{Liveness, Range, overlap};
use super::stack::Line;
use std::collections::{BTreeSet, HashMap};
use wasm_encoder::{Instruction, ValType};

/// The instructions of a body with its locals.
pub(super) struct Body {
    /// Runs of locals of one type, after the parameters.
    pub(super) locals: Vec<(u32, ValType)>,
    pub(super) code: Vec<Instruction<'static>>,
}

struct Local {
    ty: ValType,
    taken: Vec<Range>,
}

/// Gives locals to the variables that `lines` refer to, in order of their first position.
pub(super) fn assign(function: &Function, live: &Liveness, lines: &[Line]) -> Body {
    let params = function.params;
    let mut locals: Vec<Local> = (0..params)
        .map(|p| Local { ty: function.types[p], taken: live.ranges(live.variable(p as u32)).to_vec() })
        .collect();
    let mut variables: BTreeSet<(u32, u32)> = BTreeSet::new();
    for line in lines {
        if let Line::Get(v) | Line::Set(v) | Line::Tee(v) = line {
            let variable = live.variable(*v);
            if variable as usize >= params {
                variables.insert((live.ranges(variable)[0].0, variable));
            }
        }
    }
    let mut home: HashMap<u32, usize> = (0..params).map(|p| (p as u32, p)).collect();
    for (_, variable) in variables {
        let (ty, ranges) = (function.types[variable as usize], live.ranges(variable));
        let free = locals.iter().position(|l| l.ty == ty && !overlap(&l.taken, ranges));
        let at = free.unwrap_or_else(|| {
            locals.push(Local { ty, taken: Vec::new() });
            locals.len() - 1
        });
        locals[at].taken.extend(ranges);
        locals[at].taken.sort_unstable();
        home.insert(variable, at);
    }
    // Wasm declares locals in runs of one type.
    let mut runs: Vec<(u32, ValType)> = Vec::new();
    let mut number: Vec<u32> = (0..locals.len() as u32).collect();
    let mut next = params as u32;
    for ty in [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128] {
        let first = next;
        for (i, _) in locals.iter().enumerate().skip(params).filter(|(_, l)| l.ty == ty) {
            number[i] = next;
            next += 1;
        }
        if next > first {
            runs.push((next - first, ty));
        }
    }
    let local = |v: u32| number[home[&live.variable(v)]];
    let mut code: Vec<Instruction<'static>> = Vec::with_capacity(lines.len());
    for line in lines {
        let next = match line {
            Line::Get(v) => {
                let at = local(*v);
                // A local that is read right after it was written need not leave the stack.
                if let Some(last @ Instruction::LocalSet(_)) = code.last_mut()
                    && matches!(last, Instruction::LocalSet(set) if *set == at)
                {
                    *last = Instruction::LocalTee(at);
                    continue;
                }
                Instruction::LocalGet(at)
            }
            Line::Set(v) => Instruction::LocalSet(local(*v)),
            Line::Tee(v) => Instruction::LocalTee(local(*v)),
            Line::Do(instruction) => instruction.clone(),
        };
        code.push(next);
    }
    Body { locals: runs, code }
}
