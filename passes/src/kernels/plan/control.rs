//! Control flow in the plan: `scf.if`, `scf.for` and `scf.while` on tensors become the same ops on buffers.
//!
//! A carried tensor has one buffer, its home, in which every iteration finds it and leaves the next one: straight from where it is
//! made if the old one has been read by then, else by a copy at the iteration's end. A branch's result is made in the result's
//! buffer. What is used in a loop lives until the loop's end. Slices along the outermost dim at a position known at run time are
//! places: reading one is a view, writing one is a copy into the tensor's own buffer.

use super::arena::Request;
use super::buffers::{copy_kernel, symbols_of};
use super::{Place, Plan, callee};
use crate::kernels::outline::ValueMap;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    Block, BlockLike, Builder, DYNAMIC, MemRefTy, Op, OpError, OpExt, OperationLike, RegionLike, TensorTy, Value,
    ValueExt, block_arg, block_ops, extents_list,
};

/// Views made so far, by base and layout.
pub(super) type Viewed<'c> = HashMap<(usize, String), Value<'c>>;

/// What is known of control flow besides places.
#[derive(Default)]
pub(super) struct Flow<'c> {
    /// Buffers that stay what they are: homes.
    pinned: HashSet<usize>,
    /// Slices: of which value, at which position of its outermost dim.
    parts: HashMap<usize, (Value<'c>, Value<'c>)>,
    /// Inputs that slices are taken of: their copies in the arena.
    inputs: HashMap<usize, usize>,
    /// Copies before an op: from, to.
    before: HashMap<usize, Vec<(Value<'c>, Value<'c>)>>,
    /// Copies at the end of a block, by its terminator: from, through a buffer, to.
    after: HashMap<usize, Vec<(Value<'c>, Option<usize>, Value<'c>)>>,
    /// Names of the copying kernels, by type.
    copies: RefCell<HashMap<String, String>>,
}

impl Flow<'_> {
    /// Whether a buffer is needed although no value's place says so.
    pub(super) fn keeps(&self, request: usize) -> bool {
        self.inputs.values().any(|&r| r == request)
            || self.after.values().flatten().any(|c| c.1 == Some(request))
            || self.pinned.contains(&request)
    }

    /// Whether a buffer must not become an output or a state.
    pub(super) fn is_pinned(&self, request: usize) -> bool {
        self.pinned.contains(&request)
    }
}

/// Whether an op stands in the plan by itself: control flow, and scalars that it needs.
pub fn is_part(op: Op<'_>) -> bool {
    let name = op.op_name();
    matches!(name.as_str(), "scf.if" | "scf.for" | "scf.while" | "scf.yield" | "scf.condition" | "tensor.from_elements")
        || is_run_time_slice(op)
        || (op.result_count() > 0 && name != "nn.extent" && op.ress().iter().all(|r| r.tensor_ty().is_none()))
}

/// Whether an op is a slice at a position that the run computes. An extent that is left open is none: kernels know it.
pub fn is_run_time_slice(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "tensor.extract_slice" | "tensor.insert_slice")
        && op.ints("static_offsets").is_some_and(|o| o.contains(&DYNAMIC))
        && extents_list(op, "static_offsets").is_none()
}

/// The block of region `i`, if it has one.
fn block_of<'c>(op: Op<'c>, i: usize) -> Option<Block<'c>> {
    op.region(i).ok().and_then(|r| r.first_block())
}

/// What a value is a reshape of.
fn origin<'c>(v: Value<'c>) -> Value<'c> {
    let mut origin = v;
    while let Some(op) = origin.def().filter(|o| o.op_name().ends_with("_shape")) {
        origin = op.arg(0);
    }
    origin
}

fn terminator<'c>(block: Block<'c>) -> Option<Op<'c>> {
    block_ops(block).pop()
}

