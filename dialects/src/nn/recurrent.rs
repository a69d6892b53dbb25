//! What recurrent cells share: activation functions, extents, and the order of time steps.
//!
//! A cell op runs one direction over all time steps. Its result has a slot of states for each step and one more for the
//! initial state, which stands where time begins: before the first step, or behind the last if time is reversed.

use super::shape_of;
use crate::ir::{Op, OpError, Tensor, TensorTy, extent};
use std::fmt;
use std::str::FromStr;

/// ONNX's activation functions of recurrent operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `alpha x + beta`.
    Affine,
    /// `x < 0 ? alpha (e^x - 1) : x`.
    Elu,
    /// `max(0, min(1, alpha x + beta))`.
    HardSigmoid,
    /// `x < 0 ? alpha x : x`.
    LeakyRelu,
    /// `max(0, x)`.
    Relu,
    /// `alpha tanh(beta x)`.
    ScaledTanh,
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `log(1 + e^x)`.
    Softplus,
    /// `x / (1 + |x|)`.
    Softsign,
    /// `tanh(x)`.
    Tanh,
    /// `x >= alpha ? x : 0`.
    ThresholdedRelu,
}

impl Function {
    /// Name, number of parameters (none, alpha, alpha and beta), and their defaults.
    const TABLE: [(Function, &'static str, usize, [f64; 2]); 11] = [
        (Function::Affine, "Affine", 2, [1.0, 0.0]),
        (Function::Elu, "Elu", 1, [1.0, 0.0]),
        (Function::HardSigmoid, "HardSigmoid", 2, [0.2, 0.5]),
        (Function::LeakyRelu, "LeakyRelu", 1, [0.01, 0.0]),
        (Function::Relu, "Relu", 0, [0.0, 0.0]),
        (Function::ScaledTanh, "ScaledTanh", 2, [1.0, 1.0]),
        (Function::Sigmoid, "Sigmoid", 0, [0.0, 0.0]),
        (Function::Softplus, "Softplus", 0, [0.0, 0.0]),
        (Function::Softsign, "Softsign", 0, [0.0, 0.0]),
        (Function::Tanh, "Tanh", 0, [0.0, 0.0]),
        (Function::ThresholdedRelu, "ThresholdedRelu", 1, [1.0, 0.0]),
    ];

    fn row(self) -> &'static (Function, &'static str, usize, [f64; 2]) {
        &Self::TABLE[self as usize]
    }

    /// By name, upper and lower case alike.
    pub fn named(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|t| t.1.eq_ignore_ascii_case(name)).map(|t| t.0)
    }

    /// How many parameters it has: alpha, then beta.
    pub fn parameters(self) -> usize {
        self.row().2
    }

    /// The defaults of alpha and beta.
    pub fn defaults(self) -> [f64; 2] {
        self.row().3
    }
}

/// A function with its parameters; those that it hasn't are 0. As text `Tanh`, `LeakyRelu(0.01)` or `Affine(1,0)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activation {
    /// The function.
    pub function: Function,
    /// The first parameter.
    pub alpha: f64,
    /// The second parameter.
    pub beta: f64,
}

impl Activation {
    /// The value at `x`.
    pub fn at(self, x: f64) -> f64 {
        let Self { function, alpha, beta } = self;
        match function {
            Function::Affine => alpha * x + beta,
            Function::Elu => {
                if x < 0.0 {
                    alpha * x.exp_m1()
                } else {
                    x
                }
            }
            Function::HardSigmoid => (alpha * x + beta).clamp(0.0, 1.0),
            Function::LeakyRelu => {
                if x < 0.0 {
                    alpha * x
                } else {
                    x
                }
            }
            Function::Relu => {
                if x < 0.0 {
                    0.0
                } else {
                    x
                }
            }
            Function::ScaledTanh => alpha * (beta * x).tanh(),
            Function::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Function::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Function::Softsign => x / (1.0 + x.abs()),
            Function::Tanh => x.tanh(),
            Function::ThresholdedRelu => {
                if x >= alpha {
                    x
                } else {
                    0.0
                }
            }
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.function.row().1;
        match self.function.parameters() {
            0 => f.write_str(name),
            1 => write!(f, "{name}({})", self.alpha),
            _ => write!(f, "{name}({},{})", self.alpha, self.beta),
        }
    }
}

impl FromStr for Activation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rest) = text.split_once('(').unwrap_or((text, ")"));
        let wrong = || format!("'{text}' is no activation");
        let function = Function::named(name).ok_or_else(wrong)?;
        let inner = rest.strip_suffix(')').ok_or_else(wrong)?;
        let given: Vec<f64> = inner
            .split(',')
            .filter(|p| !p.is_empty())
            .map(|p| p.parse().map_err(|_| wrong()))
            .collect::<Result<_, _>>()?;
        if given.len() != function.parameters() {
            return Err(format!("'{text}' should have {} parameters", function.parameters()));
        }
        let at = |i: usize| given.get(i).copied().unwrap_or(0.0);
        Ok(Self { function, alpha: at(0), beta: at(1) })
    }
}

/// The activations of a cell op: its attribute `activations`, names apart by spaces.
///
/// # Errors
/// When there are not `N`, or one is unknown.
pub fn activations<const N: usize>(op: Op<'_>) -> Result<[Activation; N], OpError> {
    use crate::ir::OpExt;
    let text = op.string("activations").unwrap_or_default();
    let all: Vec<Activation> =
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(|e: String| OpError::new(op, e))?;
    all.try_into().map_err(|_| OpError::new(op, format!("needs {N} activations, not '{text}'")))
}

