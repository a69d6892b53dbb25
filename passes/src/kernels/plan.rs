//! `plan-memory`: kernels level to planned level.
//!
//! Every value of `@main` gets a place: an input or output buffer, a range of the weights, or a range of the arena
//! (by lifetime). Reshapes become views of the same place. `@main(%weights, %arena, inputs..., outputs...)` is the
//! plan, and it prints. Kernels keep their tensor bodies between `bufferization.to_tensor` and
//! `bufferization.materialize_in_destination`, and take memrefs.
//!
//! A state (see [`super::state`]) is one buffer, that of its input, and its output is no argument. The new contents are made there
//! if the old ones have been read by then; else they are copied there at the end.
//!
//! Results of `@init` (made by `hoist-init`) are prepared: they lie at the front of the arena, in `weft.prepared_bytes`
//! that no other value ever gets, because every run reads them. `@init(%weights, %arena)` makes them once, with what is
//! left of the arena for its intermediate values.
//! A tensor with symbolic extents gets the buffer of its largest shape, whose strides are numbers: an address is as static as
//! without symbols. `@main` and the kernels that need them take the symbols' values behind the buffers, and a kernel sees the
//! part of a buffer that is in use through `memref.subview`.

pub(crate) mod control;

use super::plan_arena::{Request, allocate};
use super::state::{self, State};
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    AttrExt, Attribute, Block, BlockLike, Builder, Cx, Elem, MemRefTy, Op, OpError, OpExt, Symbols, Tensor, TensorTy,
    Type, Value, ValueExt, block_arg, block_ops, extents_attr, funcs, is_index_type, is_view, row_major, walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "plan-memory",
    doc: "Gives every value a place in the inputs, outputs, weights or arena; kernels level to planned level.",
    options: &[],
    run,
};

/// The largest address that index arithmetic in 32 bits allows.
const LIMIT: i64 = (1 << 31) - 1;

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let (privates, mains): (Vec<_>, Vec<_>) =
        funcs(module).into_iter().partition(|f| f.string("sym_visibility").as_deref() == Some("private"));
    let named = |name: &str| mains.iter().copied().find(|f| f.string("sym_name").as_deref() == Some(name));
    let (main, init) = match (named("main"), named("init"), mains.len()) {
        (Some(main), None, 1) => (main, None),
        (Some(main), Some(init), 2) => (main, Some(init)),
        _ => return Err(vec![OpError::new(module, "needs a public function @main, and beside it at most @init")]),
    };
    let mut plan = Plan::of(pcx.cx, module, main, init).map_err(|e| vec![e])?;
    let flops: i64 = super::flops::of_calls(main, &privates);
    for kernel in privates {
        if is_open(kernel) {
            plan.open.extend(kernel.string("sym_name"));
        }
        bufferize_kernel(pcx.cx, kernel, &plan.symbols).map_err(|e| vec![e])?;
    }
    if let Some(init) = init {
        plan.emit_init(init);
    }
    plan.emit(main).map_err(|e| vec![e])?;
    let cx = pcx.cx;
    module.set_attr("weft.weights", cx.array_attr(&plan.weights.iter().map(|w| w.0).collect::<Vec<_>>()));
    module.set_attr("weft.weight_offsets", cx.i64s_attr(&plan.weights.iter().map(|w| w.1).collect::<Vec<_>>()));
    module.set_attr("weft.weight_bytes", cx.i64_attr(plan.weight_bytes));
    module.set_attr("weft.arena_bytes", cx.i64_attr(plan.arena_bytes));
    if init.is_some() {
        module.set_attr("weft.prepared_bytes", cx.i64_attr(plan.prepared_bytes));
    }
    module.set_attr("weft.flops", cx.i64_attr(flops));
    module.set_attr("weft.level", cx.str_attr("planned"));
    Ok(())
}

