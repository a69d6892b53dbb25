//! Optimisers of ai.onnx.preview.training: Adagrad, Adam, Momentum. One step for each of any number of tensors.

use super::activation::Body;
use super::cast::scalar;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid};
use weft_dialects::ir::{Scalar, Value};

/// The gradient and that of the regularisation.
fn regularized<'c>(f: &Body<'_, 'c>, norm: f64, x: Value<'c>, g: Value<'c>) -> Value<'c> {
    f.add(f.mul(f.num(norm), x), g)
}

/// The learning rate, the count of updates, and `lists` tensors of each optimised one.
struct Operands<'c> {
    rate: Typed<'c>,
    count: Typed<'c>,
    /// By tensor, then by list.
    groups: Vec<Vec<Typed<'c>>>,
}

fn operands<'c>(node: &Node<'c>, lists: usize) -> Result<Operands<'c>, Reason> {
    let all = node.all_inputs()?;
    let (rate, count) = (node.input(0)?, node.input(1)?);
    let rest = &all[2..];
    if rest.is_empty() || !rest.len().is_multiple_of(lists) {
        return invalid(format!("{} tensors after the first two are no multiple of {lists}", rest.len()));
    }
    let n = rest.len() / lists;
    let groups: Vec<Vec<_>> = (0..n).map(|i| (0..lists).map(|l| rest[l * n + i]).collect()).collect();
    for g in &groups {
        node.same_dtype(g)?;
        node.float_only(g[0])?;
        if g.iter().any(|t| t.shape() != g[0].shape()) {
            return invalid("the tensors of an optimised one have different shapes");
        }
    }
    if rate.len() != 1 || count.len() != 1 {
        return invalid("the learning rate and the count of updates must be one number each");
    }
    Ok(Operands { rate: node.reshaped(rate, &[])?, count: node.reshaped(count, &[])?, groups })
}

impl<'c> Operands<'c> {
    /// `f` of the tensors' elements, the rate and the count, for each tensor; the results of all of them by list.
    fn update<const N: usize>(
        &self,
        node: &Node<'c>,
        f: impl Fn(&Body<'_, 'c>, usize, &[Value<'c>], Value<'c>, Value<'c>) -> Value<'c>,
    ) -> Outputs<'c> {
        let mut out = Vec::new();
        for list in 0..N {
            for g in &self.groups {
                let dtype = g[0].dtype;
                let mut args = g.clone();
                args.extend([self.rate, self.count]);
                out.push(node.map(&args, dtype, |b, v| {
                    let (tensors, last) = v.split_at(g.len());
                    let rate = scalar(b, last[0], self.rate.dtype, dtype);
                    f(&Body { b, elem: dtype.elem }, list, tensors, rate, last[1])
                })?);
            }
        }
        Ok(out)
    }

    fn count_type(&self) -> Dtype {
        self.count.dtype
    }
}

/// Adagrad (1).
pub fn adagrad<'c>(node: &Node<'c>) -> Outputs<'c> {
    let all = operands(node, 3)?;
    let (decay, epsilon) = (node.float_or("decay_factor", 0.0)?, node.float_or("epsilon", 0.0)?);
    let norm = node.float_or("norm_coefficient", 0.0)?;
    let count_type = all.count_type();
    all.update::<2>(node, |s, list, v, rate, count| {
        let steps = scalar(s.b, count, count_type, Dtype::of(s.elem));
        let rate = s.div(rate, s.add(s.num(1.0), s.mul(steps, s.num(decay))));
        let g = regularized(s, norm, v[0], v[1]);
        let squares = s.add(v[2], s.mul(g, g));
        if list == 1 {
            return squares;
        }
        let root = s.add(s.b.unary("math.sqrt", squares), s.num(epsilon));
        s.sub(v[0], s.div(s.mul(rate, g), root))
    })
}

/// Adam (1).
pub fn adam<'c>(node: &Node<'c>) -> Outputs<'c> {
    let all = operands(node, 4)?;
    let (alpha, beta) = (node.float_or("alpha", 0.9)?, node.float_or("beta", 0.999)?);
    let (norm, after) = (node.float_or("norm_coefficient", 0.0)?, node.float_or("norm_coefficient_post", 0.0)?);
    let epsilon = node.float_or("epsilon", 0.0)?;
    let count_type = all.count_type();
    all.update::<3>(node, |s, list, v, rate, count| {
        let g = regularized(s, norm, v[0], v[1]);
        let first = s.add(s.mul(s.num(alpha), v[2]), s.mul(s.num(1.0 - alpha), g));
        let second = s.add(s.mul(s.num(beta), v[3]), s.mul(s.num(1.0 - beta), s.mul(g, g)));
        match list {
            1 => return first,
            2 => return second,
            _ => {}
        }
        let root = s.add(s.b.unary("math.sqrt", second), s.num(epsilon));
        // From the second update on, what the averages lack is made up for.
        let steps = scalar(s.b, count, count_type, Dtype::of(s.elem));
        let lack = |x: f64| s.sub(s.num(1.0), s.b.binary("math.powf", s.num(x), steps));
        let corrected = s.div(s.mul(rate, s.b.unary("math.sqrt", lack(beta))), lack(alpha));
        let rate = s.b.select(s.b.compare("ogt", steps, s.num(0.0)), corrected, rate);
        let x = s.sub(v[0], s.mul(rate, s.div(first, root)));
        s.mul(s.num(1.0 - after), x)
    })
}

/// Momentum (1), standard or Nesterov's.
pub fn momentum<'c>(node: &Node<'c>) -> Outputs<'c> {
    let all = operands(node, 3)?;
    let need = |name: &str| node.float(name)?.ok_or_else(|| Reason::Invalid(format!("'{name}' is missing")));
    let (alpha, beta, norm) = (need("alpha")?, need("beta")?, need("norm_coefficient")?);
    let nesterov = match node.string_or("mode", "")?.as_str() {
        "standard" => false,
        "nesterov" => true,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let count_type = all.count_type();
    all.update::<2>(node, |s, list, v, rate, count| {
        let g = regularized(s, norm, v[0], v[1]);
        // The first gradient counts in full.
        let zero = s.b.scalar(count_type.elem, Scalar::I(0));
        let share = s.b.select(s.b.compare("sgt", count, zero), s.num(beta), s.num(1.0));
        let velocity = s.add(s.mul(s.num(alpha), v[2]), s.mul(share, g));
        if list == 1 {
            return velocity;
        }
        let step = if nesterov { s.add(g, s.mul(s.num(alpha), velocity)) } else { velocity };
        s.sub(v[0], s.mul(rate, step))
    })
}
