//! Moving around in IR, and changing it.

use super::{AttrExt, Attribute, Block, Location, MemRefTy, Op, TensorTy, Type, Value};
use melior::ir::RegionLike;
use melior::ir::block::BlockLike;
use melior::ir::operation::{OperationLike, OperationRef};
use melior::ir::{BlockRef, ValueLike};
use mlir_sys as sys;
use std::collections::{HashMap, HashSet};

/// What passes do with an op.
pub trait OpExt<'c>: Copy {
    /// The full name, e.g. `linalg.generic`.
    fn op_name(self) -> String;
    /// The source node's name from the location (`loc("name")`, or the first of a fused location); else empty.
    fn node_name(self) -> String;
    /// An attribute.
    fn attr(self, name: &str) -> Option<Attribute<'c>>;
    /// An integer attribute.
    fn int(self, name: &str) -> Option<i64>;
    /// An integer-array attribute.
    fn ints(self, name: &str) -> Option<Vec<i64>>;
    /// A string attribute.
    fn string(self, name: &str) -> Option<String>;
    /// A float attribute.
    fn float(self, name: &str) -> Option<f64>;
    /// Sets an attribute.
    fn set_attr(self, name: &str, value: Attribute<'c>);
    /// Removes an attribute, if present.
    fn drop_attr(self, name: &str);
    /// Operand `i`. Panics when out of range: ask only for what the verifier guarantees.
    fn arg(self, i: usize) -> Value<'c>;
    /// All operands.
    fn args(self) -> Vec<Value<'c>>;
    /// Result `i`. Panics when out of range.
    fn res(self, i: usize) -> Value<'c>;
    /// All results.
    fn ress(self) -> Vec<Value<'c>>;
    /// Replaces operand `i`.
    fn set_arg(self, i: usize, value: Value<'c>);
    /// The first block of region `i`. Panics when there is none.
    fn body(self, i: usize) -> Block<'c>;
    /// Values from outside that the op's regions use, each once, in order of first use: the tensors that a generic's body
    /// reads by `tensor.extract`, and outer constants.
    fn captures(self) -> Vec<Value<'c>>;
    /// Operands, then captured values: all that the op reads. A captured operand occurs twice.
    fn reads(self) -> Vec<Value<'c>>;
    /// Makes the ops in the regions use other values from outside, by the key of the old one.
    fn remap_captures(self, map: &HashMap<usize, Value<'c>>);
    /// The op that holds this op's block.
    fn parent(self) -> Option<Op<'c>>;
    /// The block that the op stands in.
    fn in_block(self) -> Option<Block<'c>>;
    /// Whether no result has a use.
    fn is_unused(self) -> bool;
    /// Removes the op from its block and destroys it. Its results must be unused.
    fn erase(self);
    /// Moves the op before another one.
    fn move_to_before(self, other: Op<'c>);
    /// A deep copy, not in any block yet, placed before `other`.
    fn clone_before(self, other: Op<'c>) -> Op<'c>;
    /// The text of the op alone without locations: equal for equal ops (IRDL ops never compare equal in MLIR).
    fn bare_text(self) -> String;
    /// Whether both handles are the same op.
    fn same(self, other: Op<'c>) -> bool;
    /// A number that identifies the op while it lives.
    fn key(self) -> usize;
}

impl<'c> OpExt<'c> for Op<'c> {
    fn op_name(self) -> String {
        self.name().as_string_ref().as_str().unwrap_or_default().to_owned()
    }

    fn node_name(self) -> String {
        node_name(self.location())
    }

    fn attr(self, name: &str) -> Option<Attribute<'c>> {
        self.attribute(name).ok()
    }

    fn int(self, name: &str) -> Option<i64> {
        self.attr(name)?.as_i64()
    }

    fn ints(self, name: &str) -> Option<Vec<i64>> {
        self.attr(name)?.as_i64s()
    }

    fn string(self, name: &str) -> Option<String> {
        Some(self.attr(name)?.as_str()?.to_owned())
    }

    fn float(self, name: &str) -> Option<f64> {
        self.attr(name)?.as_f64()
    }

    fn set_attr(self, name: &str, value: Attribute<'c>) {
        use melior::ir::attribute::AttributeLike;
        // SAFETY: both handles are alive; the name is copied into the context.
        unsafe {
            let name = sys::MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
            sys::mlirOperationSetAttributeByName(self.to_raw(), name, value.to_raw());
        }
    }

    fn drop_attr(self, name: &str) {
        // SAFETY: the handle is alive; removing an absent attribute does nothing.
        unsafe {
            let name = sys::MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
            sys::mlirOperationRemoveAttributeByName(self.to_raw(), name);
        }
    }

    fn arg(self, i: usize) -> Value<'c> {
        self.operand(i).unwrap_or_else(|_| panic!("{} has no operand {i}", self.op_name()))
    }

    fn args(self) -> Vec<Value<'c>> {
        self.operands().collect()
    }

    fn res(self, i: usize) -> Value<'c> {
        self.result(i).unwrap_or_else(|_| panic!("{} has no result {i}", self.op_name())).into()
    }

    fn ress(self) -> Vec<Value<'c>> {
        self.results().map(Into::into).collect()
    }

    fn set_arg(self, i: usize, value: Value<'c>) {
        assert!(i < self.operand_count());
        // SAFETY: both handles are alive and the index is in range.
        unsafe { sys::mlirOperationSetOperand(self.to_raw(), i as isize, value.to_raw()) }
    }

    fn body(self, i: usize) -> Block<'c> {
        self.region(i)
            .ok()
            .and_then(|r| r.first_block())
            .unwrap_or_else(|| panic!("{} has no block in region {i}", self.op_name()))
    }

    fn captures(self) -> Vec<Value<'c>> {
        // Most ops have no regions, and most regions capture nothing.
        if self.region_count() == 0 {
            return Vec::new();
        }
        let mut inside: HashSet<usize> = HashSet::new();
        let mut out: Vec<Value<'c>> = Vec::new();
        let arguments = |op: Op<'c>, inside: &mut HashSet<usize>| {
            for region in op.regions() {
                let mut block = region.first_block();
                while let Some(b) = block {
                    inside.extend((0..b.argument_count()).map(|i| block_arg(b, i).key()));
                    block = b.next_in_region();
                }
            }
        };
        arguments(self, &mut inside);
        for op in walk_ops(self) {
            for v in op.args() {
                if !inside.contains(&v.key()) && !out.iter().any(|o| o.key() == v.key()) {
                    out.push(v);
                }
            }
            inside.extend(op.ress().into_iter().map(ValueExt::key));
            arguments(op, &mut inside);
        }
        out
    }

    fn reads(self) -> Vec<Value<'c>> {
        let mut out = self.args();
        out.extend(self.captures());
        out
    }

    fn remap_captures(self, map: &HashMap<usize, Value<'c>>) {
        if self.region_count() == 0 {
            return;
        }
        for op in walk_ops(self) {
            for (i, v) in op.args().into_iter().enumerate() {
                if let Some(&new) = map.get(&v.key()) {
                    op.set_arg(i, new);
                }
            }
        }
    }

    fn parent(self) -> Option<Op<'c>> {
        self.parent_operation()
    }

    fn in_block(self) -> Option<Block<'c>> {
        self.block()
    }

    fn is_unused(self) -> bool {
        self.ress().into_iter().all(|r| r.is_unused())
    }

    fn erase(self) {
        assert!(self.is_unused(), "{} is erased while used", self.bare_text());
        // SAFETY: the op is alive and unused; callers drop their handles to it.
        unsafe { sys::mlirOperationDestroy(self.to_raw()) }
    }

    fn move_to_before(self, other: Op<'c>) {
        // SAFETY: both ops are alive and `other` stands in a block.
        unsafe { sys::mlirOperationMoveBefore(self.to_raw(), other.to_raw()) }
    }

    fn clone_before(self, other: Op<'c>) -> Op<'c> {
        // SAFETY: both ops are alive; the clone is owned by the block it is inserted into.
        unsafe {
            let raw = sys::mlirOperationClone(self.to_raw());
            let block = sys::mlirOperationGetBlock(other.to_raw());
            sys::mlirBlockInsertOwnedOperationBefore(block, other.to_raw(), raw);
            OperationRef::from_raw(raw)
        }
    }

    fn bare_text(self) -> String {
        super::print_bare(self)
    }

    fn same(self, other: Op<'c>) -> bool {
        self.key() == other.key()
    }

    fn key(self) -> usize {
        self.to_raw().ptr as usize
    }
}

