//! `expand-math`: `math` ops on `f32` scalars and vectors, and on `f64` scalars, that no machine has an instruction for, as polynomials.
//!
//! Errors are relative to the exact value, measured over the stated range by this module's tests without fused
//! multiply-add; with it they are no larger. NaN gives NaN, and infinities what the function's limit is.
//!
//! | op | error | notes |
//! |---|---|---|
//! | exp, exp2, expm1 | 3e-7 | exp and exp2 below 2^-126: 0; above the largest number: infinity |
//! | log, log2, log10, log1p | 3e-7 | of 0: -infinity; of negative numbers: NaN |
//! | tanh, sinh, cosh | 6e-7 | sinh and cosh beyond 89.07: infinity |
//! | asinh, acosh, atanh | 1e-6 | |
//! | erf | 4e-7 | |
//! | sin, cos | 3e-7 absolute | for arguments up to 8192; beyond, the error grows with the argument |
//! | tan | 1e-6 | as sin and cos; next to a pole the argument's own error shows |
//! | atan, asin, acos | 5e-7 | |
//! | powf | 2e-7 (2 + abs(y log x)) | small whole exponents and 0.5 by multiplication and square root |
//! | cbrt, rsqrt | 3e-7 | |
//!
//! Of `f16` and `bf16`, where a target leaves them for this pass, these are the functions of the `f32`, rounded.
//!
//! `f64` scalars have most of these too, with errors of about 1e-15 (powf: 2e-16 (2 + abs(y log x)); sin and cos for arguments
//! up to 1e6). They are long, as there is little use for them.
//!
//! The polynomials' coefficients are minimax fits (Remez exchange) of these forms, made for this file.

mod double;
mod exponential;
mod hyperbolic;
mod power;
#[cfg(test)]
mod tests;
mod trigonometric;

