//! How an op combines what is there with what comes.

use crate::ir::{Elem, Op, OpError, Scalar};

/// A way to combine two elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// The new one.
    Set,
    /// Sum.
    Add,
    /// Product.
    Mul,
    /// Minimum; of unsigned integers if true.
    Min(bool),
    /// Maximum; of unsigned integers if true.
    Max(bool),
}

impl Combine {
    /// By its name in an op's attribute.
    ///
    /// # Errors
    /// When there is none of the name.
    pub fn of(op: Op<'_>, name: &str) -> Result<Self, OpError> {
        Ok(match name {
            "set" => Combine::Set,
            "add" => Combine::Add,
            "mul" => Combine::Mul,
            "min" => Combine::Min(false),
            "minu" => Combine::Min(true),
            "max" => Combine::Max(false),
            "maxu" => Combine::Max(true),
            other => return Err(OpError::new(op, format!("unknown way to combine: '{other}'"))),
        })
    }

    /// The scalar op that does it for an element type; `None` if the new one is taken.
    pub fn scalar_op(self, elem: Elem) -> Option<&'static str> {
        let float = elem.is_float();
        Some(match self {
            Combine::Set => return None,
            Combine::Add if float => "arith.addf",
            Combine::Add => "arith.addi",
            Combine::Mul if float => "arith.mulf",
            Combine::Mul => "arith.muli",
            Combine::Min(_) if float => "arith.minimumf",
            Combine::Min(true) => "arith.minui",
            Combine::Min(false) => "arith.minsi",
            Combine::Max(_) if float => "arith.maximumf",
            Combine::Max(true) => "arith.maxui",
            Combine::Max(false) => "arith.maxsi",
        })
    }

    /// What combines with every element to that element; `None` if there is no such one.
    pub fn identity(self, elem: Elem) -> Option<Scalar> {
        match (self, elem.is_float()) {
            (Combine::Add, true) => Some(Scalar::F(0.0)),
            (Combine::Add, false) => Some(Scalar::I(0)),
            (Combine::Mul, true) => Some(Scalar::F(1.0)),
            (Combine::Mul, false) => Some(Scalar::I(1)),
            _ => None,
        }
    }

    /// The two combined and rounded to their type.
    pub fn apply(self, a: Scalar, b: Scalar, elem: Elem) -> Scalar {
        if elem.is_float() {
            let (x, y) = (a.f64(), b.f64());
            let nan = x.is_nan() || y.is_nan();
            let out = match self {
                Combine::Set => y,
                Combine::Add => x + y,
                Combine::Mul => x * y,
                Combine::Min(_) | Combine::Max(_) if nan => f64::NAN,
                Combine::Min(_) => x.min(y),
                Combine::Max(_) => x.max(y),
            };
            return Scalar::F(out).to(elem);
        }
        let (x, y) = (a.i64(), b.i64());
        let bits = 8 * elem.bytes() as u32;
        let unsigned = |v: i64| v as u64 & (u64::MAX >> (64 - bits));
        Scalar::I(match self {
            Combine::Set => y,
            Combine::Add => x.wrapping_add(y),
            Combine::Mul => x.wrapping_mul(y),
            Combine::Min(false) => x.min(y),
            Combine::Max(false) => x.max(y),
            Combine::Min(true) => {
                if unsigned(x) <= unsigned(y) {
                    x
                } else {
                    y
                }
            }
            Combine::Max(true) => {
                if unsigned(x) >= unsigned(y) {
                    x
                } else {
                    y
                }
            }
        })
        .to(elem)
    }
}
