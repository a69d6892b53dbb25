//! Functions of one element: each is one generic whose body is the formula, with the operator's parameters as scalar
//! constants.

use super::cast::scalar;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, number, unsupported};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// Scalar code under construction, of one float type.
pub(super) struct Body<'a, 'c> {
    pub(super) b: &'a Builder<'c>,
    pub(super) elem: Elem,
}

impl<'c> Body<'_, 'c> {
    pub(super) fn num(&self, v: f64) -> Value<'c> {
        self.b.scalar(self.elem, number(self.elem, v))
    }

    pub(super) fn add(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.addf", x, y)
    }

    pub(super) fn sub(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.subf", x, y)
    }

    pub(super) fn mul(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.mulf", x, y)
    }

    pub(super) fn div(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.divf", x, y)
    }

    fn max(&self, x: Value<'c>, bound: f64) -> Value<'c> {
        let bound = self.num(bound);
        self.b.binary("arith.maximumf", x, bound)
    }

    fn min(&self, x: Value<'c>, bound: f64) -> Value<'c> {
        let bound = self.num(bound);
        self.b.binary("arith.minimumf", x, bound)
    }

    fn exp(&self, x: Value<'c>) -> Value<'c> {
        self.b.unary("math.exp", x)
    }

    fn neg(&self, x: Value<'c>) -> Value<'c> {
        self.b.unary("arith.negf", x)
    }

    /// `x < 0 ? below : otherwise`; a NaN takes `otherwise`.
    fn below_zero(&self, x: Value<'c>, below: Value<'c>, otherwise: Value<'c>) -> Value<'c> {
        let zero = self.num(0.0);
        self.b.select(self.b.compare("olt", x, zero), below, otherwise)
    }

    fn sigmoid(&self, x: Value<'c>) -> Value<'c> {
        let e = self.exp(self.neg(x));
        let one = self.num(1.0);
        self.div(one, self.add(one, e))
    }

    /// `exp(x) - 1` where it is used for `x <= 0` only.
    fn exp_minus_1(&self, x: Value<'c>) -> Value<'c> {
        let e = self.exp(x);
        self.sub(e, self.num(1.0))
    }

    /// `log(1 + exp(x))` without overflow: `max(x, 0) + log(1 + exp(-|x|))`.
    fn softplus(&self, x: Value<'c>) -> Value<'c> {
        let e = self.exp(self.neg(self.b.unary("math.absf", x)));
        let log = self.b.unary("math.log", self.add(self.num(1.0), e));
        self.add(self.max(x, 0.0), log)
    }

    /// `max(0, min(1, alpha * x + beta))`.
    fn hard_sigmoid(&self, x: Value<'c>, alpha: f64, beta: f64) -> Value<'c> {
        let line = self.add(self.mul(x, self.num(alpha)), self.num(beta));
        self.max(self.min(line, 1.0), 0.0)
    }
}

/// A float operator whose body is `f`.
fn unary<'c>(node: &Node<'c>, f: impl FnOnce(&Body<'_, 'c>, Value<'c>) -> Value<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    Ok(vec![node.map(&[x], x.dtype, |b, v| f(&Body { b, elem: x.dtype.elem }, v[0]))?])
}

/// Exp, Log, Sqrt, Erf, Floor, Ceil, Round, the trigonometric and hyperbolic functions and their inverses: one scalar op.
/// Round goes to the nearest, ties to even.
pub fn math<'c>(node: &Node<'c>) -> Outputs<'c> {
    let op = match node.name.as_str() {
        "Exp" => "math.exp",
        "Log" => "math.log",
        "Sqrt" => "math.sqrt",
        "Sin" => "math.sin",
        "Cos" => "math.cos",
        "Tan" => "math.tan",
        "Asin" => "math.asin",
        "Acos" => "math.acos",
        "Atan" => "math.atan",
        "Sinh" => "math.sinh",
        "Cosh" => "math.cosh",
        "Tanh" => "math.tanh",
        "Asinh" => "math.asinh",
        "Acosh" => "math.acosh",
        "Atanh" => "math.atanh",
        "Erf" => "math.erf",
        "Floor" => "math.floor",
        "Ceil" => "math.ceil",
        "Round" => "math.roundeven",
        other => return unsupported(other),
    };
    unary(node, |f, x| f.b.unary(op, x))
}

/// Abs, of any number; unsigned ones stay.
pub fn abs<'c>(node: &Node<'c>) -> Outputs<'c> {
    Ok(vec![magnitude(node, node.input(0)?)?])
}

/// `|x|`.
pub fn magnitude<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let Dtype { elem, unsigned, .. } = x.dtype;
    if unsigned {
        return Ok(x);
    }
    node.map(&[x], x.dtype, |b, v| {
        if elem.is_float() {
            return b.unary("math.absf", v[0]);
        }
        let zero = b.scalar(elem, Scalar::I(0));
        b.binary("arith.maxsi", v[0], b.binary("arith.subi", zero, v[0]))
    })
}

/// Neg.
pub fn neg<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let y = node.map(&[x], x.dtype, |b, v| {
        if x.dtype.is_float() {
            return b.unary("arith.negf", v[0]);
        }
        let zero = b.scalar(x.dtype.elem, Scalar::I(0));
        b.binary("arith.subi", zero, v[0])
    })?;
    Ok(vec![y])
}

/// Sign: -1, 0 or 1; a NaN stays, as onnxruntime's.
pub fn sign<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let Dtype { elem, unsigned, .. } = x.dtype;
    let (gt, lt) = match (elem.is_float(), unsigned) {
        (true, _) => ("ogt", "olt"),
        (false, false) => ("sgt", "slt"),
        (false, true) => ("ugt", "ult"),
    };
    let y = node.map(&[x], x.dtype, |b, v| {
        let [zero, one, minus] = [0.0, 1.0, -1.0].map(|n| b.scalar(elem, number(elem, n)));
        let rest = b.select(b.compare(lt, v[0], zero), minus, v[0]);
        b.select(b.compare(gt, v[0], zero), one, rest)
    })?;
    Ok(vec![y])
}

/// Reciprocal.
pub fn reciprocal<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.div(f.num(1.0), x))
}

