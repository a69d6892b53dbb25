//! ai.onnx.ml: TreeEnsemble and Binarizer. A tree is one expression of choices; all leaves of a small one are computed anyway.

use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::softmax::of_rows;
use weft_dialects::ir::{Builder, LinExpr, Map, OpExt, Scalar, Tensor, Value};

/// The most nodes of all trees: each is an instruction or two of the module.
const MOST_NODES: usize = 20_000;

/// The deepest tree.
const DEEPEST: usize = 200;

/// Binarizer (1): `x > threshold`, as a number.
pub fn binarizer<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let threshold = node.float_or("threshold", 0.0)?;
    let y = node.map(&[x], x.dtype, |b, v| {
        let [limit, zero, one] = [threshold, 0.0, 1.0].map(|n| b.scalar(x.dtype.elem, Scalar::F(n)));
        b.select(b.compare("ogt", v[0], limit), one, zero)
    })?;
    Ok(vec![y])
}

/// An inner node of a tree.
struct Branch {
    feature: usize,
    /// The predicate that leads to the true side; `None`: membership of `values`.
    predicate: Option<&'static str>,
    /// The split, or the members.
    values: Vec<f64>,
    /// Whether NaN goes to the true side.
    missing_is_true: bool,
    /// The true and the false side: whether it is a leaf, and its number.
    sides: [(bool, usize); 2],
}

struct Forest {
    branches: Vec<Branch>,
    /// Target and weight.
    leaves: Vec<(i64, f64)>,
    roots: Vec<usize>,
}

fn numbers(node: &Node<'_>, name: &str) -> Result<Vec<usize>, Reason> {
    let all = node.ints(name)?.ok_or_else(|| Reason::Invalid(format!("'{name}' is missing")))?;
    all.into_iter().map(|v| usize::try_from(v).map_err(|_| Reason::Invalid(format!("'{name}' has {v}")))).collect()
}

fn tensor(node: &Node<'_>, name: &str) -> Result<Option<Tensor>, Reason> {
    match node.op.attr(name).map(|a| node.b.cx.tensor_of(a)) {
        None => Ok(None),
        Some(Some(t)) => Ok(Some(t)),
        Some(None) => invalid(format!("attribute '{name}' must be a tensor")),
    }
}

fn floats(node: &Node<'_>, name: &str) -> Result<Vec<f64>, Reason> {
    let t = tensor(node, name)?.ok_or_else(|| Reason::Invalid(format!("'{name}' is missing")))?;
    Ok(t.scalars().map(Scalar::f64).collect())
}

impl Forest {
    fn read(node: &Node<'_>, features: i64) -> Result<Self, Reason> {
        let (splits, modes) = (floats(node, "nodes_splits")?, floats(node, "nodes_modes")?);
        let feature = numbers(node, "nodes_featureids")?;
        let sides = [("nodes_truenodeids", "nodes_trueleafs"), ("nodes_falsenodeids", "nodes_falseleafs")];
        let [yes, no] = sides.map(|(ids, leaf)| Ok::<_, Reason>((numbers(node, ids)?, numbers(node, leaf)?)));
        let (yes, no) = (yes?, no?);
        let missing = node.ints("nodes_missing_value_tracks_true")?.unwrap_or_default();
        let members: Vec<f64> =
            tensor(node, "membership_values")?.map_or(Vec::new(), |t| t.scalars().map(Scalar::f64).collect());
        // One list of members a node of that mode, each ended by a NaN.
        let mut lists = members.split(|v| v.is_nan());
        let n = modes.len();
        if [splits.len(), feature.len(), yes.0.len(), yes.1.len(), no.0.len(), no.1.len()] != [n; 6] {
            return invalid("the lists that describe nodes are not equally long");
        }
        if n > MOST_NODES {
            return unsupported(format!("{n} nodes; at most {MOST_NODES} are"));
        }
        let (targets, weights) = (numbers(node, "leaf_targetids")?, floats(node, "leaf_weights")?);
        let leaves: Vec<_> = targets.iter().map(|&t| t as i64).zip(weights).collect();
        let mut branches = Vec::new();
        for i in 0..n {
            if feature[i] as i64 >= features {
                return invalid(format!("node {i} asks for feature {} of {features}", feature[i]));
            }
            let predicate = match modes[i] as i64 {
                0 => Some("ole"),
                1 => Some("olt"),
                2 => Some("oge"),
                3 => Some("ogt"),
                4 => Some("oeq"),
                5 => Some("une"),
                6 => None,
                mode => return invalid(format!("nodes_modes has {mode}")),
            };
            let values = match predicate {
                Some(_) => vec![splits[i]],
                None => lists.next().ok_or_else(|| Reason::Invalid("membership_values are too few".into()))?.to_vec(),
            };
            branches.push(Branch {
                feature: feature[i],
                predicate,
                values,
                missing_is_true: missing.get(i).is_some_and(|&m| m != 0),
                sides: [(yes.1[i] != 0, yes.0[i]), (no.1[i] != 0, no.0[i])],
            });
        }
        let forest = Self { branches, leaves, roots: numbers(node, "tree_roots")? };
        // Children come behind their parents in no order that is promised, so what has been reached is counted.
        let mut seen = vec![false; forest.branches.len()];
        let mut next: Vec<_> = forest.roots.iter().map(|&r| (r, 1)).collect();
        while let Some((i, depth)) = next.pop() {
            let branch = forest.branches.get(i).ok_or_else(|| Reason::Invalid(format!("there is no node {i}")))?;
            if std::mem::replace(&mut seen[i], true) {
                return invalid(format!("node {i} is reached in two ways"));
            }
            if depth > DEEPEST {
                return unsupported(format!("trees of more than {DEEPEST} levels"));
            }
            for (is_leaf, to) in branch.sides {
                if !is_leaf {
                    next.push((to, depth + 1));
                } else if to >= forest.leaves.len() {
                    return invalid(format!("there is no leaf {to}"));
                }
            }
        }
        Ok(forest)
    }