/// A signature entry as a module attribute: what the machine level's bare addresses no longer say.
fn signature<'c>(cx: Cx<'c>, main: Op<'c>, which: &str, types: &[TensorTy]) -> Attribute<'c> {
    let symbols = &Symbols::of(main);
    let attrs = main.attr(which).and_then(AttrExt::as_array).unwrap_or_default();
    let entries: Vec<_> = types
        .iter()
        .enumerate()
        .map(|(i, ty)| {
            let text = |key: &str| attrs.get(i).and_then(|a| a.get(key)).and_then(AttrExt::as_str).unwrap_or_default();
            let mut entry = vec![
                ("name", cx.str_attr(text("weft.name"))),
                ("dtype", cx.str_attr(text("weft.dtype"))),
                ("shape", cx.i64s_attr(&symbols.bound(&ty.shape))),
                ("bytes", cx.i64_attr(ty.bound(symbols).bytes().unwrap_or_default())),
            ];
            if ty.is_symbolic() {
                entry.push(("extents", extents_attr(cx, &ty.shape)));
            }
            cx.dict_attr(&entry)
        })
        .collect();
    cx.array_attr(&entries)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Input(usize),
    Output(usize),
    /// Index into `Plan::weights`.
    Weight(usize),
    /// Index into the arena's requests.
    Arena(usize),
    /// Offset in the arena of a value that `@init` made.
    Prepared(i64),
}