use super::vector::vector_constant;
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use weft_dialects::ir::{
    Builder, Cx, Elem, Op, OpError, OpExt, Scalar, Tensor, Type, Value, ValueExt, VectorTy, walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "expand-math",
    doc: "Expands exp, tanh, erf and the like on f32 scalars and vectors into polynomials with documented error.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    let mut problems = Vec::new();
    for op in walk_ops(module) {
        let name = op.op_name();
        if name.starts_with("math.")
            && !target.native_math.contains(&name.as_str())
            && let Err(e) = expand(pcx.cx, op, target)
        {
            problems.push(e);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Builds an expansion from the op's operands.
type Expansion = for<'e, 'c> fn(&'e Expand<'c>, &[Value<'c>]) -> Value<'c>;

fn expansion(name: &str) -> Option<Expansion> {
    Some(match name {
        "math.exp" => |e, x| e.exp(x[0]),
        "math.exp2" => |e, x| e.exp2(x[0]),
        "math.expm1" => |e, x| e.expm1(x[0]),
        "math.log" => |e, x| e.log(x[0]),
        "math.log2" => |e, x| e.log2(x[0]),
        "math.log10" => |e, x| e.log10(x[0]),
        "math.log1p" => |e, x| e.log1p(x[0]),
        "math.tanh" => |e, x| e.tanh(x[0]),
        "math.sinh" => |e, x| e.sinh(x[0]),
        "math.cosh" => |e, x| e.cosh(x[0]),
        "math.asinh" => |e, x| e.asinh(x[0]),
        "math.acosh" => |e, x| e.acosh(x[0]),
        "math.atanh" => |e, x| e.atanh(x[0]),
        "math.erf" => |e, x| e.erf(x[0]),
        "math.sin" => |e, x| e.sin(x[0]),
        "math.cos" => |e, x| e.cos(x[0]),
        "math.tan" => |e, x| e.tan(x[0]),
        "math.atan" => |e, x| e.atan(x[0]),
        "math.asin" => |e, x| e.asin(x[0]),
        "math.acos" => |e, x| e.acos(x[0]),
        "math.powf" => |e, x| e.powf(x[0], x[1]),
        "math.cbrt" => |e, x| e.cbrt(x[0]),
        "math.rsqrt" => |e, x| e.div(e.f(1.0), e.sqrt(x[0])),
        "math.round" => |e, x| e.round(x[0]),
        "math.fma" => |e, x| e.fma(x[0], x[1], x[2]),
        "math.isnan" => |e, x| e.test("uno", x[0], x[0]),
        "math.isinf" => |e, x| e.test("oeq", e.abs(x[0]), e.f(f32::INFINITY)),
        "math.isfinite" => |e, x| e.test("olt", e.abs(x[0]), e.f(f32::INFINITY)),
        _ => return None,
    })
}

/// What every target has as an instruction, or lowers by itself.
const KEPT: [&str; 8] =
    ["math.sqrt", "math.floor", "math.ceil", "math.trunc", "math.roundeven", "math.absf", "math.copysign", "math.absi"];

fn expand<'c>(cx: Cx<'c>, op: Op<'c>, target: &Target) -> Result<(), OpError> {
    let name = op.op_name();
    if KEPT.contains(&name.as_str()) {
        return Ok(());
    }
    let ty = op.arg(0).ty();
    let vector = VectorTy::of(ty);
    let elem = vector.as_ref().map(|v| v.elem).or(weft_dialects::ir::elem_of(ty));
    let b = Builder::before(cx, op);
    let lanes = vector.as_ref().map(|v| v.shape[0]);
    let e = Expand { b, lanes, as_written: target.sums_as_written };
    let half = matches!(elem, Some(Elem::F16 | Elem::BF16));
    let expansion = match elem {
        Some(Elem::F32 | Elem::F16 | Elem::BF16) => expansion(&name),
        Some(Elem::F64) if lanes.is_none() => double::expansion(&name),
        _ => None,
    };
    let expansion = expansion.ok_or_else(|| OpError::new(op, format!("no expansion of {name} for {ty}")))?;
    // Half floats are computed as f32, and rounded in the end.
    let float = |v: Value<'c>| if half { e.b.value("arith.extf", &[v], e.ty(Elem::F32), &[]) } else { v };
    let args: Vec<Value<'c>> = op.args().into_iter().map(float).collect();
    let mut value = expansion(&e, &args);
    let result = op.res(0).ty();
    if value.ty() != result {
        value = e.b.value("arith.truncf", &[value], result, &[]);
    }
    op.res(0).replace_with(value);
    op.erase();
    Ok(())
}

/// Builds the expansion of one op: arithmetic on `f32` scalars, or on vectors of them.
struct Expand<'c> {
    b: Builder<'c>,
    lanes: Option<i64>,
    /// Whether sums are computed as they are written.
    as_written: bool,
}

impl<'c> Expand<'c> {
    fn ty(&self, elem: Elem) -> Type<'c> {
        match self.lanes {
            Some(n) => VectorTy::new(elem, n).to_mlir(self.b.cx),
            None => self.b.cx.elem(elem),
        }
    }

    fn constant(&self, elem: Elem, v: Scalar) -> Value<'c> {
        match self.lanes {
            Some(n) => vector_constant(&self.b, &Tensor::from_scalars(elem, &[n], (0..n).map(|_| v))),
            None => self.b.scalar(elem, v),
        }
    }

    fn f(&self, v: f32) -> Value<'c> {
        self.constant(Elem::F32, Scalar::F(f64::from(v)))
    }

    fn i(&self, v: i32) -> Value<'c> {
        self.constant(Elem::I32, Scalar::I(i64::from(v)))
    }

    fn add(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.addf", x, y)
    }

    fn sub(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.subf", x, y)
    }

    fn mul(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.mulf", x, y)
    }

    fn div(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.divf", x, y)
    }

    /// `x * y + z`, in one step where the target can.
    fn fma(&self, x: Value<'c>, y: Value<'c>, z: Value<'c>) -> Value<'c> {
        self.b.contract("arith.addf", self.b.contract("arith.mulf", x, y), z)
    }

    fn int(&self, name: &str, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary(&format!("arith.{name}"), x, y)
    }

    fn abs(&self, x: Value<'c>) -> Value<'c> {
        self.b.unary("math.absf", x)
    }

    fn sqrt(&self, x: Value<'c>) -> Value<'c> {
        self.b.unary("math.sqrt", x)
    }

    fn copysign(&self, x: Value<'c>, sign: Value<'c>) -> Value<'c> {
        self.b.binary("math.copysign", x, sign)
    }

    fn test(&self, predicate: &str, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.compare(predicate, x, y)
    }

    fn select(&self, c: Value<'c>, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.select(c, x, y)
    }

    /// At most `most`; NaN stays.
    fn at_most(&self, x: Value<'c>, most: f32) -> Value<'c> {
        let most = self.f(most);
        self.select(self.test("olt", most, x), most, x)
    }

    /// At least `least`; NaN stays.
    fn at_least(&self, x: Value<'c>, least: f32) -> Value<'c> {
        let least = self.f(least);
        self.select(self.test("olt", x, least), least, x)
    }

    fn bits(&self, x: Value<'c>) -> Value<'c> {
        self.b.value("arith.bitcast", &[x], self.ty(Elem::I32), &[])
    }

    fn float_of_bits(&self, x: Value<'c>) -> Value<'c> {
        self.b.value("arith.bitcast", &[x], self.ty(Elem::F32), &[])
    }

    fn float_of_int(&self, x: Value<'c>) -> Value<'c> {
        self.b.value("arith.sitofp", &[x], self.ty(Elem::F32), &[])
    }

    /// The whole number nearest to `x * factor`, and what [`Expand::whole`] makes an integer of.
    fn rounded(&self, x: Value<'c>, factor: f32) -> (Value<'c>, Value<'c>) {
        if self.as_written {
            let shifted = match factor {
                1.0 => self.add(x, self.f(ROUND)),
                _ => self.fma(x, self.f(factor), self.f(ROUND)),
            };
            return (self.sub(shifted, self.f(ROUND)), shifted);
        }
        let scaled = if factor == 1.0 { x } else { self.mul(x, self.f(factor)) };
        let n = self.b.unary("math.roundeven", scaled);
        (n, n)
    }

    /// An integer with a rounded number in its low 22 bits.
    fn whole(&self, rounded: Value<'c>) -> Value<'c> {
        if self.as_written {
            return self.bits(rounded);
        }
        self.b.value("arith.fptosi", &[rounded], self.ty(Elem::I32), &[])
    }

    /// A polynomial by Horner's rule, the constant term first.
    fn polynomial(&self, x: Value<'c>, coefficients: &[f32]) -> Value<'c> {
        let mut terms = coefficients.iter().rev();
        let first = self.f(terms.next().copied().unwrap_or_default());
        terms.fold(first, |sum, &c| self.fma(sum, x, self.f(c)))
    }

    /// Half away from zero.
    fn round(&self, x: Value<'c>) -> Value<'c> {
        let whole = self.b.unary("math.trunc", x);
        let rest = self.abs(self.sub(x, whole));
        let further = self.add(whole, self.copysign(self.f(1.0), x));
        self.select(self.test("oge", rest, self.f(0.5)), further, whole)
    }
}

/// 1.5 * 2^23: adding it rounds a number of up to 22 bits to the nearest even whole one, which is then in the low bits.
/// Only where sums are computed as they are written: else a compiler may find that adding and subtracting it is nothing.
const ROUND: f32 = 12_582_912.0;