/// What passes do with a value.
pub trait ValueExt<'c>: Copy {
    /// The defining op; `None` for a block argument.
    fn def(self) -> Option<Op<'c>>;
    /// The result number, or the argument number of a block argument.
    fn number(self) -> usize;
    /// The block of a block argument.
    fn owner_block(self) -> Option<Block<'c>>;
    /// All uses: user and operand number, in no particular order.
    fn uses(self) -> Vec<(Op<'c>, usize)>;
    /// Whether there is no use.
    fn is_unused(self) -> bool;
    /// Whether there is exactly one use.
    fn has_one_use(self) -> bool;
    /// Makes every use refer to `other`.
    fn replace_with(self, other: Value<'c>);
    /// Its type.
    fn ty(self) -> Type<'c>;
    /// Its tensor type; `None` for others.
    fn tensor_ty(self) -> Option<TensorTy>;
    /// Its memref type; `None` for others.
    fn memref_ty(self) -> Option<MemRefTy>;
    /// The name in its location: what an argument is called, `loc("x")`; else empty.
    fn name(self) -> String;
    /// Changes its type in place.
    fn retype(self, ty: Type<'c>);
    /// A number that identifies the value while it lives.
    fn key(self) -> usize;
}

impl<'c> ValueExt<'c> for Value<'c> {
    fn def(self) -> Option<Op<'c>> {
        // SAFETY: the value is alive, and the owner is read only for op results.
        unsafe {
            let raw = self.to_raw();
            sys::mlirValueIsAOpResult(raw).then(|| OperationRef::from_raw(sys::mlirOpResultGetOwner(raw)))
        }
    }

    fn number(self) -> usize {
        // SAFETY: the value is alive and its kind is checked.
        unsafe {
            let raw = self.to_raw();
            if sys::mlirValueIsAOpResult(raw) {
                sys::mlirOpResultGetResultNumber(raw) as usize
            } else {
                sys::mlirBlockArgumentGetArgNumber(raw) as usize
            }
        }
    }

    fn owner_block(self) -> Option<Block<'c>> {
        // SAFETY: the value is alive and its kind is checked.
        unsafe {
            let raw = self.to_raw();
            sys::mlirValueIsABlockArgument(raw).then(|| BlockRef::from_raw(sys::mlirBlockArgumentGetOwner(raw)))
        }
    }

    fn uses(self) -> Vec<(Op<'c>, usize)> {
        let mut out = Vec::new();
        // SAFETY: the use list is not changed while it is read.
        unsafe {
            let mut u = sys::mlirValueGetFirstUse(self.to_raw());
            while !sys::mlirOpOperandIsNull(u) {
                let owner = OperationRef::from_raw(sys::mlirOpOperandGetOwner(u));
                out.push((owner, sys::mlirOpOperandGetOperandNumber(u) as usize));
                u = sys::mlirOpOperandGetNextUse(u);
            }
        }
        out
    }

    fn is_unused(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { sys::mlirOpOperandIsNull(sys::mlirValueGetFirstUse(self.to_raw())) }
    }

    fn has_one_use(self) -> bool {
        self.uses().len() == 1
    }

    fn replace_with(self, other: Value<'c>) {
        // SAFETY: both values are alive.
        unsafe { sys::mlirValueReplaceAllUsesOfWith(self.to_raw(), other.to_raw()) }
    }

    fn ty(self) -> Type<'c> {
        ValueLike::r#type(&self)
    }

    fn tensor_ty(self) -> Option<TensorTy> {
        TensorTy::of(self.ty())
    }

    fn memref_ty(self) -> Option<MemRefTy> {
        MemRefTy::of(self.ty())
    }

    fn name(self) -> String {
        // SAFETY: the value is alive, and its location lives as long as the context.
        node_name(unsafe { Location::from_raw(sys::mlirValueGetLocation(self.to_raw())) })
    }

    fn retype(self, ty: Type<'c>) {
        ValueLike::set_type(&self, ty);
    }

    fn key(self) -> usize {
        self.to_raw().ptr as usize
    }
}