struct Plan<'c> {
    cx: Cx<'c>,
    align: i64,
    symbols: Symbols,
    /// Private functions that take the symbols.
    open: HashSet<String>,
    place: HashMap<usize, Place>,
    /// Constant and offset.
    weights: Vec<(Attribute<'c>, i64)>,
    /// Index into `weights` by content.
    known: HashMap<String, usize>,
    weight_bytes: i64,
    requests: Vec<Request>,
    offsets: Vec<i64>,
    /// Bytes of the arena's front that hold what `@init` made.
    prepared_bytes: i64,
    /// Where each result of `@init` is.
    prepared: Vec<Place>,
    /// Results of `@init` that must be copied into their place.
    prepared_copies: Vec<(Value<'c>, i64)>,
    arena_bytes: i64,
    inputs: Vec<TensorTy>,
    outputs: Vec<TensorTy>,
    /// Returned values that must be copied into their output: `(value, output)`.
    copies: Vec<(Value<'c>, usize)>,
    states: Vec<State>,
    /// Per input: the last step that reads it.
    last_read: Vec<usize>,
    /// New contents of states that must be copied into their input at the end: `(value, input)`; through a buffer if they lie in an
    /// input, which may be another state's.
    state_copies: Vec<(Value<'c>, usize, Option<usize>)>,
    /// The next step's number; ops in nested blocks are steps of their own.
    t: usize,
    flow: control::Flow<'c>,
    main: Option<Op<'c>>,
}

fn tensor_ty(op: Op<'_>, v: Value<'_>) -> Result<TensorTy, OpError> {
    let ty = v.tensor_ty().ok_or_else(|| OpError::new(op, format!("{} is no tensor", v.ty())))?;
    match ty.bound(&Symbols::of(op)).bytes() {
        Some(n) if n <= LIMIT => Ok(ty),
        Some(n) => Err(OpError::new(op, format!("a tensor of {n} bytes exceeds the 2 GiB that addresses reach"))),
        None => Err(OpError::new(op, format!("the type {} has no static size", v.ty()))),
    }
}

impl<'c> Plan<'c> {
    fn of(cx: Cx<'c>, module: Op<'c>, main: Op<'c>, init: Option<Op<'c>>) -> Result<Self, OpError> {
        let align = Target::of(module).buffer_align;
        let body = main.body(0);
        let mut plan = Plan {
            cx,
            align,
            symbols: Symbols::of(module),
            open: HashSet::new(),
            place: HashMap::new(),
            weights: Vec::new(),
            known: HashMap::new(),
            weight_bytes: 0,
            requests: Vec::new(),
            offsets: Vec::new(),
            prepared_bytes: 0,
            prepared: Vec::new(),
            prepared_copies: Vec::new(),
            arena_bytes: 0,
            inputs: Vec::new(),
            outputs: Vec::new(),
            copies: Vec::new(),
            states: state::of(module, main)?,
            last_read: Vec::new(),
            state_copies: Vec::new(),
            t: 0,
            flow: control::Flow::default(),
            main: Some(main),
        };
        let n_in = main.attr("function_type").map_or(0, |_| weft_dialects::ir::BlockLike::argument_count(&body));
        for i in 0..n_in {
            let v = block_arg(body, i);
            plan.inputs.push(tensor_ty(main, v)?);
            plan.place.insert(v.key(), Place::Input(i));
            plan.last_read.push(0);
        }
        // The steps of @main follow those of @init, so that the two share the arena.
        init.map_or(Ok(()), |init| plan.block(init.body(0)))?;
        plan.block(body)?;
        let used = |i: usize| {
            plan.place.values().any(|p| *p == Place::Arena(i))
                || plan.state_copies.iter().any(|c| c.2 == Some(i))
                || plan.flow.keeps(i)
        };
        let live: Vec<usize> = (0..plan.requests.len()).filter(|&i| used(i)).collect();
        let wanted: Vec<Request> = live.iter().map(|&i| plan.requests[i]).collect();
        let (offsets, total) = allocate(&wanted, align);
        plan.offsets = vec![0; plan.requests.len()];
        for (&i, offset) in live.iter().zip(offsets) {
            plan.offsets[i] = plan.prepared_bytes + offset;
        }
        plan.arena_bytes = plan.prepared_bytes + total;
        let outputs = (0..plan.outputs.len()).filter(|&i| plan.output_argument(i).is_some()).map(|i| &plan.outputs[i]);
        let io: i64 = plan.inputs.iter().chain(outputs).filter_map(|t| t.bound(&plan.symbols).bytes()).sum();
        if plan.weight_bytes + plan.arena_bytes + io > LIMIT {
            return Err(OpError::new(main, "weights, arena, inputs and outputs together exceed 2 GiB"));
        }
        module.set_attr("weft.inputs", signature(cx, main, "arg_attrs", &plan.inputs));
        module.set_attr("weft.outputs", signature(cx, main, "res_attrs", &plan.outputs));
        Ok(plan)
    }

    /// Finds places for the values of a block.
    fn block(&mut self, block: Block<'c>) -> Result<(), OpError> {
        for op in block_ops(block) {
            let t = self.t;
            self.t += 1;
            match op.op_name().as_str() {
                // Placed at their first use, below: unused constants take no room, and the order is that of use.
                "arith.constant" | "tensor.empty" | "nn.extent" => {}
                "tensor.expand_shape" | "tensor.collapse_shape" => {
                    let (from, to) = (tensor_ty(op, op.arg(0))?, tensor_ty(op, op.res(0))?);
                    if !is_view(&from.shape, &to.shape) {
                        return Err(OpError::new(op, "merges a dim that is left open with dims before it"));
                    }
                    self.use_at(op.arg(0), op, t)?;
                    let place = self.place[&op.arg(0).key()];
                    self.place.insert(op.res(0).key(), place);
                }
                "func.call" if callee(op) == "init" => {
                    for (r, place) in op.ress().into_iter().zip(&self.prepared) {
                        self.place.insert(r.key(), *place);
                    }
                }
                "func.call" => {
                    for (i, v) in op.args().into_iter().enumerate() {
                        // Scratch holds nothing between calls, so that each call may have its own.
                        let scratch = v.def().is_some_and(|d| d.op_name() == "tensor.empty");
                        if scratch && !v.has_one_use() {
                            op.set_arg(i, Builder::before(self.cx, op).empty(&tensor_ty(op, v)?));
                        }
                        self.use_at(op.arg(i), op, t)?;
                    }
                    for r in op.ress() {
                        let bytes = tensor_ty(op, r)?.bound(&self.symbols).bytes().unwrap_or_default();
                        self.place.insert(r.key(), Place::Arena(self.requests.len()));
                        self.requests.push(Request { bytes, first: t, last: t });
                    }
                }
                "func.return" if op.parent().and_then(|f| f.string("sym_name")).as_deref() == Some("init") => {
                    self.bind_prepared(op, t)?;
                }
                "func.return" => self.bind_outputs(op, t)?,
                // The op around it sees to what they pass on.
                "scf.yield" | "scf.condition" => {
                    for v in op.args().into_iter().filter(|v| v.tensor_ty().is_some()) {
                        self.use_at(v, op, t)?;
                    }
                }
                _ if control::is_part(op) => self.control(op, t)?,
                other => {
                    return Err(OpError::new(op, format!("{other} is no part of a plan; it belongs into a kernel")));
                }
            }
        }
        Ok(())
    }

    /// Notes that step `t` reads `v`; places constants.
    fn use_at(&mut self, v: Value<'c>, user: Op<'c>, t: usize) -> Result<(), OpError> {
        if let Some(def) = v.def().filter(|d| d.op_name() == "arith.constant")
            && !self.place.contains_key(&v.key())
        {
            let attr = def.attr("value").ok_or_else(|| OpError::new(def, "a constant without value"))?;
            let bytes = tensor_ty(def, v)?.bytes().unwrap_or_default();
            // Equal bytes share a place whatever their shape: the key names the content.
            let id = attr.as_resource_key().unwrap_or_else(|| attr.to_string());
            let at = *self.known.entry(id).or_insert_with(|| {
                self.weights.push((attr, self.weight_bytes));
                self.weight_bytes += (bytes + self.align - 1) / self.align * self.align;
                self.weights.len() - 1
            });
            self.place.insert(v.key(), Place::Weight(at));
        } else if v.def().is_some_and(|d| d.op_name() == "tensor.empty") {
            let bytes = tensor_ty(user, v)?.bound(&self.symbols).bytes().unwrap_or_default();
            self.place.insert(v.key(), Place::Arena(self.requests.len()));
            self.requests.push(Request { bytes, first: t, last: t });
        }
        match self.place.get(&v.key()) {
            Some(&Place::Arena(i)) => self.requests[i].last = t,
            Some(&Place::Input(i)) => self.last_read[i] = t,
            Some(_) => {}
            None => return Err(OpError::new(user, "uses a value that has no place")),
        }
        Ok(())
    }

    /// Puts returned values straight into the outputs where they are made, or notes that they must be copied.
    fn bind_outputs(&mut self, ret: Op<'c>, t: usize) -> Result<(), OpError> {
        for v in ret.args() {
            self.outputs.push(tensor_ty(ret, v)?);
            self.use_at(v, ret, t)?;
        }
        for (i, v) in ret.args().into_iter().enumerate() {
            let made = self.place[&v.key()];
            let input = self.states.iter().find(|s| s.output == i).map(|s| s.input);
            let straight = match (made, input) {
                (Place::Arena(b), _) if self.flow.is_pinned(b) || self.is_slice(v) => None,
                (Place::Arena(_), None) => Some(Place::Output(i)),
                // A kernel may write where it reads only if no element is read after another one was written.
                (Place::Arena(b), Some(n)) if self.last_read[n] < self.requests[b].first => Some(Place::Input(n)),
                _ => None,
            };
            match (straight, input) {
                (Some(place), _) => self.place.values_mut().filter(|p| **p == made).for_each(|p| *p = place),
                (None, None) => self.copies.push((v, i)),
                (None, Some(n)) => {
                    let between = matches!(made, Place::Input(_)).then_some(self.requests.len());
                    if between.is_some() {
                        let bytes = tensor_ty(ret, v)?.bound(&self.symbols).bytes().unwrap_or_default();
                        self.requests.push(Request { bytes, first: t, last: t });
                    }
                    self.state_copies.push((v, n, between));
                }
            }
        }
        Ok(())
    }

    /// Puts what `@init` returns at the front of the arena, straight from where it is made if possible.
    fn bind_prepared(&mut self, ret: Op<'c>, t: usize) -> Result<(), OpError> {
        for v in ret.args() {
            let bytes = tensor_ty(ret, v)?.bytes().unwrap_or_default();
            self.use_at(v, ret, t)?;
            let place = match self.place[&v.key()] {
                done @ Place::Prepared(_) => done,
                made => {
                    let place = Place::Prepared(self.prepared_bytes);
                    if matches!(made, Place::Arena(_)) {
                        self.place.values_mut().filter(|p| **p == made).for_each(|p| *p = place);
                    } else {
                        self.prepared_copies.push((v, self.prepared_bytes));
                    }
                    self.prepared_bytes += (bytes + self.align - 1) / self.align * self.align;
                    place
                }
            };
            self.prepared.push(place);
        }
        Ok(())
    }

    /// Replaces `init` by its part of the plan.
    fn emit_init(&mut self, init: Op<'c>) {
        let bytes_ty = |n: i64| MemRefTy::dense(Elem::I8, &[n]).to_mlir(self.cx);
        let old_ops = block_ops(init.body(0));
        let before = Builder::before(self.cx, init);
        for (k, &(v, _)) in self.prepared_copies.iter().enumerate() {
            if let Some(ty) = v.tensor_ty() {
                copy_kernel(&before, &format!("init_copy_{k}"), &ty, &self.symbols);
            }
        }
        before.func("init", false, &[bytes_ty(self.weight_bytes), bytes_ty(self.arena_bytes)], &[], |b, args| {
            let mut viewed: HashMap<(usize, String), Value<'c>> = HashMap::new();
            self.emit_block(b, args, &old_ops, &mut HashMap::new(), &mut viewed);
            for (k, &(v, offset)) in self.prepared_copies.iter().enumerate() {
                let from = self.view(b, args, v, &mut viewed);
                let to = b.value("memref.view", &[args[1], b.index(offset)], from.ty(), &[]);
                b.call(&format!("init_copy_{k}"), &[from, to], &[]);
            }
            Vec::new()
        });
        init.erase();
    }

    /// Replaces `main` by the plan.
    fn emit(&mut self, main: Op<'c>) -> Result<(), OpError> {
        let cx = self.cx;
        let bytes_ty = |n: i64| MemRefTy::dense(Elem::I8, &[n]).to_mlir(cx);
        let memref = |t: &TensorTy| buffer(cx, t, &self.symbols);
        let mut types = vec![bytes_ty(self.weight_bytes), bytes_ty(self.arena_bytes)];
        types.extend(self.inputs.iter().map(memref));
        let own = |i: &usize| self.output_argument(*i).is_some();
        types.extend((0..self.outputs.len()).filter(own).map(|i| memref(&self.outputs[i])));
        types.extend(vec![cx.index(); self.symbols.len()]);
        let name = main.string("sym_name").unwrap_or_default();
        let old_ops = block_ops(main.body(0));
        let before = Builder::before(cx, main);
        let copied = self.copies.iter().map(|c| c.0).chain(self.state_copies.iter().map(|c| c.0));
        let mut open = HashSet::new();
        for (k, v) in copied.enumerate() {
            let (copy, ty) = (format!("{name}_copy_{k}"), tensor_ty(main, v)?);
            copy_kernel(&before, &copy, &ty, &self.symbols);
            open.extend(ty.is_symbolic().then_some(copy));
        }
        self.open.extend(open);
        before.func(&name, false, &types, &[], |b, args| {
            let mut viewed: HashMap<(usize, String), Value<'c>> = HashMap::new();
            self.emit_sliced_inputs(b, args);
            let mut scalars = HashMap::new();
            self.emit_block(b, args, &old_ops, &mut scalars, &mut viewed);
            for (k, &(v, out)) in self.copies.iter().enumerate() {
                let from = self.place_of(b, args, v, &scalars, &mut viewed);
                if let Some(to) = self.output_argument(out) {
                    self.copy(b, args, &format!("{name}_copy_{k}"), from, args[to]);
                }
            }
            self.emit_state_copies(b, args, &name, &mut viewed);
            Vec::new()
        });
        main.erase();
        Ok(())
    }

    /// Puts the new contents of states in place: first those that lie in inputs out of the way.
    fn emit_state_copies(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        name: &str,
        viewed: &mut HashMap<(usize, String), Value<'c>>,
    ) {
        let numbered = || self.state_copies.iter().zip(self.copies.len()..);
        let mut between = HashMap::new();
        for (&(v, _, buffer), k) in numbered() {
            let from = self.view(b, args, v, viewed);
            if let Some(buffer) = buffer {
                let to = b.value("memref.view", &[args[1], b.index(self.offsets[buffer])], from.ty(), &[]);
                self.copy(b, args, &format!("{name}_copy_{k}"), from, to);
                between.insert(k, to);
            }
        }
        for (&(v, input, _), k) in numbered() {
            let from = between.get(&k).copied().unwrap_or_else(|| self.view(b, args, v, viewed));
            self.copy(b, args, &format!("{name}_copy_{k}"), from, args[2 + input]);
        }
    }

    /// The call of a copying kernel.
    fn copy(&self, b: &Builder<'c>, args: &[Value<'c>], name: &str, from: Value<'c>, to: Value<'c>) {
        let symbols = if self.open.contains(name) { symbols_of(args) } else { Vec::new() };
        b.call(name, &[vec![from, to], symbols].concat(), &[]);
    }

    /// The number of the argument that an output is; a state's output is none.
    fn output_argument(&self, output: usize) -> Option<usize> {
        let is_state = |i: usize| self.states.iter().any(|s| s.output == i);
        let before = (0..output).filter(|&i| !is_state(i)).count();
        (!is_state(output)).then_some(2 + self.inputs.len() + before)
    }

    /// The memref of a value's place, in the value's shape.
    fn view(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        v: Value<'c>,
        viewed: &mut HashMap<(usize, String), Value<'c>>,
    ) -> Value<'c> {
        let Some(t) = v.tensor_ty() else { return v };
        let t = t.bound(&self.symbols);
        let ty = MemRefTy::dense(t.elem, &t.shape).to_mlir(self.cx);
        let (base, offset) = match self.place[&v.key()] {
            Place::Weight(i) => (args[0], self.weights[i].1),
            Place::Arena(i) => (args[1], self.offsets[i]),
            Place::Prepared(offset) => (args[1], offset),
            Place::Input(i) => (args[2 + i], 0),
            // Only states have no argument, and they have no place of this kind.
            Place::Output(i) => (args[self.output_argument(i).unwrap_or_default()], 0),
        };
        if base.ty() == ty {
            return base;
        }
        if let Some(&v) = viewed.get(&(base.key(), format!("{offset} {ty}"))) {
            return v;
        }
        let made = match self.place[&v.key()] {
            Place::Weight(_) | Place::Arena(_) | Place::Prepared(_) => {
                let at = b.index(offset);
                b.value("memref.view", &[base, at], ty, &[])
            }
            Place::Input(_) | Place::Output(_) => reinterpret(b, base, &t),
        };
        viewed.insert((base.key(), format!("{offset} {ty}")), made);
        made
    }
}

/// The function that a call names.
fn callee<'c>(call: Op<'c>) -> &'c str {
    call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default()
}

