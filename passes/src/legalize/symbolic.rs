//! Shapes that are known at run time only: what of a model's shape arithmetic can be computed now, with expressions over the
//! module's symbols in the place of numbers.
//!
//! Exporters compute shapes by Shape, Gather, Concat and arithmetic. Legalised, that is a handful of small integer tensors,
//! and [`contents`] evaluates them as [`Node::constant`] does, but its integers are extents: numbers or expressions. What it
//! finds is used in the place of the tensor, which is dead then.

use super::dtype::Dtype;
use super::node::{Node, Reason, Typed};
use std::collections::HashMap;
use weft_dialects::ir::{
    Elem, Generic, Map, Op, OpExt, Scalar, Symbols, TensorTy, Value, ValueExt, extent, extents_list, extents_of,
};

/// Tensors with more elements are no shapes.
const MOST: i64 = 256;

/// Operators that know what to do with an extent that is an expression; the others are refused where one occurs.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "BatchNormalization", "BitCast", "BitShift",
    "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Concat",
    "Constant", "ConstantOfShape", "Conv", "Cos", "Cosh", "DequantizeLinear", "Div", "Dropout", "DynamicQuantizeLinear",
    "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gelu",
    "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity",
    "IsInf", "IsNaN", "LSTM", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "MatMul",
    "MatMulInteger", "Max", "Mean", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "QLinearMatMul",
    "QuantizeLinear", "RMSNormalization", "RNN", "Range", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum",
    "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu",
    "Reshape", "Round", "Selu", "Shape", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Size", "Slice", "Softmax",
    "Softplus", "Softsign", "Sqrt", "Squeeze", "Sub", "Sum", "SwiGLU", "Swish", "Tan", "Tanh", "ThresholdedRelu",
    "Transpose", "Unsqueeze", "Where", "Xor", "weft.Image",
];

/// Whether an operator takes symbolic extents.
pub fn knows(operator: &str) -> bool {
    KNOWN.binary_search(&operator).is_ok()
}

/// An element of a shape's tensor.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Item {
    /// An integer, a boolean, or a float that is one: an extent.
    Whole(i64),
    /// Another float.
    Float(f64),
}

/// The elements of a small tensor of integers, row-major, as extents; `None` if they depend on the data.
///
/// # Errors
/// When they aren't affine in the symbols, or depend on a comparison that the symbols decide; `what` says what they are.
pub fn contents<'c>(node: &Node<'c>, x: Typed<'c>, what: &str) -> Result<Option<Vec<i64>>, Reason> {
    let mut eval = Eval { symbols: &node.symbols, node, done: HashMap::new() };
    match eval.tensor(x.value) {
        Ok(items) => items
            .into_iter()
            .map(|item| match item {
                Item::Whole(n) => Ok(n),
                Item::Float(v) => Err(Reason::Invalid(format!("{what} must be integers, not {v}"))),
            })
            .collect::<Result<_, _>>()
            .map(Some),
        Err(None) => Ok(None),
        Err(Some(reason)) => Err(Reason::Unsupported(format!("{what}: {reason}"))),
    }
}

/// A tensor of ONNX type int64 whose elements are extents.
pub fn tensor<'c>(node: &Node<'c>, shape: &[i64], extents: &[i64]) -> Typed<'c> {
    if !extent::any_symbolic(extents) {
        return node.int64s(shape, extents);
    }
    let n = extents.len() as i64;
    let value = node.b.elementwise(Elem::I64, &[n], &[], |b, _| {
        let as_i64 = |n: i64| b.value("arith.index_cast", &[b.extent(n)], b.cx.elem(Elem::I64), &[]);
        let last = as_i64(extents[extents.len() - 1]);
        if n == 1 {
            return last;
        }
        let at = b.value("linalg.index", &[], b.cx.index(), &[("dim", b.cx.i64_attr(0))]);
        (0..n - 1).rev().fold(last, |rest, i| {
            let here = b.compare("eq", at, b.index(i));
            b.select(here, as_i64(extents[i as usize]), rest)
        })
    });
    Typed::new(node.b.reshape(value, shape), Dtype::INT64)
}

/// Why there is no value: `None` if it depends on the data.
type Failed = Option<String>;

struct Eval<'n, 'c> {
    symbols: &'n Symbols,
    node: &'n Node<'c>,
    done: HashMap<usize, Vec<Item>>,
}

