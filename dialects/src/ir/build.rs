//! Building IR.

use super::{Attribute, Block, Cx, Elem, Location, Map, Op, OpExt, Scalar, Tensor, Type, Value, ValueExt};
use melior::ir::RegionLike;
use melior::ir::block::BlockLike;
use melior::ir::operation::{OperationBuilder, OperationLike};
use melior::ir::{BlockRef, Region};
use mlir_sys as sys;

/// An insertion point: where ops go, and the location they get.
#[derive(Clone, Copy)]
pub struct Builder<'c> {
    /// The session.
    pub cx: Cx<'c>,
    /// The block that ops go into.
    pub block: Block<'c>,
    /// The op before which they go; the block's end if `None`.
    pub before: Option<Op<'c>>,
    /// The location they get.
    pub loc: Location<'c>,
}

/// What a `linalg.generic` is made of, besides its body.
pub struct GenericSpec<'a, 'c> {
    /// Inputs with their indexing maps.
    pub ins: &'a [(Value<'c>, Map)],
    /// Initial values (destinations) with their maps; results have their types.
    pub outs: &'a [(Value<'c>, Map)],
    /// Per dim: true if it is reduced.
    pub reduction: &'a [bool],
}

impl<'c> Builder<'c> {
    /// At the end of a block.
    pub fn at_end(cx: Cx<'c>, block: Block<'c>, loc: Location<'c>) -> Self {
        Self { cx, block, before: None, loc }
    }

    /// Before an op, with its location.
    pub fn before(cx: Cx<'c>, op: Op<'c>) -> Self {
        let block = op.in_block().expect("the op stands in a block");
        Self { cx, block, before: Some(op), loc: op.location() }
    }

    /// After an op, with its location.
    pub fn after(cx: Cx<'c>, op: Op<'c>) -> Self {
        let block = op.in_block().expect("the op stands in a block");
        Self { cx, block, before: op.next_in_block(), loc: op.location() }
    }

    /// The same place with another location.
    pub fn with_loc(self, loc: Location<'c>) -> Self {
        Self { loc, ..self }
    }

