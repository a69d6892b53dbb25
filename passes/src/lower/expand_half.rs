//! `expand-half`: `f16` and `bf16`, for which there are no instructions, are stored as their bits (`i16`) and computed in
//! `f32`.
//!
//! A half value is an `f32` that the half type holds exactly. Loads decode it, stores encode it, and each op that
//! computes one rounds its result to nearest, ties to even, as if it had been computed in the half type (for the basic
//! operations and the square root that is exact: `f32` has more than twice the digits).

use super::point::buffer_ty;
use super::vector::vector_constant;
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Cx, Elem, MemRefTy, Op, OpError, OpExt, OperationLike, RegionLike, Scalar, Tensor,
    Type, Value, ValueExt, VectorTy, block_arg, elem_of, funcs, walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "expand-half",
    doc: "Stores f16 and bf16 as their bits and computes them in f32, rounding each result.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let mut problems = Vec::new();
    for func in funcs(module) {
        if let Err(e) = expand(pcx.cx, func) {
            problems.push(e);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The half type of a scalar or vector.
fn half(ty: Type<'_>) -> Option<Elem> {
    let elem = VectorTy::of(ty).map(|v| v.elem).or(elem_of(ty));
    elem.filter(|e| matches!(e, Elem::F16 | Elem::BF16))
}

/// What stands for a type; `None` if it stays.
fn stands_for<'c>(cx: Cx<'c>, v: Value<'c>) -> Option<Type<'c>> {
    if let Some(ty) = v.memref_ty().filter(|t| matches!(t.elem, Elem::F16 | Elem::BF16)) {
        let bits = MemRefTy { elem: Elem::I16, ..ty };
        return Some(if v.ty().to_string().contains("strided") { bits.to_mlir_strided(cx) } else { bits.to_mlir(cx) });
    }
    half(v.ty())?;
    Some(like(cx, v.ty(), Elem::F32))
}

/// The type with other elements.
fn like<'c>(cx: Cx<'c>, ty: Type<'c>, elem: Elem) -> Type<'c> {
    VectorTy::of(ty).map_or_else(|| cx.elem(elem), |v| VectorTy { elem, ..v }.to_mlir(cx))
}

fn expand<'c>(cx: Cx<'c>, func: Op<'c>) -> Result<(), OpError> {
    let ops = walk_ops(func);
    let half_of = |v: Option<Value<'c>>| v.and_then(|v| half(v.ty()));
    // What the ops were about, before types change.
    let halves: Vec<(Option<Elem>, Option<Elem>)> =
        ops.iter().map(|op| (half_of(op.args().first().copied()), half_of(op.ress().first().copied()))).collect();
    let mut values: Vec<Value<'c>> = Vec::new();
    for op in std::iter::once(&func).chain(&ops) {
        values.extend(op.ress());
        for region in op.regions() {
            if let Some(block) = region.first_block() {
                values.extend((0..block.argument_count()).map(|i| block_arg(block, i)));
            }
        }
    }
    for v in values {
        if let Some(ty) = stands_for(cx, v) {
            v.retype(ty);
        }
    }
    let body = func.body(0);
    let inputs: Vec<_> = (0..body.argument_count()).map(|i| block_arg(body, i).ty()).collect();
    func.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &[])));
    for (op, (from, to)) in ops.into_iter().zip(halves) {
        if from.is_some() || to.is_some() {
            rewrite(cx, op, from, to)?;
        }
    }
    Ok(())
}

/// Ops that give back one of the half values they get, or one with another sign, or a whole one.
const EXACT: [&str; 18] = [
    "arith.select",
    "arith.negf",
    "arith.maximumf",
    "arith.minimumf",
    "arith.maxnumf",
    "arith.minnumf",
    "math.absf",
    "math.copysign",
    "math.floor",
    "math.ceil",
    "math.trunc",
    "math.roundeven",
    "vector.shuffle",
    "vector.extract",
    "vector.insert",
    "vector.broadcast",
    "scf.for",
    "scf.if",
];