/// `memref.reinterpret_cast` of a dense memref to a dense one of another shape.
fn reinterpret<'c>(b: &Builder<'c>, base: Value<'c>, to: &TensorTy) -> Value<'c> {
    let cx = b.cx;
    let dense = MemRefTy::dense(to.elem, &to.shape);
    // The op always has a strided layout in its result type.
    let strides: Vec<String> = dense.strides.iter().map(ToString::to_string).collect();
    let dims: String = to.shape.iter().map(|d| format!("{d}x")).collect();
    let text = format!("memref<{dims}{}, strided<[{}]>>", to.elem.mlir(), strides.join(", "));
    let strided = cx.parse_type(&text).unwrap_or_else(|| dense.to_mlir(cx));
    let segments = cx.parse_attr("array<i32: 1, 0, 0, 0>").unwrap_or_else(|| cx.unit_attr());
    let cast = b.value(
        "memref.reinterpret_cast",
        &[base],
        strided,
        &[
            ("static_offsets", cx.i64s_attr(&[0])),
            ("static_sizes", cx.i64s_attr(&to.shape)),
            ("static_strides", cx.i64s_attr(&dense.strides)),
            ("operandSegmentSizes", segments),
        ],
    );
    b.value("memref.cast", &[cast], dense.to_mlir(cx), &[])
}

