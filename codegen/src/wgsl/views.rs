//! Memory: what a memref is a view of, how each buffer is accessed, and how it is declared therefore.

use super::linear::{Facts, Linear};
use super::types::Ty;
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, Block, BlockLike, DYNAMIC, Elem, MemRefTy, Op, OpError, OpExt, Value, ValueExt, block_arg, block_ops,
    walk_ops,
};
use weft_passes::legalize::preprocess::IMAGE;

/// Where memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// A binding.
    Storage,
    /// Shared by a workgroup.
    Workgroup,
    /// An invocation's own.
    Private,
    /// A binding that is no buffer: an image.
    Texture,
}

/// One buffer of a kernel: an argument, a workgroup attribution, a private array.
pub(super) struct Buffer<'c> {
    pub(super) space: Space,
    /// Which argument, attribution or `memref.alloca` it is.
    pub(super) value: Value<'c>,
    /// Elements that it has room for.
    pub(super) elements: i64,
    pub(super) elem: Elem,
    pub(super) loaded: bool,
    pub(super) stored: bool,
    /// Lanes of its vector accesses, if all are alike and aligned to it.
    lanes: Lanes,
    /// Whether single elements are stored.
    single_stores: bool,
    /// Whether an access stores less than a word of a packed buffer.
    parts: bool,
    touched: bool,
}

/// What the accesses of several lanes are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lanes {
    None,
    Aligned(u32),
    Mixed,
}

impl Buffer<'_> {
    /// Lanes of the vectors that it is declared as an array of; 1 for scalars. Vectors stand for wide accesses, and
    /// single stores would be stores of whole vectors to the memory model.
    pub(super) fn vector(&self) -> u32 {
        match self.lanes {
            Lanes::Aligned(n @ (2 | 4)) if !self.single_stores && self.elements % i64::from(n) == 0 => n,
            _ => 1,
        }
    }

    /// Whether it is an array of words that hold several elements each.
    pub(super) fn is_packed(&self, half: bool) -> bool {
        self.space == Space::Storage && packs(self.elem, half)
    }

    /// Whether the words of a packed buffer are atomic: several invocations write parts of one.
    pub(super) fn is_atomic(&self, half: bool) -> bool {
        self.is_packed(half) && self.parts
    }
}

/// Whether elements share words in storage; `half` is whether there is an f16 type.
pub(super) fn packs(elem: Elem, half: bool) -> bool {
    matches!(elem, Elem::I1 | Elem::I8 | Elem::I16 | Elem::BF16) || elem == Elem::F16 && !half
}

/// A memref: a buffer, and where in it.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) buffer: usize,
    pub(super) elem: Elem,
    pub(super) strides: Vec<i64>,
    /// Position of the first element, in elements.
    pub(super) offset: Linear,
}

/// All memory of a kernel.
#[derive(Default)]
pub(super) struct Memory<'c> {
    pub(super) buffers: Vec<Buffer<'c>>,
    views: HashMap<usize, View>,
}

impl<'c> Memory<'c> {
    /// Finds the buffers of a `gpu.func` and looks at all accesses. `arguments` are the block's arguments that are
    /// bindings; those behind them are attributions, `workgroup` of them in workgroup memory.
    pub(super) fn of(
        func: Op<'c>,
        arguments: usize,
        workgroup: usize,
        facts: &mut Facts<'c>,
        problems: &mut Vec<OpError>,
    ) -> Self {
        let mut memory = Self::default();
        let block = func.body(0);
        for i in 0..block.argument_count() {
            let value = block_arg(block, i);
            let Some(ty) = value.memref_ty() else { continue };
            let space = match i {
                _ if i < arguments && is_image(func, i) => Space::Texture,
                _ if i < arguments => Space::Storage,
                _ if i < arguments + workgroup => Space::Workgroup,
                _ => Space::Private,
            };
            memory.add(space, value, &ty);
        }
        for op in walk_ops(func) {
            if op.op_name() == "memref.alloca"
                && let Some(ty) = op.res(0).memref_ty()
            {
                memory.add(Space::Private, op.res(0), &ty);
            }
        }
        memory.block(block, facts, problems);
        memory
    }

