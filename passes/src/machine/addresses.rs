//! What index values and buffers are made of: every integer that may be part of an address as a linear form of
//! loop counters, arguments and other values, and every memref as the linear form of its first element's address.

use super::linear::{Atom, Linear, Terms};
use std::collections::HashMap;
use weft_dialects::ir::{AttrExt, Block, BlockLike, Op, OpError, OpExt, OperationLike, Value, ValueExt, block_ops};

/// The values of a function, numbered in program order, with their linear forms.
pub struct Addresses<'c> {
    values: Vec<Value<'c>>,
    atoms: HashMap<usize, Atom>,
    forms: Vec<Option<Linear>>,
    spans: HashMap<usize, (Atom, Atom)>,
    /// Views whose layout isn't static.
    pub errors: Vec<OpError>,
}

/// What MLIR writes for a dynamic offset, size or stride.
const DYNAMIC: i64 = i64::MIN;

impl<'c> Addresses<'c> {
    /// Of the function's body.
    pub fn of(func: Op<'c>) -> Self {
        let mut out = Self {
            values: Vec::new(),
            atoms: HashMap::new(),
            forms: Vec::new(),
            spans: HashMap::new(),
            errors: Vec::new(),
        };
        out.regions(func);
        out
    }

    /// The number of a value.
    pub fn atom(&self, v: Value<'c>) -> Atom {
        // Every value that an op of the function can refer to was numbered.
        self.atoms.get(&v.key()).copied().unwrap_or(usize::MAX)
    }

    /// The value of a number.
    pub fn value(&self, atom: Atom) -> Value<'c> {
        self.values[atom]
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The linear form of an index, `i32` or memref value (the address of its first element); `None` for others.
    pub fn form(&self, v: Value<'c>) -> Option<&Linear> {
        self.forms.get(self.atom(v))?.as_ref()
    }

    /// Whether an atom is defined inside an op's regions.
    pub fn is_inside(&self, op: Op<'c>, atom: Atom) -> bool {
        self.spans.get(&op.key()).is_some_and(|&(from, to)| (from..to).contains(&atom))
    }