/// A private kernel that copies a tensor: for results that are inputs, constants, or returned twice.
fn copy_kernel<'c>(b: &Builder<'c>, name: &str, ty: &TensorTy, symbols: &Symbols) {
    let mut types = vec![buffer(b.cx, ty, symbols); 2];
    types.extend(vec![b.cx.index(); if ty.is_symbolic() { symbols.len() } else { 0 }]);
    b.func(name, true, &types, &[], |b, v| {
        let from = to_tensor(b, v[0], ty, symbols);
        let map = weft_dialects::ir::Map::identity(ty.shape.len());
        let copied = b.elementwise(ty.elem, &ty.shape, &[(from, map)], |_, x| x[0]);
        materialize(b, copied, v[1], symbols);
        Vec::new()
    });
}

/// The symbols' values among a function's arguments.
fn symbols_of<'c>(args: &[Value<'c>]) -> Vec<Value<'c>> {
    args.iter().copied().filter(|v| is_index_type(v.ty())).collect()
}

/// The buffer of a tensor: of its largest shape, dense.
fn buffer<'c>(cx: Cx<'c>, ty: &TensorTy, symbols: &Symbols) -> Type<'c> {
    MemRefTy::dense(ty.elem, &symbols.bound(&ty.shape)).to_mlir(cx)
}