/// Relu (6, 13; 14 on: integers too). `max(x, 0)`; a NaN stays.
pub fn relu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let op = super::elementwise::pick(("arith.maximumf", "arith.maxsi", "arith.maxui"), x.dtype);
    let zero = number(x.dtype.elem, 0.0);
    Ok(vec![node.map(&[x], x.dtype, |b, v| b.binary(op, v[0], b.scalar(x.dtype.elem, zero)))?])
}

/// LeakyRelu: `x < 0 ? alpha * x : x`.
pub fn leaky_relu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 0.01)?;
    unary(node, |f, x| f.below_zero(x, f.mul(f.num(alpha), x), x))
}

/// ThresholdedRelu (10): `x > alpha ? x : 0`.
pub fn thresholded_relu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 1.0)?;
    unary(node, |f, x| f.b.select(f.b.compare("ogt", x, f.num(alpha)), x, f.num(0.0)))
}

/// Shrink (9): `x < -lambd ? x + bias : x > lambd ? x - bias : 0`. Integers are compared and moved as floats, and truncated.
pub fn shrink<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (lambd, bias) = (node.float_or("lambd", 0.5)?, node.float_or("bias", 0.0)?);
    let x = node.input(0)?;
    let wide = match x.dtype {
        d if d.is_float() => d,
        // 32 bits are exact in f64.
        _ => Dtype::of(Elem::F64),
    };
    let y = node.map(&[x], x.dtype, |b, v| {
        let f = Body { b, elem: wide.elem };
        let x_wide = scalar(b, v[0], x.dtype, wide);
        let above = b.select(b.compare("ogt", x_wide, f.num(lambd)), f.sub(x_wide, f.num(bias)), f.num(0.0));
        let y = b.select(b.compare("olt", x_wide, f.num(-lambd)), f.add(x_wide, f.num(bias)), above);
        scalar(b, y, wide, x.dtype)
    })?;
    Ok(vec![y])
}