impl<'c> Plan<'c> {
    /// Finds places for what control flow and its scalars make.
    pub(super) fn control(&mut self, op: Op<'c>, t: usize) -> Result<(), OpError> {
        match op.op_name().as_str() {
            "scf.if" => self.branches(op, t),
            "scf.for" => {
                let Some(body) = block_of(op, 0) else { return Err(OpError::new(op, "has no body")) };
                let args: Vec<_> = (1..body.argument_count()).map(|i| block_arg(body, i)).collect();
                self.looped(op, &op.args()[3..], &[(body, args)], t)
            }
            "scf.while" => {
                let (Some(test), Some(body)) = (block_of(op, 0), block_of(op, 1)) else {
                    return Err(OpError::new(op, "has no body"));
                };
                let args = |b: Block<'c>| (0..b.argument_count()).map(|i| block_arg(b, i)).collect::<Vec<_>>();
                let passed = terminator(test).map(|c| c.args()).unwrap_or_default();
                if passed.get(1..).is_none_or(|p| p.iter().map(|v| v.key()).ne(args(test).iter().map(|v| v.key()))) {
                    return Err(OpError::new(op, "its condition must pass on what it was given"));
                }
                self.looped(op, &op.args(), &[(test, args(test)), (body, args(body))], t)
            }
            "tensor.from_elements" => {
                self.request(op, op.res(0), t)?;
                Ok(())
            }
            "tensor.extract_slice" => {
                let source = op.arg(0);
                self.use_at(source, op, t)?;
                // Views at run-time positions are of the arena's bytes: what they are of stays there.
                if let Place::Arena(b) = self.place[&source.key()] {
                    self.flow.pinned.insert(b);
                }
                if let Place::Input(i) = self.place[&source.key()] {
                    let bytes = self.ty(op, source)?.bound(&self.symbols).bytes().unwrap_or_default();
                    let request = *self.flow.inputs.entry(i).or_insert(self.requests.len());
                    if request == self.requests.len() {
                        self.requests.push(Request { bytes, first: 0, last: t });
                    }
                    self.requests[request].last = t;
                    self.place.insert(op.res(0).key(), Place::Arena(request));
                } else {
                    self.place.insert(op.res(0).key(), self.place[&source.key()]);
                }
                self.flow.parts.insert(op.res(0).key(), (source, op.arg(1)));
                Ok(())
            }
            "tensor.insert_slice" => {
                let (part, whole) = (op.arg(0), op.arg(1));
                self.use_at(part, op, t)?;
                self.use_at(whole, op, t)?;
                match self.place[&whole.key()] {
                    Place::Arena(b) if whole.has_one_use() => self.flow.pinned.insert(b),
                    _ => {
                        let message = "what it writes into must be used by it alone, in a buffer of its own";
                        return Err(OpError::new(op, message));
                    }
                };
                self.place.insert(op.res(0).key(), self.place[&whole.key()]);
                // The slot, as a value: the op's own result seen at its position.
                self.flow.before.entry(op.key()).or_default().push((part, op.res(0)));
                Ok(())
            }
            _ => {
                // Scalars; `tensor.extract` reads one.
                for v in op.args().into_iter().filter(|v| v.tensor_ty().is_some()) {
                    self.use_at(v, op, t)?;
                }
                Ok(())
            }
        }
    }

    /// Makes every value in a buffer live in another place.
    fn rebind(&mut self, from: usize, to: Place) {
        self.place.values_mut().filter(|p| **p == Place::Arena(from)).for_each(|p| *p = to);
    }

    fn branches(&mut self, op: Op<'c>, t: usize) -> Result<(), OpError> {
        let results = op.ress().into_iter().map(|r| self.request(op, r, t)).collect::<Result<Vec<_>, _>>()?;
        for i in 0..op.region_count() {
            let Some(block) = block_of(op, i) else { continue };
            let start = self.t;
            self.block(block)?;
            let Some(end) = terminator(block) else { continue };
            let t = self.t - 1;
            for v in end.args() {
                self.use_at(v, end, t)?;
            }
            for (v, (&result, r)) in end.args().into_iter().zip(results.iter().zip(op.ress())) {
                match self.place[&v.key()] {
                    Place::Arena(b) if self.is_free(b, start) && !self.is_slice(v) => {
                        self.rebind(b, Place::Arena(result));
                    }
                    _ => self.flow.after.entry(end.key()).or_default().push((v, None, r)),
                }
            }
        }
        for result in results {
            self.requests[result].last = self.requests[result].last.max(self.t - 1);
        }
        Ok(())
    }