/// The part of a tensor's buffer that is in use.
fn in_use<'c>(b: &Builder<'c>, memref: Value<'c>, ty: &TensorTy, symbols: &Symbols) -> Value<'c> {
    if !ty.is_symbolic() {
        return memref;
    }
    let strides = row_major(&symbols.bound(&ty.shape));
    b.subview(memref, &MemRefTy { shape: ty.shape.clone(), elem: ty.elem, strides, offset: 0 })
}

fn to_tensor<'c>(b: &Builder<'c>, memref: Value<'c>, ty: &TensorTy, symbols: &Symbols) -> Value<'c> {
    let memref = in_use(b, memref, ty, symbols);
    b.value("bufferization.to_tensor", &[memref], ty.to_mlir(b.cx), &[("restrict", b.cx.unit_attr())])
}

/// Whether a kernel depends on the symbols' values.
fn is_open(kernel: Op<'_>) -> bool {
    let body = kernel.body(0);
    let args = (0..BlockLike::argument_count(&body)).map(|i| block_arg(body, i));
    let values = walk_ops(kernel).into_iter().flat_map(|op| op.ress());
    args.chain(values).any(|v| v.tensor_ty().is_some_and(|t| t.is_symbolic()))
        || walk_ops(kernel).iter().any(|op| op.op_name() == "nn.extent")
}