/// Extents of a cell op.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extents {
    /// Time steps T.
    pub steps: i64,
    /// Rows B of the batch.
    pub rows: i64,
    /// Hidden units H.
    pub hidden: i64,
    /// Gates G.
    pub gates: i64,
    /// Hidden units of a panel of recurrent weights; 0 if they are not packed.
    pub panel: i64,
    /// Whether each row has a length of its own.
    pub lengths: bool,
}

impl Extents {
    /// Checks and reads the operands that all cells have: x `T x B x G*H`, r, the initial state `B x H` and, as the last
    /// one, the lengths `B`, or `0` if every row has all steps.
    ///
    /// # Errors
    /// When shapes contradict each other.
    pub fn of(op: Op<'_>, gates: i64, panel: i64) -> Result<Self, OpError> {
        use crate::ir::OpExt;
        let shape = |i: usize| shape_of(op, i).map(|t| t.shape);
        let (x, r, h, lengths) = (shape(0)?, shape(1)?, shape(2)?, shape(op.args().len() - 1)?);
        let ([steps, rows, columns], [h_rows, hidden]) = (&x[..], &h[..]) else {
            return Err(OpError::new(op, format!("x must have 3 dims and h 2, not {x:?} and {h:?}")));
        };
        let e = Self { steps: *steps, rows: *rows, hidden: *hidden, gates, panel, lengths: lengths != [0] };
        let weights = match panel {
            0 => vec![*hidden, gates, *hidden],
            p => vec![1, (*hidden + p - 1) / p, *hidden, gates * p],
        };
        let fits = *columns == gates * hidden && h_rows == rows && r == weights && (!e.lengths || lengths == [*rows]);
        if fits {
            return Ok(e);
        }
        Err(OpError::new(
            op,
            format!("x {x:?}, h {h:?}, lengths {lengths:?} and r {r:?} (expected {weights:?}) don't fit"),
        ))
    }

    /// Refuses operand `i` unless it has this shape.
    ///
    /// # Errors
    /// When it has another one.
    pub fn expect(&self, op: Op<'_>, i: usize, shape: &[i64]) -> Result<(), OpError> {
        let found = shape_of(op, i)?.shape;
        if found == shape { Ok(()) } else { Err(OpError::new(op, format!("operand {i} is {found:?}, not {shape:?}"))) }
    }

    /// The result's type: `states` states, a slot a step and one for the initial state.
    pub fn result(&self, x: &TensorTy, states: i64) -> TensorTy {
        TensorTy::new(x.elem, &[states, extent::add(self.steps, 1), self.rows, self.hidden])
    }

    /// Flat index of state `s`, slot `t`, row `b`, unit `j` of the result.
    pub(super) fn at(&self, s: i64, t: i64, b: i64, j: i64) -> usize {
        (((s * (self.steps + 1) + t) * self.rows + b) * self.hidden + j) as usize
    }

    /// Recurrent weight from unit `k` to gate `g` of unit `j`.
    pub(super) fn weight(&self, r: &Tensor, k: i64, g: i64, j: i64) -> f64 {
        let at = match self.panel {
            0 => (k * self.gates + g) * self.hidden + j,
            p => ((j / p) * self.hidden + k) * self.gates * p + g * p + j % p,
        };
        r.get(at as usize).f64()
    }

    /// `x[t, b, g, j]`, a gate's input.
    pub(super) fn input(&self, x: &Tensor, t: i64, b: i64, g: i64, j: i64) -> f64 {
        x.get((((t * self.rows + b) * self.gates + g) * self.hidden + j) as usize).f64()
    }

    /// Runs `step` for every row and time step in order, with the slots that it reads from and writes to; `held` instead for
    /// steps beyond a row's length.
    pub(super) fn walk(&self, reverse: bool, lengths: &Tensor, mut step: impl FnMut(Step, bool)) {
        for row in 0..self.rows {
            let length = if self.lengths { lengths.get(row as usize).i64() } else { self.steps };
            for s in 0..self.steps {
                let (t, from, to) = if reverse {
                    let t = self.steps - 1 - s;
                    (t, t + 1, t)
                } else {
                    (s, s, s + 1)
                };
                step(Step { row, t, from, to }, t >= length);
            }
        }
    }

    /// The slot of the initial state.
    pub fn first_slot(&self, reverse: bool) -> i64 {
        if reverse { self.steps } else { 0 }
    }
}

/// A row at a time step, and the slots of the states before and behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub row: i64,
    pub t: i64,
    pub from: i64,
    pub to: i64,
}

/// `v` within `[-limit, limit]`; any `v` if the limit is 0.
pub(super) fn clip(v: f64, limit: f64) -> f64 {
    if limit > 0.0 { v.clamp(-limit, limit) } else { v }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activations_print_and_parse() {
        for (i, (function, name, parameters, [alpha, beta])) in Function::TABLE.into_iter().enumerate() {
            assert_eq!((function as usize, Function::named(&name.to_lowercase())), (i, Some(function)));
            let a = Activation { function, alpha, beta };
            assert_eq!(a.to_string().parse(), Ok(a), "{name} has {parameters} parameters");
        }
        assert_eq!("Elu(1,2)".parse::<Activation>().unwrap_err(), "'Elu(1,2)' should have 1 parameters");
        assert_eq!("Sinus".parse::<Activation>().unwrap_err(), "'Sinus' is no activation");
    }
}
