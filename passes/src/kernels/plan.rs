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
//!
//! **Targets on which one kernel can't read and write one buffer** (`Target::exclusive_buffers`): there are several arenas,
//! `@main(%weights, %arena0, ..., inputs..., outputs...)`, and `weft.arena_bytes` is a list. A kernel's result, and its scratch, lie in
//! another arena than all that it reads. Prepared values have arenas of their own, the last ones, as many as
//! `weft.prepared_arenas` says. What the model carries through control flow has no place there: `partition` has moved it out.
//!
//! A tensor with symbolic extents gets the buffer of its largest shape, whose strides are numbers: an address is as static as
//! without symbols. `@main` and the kernels that need them take the symbols' values behind the buffers, and a kernel sees the
//! part of a buffer that is in use through `memref.subview`.

mod arena;
mod buffers;
pub(crate) mod control;
mod emit;
mod layout;
mod weights;

/// A kernel as it will be planned, in place of it: for asking what would become of it.
///
/// # Errors
/// When it has no place in a plan.
pub(super) fn as_planned<'c>(
    cx: Cx<'c>,
    kernel: Op<'c>,
    symbols: &Symbols,
    target: &Target,
) -> Result<Op<'c>, OpError> {
    bufferize_kernel(cx, kernel, symbols, target)
}

pub use weights::{take_weight_bytes, weight_bytes};

use super::state::{self, State};
use crate::legalize::preprocess::IMAGE;
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use arena::Request;
use buffers::{bufferize_declaration, bufferize_kernel, is_open};
use layout::Layout;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    AttrExt, Attribute, Block, BlockLike, Builder, Cx, Op, OpError, OpExt, Symbols, TensorTy, Value, ValueExt,
    block_arg, block_ops, extents_attr, funcs, is_view,
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
    let (privates, declared): (Vec<_>, Vec<_>) = privates.into_iter().partition(|f| has_body(*f));
    let mut plan = Plan::of(pcx, module, main, init).map_err(|e| vec![e])?;
    let flops: i64 = super::flops::of_calls(main, &privates);
    for island in declared {
        bufferize_declaration(pcx.cx, island, &plan.symbols);
        plan.open.extend(island.string("sym_name").filter(|_| !plan.symbols.is_empty()));
    }
    for kernel in privates {
        if is_open(kernel) {
            plan.open.extend(kernel.string("sym_name"));
        }
        bufferize_kernel(pcx.cx, kernel, &plan.symbols, plan.target).map_err(|e| vec![e])?;
    }
    if let Some(init) = init {
        plan.emit_init(init);
    }
    plan.emit(main).map_err(|e| vec![e])?;
    let cx = pcx.cx;
    module.set_attr("weft.weights", cx.array_attr(&plan.weights.iter().map(|w| w.0).collect::<Vec<_>>()));
    module.set_attr("weft.weight_offsets", cx.i64s_attr(&plan.weights.iter().map(|w| w.1).collect::<Vec<_>>()));
    module.set_attr("weft.weight_bytes", cx.i64_attr(plan.weight_bytes));
    let layout = &plan.layout;
    let sizes =
        if plan.target.exclusive_buffers { cx.i64s_attr(&layout.arenas) } else { cx.i64_attr(layout.arenas[0]) };
    module.set_attr("weft.arena_bytes", sizes);
    if init.is_some() {
        module.set_attr("weft.prepared_bytes", cx.i64_attr(layout.prepared_bytes));
    }
    if layout.prepared_arenas > 0 {
        module.set_attr("weft.prepared_arenas", cx.i64_attr(layout.prepared_arenas as i64));
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
            entry.extend(attrs.get(i).and_then(|a| a.get(IMAGE)).map(|image| ("image", image)));
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
    /// Index into `Plan::requests`.
    Arena(usize),
    /// A value that `@init` made: index into `Plan::prepared_bytes`.
    Prepared(usize),
}

