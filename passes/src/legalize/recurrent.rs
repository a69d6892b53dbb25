//! RNN, GRU and LSTM: the products of all steps' inputs as one matrix product, then for each direction a cell op (`nn.rnn`,
//! `nn.gru`, `nn.lstm`), whose states the outputs are slices of.

use super::cast::convert;
use super::dtype::Dtype;
use super::elementwise::total;
use super::matmul::product3;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use weft_dialects::ir::{
    AttrExt, Elem, GenericSpec, Map, Op, OpExt, Scalar, Tensor, TensorTy, Value, ValueExt, extent, is_view,
};
use weft_dialects::nn::gru::Gru;
use weft_dialects::nn::lstm::Lstm;
use weft_dialects::nn::recurrent::{Activation, Function};
use weft_dialects::nn::rnn::Rnn;

/// A layer's operands in f32, time outermost.
struct Layer<'a, 'c> {
    node: &'a Node<'c>,
    gates: i64,
    /// Steps, rows of the batch, inputs, hidden units.
    t: i64,
    b: i64,
    inputs: i64,
    h: i64,
    /// Per direction: whether time runs backwards.
    reverse: Vec<bool>,
    x: Typed<'c>,
    w: Typed<'c>,
    r: Typed<'c>,
    bias: Option<Typed<'c>>,
    /// `B`, int32; `None` if all rows have all steps.
    lengths: Option<Value<'c>>,
    /// The activations of all directions.
    activations: Vec<Activation>,
    clip: f64,
    /// Whether the batch is outermost in the operator's view.
    batch_first: bool,
    dtype: Dtype,
}

const F32: Dtype = Dtype::F32;

/// RNN (7; 14: `layout`).
pub fn rnn<'c>(node: &Node<'c>) -> Outputs<'c> {
    let layer = Layer::of(node, 1, &[Function::Tanh])?;
    let initial = layer.initial(5, "initial_h")?;
    layer.run(1, |d, x, r| {
        let names = layer.names(d, 1);
        Ok(Rnn::build(
            &node.b,
            x,
            r,
            layer.start(initial, d),
            layer.lengths(),
            0,
            layer.reverse[d].into(),
            &names,
            layer.clip,
            &[layer.x.value.ty()],
        ))
    })
}

/// GRU (7; 14: `layout`).
pub fn gru<'c>(node: &Node<'c>) -> Outputs<'c> {
    let layer = Layer::of(node, 3, &[Function::Sigmoid, Function::Tanh])?;
    let linear = node.flag("linear_before_reset", false)?;
    let initial = layer.initial(5, "initial_h")?;
    layer.run(if linear { 2 } else { 3 }, |d, x, r| {
        let names = layer.names(d, 2);
        let rb = match (linear, layer.bias) {
            (false, _) => layer.none(Elem::F32, &[0]),
            (true, None) => node.b.splat(&TensorTy::new(Elem::F32, &[layer.h]), Scalar::F(0.0)),
            (true, Some(bias)) => layer.bias_part(bias, d, 5, 1),
        };
        Ok(Gru::build(
            &node.b,
            x,
            r,
            layer.start(initial, d),
            rb,
            layer.lengths(),
            0,
            layer.reverse[d].into(),
            &names,
            layer.clip,
            linear.into(),
            &[layer.x.value.ty()],
        ))
    })
}

/// LSTM (7; 14: `layout`).
pub fn lstm<'c>(node: &Node<'c>) -> Outputs<'c> {
    let layer = Layer::of(node, 4, &[Function::Sigmoid, Function::Tanh, Function::Tanh])?;
    let input_forget = node.flag("input_forget", false)?;
    let (initial_h, initial_c) = (layer.initial(5, "initial_h")?, layer.initial(6, "initial_c")?);
    let directions = layer.reverse.len() as i64;
    let peepholes = layer.operand(7, "P", &[directions, 3 * layer.h])?;
    layer.run(4, |d, x, r| {
        let names = layer.names(d, 3);
        let p = match peepholes {
            None => layer.none(Elem::F32, &[0, layer.h]),
            Some(p) => {
                let own = node.b.extract_slice(p.value, &[d as i64, 0], &[1, 3 * layer.h], &[1, 1]);
                node.b.reshape(own, &[3, layer.h])
            }
        };
        Ok(Lstm::build(
            &node.b,
            x,
            r,
            layer.start(initial_h, d),
            layer.start(initial_c, d),
            p,
            layer.lengths(),
            0,
            layer.reverse[d].into(),
            &names,
            layer.clip,
            input_forget.into(),
            &[layer.x.value.ty()],
        ))
    })
}

