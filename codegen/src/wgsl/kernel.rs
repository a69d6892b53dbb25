//! A `gpu.func` on its way to an entry point: arguments become variables, ops are asked one by one in their order.

use super::build::{Builder, H};
use super::linear::{Facts, Linear, dimension};
use super::types::{Ty, scalar, shaped};
use super::views::{Memory, unheld};
use super::{arith, compare, control, convert, math, memory, subgroup, uniform, vector};
use naga::{
    AddressSpace, BinaryOperator as Bin, Binding, BuiltIn, Expression, FunctionArgument, GlobalVariable, Handle,
    ResourceBinding, Scalar, Span, Statement, StructMember, Type, TypeInner,
};
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, Block, BlockLike, Cx, Elem, Op, OpError, OpExt, Tensor, Value, ValueExt, block_arg, block_ops,
    is_index_type, is_memref_type, walk_ops,
};

/// What an op's translation says.
pub(super) type Done = Result<(), OpError>;

/// What an SSA value is: an expression, or the two words of an i64 (low, high).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Val {
    One(H),
    Pair(H, H),
}

/// A kernel being translated.
pub(super) struct Kernel<'c> {
    pub(super) cx: Cx<'c>,
    pub(super) b: Builder,
    pub(super) facts: Facts<'c>,
    pub(super) memory: Memory<'c>,
    /// Pointers to the buffers' variables.
    pub(super) pointers: Vec<H>,
    /// Whether the target has f16.
    pub(super) half: bool,
    /// Whether images are external textures.
    pub(super) external: bool,
    pub(super) uses_subgroups: bool,
    pub(super) block: [i64; 3],
    /// Whether the workgroup is a row of invocations whatever its dims are: where lanes of subgroups count.
    pub(super) flat: bool,
    /// How many loops are open.
    pub(super) loops: usize,
    /// Number of scalar arguments.
    pub(super) uniform: usize,
    pub(super) problems: Vec<OpError>,
    /// Of extremes of a value and a number: the extreme as if there were no NaN, the value, and whether it is NaN.
    pub(super) extremes: HashMap<H, (H, H, H)>,
    values: HashMap<usize, Val>,
    builtins: HashMap<BuiltIn, H>,
}

impl<'c> Kernel<'c> {
    /// Translates a kernel. `problems` of the result tells whether it is of use.
    pub(super) fn translate(cx: Cx<'c>, func: Op<'c>, half: bool, external: bool) -> Self {
        let mut problems = Vec::new();
        let block = block_size(func, &mut problems);
        let mut facts = Facts::new(block);
        let workgroup = func.int("workgroup_attributions").unwrap_or(0).max(0) as usize;
        let arguments = argument_count(func);
        let memory = Memory::of(func, arguments, workgroup, &mut facts, &mut problems);
        let mut kernel = Self {
            cx,
            b: Builder::new(),
            facts,
            memory,
            pointers: Vec::new(),
            half,
            external,
            uses_subgroups: false,
            block,
            flat: block[1..] != [1, 1] && walk_ops(func).into_iter().any(|op| subgroup::concerns(&op.op_name())),
            loops: 0,
            uniform: 0,
            problems,
            extremes: HashMap::new(),
            values: HashMap::new(),
            builtins: HashMap::new(),
        };
        uniform::check(func, &mut kernel.problems);
        kernel.declare();
        kernel.symbols(func, arguments);
        kernel.block(func.body(0));
        kernel.b.finish();
        kernel
    }

    /// One variable a buffer.
    fn declare(&mut self) {
        let mut bindings = 0;
        for i in 0..self.memory.buffers.len() {
            let pointer = memory::declare(self, i, &mut bindings);
            self.pointers.push(pointer);
        }
    }