    fn add(&mut self, space: Space, value: Value<'c>, ty: &MemRefTy) {
        let buffer = self.buffers.len();
        self.buffers.push(Buffer {
            space,
            value,
            elements: ty.span_bytes() / ty.elem.bytes() as i64 + ty.offset.max(0),
            elem: ty.elem,
            loaded: false,
            stored: false,
            lanes: Lanes::None,
            single_stores: false,
            parts: false,
            touched: false,
        });
        let view =
            View { buffer, elem: ty.elem, strides: ty.strides.clone(), offset: Linear::constant(ty.offset.max(0)) };
        self.views.insert(value.key(), view);
    }

    fn block(&mut self, block: Block<'c>, facts: &mut Facts<'c>, problems: &mut Vec<OpError>) {
        for op in block_ops(block) {
            let name = op.op_name();
            let done = match name.as_str() {
                "memref.load" | "memref.store" | "vector.load" | "vector.store" => self.note(op, &name, facts),
                "memref.cast"
                | "memref.reinterpret_cast"
                | "memref.subview"
                | "memref.view"
                | "memref.collapse_shape"
                | "memref.expand_shape"
                | "memref.memory_space_cast" => self.derive(op, &name, facts),
                _ => Ok(()),
            };
            problems.extend(done.err());
            for i in 0..weft_dialects::ir::OperationLike::region_count(&op) {
                use weft_dialects::ir::RegionLike;
                let inner = weft_dialects::ir::OperationLike::region(&op, i).ok().and_then(|r| r.first_block());
                if let Some(inner) = inner {
                    self.block(inner, facts, problems);
                }
            }
        }
    }

    /// What a memref is.
    pub(super) fn view(&self, user: Op<'c>, memref: Value<'c>) -> Result<&View, OpError> {
        self.views.get(&memref.key()).ok_or_else(|| {
            OpError::new(
                user,
                format!(
                    "{} isn't a view of one buffer known at compile time (an argument, workgroup memory or an alloca)",
                    memref.ty()
                ),
            )
        })
    }

    fn derive(&mut self, op: Op<'c>, name: &str, facts: &mut Facts<'c>) -> Result<(), OpError> {
        let source = self.view(op, op.arg(0))?.clone();
        let ty = op.res(0).memref_ty();
        let ty = ty.filter(|t| !t.strides.contains(&DYNAMIC)).ok_or_else(|| {
            OpError::new(op, format!("{} has strides that aren't known at compile time", op.res(0).ty()))
        })?;
        let mut dynamic = op.args().into_iter().skip(1);
        let mut offset = source.offset.clone();
        match name {
            "memref.subview" => {
                let offsets = op.ints("static_offsets").unwrap_or_default();
                for (&at, &stride) in offsets.iter().zip(&source.strides) {
                    let at = match at {
                        DYNAMIC => dynamic.next().map(|v| facts.linear(v)).unwrap_or_default(),
                        _ => Linear::constant(at),
                    };
                    offset.add(&at, stride);
                }
            }
            // The offset counts from the buffer's first element, whatever the source's was.
            "memref.reinterpret_cast" => {
                offset = match op.ints("static_offsets").unwrap_or_default().first() {
                    Some(&DYNAMIC) => dynamic.next().map(|v| facts.linear(v)).unwrap_or_default(),
                    at => Linear::constant(at.copied().unwrap_or_default()),
                };
            }
            "memref.view" => {
                let shift = dynamic.next().map(|v| facts.linear(v)).unwrap_or_default();
                let size = ty.elem.bytes() as i64;
                let whole =
                    |l: &Linear, from| l.constant * from % size == 0 && l.terms.iter().all(|t| t.1 * from % size == 0);
                if !whole(&shift, 1) || !whole(&source.offset, source.elem.bytes() as i64) {
                    let message = format!("its byte offset isn't known to be a multiple of {size}, an element's size");
                    return Err(OpError::new(op, message));
                }
                let from = source.elem.bytes() as i64;
                offset = Linear::default();
                offset.add(&divide(&source.offset, from, size), 1);
                offset.add(&divide(&shift, 1, size), 1);
                let buffer = &mut self.buffers[source.buffer];
                if !buffer.touched {
                    buffer.elements = buffer.elements * from / size;
                    buffer.elem = ty.elem;
                }
            }
            _ => {}
        }
        let view = View { buffer: source.buffer, elem: ty.elem, strides: ty.strides, offset };
        self.views.insert(op.res(0).key(), view);
        Ok(())
    }