/// The ops of a block, in order; the list is taken first, so the block may change meanwhile.
pub fn block_ops<'c>(block: Block<'c>) -> Vec<Op<'c>> {
    let mut out = Vec::new();
    let mut next = block.first_operation();
    while let Some(op) = next {
        out.push(op);
        next = op.next_in_block();
    }
    out
}

/// Argument `i` of a block. Panics when out of range.
pub fn block_arg<'c>(block: Block<'c>, i: usize) -> Value<'c> {
    block.argument(i).unwrap_or_else(|_| panic!("the block has no argument {i}")).into()
}

/// All ops inside `root` (not itself), in program order, a parent before its children.
pub fn walk_ops<'c>(root: Op<'c>) -> Vec<Op<'c>> {
    fn go<'c>(op: Op<'c>, out: &mut Vec<Op<'c>>) {
        for region in op.regions() {
            let mut block = region.first_block();
            while let Some(b) = block {
                for inner in block_ops(b) {
                    out.push(inner);
                    go(inner, out);
                }
                block = b.next_in_region();
            }
        }
    }
    let mut out = Vec::new();
    go(root, &mut out);
    out
}

/// The functions directly in a module op, in order.
pub fn funcs<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    block_ops(module.body(0)).into_iter().filter(|op| op.op_name() == "func.func").collect()
}

/// The name in a location: `loc("name")`, or the first name found in a fused or call-site location.
fn node_name(loc: Location<'_>) -> String {
    let text = loc.to_string();
    let mut parts = text.split('"');
    let first = parts.next();
    let name = parts.next().unwrap_or_default();
    // `loc("file":1:2)` is a place in IR text, not a node.
    let after = parts.next().unwrap_or_default();
    if first.is_some() && !after.starts_with(':') { name.to_owned() } else { String::new() }
}