    /// Whether what lies in a buffer was made since a step, and may lie elsewhere.
    fn is_free(&self, buffer: usize, since: usize) -> bool {
        self.requests[buffer].first >= since && !self.flow.pinned.contains(&buffer)
    }

    /// Whether a value is a slice of a buffer, or a reshape of one.
    pub(super) fn is_slice(&self, v: Value<'c>) -> bool {
        self.flow.parts.contains_key(&origin(v).key())
    }

    /// A loop: what it starts from, and its blocks in their order with the arguments that stand for carried values.
    fn looped(
        &mut self,
        op: Op<'c>,
        first: &[Value<'c>],
        blocks: &[(Block<'c>, Vec<Value<'c>>)],
        t: usize,
    ) -> Result<(), OpError> {
        let mut homes = Vec::new();
        for (k, (&init, result)) in first.iter().zip(op.ress()).enumerate() {
            if init.tensor_ty().is_none() {
                homes.push(None);
                continue;
            }
            let home = self.request(op, result, t)?;
            self.flow.pinned.insert(home);
            if init.def().is_none_or(|d| d.op_name() != "tensor.empty") {
                self.use_at(init, op, t)?;
                self.flow.before.entry(op.key()).or_default().push((init, result));
            }
            for (_, args) in blocks {
                self.place.insert(args[k].key(), Place::Arena(home));
            }
            homes.push(Some(home));
        }
        let start = self.t;
        for (block, _) in blocks {
            self.block(*block)?;
        }
        let Some(end) = blocks.last().and_then(|(b, _)| terminator(*b)) else { return Ok(()) };
        let last = self.t - 1;
        let next = end.args();
        for &v in next.iter().filter(|v| v.tensor_ty().is_some()) {
            self.use_at(v, end, last)?;
        }
        for (&v, (home, result)) in next.iter().zip(homes.iter().zip(op.ress())) {
            let Some(home) = *home else { continue };
            let part = self.is_slice(v);
            match self.place[&v.key()] {
                Place::Arena(b) if b == home => {}
                Place::Arena(b)
                    if self.is_free(b, start) && !part && self.requests[home].last < self.requests[b].first =>
                {
                    self.rebind(b, Place::Arena(home));
                }
                made => {
                    // Another home may be written before it is read.
                    let other = matches!(made, Place::Arena(b) if homes.contains(&Some(b)));
                    let between = other.then(|| self.buffer(end, v, last)).transpose()?;
                    self.flow.after.entry(end.key()).or_default().push((v, between, result));
                }
            }
        }
        // The next iteration reads again what was made before the loop.
        for r in self.requests.iter_mut().filter(|r| r.first < start && r.last >= start) {
            r.last = r.last.max(last);
        }
        for home in homes.into_iter().flatten() {
            self.requests[home].last = self.requests[home].last.max(last);
        }
        for read in self.last_read.iter_mut().filter(|r| **r >= start) {
            *read = last;
        }
        Ok(())
    }

    /// Copies inputs that slices are taken of into the arena.
    pub(super) fn emit_sliced_inputs(&self, b: &Builder<'c>, args: &[Value<'c>]) {
        let mut all: Vec<_> = self.flow.inputs.iter().collect();
        all.sort_unstable();
        for (&input, &request) in all {
            let from = args[self.input_argument(input)];
            let to = self.slot_view(b, args, self.layout.slots[request], from.ty());
            self.move_to(b, args, from, to, &self.inputs[input]);
        }
    }