    /// The position of an access, in elements of its buffer, and the lanes of its value.
    pub(super) fn access(&self, op: Op<'c>, name: &str, facts: &mut Facts<'c>) -> Result<(usize, Ty, Linear), OpError> {
        let at = usize::from(name.ends_with("store"));
        let value = if at == 1 { op.arg(0) } else { op.res(0) };
        let ty = Ty::of(value.ty()).ok_or_else(|| unheld(op, value))?;
        let view = self.view(op, op.arg(at))?;
        let mut position = view.offset.clone();
        for (&v, &stride) in op.args()[at + 1..].iter().zip(&view.strides) {
            let index = facts.linear(v);
            position.add(&index, stride);
        }
        if ty.elem != view.elem {
            let message = format!("{} elements can't be accessed as {}", view.elem.mlir(), ty.elem.mlir());
            return Err(OpError::new(op, message));
        }
        Ok((view.buffer, ty, position))
    }

    fn note(&mut self, op: Op<'c>, name: &str, facts: &mut Facts<'c>) -> Result<(), OpError> {
        let (buffer, ty, position) = self.access(op, name, facts)?;
        let divisor = facts.divisor(&position);
        let aligned = |n: i64| divisor % n == 0;
        let buffer = &mut self.buffers[buffer];
        if buffer.elem != ty.elem {
            let message = format!("one buffer is accessed as {} and as {}", buffer.elem.mlir(), ty.elem.mlir());
            return Err(OpError::new(op, message));
        }
        buffer.touched = true;
        let store = name.ends_with("store");
        buffer.loaded |= !store;
        buffer.stored |= store;
        if ty.lanes > 1 {
            let lanes = if aligned(i64::from(ty.lanes)) { Lanes::Aligned(ty.lanes) } else { Lanes::Mixed };
            buffer.lanes = match buffer.lanes {
                Lanes::None => lanes,
                same if same == lanes => same,
                _ => Lanes::Mixed,
            };
        } else if store {
            buffer.single_stores = true;
        }
        let in_word = 4 / ty.elem.bytes().min(4) as i64;
        if store && !(i64::from(ty.lanes) % in_word == 0 && aligned(in_word)) {
            buffer.parts = true;
        }
        Ok(())
    }
}

/// Whether an argument is an image.
fn is_image(func: Op<'_>, i: usize) -> bool {
    let attrs = func.attr("arg_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    attrs.get(i).is_some_and(|a| a.get(IMAGE).is_some())
}

/// `l * from / to`, which has no remainder.
fn divide(l: &Linear, from: i64, to: i64) -> Linear {
    let terms = l.terms.iter().map(|&(a, c)| (a, c * from / to)).collect();
    Linear { terms, constant: l.constant * from / to }
}

/// An error about a value of a type that no variable holds.
pub(super) fn unheld(op: Op<'_>, value: Value<'_>) -> OpError {
    let hint = match weft_dialects::ir::elem_of(value.ty()) {
        _ if value.memref_ty().is_some() => "buffers can't be chosen or carried through loops at run time",
        Some(Elem::F64) => "f64 doesn't exist on this target",
        _ => "a variable holds a scalar of at most 64 bits or 2 to 4 lanes",
    };
    OpError::new(op, format!("{} has no WGSL type: {hint}", value.ty()))
}
