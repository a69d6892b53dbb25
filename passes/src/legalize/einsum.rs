//! Einsum: any equation. Operands are taken in one after the other; each step is a matrix product where it is one.

use super::node::{Node, Outputs, Reason, Typed, invalid};
use std::collections::BTreeMap;
use weft_dialects::ir::{Elem, Map};

/// A dim's name: a letter, or a position in the ellipsis counted from its end (so that shorter ones broadcast).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Ellipsis(usize),
    Letter(char),
}

/// A tensor whose dims are named.
#[derive(Clone)]
struct Term<'c> {
    x: Typed<'c>,
    labels: Vec<Label>,
}

/// Einsum (12).
pub fn einsum<'c>(node: &Node<'c>) -> Outputs<'c> {
    let equation = node.string_or("equation", "")?;
    let args = node.all_inputs()?;
    node.same_dtype(&args)?;
    let ranks: Vec<usize> = args.iter().map(Typed::rank).collect();
    let (inputs, output) = parse(&equation, &ranks)?;
    let mut extents: BTreeMap<Label, i64> = BTreeMap::new();
    for (x, labels) in args.iter().zip(&inputs) {
        for (&label, n) in labels.iter().zip(x.shape()) {
            let e = extents.entry(label).or_insert(n);
            if *e == 1 {
                *e = n;
            } else if n != 1 && n != *e {
                return invalid(format!("in \"{equation}\" {label:?} is both {e} and {n}"));
            }
        }
    }
    let mut sum = Sum { node, extents };
    let mut terms = args.iter().zip(inputs).map(|(&x, labels)| sum.squeezed(Term { x, labels }));
    let mut terms = terms.by_ref().collect::<Result<Vec<_>, _>>()?.into_iter();
    let Some(mut all) = terms.next() else { return invalid("it has no inputs") };
    let rest: Vec<Term<'c>> = terms.collect();
    for (i, next) in rest.iter().enumerate() {
        let wanted = |l: &Label| output.contains(l) || rest[i + 1..].iter().any(|t| t.labels.contains(l));
        all = sum.product(&all, next, &wanted)?;
    }
    let y = sum.reduced(&all, &output)?;
    Ok(vec![y])
}

/// The labels of each operand's dims, and of the result's.
fn parse(equation: &str, ranks: &[usize]) -> Result<(Vec<Vec<Label>>, Vec<Label>), Reason> {
    let text: String = equation.chars().filter(|c| !c.is_whitespace()).collect();
    let (left, right) = match text.split_once("->") {
        Some((l, r)) => (l, Some(r)),
        None => (text.as_str(), None),
    };
    let parts: Vec<&str> = left.split(',').collect();
    if parts.len() != ranks.len() {
        return invalid(format!("\"{equation}\" is about {} operands, but there are {}", parts.len(), ranks.len()));
    }
    let mut inputs = Vec::new();
    for (part, &rank) in parts.iter().zip(ranks) {
        let labels = labels(equation, part, |named| rank.checked_sub(named))?;
        if labels.len() != rank {
            return invalid(format!("\"{part}\" of \"{equation}\" names {} dims of {rank}", labels.len()));
        }
        inputs.push(labels);
    }
    let all: Vec<Label> = inputs.concat();
    let mut dots: Vec<Label> = all.iter().copied().filter(|l| matches!(l, Label::Ellipsis(_))).collect();
    dots.sort_unstable();
    dots.dedup();
    let output = match right {
        Some(right) => labels(equation, right, |_| Some(dots.len()))?,
        None => {
            // The ellipsis, then the letters that occur once, in the alphabet's order.
            let mut once: Vec<Label> = all.iter().copied().filter(|l| matches!(l, Label::Letter(_))).collect();
            once.retain(|l| all.iter().filter(|m| *m == l).count() == 1);
            once.sort_unstable();
            dots.iter().rev().copied().chain(once).collect()
        }
    };
    if let Some(l) = output.iter().find(|l| !all.contains(l)) {
        return invalid(format!("\"{equation}\": {l:?} of the result is in no operand"));
    }
    if output.iter().enumerate().any(|(i, l)| output[..i].contains(l)) {
        return invalid(format!("\"{equation}\" names a dim of the result twice"));
    }
    Ok((inputs, output))
}

/// The labels of one operand; `dots` says how many dims the ellipsis has beside so many named ones.
fn labels(equation: &str, part: &str, dots: impl Fn(usize) -> Option<usize>) -> Result<Vec<Label>, Reason> {
    let (before, after) = match part.split_once("...") {
        Some((b, a)) => (b, Some(a)),
        None => (part, None),
    };
    let named = before.chars().chain(after.unwrap_or_default().chars());
    if let Some(c) = named.clone().find(|c| !c.is_ascii_alphabetic()) {
        return invalid(format!("\"{equation}\" has '{c}', which is no letter"));
    }
    let mut out: Vec<Label> = before.chars().map(Label::Letter).collect();
    if let Some(after) = after {
        let n =
            dots(named.count()).ok_or_else(|| Reason::Invalid(format!("\"{part}\" names more dims than there are")))?;
        out.extend((0..n).rev().map(Label::Ellipsis));
        out.extend(after.chars().map(Label::Letter));
    }
    Ok(out)
}