    /// The ops of a block on places.
    pub(super) fn emit_block(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        ops: &[Op<'c>],
        map: &mut ValueMap<'c>,
        viewed: &mut Viewed<'c>,
    ) {
        for &op in ops {
            let b = &b.with_loc(op.location());
            let look = |map: &ValueMap<'c>, v: Value<'c>| map.get(&v.key()).copied().unwrap_or(v);
            let name = op.op_name();
            for &(from, to) in self.flow.before.get(&op.key()).into_iter().flatten() {
                let source = self.place_of(b, args, from, map, viewed);
                let target = match name.as_str() {
                    "tensor.insert_slice" => self.slot(b, args, op, map),
                    _ => self.place_of(b, args, to, map, viewed),
                };
                if let Some(ty) = from.tensor_ty() {
                    self.move_to(b, args, source, target, &ty);
                }
            }
            match name.as_str() {
                "func.call" if callee(op) != "init" => {
                    let operands: Vec<_> = op
                        .args()
                        .into_iter()
                        .chain(op.ress())
                        .map(|v| self.place_of(b, args, v, map, viewed))
                        .collect();
                    let symbols = if self.open.contains(callee(op)) { symbols_of(args) } else { Vec::new() };
                    b.call(callee(op), &[operands, symbols].concat(), &[]);
                }
                "scf.if" | "scf.for" | "scf.while" => self.emit_control(b, args, op, map, viewed),
                "tensor.extract" => {
                    let at: Vec<_> = op.args()[1..].iter().map(|&v| look(map, v)).collect();
                    let from = self.place_of(b, args, op.arg(0), map, viewed);
                    let operands: Vec<_> = [from].into_iter().chain(at).collect();
                    map.insert(op.res(0).key(), b.value("memref.load", &operands, op.res(0).ty(), &[]));
                }
                "tensor.from_elements" => {
                    let to = self.place_of(b, args, op.res(0), map, viewed);
                    b.op("memref.store", &[look(map, op.arg(0)), to], &[], &[]);
                }
                _ if is_part(op) && op.ress().iter().all(|r| r.tensor_ty().is_none()) && op.result_count() > 0 => {
                    let operands: Vec<_> = op.args().into_iter().map(|v| look(map, v)).collect();
                    let new = b.clone_op(op, &operands);
                    op.ress().into_iter().zip(new.ress()).for_each(|(old, new)| _ = map.insert(old.key(), new));
                }
                _ => {}
            }
        }
    }

    fn emit_control(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        op: Op<'c>,
        map: &mut ValueMap<'c>,
        viewed: &mut Viewed<'c>,
    ) {
        let scalar = |v: &Value<'c>| v.tensor_ty().is_none();
        let look = |map: &ValueMap<'c>, v: Value<'c>| map.get(&v.key()).copied().unwrap_or(v);
        let operands: Vec<_> = op.args().into_iter().filter(scalar).map(|v| look(map, v)).collect();
        let results: Vec<_> = op.ress().into_iter().filter(scalar).collect();
        let types: Vec<_> = results.iter().map(|v| v.ty()).collect();
        let mut regions = Vec::new();
        for i in 0..op.region_count() {
            let Some(block) = block_of(op, i) else {
                regions.push(Default::default());
                continue;
            };
            let own: Vec<_> = (0..block.argument_count()).map(|i| block_arg(block, i)).filter(scalar).collect();
            let arg_types: Vec<_> = own.iter().map(|v| v.ty()).collect();
            regions.push(b.region(&arg_types, |b, values| {
                let (mut map, mut viewed) = (map.clone(), viewed.clone());
                own.iter().zip(values).for_each(|(old, &new)| _ = map.insert(old.key(), new));
                let mut ops = block_ops(block);
                let Some(end) = ops.pop() else { return };
                self.emit_block(b, args, &ops, &mut map, &mut viewed);
                self.emit_ends(b, args, end, &map, &mut viewed);
                let next: Vec<_> = end.args().into_iter().filter(scalar).map(|v| look(&map, v)).collect();
                b.op(&end.op_name(), &next, &[], &[]);
            }));
        }
        let new = b.op_regions(&op.op_name(), &operands, &types, &[], regions);
        results.into_iter().zip(new.ress()).for_each(|(old, new)| _ = map.insert(old.key(), new));
    }

    /// The copies at the end of a block; first those that go through a buffer.
    fn emit_ends(&self, b: &Builder<'c>, args: &[Value<'c>], end: Op<'c>, map: &ValueMap<'c>, viewed: &mut Viewed<'c>) {
        let Some(copies) = self.flow.after.get(&end.key()) else { return };
        let mut sources = Vec::new();
        for &(from, between, _) in copies {
            let mut source = self.place_of(b, args, from, map, viewed);
            if let (Some(request), Some(ty)) = (between, from.tensor_ty()) {
                let buffer = self.slot_view(b, args, self.layout.slots[request], source.ty());
                self.move_to(b, args, source, buffer, &ty);
                source = buffer;
            }
            sources.push(source);
        }
        for (&(from, _, to), source) in copies.iter().zip(sources) {
            let target = self.place_of(b, args, to, map, viewed);
            if let Some(ty) = from.tensor_ty() {
                self.move_to(b, args, source, target, &ty);
            }
        }
    }