impl<'a, 'c> Layer<'a, 'c> {
    fn of(node: &'a Node<'c>, gates: i64, defaults: &[Function]) -> Result<Self, Reason> {
        let (x, w, r) = (node.input(0)?, node.input(1)?, node.input(2)?);
        let dtype = node.same_dtype(&[x, w, r])?;
        if !dtype.is_float() || dtype.elem == Elem::F64 {
            return unsupported(format!("element type {}", dtype.name()));
        }
        let batch_first = node.flag("layout", false)?;
        let mut x = convert(node, x, F32)?;
        if x.rank() != 3 {
            return invalid(format!("X must have 3 dims, not {:?}", x.shape()));
        }
        if batch_first {
            x = x.with(node.b.permute(x.value, &[1, 0, 2]));
        }
        let reverse = match node.string_or("direction", "forward")?.as_str() {
            "forward" => vec![false],
            "reverse" => vec![true],
            "bidirectional" => vec![false, true],
            other => return invalid(format!("direction = \"{other}\"")),
        };
        let h = match (node.int("hidden_size")?, r.shape().last()) {
            (Some(h), _) => h,
            (None, Some(&h)) => h,
            (None, None) => return invalid("R must have 3 dims"),
        };
        let shape = x.shape();
        let mut layer = Layer {
            node,
            gates,
            t: shape[0],
            b: shape[1],
            inputs: shape[2],
            h,
            activations: activations(node, defaults, reverse.len())?,
            reverse,
            x,
            w,
            r,
            bias: None,
            lengths: None,
            clip: node.float("clip")?.unwrap_or(0.0),
            batch_first,
            dtype,
        };
        let directions = layer.reverse.len() as i64;
        let present = |v: Option<Typed<'c>>, name: &str| v.ok_or_else(|| Reason::Invalid(format!("{name} is missing")));
        layer.w = present(layer.operand(1, "W", &[directions, gates * h, layer.inputs])?, "W")?;
        layer.r = present(layer.operand(2, "R", &[directions, gates * h, h])?, "R")?;
        layer.bias = layer.operand(3, "B", &[directions, 2 * gates * h])?;
        layer.lengths = layer.sequence_lengths()?;
        Ok(layer)
    }