fn materialize<'c>(b: &Builder<'c>, value: Value<'c>, dest: Value<'c>, symbols: &Symbols) {
    let dest = value.tensor_ty().map_or(dest, |ty| in_use(b, dest, &ty, symbols));
    let unit = b.cx.unit_attr();
    b.op("bufferization.materialize_in_destination", &[value, dest], &[], &[("restrict", unit), ("writable", unit)]);
}

/// Gives a kernel memref arguments, the result last.
fn bufferize_kernel<'c>(cx: Cx<'c>, kernel: Op<'c>, symbols: &Symbols) -> Result<(), OpError> {
    let body = kernel.body(0);
    let ops = block_ops(body);
    let Some(ret) = ops.last().filter(|o| o.op_name() == "func.return") else {
        return Err(OpError::new(kernel, "a kernel must end in func.return"));
    };
    let n = weft_dialects::ir::BlockLike::argument_count(&body);
    let ins: Vec<TensorTy> = (0..n).map(|i| tensor_ty(kernel, block_arg(body, i))).collect::<Result<_, _>>()?;
    let outs: Vec<TensorTy> = ret.args().into_iter().map(|v| tensor_ty(kernel, v)).collect::<Result<_, _>>()?;
    let mut types: Vec<_> = ins.iter().chain(&outs).map(|t| buffer(cx, t, symbols)).collect();
    types.extend(vec![cx.index(); if is_open(kernel) { symbols.len() } else { 0 }]);
    let name = kernel.string("sym_name").unwrap_or_default();
    Builder::before(cx, kernel).func(&name, true, &types, &[], |b, args| {
        let mut map: super::outline::ValueMap<'c> = HashMap::new();
        for (i, ty) in ins.iter().enumerate() {
            let t = to_tensor(b, args[i], ty, symbols);
            map.insert(block_arg(body, i).key(), t);
        }
        let results = super::outline::clone_body(b, body, &mut map);
        for (i, r) in results.into_iter().enumerate() {
            materialize(b, r, args[ins.len() + i], symbols);
        }
        Vec::new()
    });
    kernel.erase();
    Ok(())
}