struct Plan<'c> {
    cx: Cx<'c>,
    target: &'static Target,
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
    /// Sizes of the values that `@init` makes for good.
    prepared_bytes: Vec<i64>,
    /// Where each result of `@init` is.
    prepared: Vec<Place>,
    /// Results of `@init` that must be copied into their place.
    prepared_copies: Vec<(Value<'c>, usize)>,
    /// Pairs of values that one call writes and reads: written, read.
    moved: Vec<(Value<'c>, Value<'c>)>,
    layout: Layout,
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

/// Whether a function is more than a declaration.
fn has_body(func: Op<'_>) -> bool {
    use weft_dialects::ir::{OperationLike, RegionLike};
    func.region(0).ok().and_then(|r| r.first_block()).is_some()
}

/// The type of a tensor that the target can hold in one buffer.
fn tensor_ty(target: &Target, op: Op<'_>, v: Value<'_>) -> Result<TensorTy, OpError> {
    let ty = v.tensor_ty().ok_or_else(|| OpError::new(op, format!("{} is no tensor", v.ty())))?;
    match ty.bound(&Symbols::of(op)).bytes() {
        Some(n) if n > target.max_binding => Err(OpError::new(
            op,
            format!(
                "a tensor of {n} bytes ({}) exceeds the {} bytes that a binding of the target {} can have; compile for a \
                 smaller shape, or for the device wasm",
                v.ty(),
                target.max_binding,
                target.name
            ),
        )),
        Some(n) if n <= LIMIT => Ok(ty),
        Some(n) => Err(OpError::new(op, format!("a tensor of {n} bytes exceeds the 2 GiB that addresses reach"))),
        None => Err(OpError::new(op, format!("the type {} has no static size", v.ty()))),
    }
}

impl<'c> Plan<'c> {
    fn of(pcx: &PassCx<'c>, module: Op<'c>, main: Op<'c>, init: Option<Op<'c>>) -> Result<Self, OpError> {
        let (cx, target) = (pcx.cx, Target::of(module));
        let body = main.body(0);
        let mut plan = Plan {
            cx,
            target,
            symbols: Symbols::of(module),
            open: HashSet::new(),
            place: HashMap::new(),
            weights: Vec::new(),
            known: HashMap::new(),
            weight_bytes: 0,
            requests: Vec::new(),
            prepared_bytes: Vec::new(),
            prepared: Vec::new(),
            prepared_copies: Vec::new(),
            moved: Vec::new(),
            layout: Layout::default(),
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
        let n_in = main.attr("function_type").map_or(0, |_| body.argument_count());
        for i in 0..n_in {
            let v = block_arg(body, i);
            plan.inputs.push(tensor_ty(target, main, v)?);
            plan.place.insert(v.key(), Place::Input(i));
            plan.last_read.push(0);
        }
        // The steps of @main follow those of @init, so that the two share the arena.
        init.map_or(Ok(()), |init| plan.block(init.body(0)))?;
        plan.block(body)?;
        plan.layout = plan.lay_out();
        let outputs = (0..plan.outputs.len()).filter(|&i| plan.output_argument(i).is_some()).map(|i| &plan.outputs[i]);
        let io: i64 = plan.inputs.iter().chain(outputs).filter_map(|t| t.bound(&plan.symbols).bytes()).sum();
        let arenas = &plan.layout.arenas;
        if !target.exclusive_buffers && plan.weight_bytes + arenas[0] + io > LIMIT {
            return Err(OpError::new(main, "weights, arena, inputs and outputs together exceed 2 GiB"));
        }
        if plan.weight_bytes.max(arenas.iter().copied().max().unwrap_or_default()) > LIMIT {
            return Err(OpError::new(main, "the weights, or the values alive at one time, exceed 2 GiB"));
        }
        plan.remark_large(pcx, main);
        module.set_attr("weft.inputs", signature(cx, main, "arg_attrs", &plan.inputs));
        module.set_attr("weft.outputs", signature(cx, main, "res_attrs", &plan.outputs));
        Ok(plan)
    }

    /// Says which tensors need more than what every device binds.
    fn remark_large(&self, pcx: &PassCx<'c>, main: Op<'c>) {
        for op in block_ops(main.body(0)) {
            for ty in op.ress().into_iter().filter_map(ValueExt::tensor_ty) {
                let bytes = ty.bound(&self.symbols).bytes().unwrap_or_default();
                if op.op_name() != "tensor.empty" && bytes > self.target.common_binding {
                    let common = self.target.common_binding;
                    pcx.remark(op, format!("a tensor of {bytes} bytes needs a device that binds more than {common}"));
                }
            }
        }
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
                    let (from, to) = (self.ty(op, op.arg(0))?, self.ty(op, op.res(0))?);
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
                            op.set_arg(i, Builder::before(self.cx, op).empty(&self.ty(op, v)?));
                        }
                        self.use_at(op.arg(i), op, t)?;
                    }
                    for r in op.ress() {
                        self.request(op, r, t)?;
                    }
                    let is_scratch = |v: &Value<'c>| v.def().is_some_and(|d| d.op_name() == "tensor.empty");
                    let (scratch, read): (Vec<_>, Vec<_>) = op.args().into_iter().partition(is_scratch);
                    let written = op.ress().into_iter().chain(scratch);
                    self.moved.extend(written.flat_map(|w| read.iter().map(move |&r| (w, r))));
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
                _ if control::is_part(op) && self.target.exclusive_buffers => {
                    let target = self.target.name;
                    let message = format!("control flow has no place in a plan for {target}: run 'partition' before");
                    return Err(OpError::new(op, message));
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
            let bytes = self.ty(def, v)?.bytes().unwrap_or_default();
            // Equal bytes share a place whatever their shape: the key names the content.
            let id = attr.as_resource_key().unwrap_or_else(|| attr.to_string());
            let align = self.target.buffer_align;
            let at = *self.known.entry(id).or_insert_with(|| {
                self.weights.push((attr, self.weight_bytes));
                self.weight_bytes += (bytes + align - 1) / align * align;
                self.weights.len() - 1
            });
            self.place.insert(v.key(), Place::Weight(at));
        } else if v.def().is_some_and(|d| d.op_name() == "tensor.empty") {
            self.request(user, v, t)?;
        }
        match self.place.get(&v.key()) {
            Some(&Place::Arena(i)) => self.requests[i].last = t,
            Some(&Place::Input(i)) => self.last_read[i] = t,
            Some(_) => {}
            None => return Err(OpError::new(user, "uses a value that has no place")),
        }
        Ok(())
    }

    /// The type of a value that `op` has to do with.
    fn ty(&self, op: Op<'c>, v: Value<'c>) -> Result<TensorTy, OpError> {
        tensor_ty(self.target, op, v)
    }

    /// A new buffer for a value; its number.
    fn request(&mut self, op: Op<'c>, v: Value<'c>, t: usize) -> Result<usize, OpError> {
        let number = self.buffer(op, v, t)?;
        self.place.insert(v.key(), Place::Arena(number));
        Ok(number)
    }

    /// A new buffer of a value's size; its number.
    fn buffer(&mut self, op: Op<'c>, v: Value<'c>, t: usize) -> Result<usize, OpError> {
        let bytes = self.ty(op, v)?.bound(&self.symbols).bytes().unwrap_or_default();
        self.requests.push(Request { bytes, first: t, last: t });
        Ok(self.requests.len() - 1)
    }

    /// Puts returned values straight into the outputs where they are made, or notes that they must be copied.
    fn bind_outputs(&mut self, ret: Op<'c>, t: usize) -> Result<(), OpError> {
        for v in ret.args() {
            self.outputs.push(self.ty(ret, v)?);
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
                    let through = matches!(made, Place::Input(_));
                    let between = through.then(|| self.buffer(ret, v, t)).transpose()?;
                    self.state_copies.push((v, n, between));
                }
            }
        }
        Ok(())
    }

    /// Puts what `@init` returns at the front of the arena, straight from where it is made if possible.
    fn bind_prepared(&mut self, ret: Op<'c>, t: usize) -> Result<(), OpError> {
        for v in ret.args() {
            let bytes = self.ty(ret, v)?.bytes().unwrap_or_default();
            self.use_at(v, ret, t)?;
            let place = match self.place[&v.key()] {
                done @ Place::Prepared(_) => done,
                made => {
                    let number = self.prepared_bytes.len();
                    let place = Place::Prepared(number);
                    if matches!(made, Place::Arena(_)) {
                        self.place.values_mut().filter(|p| **p == made).for_each(|p| *p = place);
                    } else {
                        self.prepared_copies.push((v, number));
                    }
                    self.prepared_bytes.push(bytes);
                    place
                }
            };
            self.prepared.push(place);
        }
        Ok(())
    }
}

/// The function that a call names.
fn callee<'c>(call: Op<'c>) -> &'c str {
    call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default()
}