    /// The scalar arguments: one struct of i32, in the binding after the buffers.
    fn symbols(&mut self, func: Op<'c>, arguments: usize) {
        let block = func.body(0);
        let all: Vec<Value<'c>> = (0..arguments.min(block.argument_count())).map(|i| block_arg(block, i)).collect();
        let scalars: Vec<Value<'c>> = all.iter().copied().filter(|v| !is_memref_type(v.ty())).collect();
        self.uniform = scalars.len();
        if scalars.is_empty() {
            return;
        }
        let i32 = self.b.value_ty(Scalar::I32, 1);
        let mut members = Vec::new();
        for (i, v) in scalars.iter().enumerate() {
            if Ty::of(v.ty()) != Some(Ty { elem: Elem::I32, lanes: 1 }) {
                let message = format!("argument {} is {}: scalar arguments are index or i32", v.number(), v.ty());
                self.problems.push(OpError::new(func, message));
            }
            let name = own_name(*v).unwrap_or_else(|| "s".to_owned());
            members.push(StructMember { name: Some(name), ty: i32, binding: None, offset: 4 * i as u32 });
        }
        let inner = TypeInner::Struct { members, span: 4 * scalars.len() as u32 };
        let ty = self.b.module.types.insert(Type { name: Some("Symbols".to_owned()), inner }, Span::UNDEFINED);
        let binding = (all.len() - scalars.len()) as u32;
        let pointer = self.global("symbols", AddressSpace::Uniform, Some(binding), ty);
        for (i, v) in scalars.into_iter().enumerate() {
            let member = self.b.now(Expression::AccessIndex { base: pointer, index: i as u32 });
            let value = self.b.load(member);
            self.values.insert(v.key(), Val::One(value));
        }
    }

    /// A variable of the module; the pointer to it.
    pub(super) fn global(&mut self, name: &str, space: AddressSpace, binding: Option<u32>, ty: Handle<Type>) -> H {
        let variable = GlobalVariable {
            name: Some(name.to_owned()),
            space,
            binding: binding.map(|binding| ResourceBinding { group: 0, binding }),
            ty,
            init: None,
            memory_decorations: naga::MemoryDecorations::empty(),
        };
        let variable = self.b.module.global_variables.append(variable, Span::UNDEFINED);
        self.b.fixed(Expression::GlobalVariable(variable))
    }

    /// A builtin of the entry point, which takes it as an argument from now on.
    pub(super) fn builtin(&mut self, builtin: BuiltIn, name: &str, lanes: u32) -> H {
        if let Some(&h) = self.builtins.get(&builtin) {
            return h;
        }
        let ty = self.b.value_ty(Scalar::U32, lanes);
        let arguments = &mut self.b.function.arguments;
        let number = arguments.len() as u32;
        arguments.push(FunctionArgument { name: Some(name.to_owned()), ty, binding: Some(Binding::BuiltIn(builtin)) });
        let h = self.b.fixed(Expression::FunctionArgument(number));
        self.builtins.insert(builtin, h);
        h
    }

    // Values.

    /// The WGSL scalar that holds an element.
    pub(super) fn scalar(&self, elem: Elem) -> Scalar {
        scalar(elem, self.half)
    }

    /// Bytes of an element in workgroup and private memory, where nothing is packed.
    pub(super) fn held_bytes(&self, elem: Elem) -> i64 {
        if elem == Elem::I64 { 8 } else { i64::from(self.scalar(elem).width).max(4 * i64::from(elem == Elem::I1)) }
    }

    /// The type of a value that isn't memory.
    pub(super) fn ty(&self, op: Op<'c>, v: Value<'c>) -> Result<Ty, OpError> {
        Ty::of(v.ty()).ok_or_else(|| unheld(op, v))
    }

    /// An atom of a sum, without asking where it is used.
    fn known(&mut self, op: Op<'c>, v: Value<'c>) -> Result<H, OpError> {
        match self.values.get(&v.key()) {
            Some(&Val::One(h)) => Ok(h),
            _ => self.one(op, v),
        }
    }

    /// What a value is.
    pub(super) fn get(&mut self, op: Op<'c>, v: Value<'c>) -> Result<Val, OpError> {
        if let Some(&val) = self.values.get(&v.key()) {
            match val {
                Val::One(h) => self.b.reach(h, "v"),
                Val::Pair(low, high) => {
                    self.b.reach(low, "v");
                    self.b.reach(high, "v");
                }
            }
            return Ok(val);
        }
        if is_index_type(v.ty()) {
            let linear = self.facts.linear(v);
            if linear.terms != [(v.key(), 1)] {
                return Ok(Val::One(self.position(op, &linear)?));
            }
        }
        // An op that was refused stands before this; its problem is the one to tell.
        let ty = self.ty(op, v)?;
        let (scalar, zero) = (self.scalar(ty.elem), 0.0);
        let h = self.b.number(scalar, ty.lanes, zero);
        Ok(if ty.elem == Elem::I64 { Val::Pair(h, h) } else { Val::One(h) })
    }