/// As [`weight_bytes`], and frees the constants one by one: the weights are in memory once, and the module has lost them.
///
/// # Errors
/// As [`weight_bytes`].
pub fn take_weight_bytes<'c>(cx: Cx<'c>, module: Op<'c>) -> Result<Vec<u8>, OpError> {
    gather_weights(cx, module, |key| cx.blobs().remove(key))
}

/// The bytes of all weights at their offsets, zero between: what `weights.bin` holds.
///
/// # Errors
/// When a constant's bytes are missing.
pub fn weight_bytes<'c>(cx: Cx<'c>, module: Op<'c>) -> Result<Vec<u8>, OpError> {
    gather_weights(cx, module, |_| ())
}

fn gather_weights<'c>(cx: Cx<'c>, module: Op<'c>, done: impl Fn(&str)) -> Result<Vec<u8>, OpError> {
    let total = module.int("weft.weight_bytes").unwrap_or_default();
    let attrs = module.attr("weft.weights").and_then(AttrExt::as_array).unwrap_or_default();
    let offsets = module.ints("weft.weight_offsets").unwrap_or_default();
    let mut out = vec![0u8; total as usize];
    for (attr, offset) in attrs.into_iter().zip(offsets) {
        let t: Tensor = cx
            .tensor_of(attr)
            .ok_or_else(|| OpError::new(module, format!("no bytes for the weight at offset {offset}")))?;
        let at = offset as usize;
        let slot = out
            .get_mut(at..at + t.data.len())
            .ok_or_else(|| OpError::new(module, format!("the weight at offset {offset} exceeds weft.weight_bytes")))?;
        slot.copy_from_slice(&t.data);
        if let Some(key) = attr.as_resource_key() {
            done(&key);
        }
    }
    Ok(out)
}