    /// Operand `i` in f32, which must have this shape; `None` if omitted.
    fn operand(&self, i: usize, name: &str, shape: &[i64]) -> Result<Option<Typed<'c>>, Reason> {
        let Some(v) = self.node.optional(i) else { return Ok(None) };
        if v.shape() != shape {
            return invalid(format!("{name} is {:?}, and should be {shape:?}", v.shape()));
        }
        Ok(Some(convert(self.node, v, F32)?))
    }

    /// `sequence_lens`, unless it is known to say that all rows have all steps.
    fn sequence_lengths(&self) -> Result<Option<Value<'c>>, Reason> {
        let Some(v) = self.node.optional(4) else { return Ok(None) };
        if v.dtype.is_float() || v.shape() != [self.b] {
            return invalid(format!("sequence_lens must be {} integers, not {:?}", self.b, v.shape()));
        }
        if self.node.constant(v).is_some_and(|t| t.to_i64s().iter().all(|&n| n >= self.node.symbols.max(self.t))) {
            return Ok(None);
        }
        Ok(Some(convert(self.node, v, Dtype::of(Elem::I32))?.value))
    }

    /// The cell's operand for lengths.
    fn lengths(&self) -> Value<'c> {
        self.lengths.unwrap_or_else(|| self.none(Elem::I32, &[0]))
    }

    /// What stands for an operand that isn't there: a tensor without elements.
    fn none(&self, elem: Elem, shape: &[i64]) -> Value<'c> {
        self.node.b.tensor(&Tensor::zeros(elem, shape))
    }

    /// An initial state, `D x B x H`.
    fn initial(&self, i: usize, name: &str) -> Result<Option<Typed<'c>>, Reason> {
        let d = self.reverse.len() as i64;
        if !self.batch_first {
            return self.operand(i, name, &[d, self.b, self.h]);
        }
        let v = self.operand(i, name, &[self.b, d, self.h])?;
        Ok(v.map(|v| v.with(self.node.b.permute(v.value, &[1, 0, 2]))))
    }

    /// A direction's initial state, `B x H`.
    fn start(&self, initial: Option<Typed<'c>>, d: usize) -> Value<'c> {
        let b = &self.node.b;
        match initial {
            None => b.splat(&TensorTy::new(Elem::F32, &[self.b, self.h]), Scalar::F(0.0)),
            Some(v) => {
                let own = b.extract_slice(v.value, &[d as i64, 0, 0], &[1, self.b, self.h], &[1, 1, 1]);
                b.reshape(own, &[self.b, self.h])
            }
        }
    }

    /// A direction's activations, `n` of them, as the cell ops name them.
    fn names(&self, d: usize, n: usize) -> String {
        let own = self.activations[d * n..(d + 1) * n].iter().map(ToString::to_string);
        own.collect::<Vec<_>>().join(" ")
    }

    /// `count` hidden sizes of a direction's bias, from the `first` one on.
    fn bias_part(&self, bias: Typed<'c>, d: usize, first: i64, count: i64) -> Value<'c> {
        let b = &self.node.b;
        let own = b.extract_slice(bias.value, &[d as i64, first * self.h], &[1, count * self.h], &[1, 1]);
        b.reshape(own, &[count * self.h])
    }

    /// What steps add to the gates before recurrence, `T x B x G*H`: the inputs' products and the bias. Of the recurrent
    /// bias, only that of the first `folded` gates is in it.
    fn projection(&self, d: usize, folded: i64) -> Result<Value<'c>, Reason> {
        let (node, b) = (self.node, &self.node.b);
        let n = self.gates * self.h;
        let w = b.extract_slice(self.w.value, &[d as i64, 0, 0], &[1, n, self.inputs], &[1, 1, 1]);
        let w = b.permute(w, &[0, 2, 1]);
        let rows = extent::mul(self.t, self.b).map(|n| [1, n, self.inputs]);
        let Some(rows) = rows.filter(|rows| is_view(&self.x.shape(), rows)) else {
            return unsupported(format!("a batch that is left open, as in {:?}", self.x.shape()));
        };
        let x = b.reshape(self.x.value, &rows);
        let mut y = product3(node, self.x.with(x), self.x.with(w), n)?;
        if let Some(bias) = self.bias {
            let typed = |v| Typed::new(v, F32);
            let whole = self.bias_part(bias, d, 0, folded);
            let sum = total(node, typed(whole), typed(self.bias_part(bias, d, self.gates, folded)))?;
            let mut parts = vec![sum.value];
            if folded < self.gates {
                parts.push(self.bias_part(bias, d, folded, self.gates - folded));
            }
            y = node.along(y, typed(b.concat(0, &parts)), 2, "arith.addf");
        }
        Ok(b.reshape(y.value, &[self.t, self.b, n]))
    }

    /// Runs all directions; `build` makes the cell op of one from its inputs and weights (`H x G x H`). Outputs: all hidden states,
    /// the last ones, and the last cell states.
    fn run(&self, folded: i64, build: impl Fn(usize, Value<'c>, Value<'c>) -> Result<Op<'c>, Reason>) -> Outputs<'c> {
        let (node, b) = (self.node, &self.node.b);
        let (t, rows, h) = (self.t, self.b, self.h);
        let folded = folded.min(self.gates);
        let mut parts: [Vec<Value<'c>>; 3] = Default::default();
        for (d, &reverse) in self.reverse.iter().enumerate() {
            let x = self.projection(d, folded)?;
            let r = b.extract_slice(self.r.value, &[d as i64, 0, 0], &[1, self.gates * h, h], &[1, 1, 1]);
            let r = b.permute(b.reshape(r, &[self.gates, h, h]), &[2, 0, 1]);
            let y = node.inferred(build(d, x, r)?)?;
            let slots = |state: i64, first: i64, n: i64| {
                b.extract_slice(y, &[state, first, 0, 0], &[1, n, rows, h], &[1, 1, 1, 1])
            };
            if node.is_used(0) {
                let all = b.reshape(slots(0, if reverse { 0 } else { 1 }, t), &[t, 1, rows, h]);
                parts[0].push(self.masked(all));
            }
            let last = if reverse { 0 } else { t };
            for (state, part) in parts[1..].iter_mut().enumerate() {
                if node.is_used(state + 1) {
                    part.push(b.reshape(slots(state as i64, last, 1), &[1, rows, h]));
                }
            }
        }
        parts
            .into_iter()
            .enumerate()
            .map(|(i, parts)| {
                // A result that nobody uses is anything.
                if parts.is_empty() {
                    return Ok(self.x);
                }
                let y = b.concat(usize::from(i == 0), &parts);
                let y = match (self.batch_first, i) {
                    (false, _) => y,
                    (true, 0) => b.permute(y, &[2, 0, 1, 3]),
                    (true, _) => b.permute(y, &[1, 0, 2]),
                };
                convert(node, Typed::new(y, F32), self.dtype)
            })
            .collect()
    }

    /// Hidden states `T x 1 x B x H`, 0 beyond each row's length.
    fn masked(&self, y: Value<'c>) -> Value<'c> {
        let Some(lengths) = self.lengths else { return y };
        let b = &self.node.b;
        let ty = TensorTy::new(Elem::F32, &[self.t, 1, self.b, self.h]);
        let spec = GenericSpec {
            ins: &[(y, Map::identity(4)), (lengths, Map::select(4, &[2]))],
            outs: &[(b.empty(&ty), Map::identity(4))],
            reduction: &[false; 4],
        };
        b.generic(spec, |b, v| {
            let t = b.value("linalg.index", &[], b.cx.index(), &[("dim", b.cx.i64_attr(0))]);
            let t = b.value("arith.index_cast", &[t], b.cx.i32(), &[]);
            vec![b.select(b.compare("slt", t, v[1]), v[0], b.f32(0.0))]
        })
        .res(0)
    }
}

/// The activations of all directions. The parameters in `activation_alpha` and `activation_beta` belong to those functions, in
/// order, that have such.
fn activations(node: &Node<'_>, defaults: &[Function], directions: usize) -> Result<Vec<Activation>, Reason> {
    let names: Option<Vec<String>> = match node.op.attr("activations").and_then(AttrExt::as_array) {
        None => None,
        Some(list) => Some(
            list.into_iter()
                .map(|a| a.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| Reason::Invalid("attribute 'activations' must be a list of strings".into()))?,
        ),
    };
    let functions: Vec<Function> = match names {
        None => defaults.repeat(directions),
        Some(names) => {
            let known = |n: String| Function::named(&n).ok_or_else(|| Reason::Invalid(format!("no activation '{n}'")));
            names.into_iter().map(known).collect::<Result<_, _>>()?
        }
    };
    if functions.len() != defaults.len() * directions {
        return invalid(format!("it needs {} activations, not {}", defaults.len() * directions, functions.len()));
    }
    let mut alphas = node.floats("activation_alpha")?.unwrap_or_default().into_iter();
    let mut betas = node.floats("activation_beta")?.unwrap_or_default().into_iter();
    Ok(functions
        .into_iter()
        .map(|function| {
            let [alpha, beta] = function.defaults();
            let own = |list: &mut std::vec::IntoIter<f64>, at: usize, default: f64| {
                if function.parameters() >= at { list.next().unwrap_or(default) } else { 0.0 }
            };
            Activation { function, alpha: own(&mut alphas, 1, alpha), beta: own(&mut betas, 2, beta) }
        })
        .collect())
}