/// Elu: `x < 0 ? alpha * (exp(x) - 1) : x`.
pub fn elu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 1.0)?;
    unary(node, |f, x| f.below_zero(x, f.mul(f.num(alpha), f.exp_minus_1(x)), x))
}

/// Celu (12): `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.
pub fn celu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 1.0)?;
    unary(node, |f, x| {
        let low = f.mul(f.num(alpha), f.exp_minus_1(f.div(x, f.num(alpha))));
        f.add(f.max(x, 0.0), f.min(low, 0.0))
    })
}

/// Selu: `gamma * (x < 0 ? alpha * (exp(x) - 1) : x)`.
pub fn selu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 1.673_263_2)?;
    let gamma = node.float_or("gamma", 1.050_701)?;
    unary(node, |f, x| {
        let bent = f.below_zero(x, f.mul(f.num(alpha), f.exp_minus_1(x)), x);
        f.mul(f.num(gamma), bent)
    })
}

/// Sigmoid: `1 / (1 + exp(-x))`.
pub fn sigmoid<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.sigmoid(x))
}

/// HardSigmoid: `max(0, min(1, alpha * x + beta))`.
pub fn hard_sigmoid<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (alpha, beta) = (node.float_or("alpha", 0.2)?, node.float_or("beta", 0.5)?);
    unary(node, |f, x| f.hard_sigmoid(x, alpha, beta))
}

/// HardSwish (14): `x * max(0, min(1, x / 6 + 1/2))`.
pub fn hard_swish<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.mul(x, f.hard_sigmoid(x, f64::from(1.0f32 / 6.0), 0.5)))
}

/// Swish (24): `x * sigmoid(alpha * x)`.
pub fn swish<'c>(node: &Node<'c>) -> Outputs<'c> {
    let alpha = node.float_or("alpha", 1.0)?;
    unary(node, |f, x| {
        let scaled = if alpha == 1.0 { x } else { f.mul(f.num(alpha), x) };
        f.mul(x, f.sigmoid(scaled))
    })
}

/// Softplus: `log(1 + exp(x))`.
pub fn softplus<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.softplus(x))
}

/// Softsign: `x / (1 + |x|)`.
pub fn softsign<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.div(x, f.add(f.num(1.0), f.b.unary("math.absf", x))))
}

/// Mish (18): `x * tanh(softplus(x))`.
pub fn mish<'c>(node: &Node<'c>) -> Outputs<'c> {
    unary(node, |f, x| f.mul(x, f.b.unary("math.tanh", f.softplus(x))))
}

/// Gelu (20): `x/2 * (1 + erf(x / sqrt 2))`, or `approximate = "tanh"`.
pub fn gelu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let inner: fn(&Body<'_, 'c>, Value<'c>) -> Value<'c> = match node.string_or("approximate", "none")?.as_str() {
        "none" => |f, x| f.b.unary("math.erf", f.mul(x, f.num(std::f64::consts::FRAC_1_SQRT_2))),
        // tanh(sqrt(2/pi) * (x + 0.044715 * x^3))
        "tanh" => |f, x| {
            let cube = f.mul(f.mul(x, x), x);
            let line = f.add(x, f.mul(f.num(0.044715), cube));
            f.b.unary("math.tanh", f.mul(f.num((2.0 / std::f64::consts::PI).sqrt()), line))
        },
        other => return Err(Reason::Invalid(format!("approximate = \"{other}\""))),
    };
    unary(node, |f, x| {
        let half = f.mul(f.num(0.5), x);
        f.mul(half, f.add(f.num(1.0), inner(f, x)))
    })
}