fn rewrite<'c>(cx: Cx<'c>, op: Op<'c>, from: Option<Elem>, to: Option<Elem>) -> Result<(), OpError> {
    let b = Builder::before(cx, op);
    let name = op.op_name();
    let value = match (name.as_str(), from, to) {
        ("memref.load" | "vector.load", _, Some(elem)) => {
            let bits = b.value(&name, &op.args(), like(cx, op.res(0).ty(), Elem::I16), &[]);
            Half { b, elem }.decode(bits)
        }
        ("memref.store" | "vector.store", Some(elem), _) => {
            debug_assert_eq!(buffer_ty(op.arg(1)).elem, Elem::I16);
            op.set_arg(0, Half { b, elem }.encode(op.arg(0)));
            return Ok(());
        }
        ("arith.constant", _, Some(_)) => constant(&b, op)?,
        ("arith.extf", Some(_), None) if op.res(0).ty() == op.arg(0).ty() => op.arg(0),
        ("arith.bitcast", Some(elem), None) => Half { b, elem }.encode(op.arg(0)),
        ("arith.bitcast", None, Some(elem)) => Half { b, elem }.decode(op.arg(0)),
        ("arith.extf" | "arith.truncf", Some(_), Some(elem)) => Half { b, elem }.round(op.arg(0)),
        ("arith.truncf", None, Some(elem)) if op.res(0).ty() == op.arg(0).ty() => Half { b, elem }.round(op.arg(0)),
        (_, _, None) => return Ok(()),
        (n, ..) if EXACT.contains(&n) => return Ok(()),
        (.., Some(elem)) => Half { b, elem }.round(b.clone_op(op, &op.args()).res(0)),
    };
    op.res(0).replace_with(value);
    op.erase();
    Ok(())
}

/// The same constant in `f32`.
fn constant<'c>(b: &Builder<'c>, op: Op<'c>) -> Result<Value<'c>, OpError> {
    let attr = op.attr("value").ok_or_else(|| OpError::new(op, "lacks its value"))?;
    match (b.cx.tensor_of(attr), attr.as_f64()) {
        (Some(t), _) => Ok(vector_constant(b, &Tensor::from_scalars(Elem::F32, &t.shape, t.scalars()))),
        (None, Some(x)) => Ok(b.scalar(Elem::F32, Scalar::F(x))),
        _ => Err(OpError::new(op, "is neither number nor vector")),
    }
}

/// Builds conversions of one half type.
struct Half<'c> {
    b: Builder<'c>,
    elem: Elem,
}