    /// The address of an element.
    pub fn element(&self, memref: Value<'c>, indices: &[Value<'c>]) -> Option<Linear> {
        let ty = memref.memref_ty()?;
        let mut at = self.form(memref)?.clone();
        for (&i, &stride) in indices.iter().zip(&ty.strides) {
            if stride < 0 && stride == DYNAMIC {
                return None;
            }
            at = at.plus(self.form(i)?, stride * ty.elem.bytes() as i64);
        }
        Some(at)
    }

    /// Whether the terms can't be negative: an address from which constants may be taken as immediates.
    pub fn is_not_negative(&self, terms: &Terms) -> bool {
        terms.iter().all(|(atom, c)| c > 0 && self.atom_is_not_negative(atom))
    }

    fn atom_is_not_negative(&self, atom: Atom) -> bool {
        let v = self.values[atom];
        if v.memref_ty().is_some() {
            return true;
        }
        let Some(op) = v.def() else {
            let Some(parent) = v.owner_block().and_then(|b| b.parent_operation()) else { return false };
            return match parent.op_name().as_str() {
                // Ranges of the outermost loop.
                "func.func" => true,
                "scf.for" if v.number() == 0 => {
                    self.form(parent.arg(0)).is_some_and(|l| l.constant >= 0 && self.is_not_negative(&l.terms))
                }
                _ => false,
            };
        };
        let arg = |i: usize| self.form(op.arg(i)).is_some_and(|l| l.constant >= 0 && self.is_not_negative(&l.terms));
        match op.op_name().as_str() {
            "arith.divui" | "arith.remui" | "arith.minsi" | "arith.divsi" | "arith.remsi" => arg(0) && arg(1),
            "arith.maxsi" => arg(0) || arg(1),
            _ => false,
        }
    }

    fn number(&mut self, v: Value<'c>) -> Atom {
        self.values.push(v);
        self.forms.push(None);
        self.atoms.insert(v.key(), self.values.len() - 1);
        self.values.len() - 1
    }

    fn regions(&mut self, op: Op<'c>) {
        let start = self.values.len();
        for block in region_blocks(op) {
            for v in block_args(block) {
                let atom = self.number(v);
                if is_integer(v) || v.memref_ty().is_some() {
                    self.forms[atom] = Some(Linear::atom(atom));
                }
            }
            for inner in block_ops(block) {
                for v in inner.ress() {
                    let atom = self.number(v);
                    self.forms[atom] = self.form_of(inner, v, atom);
                }
                self.regions(inner);
            }
        }
        self.spans.insert(op.key(), (start, self.values.len()));
    }

    fn form_of(&mut self, op: Op<'c>, v: Value<'c>, atom: Atom) -> Option<Linear> {
        let name = op.op_name();
        if is_integer(v) {
            return Some(self.integer(op, &name).unwrap_or_else(|| Linear::atom(atom)));
        }
        if !weft_dialects::ir::is_memref_type(v.ty()) {
            return None;
        }
        match self.view(op, &name, atom) {
            Ok(form) => Some(form),
            Err(message) => {
                self.errors.push(OpError::new(op, message));
                None
            }
        }
    }

    fn integer(&self, op: Op<'c>, name: &str) -> Option<Linear> {
        let arg = |i: usize| self.form(op.arg(i));
        let constant = |i: usize| arg(i).and_then(Linear::as_constant);
        match name {
            "arith.constant" => Some(Linear::constant(op.int("value")?)),
            "arith.addi" => Some(arg(0)?.plus(arg(1)?, 1)),
            "arith.subi" => Some(arg(0)?.plus(arg(1)?, -1)),
            "arith.muli" => match (constant(0), constant(1)) {
                (_, Some(c)) => Some(arg(0)?.times(c)),
                (Some(c), None) => Some(arg(1)?.times(c)),
                (None, None) => None,
            },
            "arith.shli" => Some(arg(0)?.times(1i64.checked_shl(u32::try_from(constant(1)?).ok()?)?)),
            "arith.index_cast" => match arg(0) {
                Some(form) => Some(form.clone()),
                None => Some(Linear::constant(constant_int(op.arg(0))?)),
            },
            _ => None,
        }
    }

    fn view(&self, op: Op<'c>, name: &str, atom: Atom) -> Result<Linear, String> {
        let unknown = || "the layout of its source is not known at compile time".to_owned();
        let source = |i: usize| self.form(op.arg(i)).cloned().ok_or_else(unknown);
        match name {
            "memref.view" => Ok(source(0)?.plus(&source(1)?, 1)),
            "memref.cast" | "memref.collapse_shape" | "memref.expand_shape" => source(0),
            "memref.subview" | "memref.reinterpret_cast" => {
                let ty = op.arg(0).memref_ty().ok_or_else(unknown)?;
                let bytes = ty.elem.bytes() as i64;
                let offsets = op.ints("static_offsets").unwrap_or_default();
                let mut at = source(0)?;
                // A reinterpreted buffer's offset counts from the buffer's start, not from its source's first element.
                let strides = if name == "memref.subview" {
                    ty.strides
                } else {
                    if ty.offset < 0 {
                        return Err(unknown());
                    }
                    at = at.offset(-ty.offset * bytes);
                    vec![1]
                };
                let mut dynamic = 1;
                for (&offset, &stride) in offsets.iter().zip(&strides) {
                    let offset = if offset == DYNAMIC {
                        dynamic += 1;
                        source(dynamic - 1)?
                    } else {
                        Linear::constant(offset)
                    };
                    if stride == DYNAMIC {
                        return Err(unknown());
                    }
                    at = at.plus(&offset, stride * bytes);
                }
                Ok(at)
            }
            _ => Ok(Linear::atom(atom)),
        }
    }
}

/// Whether a value is an index or an `i32`.
fn is_integer(v: Value<'_>) -> bool {
    is_index(v) || weft_dialects::ir::elem_of(v.ty()) == Some(weft_dialects::ir::Elem::I32)
}

/// Whether a value is an index.
pub fn is_index(v: Value<'_>) -> bool {
    weft_dialects::ir::is_index_type(v.ty())
}

/// The integer that a value is a constant of.
pub fn constant_int(v: Value<'_>) -> Option<i64> {
    let op = v.def().filter(|op| op.op_name() == "arith.constant")?;
    op.attr("value")?.as_i64()
}

/// The arguments of a block.
pub fn block_args<'c>(block: Block<'c>) -> Vec<Value<'c>> {
    (0..block.argument_count()).filter_map(|i| block.argument(i).ok()).map(Into::into).collect()
}

/// The first block of each region of an op: the only one, in structured control flow.
pub fn region_blocks<'c>(op: Op<'c>) -> Vec<Block<'c>> {
    use melior::ir::RegionLike;
    op.regions().filter_map(|r| r.first_block()).collect()
}

/// The memref and indices of a load or store.
pub fn access<'c>(op: Op<'c>, name: &str) -> Option<(Value<'c>, Vec<Value<'c>>)> {
    let at = match name {
        "memref.load" | "vector.load" => 0,
        "memref.store" | "vector.store" => 1,
        _ => return None,
    };
    let args = op.args();
    Some((args[at], args[at + 1..].to_vec()))
}