    /// What a subtree gives for a target: `nothing` where its leaf is another target's.
    fn value<'c>(
        &self,
        b: &Builder<'c>,
        (is_leaf, i): (bool, usize),
        x: &[Value<'c>],
        number: &dyn Fn(f64) -> Value<'c>,
        (target, nothing): (i64, f64),
    ) -> Value<'c> {
        if is_leaf {
            let (of, weight) = self.leaves[i];
            return number(if of == target { weight } else { nothing });
        }
        let branch = &self.branches[i];
        let v = x[branch.feature];
        let tests = branch.values.iter().map(|&w| b.compare(branch.predicate.unwrap_or("oeq"), v, number(w)));
        let missing = branch.missing_is_true.then(|| b.compare("uno", v, v));
        let all: Vec<_> = tests.chain(missing).collect();
        let [yes, no] = branch.sides.map(|side| self.value(b, side, x, number, (target, nothing)));
        match all.into_iter().reduce(|p, q| b.binary("arith.ori", p, q)) {
            Some(test) => b.select(test, yes, no),
            None => no,
        }
    }
}

/// TreeEnsemble (5): the trees' leaves by target, added, averaged, or the least or greatest of them.
pub fn tree_ensemble<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let [rows, features] = super::conv::to_array(&x.shape())?;
    let forest = Forest::read(node, features)?;
    let targets = node.int_or("n_targets", 1)?;
    if targets < 1 || forest.leaves.iter().any(|l| l.0 >= targets) {
        return invalid(format!("n_targets = {targets}, but leaves have others"));
    }
    let (op, nothing) = match node.int_or("aggregate_function", 1)? {
        0 | 1 => ("arith.addf", 0.0),
        2 => ("arith.minimumf", f64::INFINITY),
        3 => ("arith.maximumf", f64::NEG_INFINITY),
        other => return invalid(format!("aggregate_function = {other}")),
    };
    let average = node.int_or("aggregate_function", 1)? == 0;
    let elem = x.dtype.elem;
    let ins: Vec<_> = (0..features)
        .map(|f| (x.value, Map { dims: 2, results: vec![LinExpr::dim(0), LinExpr::constant(f)] }))
        .collect();
    let column = |target: i64| {
        node.b.elementwise(elem, &[rows, 1], &ins, |b, v| {
            let number = |n: f64| b.scalar(elem, Scalar::F(n));
            let trees = forest.roots.iter().map(|&r| forest.value(b, (false, r), v, &number, (target, nothing)));
            let all = trees.reduce(|p, q| b.binary(op, p, q)).unwrap_or_else(|| number(0.0));
            if average { b.binary("arith.divf", all, number(forest.roots.len() as f64)) } else { all }
        })
    };
    let columns: Vec<_> = (0..targets).map(column).collect();
    let y = x.with(node.b.concat(1, &columns));
    Ok(vec![transformed(node, y)?])
}

fn transformed<'c>(node: &Node<'c>, y: Typed<'c>) -> Result<Typed<'c>, Reason> {
    match node.int_or("post_transform", 0)? {
        0 => Ok(y),
        1 => of_rows(node, y),
        2 => node.map(&[y], y.dtype, |b, v| {
            let one = b.scalar(y.dtype.elem, Scalar::F(1.0));
            let e = b.unary("math.exp", b.unary("arith.negf", v[0]));
            b.binary("arith.divf", one, b.binary("arith.addf", one, e))
        }),
        other => unsupported(format!("post_transform = {other}")),
    }
}