struct Sum<'n, 'c> {
    node: &'n Node<'c>,
    extents: BTreeMap<Label, i64>,
}

impl<'c> Sum<'_, 'c> {
    fn extent(&self, l: Label) -> i64 {
        self.extents.get(&l).copied().unwrap_or(1)
    }

    fn shape(&self, labels: &[Label]) -> Vec<i64> {
        labels.iter().map(|&l| self.extent(l)).collect()
    }

    /// Without the dims that broadcast.
    fn squeezed(&mut self, t: Term<'c>) -> Result<Term<'c>, Reason> {
        let shape = t.x.shape();
        let kept: Vec<usize> = (0..shape.len()).filter(|&d| shape[d] == self.extent(t.labels[d])).collect();
        let to: Vec<i64> = kept.iter().map(|&d| shape[d]).collect();
        let labels = kept.iter().map(|&d| t.labels[d]).collect();
        Ok(Term { x: self.node.reshaped(t.x, &to)?, labels })
    }

    /// A generic sum of products over all labels that aren't wanted.
    fn generic(&self, terms: &[&Term<'c>], wanted: &[Label]) -> Result<Typed<'c>, Reason> {
        let mut loops = wanted.to_vec();
        for t in terms {
            for &l in &t.labels {
                if !loops.contains(&l) {
                    loops.push(l);
                }
            }
        }
        let factors: Vec<_> = terms
            .iter()
            .map(|t| {
                let dims: Vec<usize> = t.labels.iter().filter_map(|l| loops.iter().position(|m| m == l)).collect();
                (t.x, Map::select(loops.len(), &dims))
            })
            .collect();
        let reduced: Vec<bool> = (0..loops.len()).map(|i| i >= wanted.len()).collect();
        self.node.contract(&factors, &self.shape(&loops), &reduced, terms[0].x.dtype)
    }

    /// Diagonals taken, unwanted dims summed, dims in the wanted order.
    fn reduced(&self, t: &Term<'c>, wanted: &[Label]) -> Result<Typed<'c>, Reason> {
        let dims: Option<Vec<usize>> = wanted.iter().map(|l| t.labels.iter().position(|m| m == l)).collect();
        match dims {
            Some(dims) if dims.len() == t.labels.len() => Ok(self.node.permuted(t.x, &dims)),
            _ => self.generic(&[t], wanted),
        }
    }

    fn is_simple(&self, t: &Term<'c>, keep: &impl Fn(&Label) -> bool) -> bool {
        t.labels.iter().enumerate().all(|(i, l)| keep(l) && !t.labels[..i].contains(l))
    }

    fn simple(&self, t: &Term<'c>, keep: impl Fn(&Label) -> bool) -> Result<Term<'c>, Reason> {
        if self.is_simple(t, &keep) {
            return Ok(t.clone());
        }
        let mut labels: Vec<Label> = Vec::new();
        for l in t.labels.iter().filter(|l| keep(l)) {
            if !labels.contains(l) {
                labels.push(*l);
            }
        }
        Ok(Term { x: self.reduced(t, &labels)?, labels })
    }

    /// Two terms as one, summed over what is wanted no more.
    fn product(&self, a: &Term<'c>, b: &Term<'c>, wanted: &impl Fn(&Label) -> bool) -> Result<Term<'c>, Reason> {
        let a = self.simple(a, |l| wanted(l) || b.labels.contains(l))?;
        let b = self.simple(b, |l| wanted(l) || a.labels.contains(l))?;
        let pick = |t: &Term<'c>, f: &dyn Fn(&Label) -> bool| -> Vec<Label> {
            t.labels.iter().copied().filter(|l| f(l)).collect()
        };
        let batch = pick(&a, &|l| b.labels.contains(l) && wanted(l));
        let inner = pick(&a, &|l| b.labels.contains(l) && !wanted(l));
        let rows = pick(&a, &|l| !b.labels.contains(l));
        let columns = pick(&b, &|l| !a.labels.contains(l));
        let labels = [batch.clone(), rows.clone(), columns.clone()].concat();
        if a.x.dtype.elem != Elem::F32 || inner.is_empty() {
            let x = self.generic(&[&a, &b], &labels)?;
            return Ok(Term { x, labels });
        }
        let len = |l: &[Label]| self.shape(l).iter().product::<i64>();
        let left = self.reduced(&a, &[&batch[..], &rows, &inner].concat())?;
        let right = self.reduced(&b, &[&batch[..], &inner, &columns].concat())?;
        let left = self.node.reshaped(left, &[len(&batch), len(&rows), len(&inner)])?;
        let right = self.node.reshaped(right, &[len(&batch), len(&inner), len(&columns)])?;
        let y = self.node.products(left, right, a.x.dtype)?;
        Ok(Term { x: self.node.reshaped(y, &self.shape(&labels))?, labels })
    }
}