    /// A value that one expression is: all but i64.
    pub(super) fn one(&mut self, op: Op<'c>, v: Value<'c>) -> Result<H, OpError> {
        match self.get(op, v)? {
            Val::One(h) => Ok(h),
            Val::Pair(..) => Err(OpError::new(
                op,
                "there is no arithmetic on i64 here: it is narrowed or expanded to words before, or the kernel runs elsewhere",
            )),
        }
    }

    /// Operand `i`, as one expression.
    pub(super) fn arg(&mut self, op: Op<'c>, i: usize) -> Result<H, OpError> {
        match op.args().get(i) {
            Some(&v) => self.one(op, v),
            None => Err(OpError::new(op, format!("has no operand {i}"))),
        }
    }

    /// All operands, as one expression each.
    pub(super) fn operands(&mut self, op: Op<'c>) -> Result<Vec<H>, OpError> {
        op.args().into_iter().map(|v| self.one(op, v)).collect()
    }

    /// Says what a value is.
    pub(super) fn define(&mut self, v: Value<'c>, val: Val) {
        self.values.insert(v.key(), val);
    }

    /// Says what an op's only result is.
    pub(super) fn set(&mut self, op: Op<'c>, h: H) -> Done {
        self.define(op.res(0), Val::One(h));
        Ok(())
    }

    /// A number of a type, in all lanes.
    pub(super) fn number(&mut self, ty: Ty, v: f64) -> H {
        let scalar = self.scalar(ty.elem);
        self.b.number(scalar, ty.lanes, v)
    }

    /// A position: the sum, parts of which are computed as far out as they can be.
    pub(super) fn position(&mut self, op: Op<'c>, l: &Linear) -> Result<H, OpError> {
        let parts = self.parts(op, &l.terms)?;
        let h = self.total(parts, l.constant);
        self.b.reach(h, "at");
        Ok(h)
    }

    /// A position divided by a power of two, rounded down.
    pub(super) fn quotient(&mut self, op: Op<'c>, l: &Linear, by: i64) -> Result<H, OpError> {
        let shift = self.b.u32(by.trailing_zeros());
        let (mut whole, mut rest) = (Vec::new(), Vec::new());
        for &(atom, coefficient) in &l.terms {
            let divisor = self.facts.atom(atom).map_or(1, |v| self.facts.atom_divisor(v));
            let h = self.parts(op, &[(atom, coefficient)])?[0].0;
            if coefficient % by == 0 {
                whole.push((h, coefficient / by));
            } else if divisor % by == 0 {
                whole.push((self.b.position(Bin::ShiftRight, h, shift), coefficient));
            } else {
                rest.push((h, coefficient));
            }
        }
        let constant = if rest.is_empty() {
            l.constant.div_euclid(by)
        } else {
            let rest = self.total(rest, l.constant.rem_euclid(by));
            whole.push((self.b.position(Bin::ShiftRight, rest, shift), 1));
            l.constant.div_euclid(by)
        };
        let h = self.total(whole, constant);
        self.b.reach(h, "at");
        Ok(h)
    }

    /// The expressions of a sum's atoms, with their coefficients.
    fn parts(&mut self, op: Op<'c>, terms: &[(usize, i64)]) -> Result<Vec<(H, i64)>, OpError> {
        let mut out = Vec::new();
        for &(atom, coefficient) in terms {
            let v = self.facts.atom(atom).ok_or_else(|| OpError::new(op, "internal error: an index of no value"))?;
            out.push((self.known(op, v)?, coefficient));
        }
        Ok(out)
    }

    /// A sum; what is known outside of the loops is added first.
    fn total(&mut self, mut parts: Vec<(H, i64)>, constant: i64) -> H {
        parts.sort_by_key(|&(h, coefficient)| (self.b.depth_of(h), coefficient < 0));
        let mut out: Option<H> = None;
        let mut constant = constant;
        for (h, coefficient) in parts {
            let negative = coefficient < 0 && coefficient > i64::from(i32::MIN);
            // `constant - term` rather than `-term + constant`.
            let left = out.or_else(|| negative.then(|| self.b.i32(std::mem::take(&mut constant))));
            let factor = self.b.i32(if negative { -coefficient } else { coefficient });
            let term = self.b.position(Bin::Multiply, h, factor);
            out = Some(match left {
                None => term,
                Some(sum) => self.b.position(if negative { Bin::Subtract } else { Bin::Add }, sum, term),
            });
        }
        let (op, size) = if constant < 0 && constant > i64::from(i32::MIN) {
            (Bin::Subtract, self.b.i32(-constant))
        } else {
            (Bin::Add, self.b.i32(constant))
        };
        match out {
            // Here and not outside of the loops, where it would occupy a register: it is part of an address.
            Some(sum) => {
                self.b.reach(sum, "at");
                self.b.binary(op, sum, size)
            }
            None => self.b.i32(constant),
        }
    }