impl<'c> Eval<'_, 'c> {
    fn tensor(&mut self, v: Value<'c>) -> Result<Vec<Item>, Failed> {
        if let Some(done) = self.done.get(&v.key()) {
            return Ok(done.clone());
        }
        let ty = v.tensor_ty().filter(|t| t.len().is_some_and(|n| n <= MOST)).ok_or(None)?;
        let op = v.def().ok_or(None)?;
        let out = match op.op_name().as_str() {
            "arith.constant" => {
                let t = op.attr("value").and_then(|a| self.node.b.cx.tensor_of(a)).ok_or(None)?;
                t.scalars().map(item).collect()
            }
            "tensor.empty" => vec![Item::Whole(0); ty.len().unwrap_or(0) as usize],
            "tensor.expand_shape" | "tensor.collapse_shape" => self.tensor(op.arg(0))?,
            "tensor.extract_slice" => {
                let list = |name: &str| extents_list(op, name).filter(|l| !extent::any_symbolic(l)).ok_or(None);
                let (offsets, sizes, strides) =
                    (list("static_offsets")?, list("static_sizes")?, list("static_strides")?);
                let from = op.arg(0).tensor_ty().ok_or(None)?;
                let items = self.tensor(op.arg(0))?;
                points(&sizes)
                    .map(|p| {
                        let at = (0..p.len()).map(|d| offsets[d] + p[d] * strides[d]).collect::<Vec<_>>();
                        items[flat(&from.shape, &at)]
                    })
                    .collect()
            }
            "tensor.concat" => self.concat(op, &ty)?,
            "linalg.generic" => self.generic(op, &ty)?,
            _ => return Err(None),
        };
        self.done.insert(v.key(), out.clone());
        Ok(out)
    }

    fn concat(&mut self, op: Op<'c>, ty: &TensorTy) -> Result<Vec<Item>, Failed> {
        let dim = op.int("dim").ok_or(None)? as usize;
        let mut out = vec![Item::Whole(0); ty.len().unwrap_or(0) as usize];
        let mut start = 0;
        for v in op.args() {
            let shape = v.tensor_ty().ok_or(None)?.shape;
            let items = self.tensor(v)?;
            for (item, mut p) in items.into_iter().zip(points(&shape)) {
                p[dim] += start;
                out[flat(&ty.shape, &p)] = item;
            }
            start += shape[dim];
        }
        Ok(out)
    }

    fn generic(&mut self, op: Op<'c>, ty: &TensorTy) -> Result<Vec<Item>, Failed> {
        let g = Generic::of(op).map_err(|_| None)?;
        if !g.is_parallel() || g.outs.len() != 1 || !g.out_map(0).is_identity() {
            return Err(None);
        }
        let operands: Vec<(Vec<Item>, Vec<i64>, Map)> = g
            .ins
            .iter()
            .zip(&g.maps)
            .map(|(&v, map)| {
                let shape = v.tensor_ty().ok_or(None)?.shape;
                Ok((self.tensor(v)?, shape, map.clone()))
            })
            .collect::<Result<_, Failed>>()?;
        points(&ty.shape)
            .map(|p| {
                let mut values: HashMap<usize, Item> = HashMap::new();
                for (i, (items, shape, map)) in operands.iter().enumerate() {
                    values.insert(g.scalar(i).key(), items[flat(shape, &map.at(&p))]);
                }
                for inner in g.body_ops() {
                    let args: Option<Vec<Item>> = inner.args().iter().map(|v| values.get(&v.key()).copied()).collect();
                    let args = args.ok_or(None)?;
                    if inner.op_name() == "linalg.yield" {
                        return args.first().copied().ok_or(None);
                    }
                    let value = if inner.op_name() == "linalg.index" {
                        Item::Whole(p[inner.int("dim").unwrap_or_default() as usize])
                    } else {
                        self.scalar(inner, &args)?
                    };
                    values.insert(inner.res(0).key(), value);
                }
                Err(None)
            })
            .collect()
    }

    /// One op of a body.
    fn scalar(&self, op: Op<'c>, args: &[Item]) -> Result<Item, Failed> {
        let name = op.op_name();
        match (name.as_str(), args) {
            ("arith.constant", _) => {
                let attr = op.attr("value").ok_or(None)?;
                let value = {
                    use weft_dialects::ir::AttrExt;
                    attr.as_i64().map(Scalar::I).or_else(|| attr.as_f64().map(Scalar::F))
                };
                value.map(item).ok_or(None)
            }
            ("nn.extent", _) => {
                let n = op.attr("value").and_then(extents_of).and_then(|e| e.first().copied());
                n.map(Item::Whole).ok_or(None)
            }
            ("arith.select", &[c, a, b]) => match c {
                Item::Whole(0) => Ok(b),
                Item::Whole(1 | -1) => Ok(a),
                _ => Err(None),
            },
            // Shapes are small: no width is left.
            (
                "arith.index_cast" | "arith.extsi" | "arith.extui" | "arith.trunci" | "arith.sitofp" | "arith.uitofp"
                | "arith.fptosi" | "arith.fptoui" | "arith.extf" | "arith.truncf" | "math.floor" | "math.ceil",
                &[Item::Whole(n)],
            ) => Ok(Item::Whole(n)),
            ("arith.fptosi" | "arith.fptoui", &[Item::Float(v)]) => Ok(Item::Whole(v.trunc() as i64)),
            ("math.floor", &[Item::Float(v)]) => Ok(Item::Whole(v.floor() as i64)),
            ("math.ceil", &[Item::Float(v)]) => Ok(Item::Whole(v.ceil() as i64)),
            (_, &[Item::Whole(a), Item::Whole(b)]) => self.binary(op, &name, a, b).map(Item::Whole),
            _ => Err(None),
        }
    }

    fn binary(&self, op: Op<'c>, name: &str, a: i64, b: i64) -> Result<i64, Failed> {
        let show = |n: i64| self.symbols.text(n);
        let quotient = |what: &str| match extent::is_symbolic(b) {
            false if b > 0 && self.symbols.min(a) >= 0 => Ok(b),
            _ => Err(Some(format!("the {what} of {} by {} is no affine expression", show(a), show(b)))),
        };
        Ok(match name {
            "arith.addi" | "arith.addf" => extent::add(a, b),
            "arith.subi" | "arith.subf" => extent::sub(a, b),
            "arith.muli" | "arith.mulf" => extent::mul(a, b)
                .ok_or_else(|| Some(format!("{} times {} is no affine expression", show(a), show(b))))?,
            "arith.divsi" | "arith.divui" if !extent::is_symbolic(a) && !extent::is_symbolic(b) && b != 0 => a / b,
            "arith.divsi" | "arith.divui" => extent::floor_div(a, quotient("quotient")?),
            "arith.remsi" | "arith.remui" if !extent::is_symbolic(a) && !extent::is_symbolic(b) && b != 0 => a % b,
            "arith.remsi" | "arith.remui" => extent::rem(a, quotient("remainder")?),
            "arith.andi" => a & b,
            "arith.ori" => a | b,
            "arith.xori" => a ^ b,
            "arith.minsi" | "arith.minimumf" => {
                if self.less(a, b, true)? {
                    a
                } else {
                    b
                }
            }
            "arith.maxsi" | "arith.maximumf" => {
                if self.less(a, b, true)? {
                    b
                } else {
                    a
                }
            }
            "arith.cmpi" | "arith.cmpf" => i64::from(self.compare(op, name, a, b)?),
            _ => return Err(None),
        })
    }

    /// Whether `a < b` (or `a <= b`) for all values of the symbols, or for none.
    fn less(&self, a: i64, b: i64, or_equal: bool) -> Result<bool, Failed> {
        let (low, high) = self.symbols.range(extent::sub(b, a));
        let least = i64::from(!or_equal);
        match (low >= least, high < least) {
            (true, _) => Ok(true),
            (_, true) => Ok(false),
            _ => Err(Some(self.undecided(a, b))),
        }
    }

    fn undecided(&self, a: i64, b: i64) -> String {
        format!(
            "how {} compares with {} depends on the dims that are left open; narrow their range (--dim)",
            self.symbols.text(a),
            self.symbols.text(b)
        )
    }

    fn compare(&self, op: Op<'c>, name: &str, a: i64, b: i64) -> Result<bool, Failed> {
        const INTS: [&str; 10] = ["eq", "ne", "slt", "sle", "sgt", "sge", "slt", "sle", "sgt", "sge"];
        const FLOATS: [&str; 14] =
            ["", "eq", "sgt", "sge", "slt", "sle", "ne", "", "eq", "sgt", "sge", "slt", "sle", "ne"];
        let at = op.int("predicate").unwrap_or_default() as usize;
        let names: &[&str] = if name == "arith.cmpi" { &INTS } else { &FLOATS };
        let equal = || match self.symbols.range(extent::sub(a, b)) {
            _ if a == b => Ok(true),
            (low, high) if low > 0 || high < 0 => Ok(false),
            _ => Err(Some(self.undecided(a, b))),
        };
        match names.get(at).copied().unwrap_or_default() {
            "eq" => equal(),
            "ne" => equal().map(|e| !e),
            "slt" => self.less(a, b, false),
            "sle" => self.less(a, b, true),
            "sgt" => self.less(b, a, false),
            "sge" => self.less(b, a, true),
            _ => Err(None),
        }
    }
}

fn item(s: Scalar) -> Item {
    match s {
        Scalar::I(n) => Item::Whole(extent::number(n)),
        Scalar::F(v) if v.fract() == 0.0 && v.abs() < 1e15 => Item::Whole(v as i64),
        Scalar::F(v) => Item::Float(v),
    }
}

/// All points of a box of known extents, row-major.
fn points(shape: &[i64]) -> impl Iterator<Item = Vec<i64>> + use<> {
    let shape = shape.to_vec();
    let n: i64 = shape.iter().product();
    (0..n).map(move |mut i| {
        let mut p = vec![0; shape.len()];
        for d in (0..shape.len()).rev() {
            p[d] = i % shape[d];
            i /= shape[d];
        }
        p
    })
}

fn flat(shape: &[i64], at: &[i64]) -> usize {
    shape.iter().zip(at).fold(0, |i, (n, p)| i * n + p) as usize
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        assert!(super::KNOWN.is_sorted());
    }
}