    /// The memref of a value's place, slices included.
    pub(super) fn place_of(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        v: Value<'c>,
        map: &ValueMap<'c>,
        viewed: &mut Viewed<'c>,
    ) -> Value<'c> {
        // A reshape of a slice is the slice in another shape.
        let origin = origin(v);
        let (Some(&(whole, at)), Some(ty)) = (self.flow.parts.get(&origin.key()), v.tensor_ty()) else {
            return self.view(b, args, v, viewed);
        };
        self.part(b, args, origin, whole, at, &ty, map)
    }

    /// The slot that a slice is written to.
    fn slot(&self, b: &Builder<'c>, args: &[Value<'c>], op: Op<'c>, map: &ValueMap<'c>) -> Value<'c> {
        let Some(ty) = op.arg(0).tensor_ty() else { return op.arg(0) };
        self.part(b, args, op.res(0), op.arg(1), op.arg(2), &ty, map)
    }

    /// A position of a tensor's outermost dim, in some shape; `placed` has the place of the whole.
    #[allow(clippy::too_many_arguments)]
    fn part(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        placed: Value<'c>,
        whole: Value<'c>,
        at: Value<'c>,
        ty: &TensorTy,
        map: &ValueMap<'c>,
    ) -> Value<'c> {
        // Slices of inputs are of their copies, and outputs have none.
        let (base, offset) = self.base(args, self.place[&placed.key()]);
        let whole = whole.tensor_ty().map(|t| t.bound(&self.symbols));
        let each = whole.map_or(0, |t| t.bytes().unwrap_or(0) / t.shape[0].max(1));
        let ty = ty.bound(&self.symbols);
        let at = map.get(&at.key()).copied().unwrap_or(at);
        let bytes = b.binary("arith.muli", at, b.index(each));
        let from = b.binary("arith.addi", bytes, b.index(offset));
        b.value("memref.view", &[base, from], MemRefTy::dense(ty.elem, &ty.shape).to_mlir(self.cx), &[])
    }

    /// A call of the kernel that copies a tensor of a type; the kernel is made when it is needed first.
    fn move_to(&self, b: &Builder<'c>, args: &[Value<'c>], from: Value<'c>, to: Value<'c>, ty: &TensorTy) {
        let mut copies = self.flow.copies.borrow_mut();
        let next = format!("move_{}", copies.len());
        let name = copies.entry(ty.to_mlir(self.cx).to_string()).or_insert_with(|| {
            if let Some(main) = self.main {
                copy_kernel(&Builder::before(self.cx, main), &next, ty, &self.symbols);
            }
            next
        });
        let symbols = if ty.is_symbolic() { symbols_of(args) } else { Vec::new() };
        b.call(name, &[vec![from, to], symbols].concat(), &[]);
    }
}