impl<'c> Half<'c> {
    fn int(&self, like_value: Value<'c>, v: i64) -> Value<'c> {
        self.filled(like_value, Elem::I32, Scalar::I(v))
    }

    fn float(&self, like_value: Value<'c>, v: f64) -> Value<'c> {
        self.filled(like_value, Elem::F32, Scalar::F(v))
    }

    fn filled(&self, like_value: Value<'c>, elem: Elem, v: Scalar) -> Value<'c> {
        match VectorTy::of(like_value.ty()) {
            Some(ty) => {
                let n = ty.shape.iter().product();
                vector_constant(&self.b, &Tensor::from_scalars(elem, &[n], (0..n).map(|_| v)))
            }
            None => self.b.scalar(elem, v),
        }
    }

    fn op(&self, name: &str, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary(&format!("arith.{name}"), x, y)
    }

    fn cast(&self, name: &str, x: Value<'c>, elem: Elem) -> Value<'c> {
        self.b.value(&format!("arith.{name}"), &[x], like(self.b.cx, x.ty(), elem), &[])
    }

    fn bits(&self, x: Value<'c>) -> Value<'c> {
        self.cast("bitcast", x, Elem::I32)
    }

    fn float_of_bits(&self, x: Value<'c>) -> Value<'c> {
        self.cast("bitcast", x, Elem::F32)
    }

    /// The `f32` of stored bits.
    fn decode(&self, stored: Value<'c>) -> Value<'c> {
        let bits = self.cast("extui", stored, Elem::I32);
        if self.elem == Elem::BF16 {
            return self.float_of_bits(self.op("shli", bits, self.int(bits, 16)));
        }
        // Exponent and fraction in their places, then the exponent's bias put right by a product, which is exact for
        // numbers below the normal ones too.
        let magnitude = self.op("shli", self.op("andi", bits, self.int(bits, 0x7fff)), self.int(bits, 13));
        let finite = self.float_of_bits(magnitude);
        let scaled = self.op("mulf", finite, self.float(bits, 2f64.powi(112)));
        let special = self.b.compare("sge", magnitude, self.int(bits, 0x7c00 << 13));
        let infinite = self.op("ori", magnitude, self.int(bits, 0x7f80_0000));
        let value = self.b.select(special, infinite, self.bits(scaled));
        let sign = self.op("shli", self.op("andi", bits, self.int(bits, 0x8000)), self.int(bits, 16));
        self.float_of_bits(self.op("ori", value, sign))
    }

    /// The bits to store of an `f32` that the type holds exactly.
    fn encode(&self, x: Value<'c>) -> Value<'c> {
        let bits = self.bits(x);
        if self.elem == Elem::BF16 {
            return self.cast("trunci", self.op("shrui", bits, self.int(bits, 16)), Elem::I16);
        }
        let sign = self.op("andi", self.op("shrui", bits, self.int(bits, 16)), self.int(bits, 0x8000));
        let magnitude = self.op("andi", bits, self.int(bits, 0x7fff_ffff));
        // The inverse of the product in `decode`, exact as well.
        let scaled = self.op("mulf", self.float_of_bits(magnitude), self.float(bits, 2f64.powi(-112)));
        let finite = self.op("shrui", self.bits(scaled), self.int(bits, 13));
        let special = self.b.compare("sge", magnitude, self.int(bits, 0x7f80_0000));
        let fraction = self.op("andi", self.op("shrui", magnitude, self.int(bits, 13)), self.int(bits, 0x3ff));
        let infinite = self.op("ori", fraction, self.int(bits, 0x7c00));
        let value = self.b.select(special, infinite, finite);
        self.cast("trunci", self.op("ori", value, sign), Elem::I16)
    }

    /// Rounded to what the type holds, to nearest, ties to even.
    fn round(&self, x: Value<'c>) -> Value<'c> {
        let bits = self.bits(x);
        let dropped = if self.elem == Elem::BF16 { 16 } else { 13 };
        // Half of the last kept digit, less one if that digit is even.
        let last = self.op("andi", self.op("shrui", bits, self.int(bits, dropped)), self.int(bits, 1));
        let up = self.op("addi", last, self.int(bits, (1 << (dropped - 1)) - 1));
        let kept = self.op("andi", self.op("addi", bits, up), self.int(bits, -(1 << dropped)));
        let mut y = self.float_of_bits(kept);
        if self.elem == Elem::F16 {
            let magnitude = self.b.unary("math.absf", y);
            let too_large = self.b.compare("oge", magnitude, self.float(bits, 65536.0));
            let infinite = self.float(bits, f64::INFINITY);
            let large = self.b.select(too_large, infinite, magnitude);
            // Below 2^-14 the digits' distance is fixed: that of the f32 from 1/2 to 1.
            let start = self.b.unary("math.absf", x);
            let half = self.float(bits, 0.5);
            let small = self.op("subf", self.op("addf", start, half), half);
            let below = self.b.compare("olt", start, self.float(bits, 2f64.powi(-14)));
            y = self.b.binary("math.copysign", self.b.select(below, small, large), x);
        }
        // NaN may have lost the digits that make it one; the first of them is always kept.
        let nan = self.float_of_bits(self.op("ori", bits, self.int(bits, 1 << 22)));
        self.b.select(self.b.compare("uno", x, x), nan, y)
    }
}