    // Ops.

    /// The ops of a block up to its terminator, which is returned.
    pub(super) fn block(&mut self, block: Block<'c>) -> Option<Op<'c>> {
        for op in block_ops(block) {
            let name = op.op_name();
            if matches!(name.as_str(), "scf.yield" | "scf.condition" | "gpu.return") {
                return Some(op);
            }
            if let Err(problem) = self.op(op, &name) {
                self.problems.push(problem);
            }
        }
        None
    }

    fn op(&mut self, op: Op<'c>, name: &str) -> Done {
        match name {
            "scf.for" => control::counted(self, op),
            "scf.if" => control::conditional(self, op),
            "scf.while" => control::tested(self, op),
            "arith.constant" => self.constant(op),
            // Views were followed before; indices are written where they are used.
            "memref.cast"
            | "memref.reinterpret_cast"
            | "memref.subview"
            | "memref.view"
            | "memref.collapse_shape"
            | "memref.expand_shape"
            | "memref.memory_space_cast"
            | "memref.alloca"
            | "memref.dim" => Ok(()),
            "arith.addi" | "arith.subi" | "arith.muli" | "arith.shli" | "arith.index_cast" | "arith.index_castui"
                if self.is_index_sum(op) =>
            {
                Ok(())
            }
            "memref.load" | "vector.load" => memory::load(self, op, name),
            "memref.store" | "vector.store" => memory::store(self, op, name),
            "gpu.barrier" => {
                self.barrier();
                Ok(())
            }
            "arith.cmpf" | "arith.cmpi" | "math.isnan" | "math.isinf" | "math.isfinite" => {
                compare::translate(self, op, name)
            }
            _ if name.starts_with("gpu.") => self.place(op, name),
            _ if name.starts_with("vector.") => vector::translate(self, op, name),
            _ if name.starts_with("math.") => math::translate(self, op, name),
            _ if name.starts_with("arith.") => match convert::translate(self, op, name)? {
                true => Ok(()),
                false => arith::translate(self, op, name),
            },
            _ => Err(unknown(op)),
        }
    }

    /// Whether an index is a sum of others, so that it is written where it is used.
    fn is_index_sum(&mut self, op: Op<'c>) -> bool {
        let v = op.res(0);
        is_index_type(v.ty()) && self.facts.linear(v).terms != [(v.key(), 1)]
    }

    /// Which invocation this is.
    fn place(&mut self, op: Op<'c>, name: &str) -> Done {
        let v = op.ress().first().copied().ok_or_else(|| unknown(op))?;
        if let Some(n) = self.facts.known(v) {
            let h = self.b.i32(n);
            return self.set(op, h);
        }
        let (builtin, called) = match name {
            "gpu.block_id" => (BuiltIn::WorkGroupId, "workgroup_id"),
            "gpu.thread_id" => (BuiltIn::LocalInvocationId, "local_id"),
            "gpu.global_id" => (BuiltIn::GlobalInvocationId, "global_id"),
            "gpu.grid_dim" => (BuiltIn::NumWorkGroups, "num_workgroups"),
            _ => return subgroup::translate(self, op, name),
        };
        let dim = dimension(op);
        let h = match builtin {
            BuiltIn::LocalInvocationId | BuiltIn::GlobalInvocationId if self.flat => {
                let mut h = self.place_in_row(dim);
                if builtin == BuiltIn::GlobalInvocationId {
                    let groups = self.builtin(BuiltIn::WorkGroupId, "workgroup_id", 3);
                    let group = self.b.outermost_lane(groups, dim as u32);
                    let size = self.b.u32(self.block[dim] as u32);
                    let first = self.b.position(Bin::Multiply, group, size);
                    h = self.b.position(Bin::Add, first, h);
                }
                h
            }
            _ => {
                let all = self.builtin(builtin, called, 3);
                self.b.outermost_lane(all, dim as u32)
            }
        };
        let h = self.b.convert_position(h, Scalar::I32);
        self.set(op, h)
    }

    /// Where an invocation is along a dim of its workgroup, of its place in the row that the workgroup is.
    fn place_in_row(&mut self, dim: usize) -> H {
        let index = self.builtin(BuiltIn::LocalInvocationIndex, "local_index", 1);
        let before: i64 = self.block[..dim].iter().product();
        let before = self.b.u32(before as u32);
        let line = self.b.position(Bin::Divide, index, before);
        if self.block[dim + 1..].iter().all(|&n| n == 1) {
            return line;
        }
        let size = self.b.u32(self.block[dim] as u32);
        self.b.position(Bin::Modulo, line, size)
    }

    fn barrier(&mut self) {
        let mut kinds = naga::Barrier::WORK_GROUP;
        let exchanged = |b: &super::views::Buffer<'c>| b.space == super::views::Space::Storage && b.loaded && b.stored;
        if self.memory.buffers.iter().any(exchanged) {
            kinds |= naga::Barrier::STORAGE;
        }
        self.b.statement(Statement::ControlBarrier(kinds), &[]);
    }

    fn constant(&mut self, op: Op<'c>) -> Done {
        let ty = self.ty(op, op.res(0))?;
        let value = op.attr("value").ok_or_else(|| OpError::new(op, "a constant has no value"))?;
        let lanes: Vec<f64>;
        let words: Vec<i64>;
        match (self.cx.tensor_of(value), value.as_i64(), value.as_f64()) {
            (Some(t), ..) => {
                lanes = t.scalars().map(|s| s.f64()).collect();
                words = integers(&t);
            }
            (_, Some(v), _) => {
                lanes = vec![if ty.elem == Elem::I1 { (v & 1) as f64 } else { v as f64 }];
                words = vec![v];
            }
            (.., Some(v)) => {
                lanes = vec![v];
                words = vec![v as i64];
            }
            _ => return Err(OpError::new(op, "a constant is neither a number nor a vector")),
        }
        if ty.elem == Elem::I64 {
            let (low, high): (Vec<H>, Vec<H>) =
                words.iter().map(|&w| (self.b.u32(w as u32), self.b.u32((w >> 32) as u32))).unzip();
            let (low, high) = (self.b.compose(Scalar::U32, &low), self.b.compose(Scalar::U32, &high));
            self.define(op.res(0), Val::Pair(low, high));
            return Ok(());
        }
        let scalar = self.scalar(ty.elem);
        let lanes: Vec<H> = lanes.into_iter().map(|v| self.b.number(scalar, 1, v)).collect();
        let h = self.b.compose(scalar, &lanes);
        self.set(op, h)
    }

    /// The WGSL type of a value's variable.
    pub(super) fn variable_ty(&mut self, ty: Ty) -> Handle<Type> {
        let scalar = self.scalar(ty.elem);
        self.b.ty(shaped(scalar, ty.lanes))
    }
}

/// What an argument is called, if that is a name of WGSL's and of no other argument.
pub(super) fn own_name(v: Value<'_>) -> Option<String> {
    let name = v.name();
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let block = v.owner_block()?;
    let alone = (0..block.argument_count()).filter(|&i| block_arg(block, i).name() == name).count() == 1;
    (alone && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(letters)).then_some(name)
}

fn integers(t: &Tensor) -> Vec<i64> {
    t.scalars().map(|s| s.i64()).collect()
}

/// An error about an op that has no WGSL form.
pub(super) fn unknown(op: Op<'_>) -> OpError {
    let from: Vec<String> = op.args().iter().map(|v| v.ty().to_string()).collect();
    let to: Vec<String> = op.ress().iter().map(|v| v.ty().to_string()).collect();
    OpError::new(op, format!("no WGSL for ({}) -> ({}); a pass must lower it before", from.join(", "), to.join(", ")))
}

/// How many of a `gpu.func`'s block arguments are its own; the others are attributions.
pub(super) fn argument_count(func: Op<'_>) -> usize {
    let ty = func.attr("function_type").and_then(AttrExt::as_function_type);
    ty.map_or_else(|| func.body(0).argument_count(), |(inputs, _)| inputs.len())
}

fn block_size(func: Op<'_>, problems: &mut Vec<OpError>) -> [i64; 3] {
    let size = func.ints("known_block_size").or_else(|| func.ints("gpu.known_block_size"));
    match size.as_deref() {
        Some(&[x, y, z]) if x > 0 && y > 0 && z > 0 => [x, y, z],
        _ => {
            problems.push(OpError::new(func, "needs known_block_size = array<i32: x, y, z>, all positive"));
            [1, 1, 1]
        }
    }
}