    /// Builds an op without regions. Panics if MLIR can't build it (a wrong name or operand count is a bug).
    pub fn op(
        &self,
        name: &str,
        operands: &[Value<'c>],
        results: &[Type<'c>],
        attrs: &[(&str, Attribute<'c>)],
    ) -> Op<'c> {
        self.op_regions(name, operands, results, attrs, Vec::new())
    }

    /// Builds an op with regions.
    pub fn op_regions(
        &self,
        name: &str,
        operands: &[Value<'c>],
        results: &[Type<'c>],
        attrs: &[(&str, Attribute<'c>)],
        regions: Vec<Region<'c>>,
    ) -> Op<'c> {
        let named: Vec<_> = attrs.iter().map(|&(n, a)| (self.cx.id(n), a)).collect();
        let op = OperationBuilder::new(name, self.loc)
            .add_operands(operands)
            .add_results(results)
            .add_attributes(&named)
            .add_regions_vec(regions)
            .build()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let op = match self.before {
            Some(before) => self.block.insert_operation_before(before, op),
            None => self.block.append_operation(op),
        };
        // SAFETY: the op is owned by its block now; see the module's note on lifetimes.
        unsafe { Op::from_raw(op.to_raw()) }
    }

    /// An op with one result: its value.
    pub fn value(
        &self,
        name: &str,
        operands: &[Value<'c>],
        ty: Type<'c>,
        attrs: &[(&str, Attribute<'c>)],
    ) -> Value<'c> {
        self.op(name, operands, &[ty], attrs).res(0)
    }

    /// `arith.constant` from an attribute of a type.
    pub fn constant(&self, attr: Attribute<'c>, ty: Type<'c>) -> Value<'c> {
        self.value("arith.constant", &[], ty, &[("value", attr)])
    }

    /// A tensor constant.
    pub fn tensor(&self, t: &Tensor) -> Value<'c> {
        let ty = super::TensorTy::new(t.elem, &t.shape).to_mlir(self.cx);
        self.constant(self.cx.tensor_attr(t), ty)
    }

    /// A scalar constant of an element type.
    pub fn scalar(&self, elem: Elem, v: Scalar) -> Value<'c> {
        self.constant(self.cx.scalar_attr(elem, v), self.cx.elem(elem))
    }

    /// An `f32` constant.
    pub fn f32(&self, v: f32) -> Value<'c> {
        self.scalar(Elem::F32, Scalar::F(v as f64))
    }

    /// An `index` constant. Panics when given an extent that isn't a number: that is [`Builder::extent`]'s.
    pub fn index(&self, v: i64) -> Value<'c> {
        assert!(!super::extent::is_symbolic(v), "{} is no number", super::extent::text(v));
        let ty = self.cx.index();
        self.constant(self.cx.int_attr(ty, v), ty)
    }

    /// An `i32` constant.
    pub fn i32(&self, v: i64) -> Value<'c> {
        let ty = self.cx.i32();
        self.constant(self.cx.int_attr(ty, v), ty)
    }

    /// A binary op whose result has its operands' type.
    pub fn binary(&self, name: &str, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.value(name, &[a, b], a.ty(), &[])
    }

    /// A unary op whose result has its operand's type.
    pub fn unary(&self, name: &str, a: Value<'c>) -> Value<'c> {
        self.value(name, &[a], a.ty(), &[])
    }

    /// A float binary op that may be contracted into a fused multiply-add.
    pub fn contract(&self, name: &str, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        let flags = self.cx.parse_attr("#arith.fastmath<contract>").expect("a known attribute");
        self.value(name, &[a, b], a.ty(), &[("fastmath", flags)])
    }

    /// `arith.cmpf` or `arith.cmpi` by predicate name (`olt`, `slt`, ...).
    pub fn compare(&self, predicate: &str, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        const F: [&str; 16] = [
            "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult", "ule", "une", "uno",
            "true",
        ];
        const I: [&str; 10] = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"];
        let scalar =
            super::VectorTy::of(a.ty()).map(|v| v.elem.is_float()).or(super::elem_of(a.ty()).map(Elem::is_float));
        let (name, at) = if scalar == Some(true) {
            ("arith.cmpf", F.iter().position(|&p| p == predicate))
        } else {
            ("arith.cmpi", I.iter().position(|&p| p == predicate))
        };
        let at = at.unwrap_or_else(|| panic!("no predicate {predicate} for {name}")) as i64;
        let ty = match super::VectorTy::of(a.ty()) {
            Some(v) => super::VectorTy { elem: Elem::I1, ..v }.to_mlir(self.cx),
            None => self.cx.elem(Elem::I1),
        };
        self.value(name, &[a, b], ty, &[("predicate", self.cx.i64_attr(at))])
    }

    /// `arith.select`.
    pub fn select(&self, cond: Value<'c>, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.value("arith.select", &[cond, a, b], a.ty(), &[])
    }

    /// A region of one block with arguments, filled by `fill`, which gets a builder at its end and the arguments.
    pub fn region(&self, args: &[Type<'c>], fill: impl FnOnce(&Builder<'c>, &[Value<'c>])) -> Region<'c> {
        let typed: Vec<_> = args.iter().map(|&t| (t, self.loc)).collect();
        let region = Region::new();
        let block = region.append_block(melior::ir::Block::new(&typed));
        // SAFETY: the block is owned by the region, which the caller attaches to an op.
        let block: Block<'c> = unsafe { BlockRef::from_raw(block.to_raw()) };
        let values: Vec<Value<'c>> = (0..args.len()).filter_map(|i| block.argument(i).ok()).map(Into::into).collect();
        fill(&Builder { block, before: None, ..*self }, &values);
        region
    }

    /// `scf.for`: `body` gets the induction variable and the carried values, and returns the next ones.
    pub fn for_loop(
        &self,
        lower: Value<'c>,
        upper: Value<'c>,
        step: Value<'c>,
        inits: &[Value<'c>],
        body: impl FnOnce(&Builder<'c>, Value<'c>, &[Value<'c>]) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let types: Vec<_> = inits.iter().map(|v| v.ty()).collect();
        let mut args = vec![lower.ty()];
        args.extend(&types);
        let region = self.region(&args, |b, v| {
            let next = body(b, v[0], &v[1..]);
            b.op("scf.yield", &next, &[], &[]);
        });
        let mut operands = vec![lower, upper, step];
        operands.extend(inits);
        self.op_regions("scf.for", &operands, &types, &[], vec![region]).ress()
    }

    /// `scf.for` from 0 to `n` by `step` without carried values; a single iteration is built in line.
    pub fn times(&self, n: i64, step: i64, body: impl FnOnce(&Builder<'c>, Value<'c>)) {
        assert!(!super::extent::is_symbolic(n), "{} is no number", super::extent::text(n));
        if n <= 0 {
            return;
        }
        let zero = self.index(0);
        if n <= step {
            return body(self, zero);
        }
        let (n, step) = (self.index(n), self.index(step));
        self.for_loop(zero, n, step, &[], |b, i, _| {
            body(b, i);
            Vec::new()
        });
    }

    /// `scf.if` without results or alternative.
    pub fn when(&self, condition: Value<'c>, body: impl FnOnce(&Builder<'c>)) {
        let then = self.region(&[], |b, _| {
            body(b);
            b.op("scf.yield", &[], &[], &[]);
        });
        self.op_regions("scf.if", &[condition], &[], &[], vec![then, Region::new()]);
    }

    /// `scf.if` with results: `side` builds what holds if the condition does, then what holds if it doesn't; it is told which.
    pub fn either(
        &self,
        condition: Value<'c>,
        types: &[Type<'c>],
        mut side: impl FnMut(&Builder<'c>, bool) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let regions = [true, false].map(|holds| {
            self.region(&[], |b, _| {
                let values = side(b, holds);
                b.op("scf.yield", &values, &[], &[]);
            })
        });
        self.op_regions("scf.if", &[condition], types, &[], regions.into()).ress()
    }

    /// `tensor.empty`.
    pub fn empty(&self, ty: &super::TensorTy) -> Value<'c> {
        self.value("tensor.empty", &self.sizes(&ty.shape), ty.to_mlir(self.cx), &[])
    }

    /// An extent as an index: a constant, or an `nn.extent`.
    pub fn extent(&self, n: i64) -> Value<'c> {
        if !super::extent::is_symbolic(n) {
            return self.index(n);
        }
        self.value("nn.extent", &[], self.cx.index(), &[("value", super::extents_attr(self.cx, &[n]))])
    }

    /// What upstream's ops take for the `?`s of a shape.
    pub fn sizes(&self, shape: &[i64]) -> Vec<Value<'c>> {
        shape.iter().filter(|&&n| super::extent::is_symbolic(n)).map(|&n| self.extent(n)).collect()
    }

    /// `linalg.generic`: `body` gets the scalars of inputs then outputs, and returns what to yield.
    pub fn generic(
        &self,
        spec: GenericSpec<'_, 'c>,
        body: impl FnOnce(&Builder<'c>, &[Value<'c>]) -> Vec<Value<'c>>,
    ) -> Op<'c> {
        let all: Vec<&(Value<'c>, Map)> = spec.ins.iter().chain(spec.outs).collect();
        let operands: Vec<_> = all.iter().map(|x| x.0).collect();
        let maps: Vec<_> = all.iter().map(|x| x.1.to_attr(self.cx)).collect();
        let kinds: Vec<_> = spec
            .reduction
            .iter()
            .map(|&r| {
                let text = if r { "#linalg.iterator_type<reduction>" } else { "#linalg.iterator_type<parallel>" };
                self.cx.parse_attr(text).expect("a known attribute")
            })
            .collect();
        let elems: Vec<_> = operands
            .iter()
            .map(|v| {
                let elem = v.tensor_ty().map(|t| t.elem).or(v.memref_ty().map(|t| t.elem));
                self.cx.elem(elem.unwrap_or_else(|| panic!("an operand of a generic is shaped, not {}", v.ty())))
            })
            .collect();
        let region = self.region(&elems, |b, v| {
            let out = body(b, v);
            b.op("linalg.yield", &out, &[], &[]);
        });
        let results: Vec<_> = spec.outs.iter().filter(|x| x.0.tensor_ty().is_some()).map(|x| x.0.ty()).collect();
        let segments = format!("array<i32: {}, {}>", spec.ins.len(), spec.outs.len());
        self.op_regions(
            "linalg.generic",
            &operands,
            &results,
            &[
                ("indexing_maps", self.cx.array_attr(&maps)),
                ("iterator_types", self.cx.array_attr(&kinds)),
                ("operandSegmentSizes", self.cx.parse_attr(&segments).expect("a known attribute")),
            ],
            vec![region],
        )
    }

    /// An all-parallel generic over `shape` with a fresh result.
    pub fn elementwise(
        &self,
        elem: Elem,
        shape: &[i64],
        ins: &[(Value<'c>, Map)],
        body: impl FnOnce(&Builder<'c>, &[Value<'c>]) -> Value<'c>,
    ) -> Value<'c> {
        let out = self.empty(&super::TensorTy::new(elem, shape));
        let n = ins.len();
        self.generic(
            GenericSpec { ins, outs: &[(out, Map::identity(shape.len()))], reduction: &vec![false; shape.len()] },
            |b, v| vec![body(b, &v[..n])],
        )
        .res(0)
    }

    /// A transpose as a generic: result dim `i` is input dim `perm[i]`.
    pub fn transpose(&self, x: Value<'c>, perm: &[usize]) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("a transpose takes a tensor, not {}", x.ty()));
        let shape: Vec<i64> = perm.iter().map(|&p| ty.shape[p]).collect();
        // Loop dims are the result's: input dim perm[i] is read at loop dim i.
        let mut read = vec![0; perm.len()];
        for (i, &p) in perm.iter().enumerate() {
            read[p] = i;
        }
        self.elementwise(ty.elem, &shape, &[(x, Map::select(perm.len(), &read))], |_, v| v[0])
    }

    /// A function in the block of this builder; `fill` gets a builder in its body and the arguments, and returns
    /// what `func.return` takes.
    pub fn func(
        &self,
        name: &str,
        private: bool,
        inputs: &[Type<'c>],
        results: &[Type<'c>],
        fill: impl FnOnce(&Builder<'c>, &[Value<'c>]) -> Vec<Value<'c>>,
    ) -> Op<'c> {
        let region = self.region(inputs, |b, v| {
            let out = fill(b, v);
            b.op("func.return", &out, &[], &[]);
        });
        let mut attrs = vec![
            ("sym_name", self.cx.str_attr(name)),
            ("function_type", self.cx.type_attr(self.cx.fn_type(inputs, results))),
        ];
        if private {
            attrs.push(("sym_visibility", self.cx.str_attr("private")));
        }
        self.op_regions("func.func", &[], &[], &attrs, vec![region])
    }

    /// `func.call`.
    pub fn call(&self, callee: &str, operands: &[Value<'c>], results: &[Type<'c>]) -> Op<'c> {
        self.op("func.call", operands, results, &[("callee", self.cx.symbol_attr(callee))])
    }

    /// `memref.reinterpret_cast` to a static layout. The result's type has it spelled out even where it is the identity,
    /// because the op insists.
    pub fn reinterpret(&self, base: Value<'c>, to: &super::MemRefTy) -> Value<'c> {
        let ty = to.to_mlir_strided(self.cx);
        let segments = self.cx.parse_attr("array<i32: 1, 0, 0, 0>").expect("a known attribute");
        let attrs = [
            ("static_offsets", self.cx.i64s_attr(&[to.offset])),
            ("static_sizes", self.cx.i64s_attr(&to.shape)),
            ("static_strides", self.cx.i64s_attr(&to.strides)),
            ("operandSegmentSizes", segments),
        ];
        self.value("memref.reinterpret_cast", &[base], ty, &attrs)
    }

    /// `memref.subview` of the first elements per dim; `to` has the base's strides, and extents that may be symbolic.
    pub fn subview(&self, base: Value<'c>, to: &super::MemRefTy) -> Value<'c> {
        let rank = to.shape.len();
        let sizes = self.sizes(&to.shape);
        let mixed: Vec<i64> =
            to.shape.iter().map(|&n| if super::extent::is_symbolic(n) { super::DYNAMIC } else { n }).collect();
        let segments = format!("array<i32: 1, 0, {}, 0>", sizes.len());
        let attrs = [
            ("static_offsets", self.cx.i64s_attr(&vec![0; rank])),
            ("static_sizes", self.cx.i64s_attr(&mixed)),
            ("static_strides", self.cx.i64s_attr(&vec![1; rank])),
            ("operandSegmentSizes", self.cx.parse_attr(&segments).expect("a known attribute")),
        ];
        self.value("memref.subview", &[vec![base], sizes].concat(), to.to_mlir_strided(self.cx), &attrs)
    }

    /// Clones `op` here, with operands replaced.
    pub fn clone_op(&self, op: Op<'c>, operands: &[Value<'c>]) -> Op<'c> {
        // SAFETY: the clone is owned by the block it is inserted into.
        let clone: Op<'c> = unsafe {
            let raw = sys::mlirOperationClone(op.to_raw());
            match self.before {
                Some(b) => sys::mlirBlockInsertOwnedOperationBefore(self.block.to_raw(), b.to_raw(), raw),
                None => sys::mlirBlockAppendOwnedOperation(self.block.to_raw(), raw),
            }
            Op::from_raw(raw)
        };
        for (i, &v) in operands.iter().enumerate() {
            clone.set_arg(i, v);
        }
        clone
    }
}
