//! Control flow: If, Loop and Scan, as `scf.if`, `scf.for` and `scf.while` on tensors.
//!
//! A branch that is known to be taken stands in line. Tensors that grow by an iteration's result are carried whole:
//! `tensor.insert_slice` writes into them, `tensor.extract_slice` reads what an iteration gets, both along the outermost dim.

use super::dtype::Dtype;
use super::node::{Node, Reason, Typed, invalid, unsupported};
use super::{Legalized, Walk};
use melior::ir::Region;
use weft_dialects::ir::{
    AttrExt, Block, BlockLike, Builder, DYNAMIC, Elem, Op, OpExt, Scalar, Tensor, TensorTy, Value, ValueExt, block_arg,
    block_ops,
};

/// Legalises one node that has subgraphs.
pub(super) type Control = for<'a, 'c> fn(&'a mut Walk<'c>, &'a Node<'c>) -> Legalized<'c>;

/// The function of an operator with subgraphs.
pub(super) fn find(name: &str) -> Option<Control> {
    const TABLE: [(&str, Control); 4] = [
        ("If", branch),
        ("Loop", repeat),
        ("Scan", scan),
        ("ai.onnx.preview.FlexAttention", super::flex_attention::flex_attention),
    ];
    TABLE.iter().find(|t| t.0 == name).map(|t| t.1)
}

/// The block of a node's subgraph.
pub(super) fn subgraph<'c>(op: Op<'c>, name: &str) -> Result<Block<'c>, Reason> {
    let names = op.attr("onnx.regions").and_then(AttrExt::as_array).unwrap_or_default();
    match names.iter().position(|n| n.as_str() == Some(name)) {
        Some(i) => Ok(op.body(i)),
        None => invalid(format!("the subgraph '{name}' is missing")),
    }
}

/// If (1, 11, 13, ...).
fn branch<'c>(walk: &mut Walk<'c>, node: &Node<'c>) -> Legalized<'c> {
    let cond = node.input(0)?;
    let (then, other) = (subgraph(node.op, "then_branch")?, subgraph(node.op, "else_branch")?);
    if let Some(known) = node.const_scalar(cond) {
        return walk.graph(&node.b, if known.i64() != 0 { then } else { other }).ok_or(None);
    }
    let cond = flag(&node.b, cond)?;
    let mut outputs = Vec::new();
    let mut regions = Vec::new();
    for block in [then, other] {
        regions.push(node.b.region(&[], |b, _| {
            let out = walk.graph(b, block);
            let values: Vec<_> = out.iter().flatten().map(|t| t.value).collect();
            b.op("scf.yield", &values, &[], &[]);
            outputs.push(out);
        }));
    }
    let (Some(Some(other)), Some(Some(then))) = (outputs.pop(), outputs.pop()) else { return Err(None) };
    for (i, (a, b)) in then.iter().zip(&other).enumerate() {
        same(*a, *b, &format!("of output {i}, the branches' values"))?;
    }
    if then.len() != other.len() {
        return Ok(invalid("its branches have different numbers of outputs")?);
    }
    let types: Vec<_> = then.iter().map(|t| t.value.ty()).collect();
    let op = node.b.op_regions("scf.if", &[cond], &types, &[], regions);
    Ok(then.iter().zip(op.ress()).map(|(t, v)| t.with(v)).collect())
}

/// Refuses two values that must be of the same type and aren't.
fn same(a: Typed<'_>, b: Typed<'_>, what: &str) -> Result<(), Reason> {
    if a.dtype != b.dtype {
        return invalid(format!("{what} are of different types, {} and {}", a.dtype.name(), b.dtype.name()));
    }
    if a.shape() != b.shape() {
        return unsupported(format!("{what} have different shapes, {:?} and {:?}", a.shape(), b.shape()));
    }
    Ok(())
}

/// The only element of a boolean tensor, as a scalar.
fn flag<'c>(b: &Builder<'c>, x: Typed<'c>) -> Result<Value<'c>, Reason> {
    if !x.dtype.is_bool() || x.len() != 1 {
        return invalid(format!("a condition must be one boolean, not {} of shape {:?}", x.dtype.name(), x.shape()));
    }
    Ok(element(b, x))
}

/// The only element of a tensor.
fn element<'c>(b: &Builder<'c>, x: Typed<'c>) -> Value<'c> {
    let scalar = b.reshape(x.value, &[]);
    b.value("tensor.extract", &[scalar], b.cx.elem(x.dtype.elem), &[])
}

/// A loop under construction: what it carries besides its counter.
struct Loop<'c> {
    node_b: Builder<'c>,
    /// First values.
    first: Vec<Typed<'c>>,
    /// The number of iterations, an `index`; `None` if only the condition ends it.
    trips: Option<Value<'c>>,
}

impl<'c> Loop<'c> {
    /// Builds the body: `body` gets the counter and the carried values, and returns the next ones.
    fn region(
        &self,
        body: impl FnOnce(&Builder<'c>, Value<'c>, &[Typed<'c>]) -> Result<Vec<Typed<'c>>, Option<Reason>>,
        end: impl FnOnce(&Builder<'c>, Value<'c>, Vec<Value<'c>>),
    ) -> Result<Region<'c>, Option<Reason>> {
        let types: Vec<_> =
            [self.node_b.cx.index()].into_iter().chain(self.first.iter().map(|t| t.value.ty())).collect();
        let mut outcome = Ok(());
        let region = self.node_b.region(&types, |b, values| {
            let carried: Vec<_> = self.first.iter().zip(&values[1..]).map(|(t, &v)| t.with(v)).collect();
            let next = body(b, values[0], &carried).and_then(|next| {
                for (i, (&a, &b)) in self.first.iter().zip(&next).enumerate() {
                    same(a, b, &format!("of carried value {i}, what goes into an iteration and what comes out"))?;
                }
                Ok(next)
            });
            match next {
                Ok(next) => end(b, values[0], next.into_iter().map(|t| t.value).collect()),
                Err(e) => outcome = Err(e),
            }
        });
        outcome.map(|()| region)
    }

    fn operands(&self, lead: &[Value<'c>]) -> Vec<Value<'c>> {
        lead.iter().copied().chain(self.first.iter().map(|t| t.value)).collect()
    }

    fn results(&self, values: &[Value<'c>]) -> Vec<Typed<'c>> {
        self.first.iter().zip(values).map(|(t, &v)| t.with(v)).collect()
    }

    /// `scf.for`: as many iterations as were said.
    fn count(
        &self,
        trips: Value<'c>,
        body: impl FnOnce(&Builder<'c>, Value<'c>, &[Typed<'c>]) -> Result<Vec<Typed<'c>>, Option<Reason>>,
    ) -> Legalized<'c> {
        let b = &self.node_b;
        let region = self.region(body, |b, _, next| {
            b.op("scf.yield", &next, &[], &[]);
        })?;
        let types: Vec<_> = self.first.iter().map(|t| t.value.ty()).collect();
        let operands = self.operands(&[b.index(0), trips, b.index(1)]);
        let op = b.op_regions("scf.for", &operands, &types, &[], vec![region]);
        Ok(self.results(&op.ress()))
    }

    /// `scf.while`: as long as the first carried value is true, and not more iterations than were said.
    fn condition(
        &self,
        body: impl FnOnce(&Builder<'c>, Value<'c>, &[Typed<'c>]) -> Result<Vec<Typed<'c>>, Option<Reason>>,
    ) -> Legalized<'c> {
        let b = &self.node_b;
        let types: Vec<_> = [b.cx.index()].into_iter().chain(self.first.iter().map(|t| t.value.ty())).collect();
        let mut outcome = Ok(());
        let before = b.region(&types, |b, values| {
            let go = match flag(b, self.first[0].with(values[1])) {
                Ok(cond) => match self.trips {
                    Some(trips) => b.binary("arith.andi", cond, b.compare("slt", values[0], trips)),
                    None => cond,
                },
                Err(e) => {
                    outcome = Err(e);
                    return;
                }
            };
            let operands: Vec<_> = [go].into_iter().chain(values.iter().copied()).collect();
            b.op("scf.condition", &operands, &[], &[]);
        });
        outcome?;
        let after = self.region(body, |b, i, next| {
            let one = b.index(1);
            let values: Vec<_> = [b.binary("arith.addi", i, one)].into_iter().chain(next).collect();
            b.op("scf.yield", &values, &[], &[]);
        })?;
        let operands = self.operands(&[b.index(0)]);
        let op = b.op_regions("scf.while", &operands, &types, &[], vec![before, after]);
        Ok(self.results(&op.ress()[1..]))
    }
}

/// Loop (1, 11, 13, ...). Iterations' results that are kept have a slot each, so that their number must be known: from a
/// constant trip count, or from the shape that the model declares for the output.
fn repeat<'c>(walk: &mut Walk<'c>, node: &Node<'c>) -> Legalized<'c> {
    let body = subgraph(node.op, "body")?;
    let b = &node.b;
    let states: Vec<Typed<'c>> = (2..node.inputs.len()).map(|i| node.input(i)).collect::<Result<_, _>>()?;
    let terminator = block_ops(body).pop();
    let outputs = terminator.map(|t| t.args()).unwrap_or_default();
    let scans = outputs.len().checked_sub(states.len() + 1);
    let (Some(scans), true) = (scans, body.argument_count() == states.len() + 2) else {
        return Ok(invalid("its body's inputs and outputs don't fit what the loop carries")?);
    };
    let known_trips = node.optional(0).and_then(|m| node.const_scalar(m)).map(|m| m.i64().max(0));
    let first_cond = node.optional(1);
    let starts = first_cond.is_none_or(|c| node.const_scalar(c).is_some_and(|c| c.i64() != 0));
    // Whether the body leaves the condition as it is, or says that it is true.
    let goes_on = starts && outputs.first().is_some_and(|&c| stays_true(c, body));
    let lengths = (0..scans)
        .map(|k| match (known_trips, declared(node, states.len() + k)) {
            (Some(n), _) if goes_on => Ok(n),
            (_, Some(n)) => Ok(n),
            _ => unsupported(
                "how often it runs is not known, so that an output with a value of each iteration has no shape; \
                 declare the output's shape in the model",
            ),
        })
        .collect::<Result<Vec<i64>, _>>()?;
    let trips = match (known_trips, node.optional(0)) {
        (Some(n), _) => Some(b.index(n)),
        (None, Some(m)) if m.len() == 1 && !m.dtype.is_float() => {
            Some(b.value("arith.index_cast", &[element(b, m)], b.cx.index(), &[]))
        }
        (None, Some(m)) => return Ok(invalid(format!("the trip count must be one integer, not {:?}", m.shape()))?),
        (None, None) => None,
    };
    // No iteration writes beyond the slots.
    let trips = match (trips, lengths.iter().min(), known_trips) {
        (Some(t), Some(&n), None) => Some(b.binary("arith.minsi", t, b.index(n))),
        (None, Some(&n), _) => Some(b.index(n)),
        (t, ..) => t,
    };
    let always = || Typed::new(b.tensor(&Tensor::from_scalars(Elem::I1, &[], [Scalar::I(1)])), Dtype::BOOL);
    let mut first = Vec::new();
    let counted = trips.filter(|_| goes_on);
    if counted.is_none() {
        first.push(first_cond.map_or_else(always, |c| c.with(b.reshape(c.value, &[]))));
    }
    let conditions = first.len();
    first.extend(&states);
    let shapes = if scans > 0 { scan_types(walk, node, body, &states)? } else { Vec::new() };
    first.extend(shapes.iter().zip(&lengths).map(|(t, &n)| grown(b, n, t)));
    let run = |b: &Builder<'c>, i: Value<'c>, carried: &[Typed<'c>], walk: &mut Walk<'c>| {
        let number = b.value("arith.index_cast", &[i], b.cx.elem(Elem::I64), &[]);
        let ty = TensorTy::new(Elem::I64, &[]).to_mlir(b.cx);
        let number = Typed::new(b.value("tensor.from_elements", &[number], ty, &[]), Dtype::INT64);
        let cond = if conditions == 0 { always_in(b) } else { carried[0] };
        let given = [number, cond].into_iter().chain(carried[conditions..conditions + states.len()].iter().copied());
        for (k, v) in given.enumerate() {
            walk.bind(block_arg(body, k), v);
        }
        let out = walk.graph(b, body).ok_or(None)?;
        let mut next: Vec<Typed<'c>> = Vec::new();
        if conditions > 0 {
            next.push(out[0].with(b.reshape(out[0].value, &[])));
        }
        next.extend(&out[1..=states.len()]);
        for (k, v) in out[1 + states.len()..].iter().enumerate() {
            let whole = carried[conditions + states.len() + k];
            next.push(put(b, whole, i, *v)?);
        }
        Ok(next)
    };
    let build = Loop { node_b: *b, first, trips };
    let all = match counted {
        Some(trips) => build.count(trips, |b, i, carried| run(b, i, carried, walk))?,
        None => build.condition(|b, i, carried| run(b, i, carried, walk))?,
    };
    Ok(all[conditions..].to_vec())
}

fn always_in<'c>(b: &Builder<'c>) -> Typed<'c> {
    Typed::new(b.tensor(&Tensor::from_scalars(Elem::I1, &[], [Scalar::I(1)])), Dtype::BOOL)
}

/// Whether a body's condition is the one that it got, or a constant that is true.
fn stays_true<'c>(v: Value<'c>, body: Block<'c>) -> bool {
    let mut v = v;
    while let Some(op) = v.def() {
        match op.op_name().as_str() {
            "onnx.Identity" => v = op.arg(0),
            "onnx.Constant" => {
                let value = op.attr("value").map(|a| a.to_string()).unwrap_or_default();
                return value.contains("dense<true>");
            }
            _ => return false,
        }
    }
    v.key() == block_arg(body, 1).key()
}

/// The outermost extent that the model declares for a result.
fn declared(node: &Node<'_>, result: usize) -> Option<i64> {
    let all = node.op.attr("weft.declared").and_then(AttrExt::as_array)?;
    all.get(result)?.as_i64s()?.first().copied().filter(|&n| n >= 0)
}

/// The types of what a body makes in each iteration besides the carried values, found by legalising it once beside the
/// function.
fn scan_types<'c>(
    walk: &mut Walk<'c>,
    node: &Node<'c>,
    body: Block<'c>,
    states: &[Typed<'c>],
) -> Result<Vec<Typed<'c>>, Option<Reason>> {
    let b = &node.b;
    let mut types = vec![TensorTy::new(Elem::I64, &[]), TensorTy::new(Elem::I1, &[])];
    types.extend(states.iter().filter_map(|t| t.value.tensor_ty()));
    let dtypes: Vec<Dtype> = [Dtype::INT64, Dtype::BOOL].into_iter().chain(states.iter().map(|t| t.dtype)).collect();
    let types: Vec<_> = types.iter().map(|t| t.to_mlir(b.cx)).collect();
    let mut found = None;
    // The trial's ops are dropped with the region.
    let region = b.region(&types, |b, values| {
        for (k, (&v, &dtype)) in values.iter().zip(&dtypes).enumerate() {
            walk.bind(block_arg(body, k), Typed::new(v, dtype));
        }
        found = walk.graph(b, body);
    });
    let out = found.ok_or(None)?;
    let shapes: Vec<_> = out[1 + states.len()..]
        .iter()
        .map(|t| Typed::new(b.empty(&TensorTy::new(t.dtype.elem, &t.shape())), t.dtype))
        .collect();
    drop(region);
    Ok(shapes)
}

/// Room for `n` values of a type.
fn grown<'c>(b: &Builder<'c>, n: i64, each: &Typed<'c>) -> Typed<'c> {
    let shape: Vec<i64> = [n].into_iter().chain(each.shape()).collect();
    each.with(b.empty(&TensorTy::new(each.dtype.elem, &shape)))
}

/// Position `i` of the outermost dim.
fn take<'c>(b: &Builder<'c>, x: Typed<'c>, i: Value<'c>) -> Typed<'c> {
    let shape = x.shape();
    let mut one = shape.clone();
    one[0] = 1;
    let ty = TensorTy::new(x.dtype.elem, &one).to_mlir(b.cx);
    let v = b.value("tensor.extract_slice", &[x.value, i], ty, &slice_attrs(b, &one, &[1, 1, 0, 0]));
    x.with(b.reshape(v, &shape[1..]))
}

/// `whole` with `v` at position `i` of its outermost dim.
fn put<'c>(b: &Builder<'c>, whole: Typed<'c>, i: Value<'c>, v: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let mut one = whole.shape();
    if one[1..] != v.shape()[..] || whole.dtype != v.dtype {
        return unsupported("a value of each iteration that changes its shape");
    }
    one[0] = 1;
    let part = b.reshape(v.value, &one);
    let attrs = slice_attrs(b, &one, &[1, 1, 1, 0, 0]);
    Ok(whole.with(b.value("tensor.insert_slice", &[part, whole.value, i], whole.value.ty(), &attrs)))
}

/// Attributes of a slice at a position of the outermost dim that is known at run time.
fn slice_attrs<'c>(
    b: &Builder<'c>,
    sizes: &[i64],
    segments: &[i64],
) -> [(&'static str, weft_dialects::ir::Attribute<'c>); 4] {
    let mut offsets = vec![0; sizes.len()];
    offsets[0] = DYNAMIC;
    let segments: Vec<_> = segments.iter().map(ToString::to_string).collect();
    let segments = b.cx.parse_attr(&format!("array<i32: {}>", segments.join(", "))).unwrap_or_else(|| b.cx.unit_attr());
    [
        ("static_offsets", b.cx.i64s_attr(&offsets)),
        ("static_sizes", b.cx.i64s_attr(sizes)),
        ("static_strides", b.cx.i64s_attr(&vec![1; sizes.len()])),
        ("operandSegmentSizes", segments),
    ]
}

/// Scan (8: a batch, each by itself; 9, 11, ...: axes and directions).
fn scan<'c>(walk: &mut Walk<'c>, node: &Node<'c>) -> Legalized<'c> {
    let body = subgraph(node.op, "body")?;
    let scans = node.int("num_scan_inputs")?.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let skipped = usize::from(node.opset < 9);
    if skipped == 1 && node.optional(0).is_some() {
        return Ok(unsupported("sequence_lens")?);
    }
    let inputs: Vec<Typed<'c>> = (skipped..node.inputs.len()).map(|i| node.input(i)).collect::<Result<_, _>>()?;
    let outputs = block_ops(body).pop().map_or(0, |t| t.args().len());
    let states = inputs.len().checked_sub(scans);
    let Some(states) = states.filter(|&s| scans > 0 && s <= outputs && body.argument_count() == inputs.len()) else {
        return Ok(invalid("its body's inputs and outputs don't fit num_scan_inputs")?);
    };
    let axes = |name: &str, n: usize| -> Result<Vec<i64>, Reason> {
        let list = node.ints(name)?.unwrap_or_else(|| vec![0; n]);
        if list.len() == n { Ok(list) } else { invalid(format!("'{name}' must have {n} entries, not {}", list.len())) }
    };
    let per = Scanned {
        body,
        states,
        reversed: axes(if skipped == 1 { "directions" } else { "scan_input_directions" }, scans)?,
        written_back: axes("scan_output_directions", outputs - states)?,
        in_axes: axes("scan_input_axes", scans)?,
        out_axes: axes("scan_output_axes", outputs - states)?,
    };
    if skipped == 0 {
        return per.run(walk, node, &inputs);
    }
    // One after the other, and side by side again.
    let batch = inputs[0].shape().first().copied().unwrap_or(0);
    let mut all: Vec<Vec<Typed<'c>>> = Vec::new();
    for k in 0..batch {
        let own: Vec<_> = inputs
            .iter()
            .map(|x| {
                let mut offsets = vec![0; x.rank()];
                offsets[0] = k;
                let mut sizes = x.shape();
                sizes[0] = 1;
                let part = node.b.extract_slice(x.value, &offsets, &sizes, &vec![1; x.rank()]);
                x.with(node.b.reshape(part, &sizes[1..]))
            })
            .collect();
        all.push(per.run(walk, node, &own)?);
    }
    Ok((0..outputs)
        .filter_map(|i| {
            let parts: Vec<_> = all
                .iter()
                .map(|row| {
                    let shape: Vec<i64> = [1].into_iter().chain(row[i].shape()).collect();
                    node.b.reshape(row[i].value, &shape)
                })
                .collect();
            Some(all.first()?[i].with(node.b.concat(0, &parts)))
        })
        .collect())
}

/// What a Scan does, besides its operands.
struct Scanned<'c> {
    body: Block<'c>,
    /// Carried values.
    states: usize,
    /// Per scanned input: whether its last position comes first.
    reversed: Vec<i64>,
    /// Per output of all iterations: whether the first one comes last.
    written_back: Vec<i64>,
    in_axes: Vec<i64>,
    out_axes: Vec<i64>,
}

impl<'c> Scanned<'c> {
    fn run(&self, walk: &mut Walk<'c>, node: &Node<'c>, inputs: &[Typed<'c>]) -> Legalized<'c> {
        let b = &node.b;
        let (states, scanned) = inputs.split_at(self.states);
        let mut rows = Vec::new();
        for (x, &axis) in scanned.iter().zip(&self.in_axes) {
            let axis = node.axis(axis, x.rank())?;
            let perm: Vec<usize> = [axis].into_iter().chain((0..x.rank()).filter(|&d| d != axis)).collect();
            rows.push(x.with(b.permute(x.value, &perm)));
        }
        let steps = rows[0].shape()[0];
        if rows.iter().any(|r| r.shape()[0] != steps) {
            return Ok(invalid("its scanned inputs have different lengths")?);
        }
        let given = |walk: &mut Walk<'c>, values: &[Typed<'c>]| {
            values.iter().enumerate().for_each(|(k, &v)| walk.bind(block_arg(self.body, k), v));
        };
        // The types of what each iteration makes.
        let mut trial = None;
        let types: Vec<_> = states
            .iter()
            .map(|t| t.value.ty())
            .chain(rows.iter().map(|r| TensorTy::new(r.dtype.elem, &r.shape()[1..]).to_mlir(b.cx)))
            .collect();
        let region = b.region(&types, |b, values| {
            let typed: Vec<_> = inputs.iter().zip(values).map(|(t, &v)| t.with(v)).collect();
            given(walk, &typed);
            trial = walk.graph(b, self.body);
        });
        let made = trial.ok_or(None)?;
        let mut first = states.to_vec();
        first.extend(made[self.states..].iter().map(|t| grown(b, steps, t)));
        drop(region);
        let at = |b: &Builder<'c>, i: Value<'c>, back: i64| {
            if back == 0 { i } else { b.binary("arith.subi", b.index(steps - 1), i) }
        };
        let build = Loop { node_b: *b, first, trips: None };
        let all = build.count(b.index(steps), |b, i, carried| {
            let mut values = carried[..self.states].to_vec();
            values.extend(rows.iter().zip(&self.reversed).map(|(&r, &back)| take(b, r, at(b, i, back))));
            given(walk, &values);
            let out = walk.graph(b, self.body).ok_or(None)?;
            let mut next = out[..self.states].to_vec();
            for (k, &v) in out[self.states..].iter().enumerate() {
                next.push(put(b, carried[self.states + k], at(b, i, self.written_back[k]), v)?);
            }
            Ok(next)
        })?;
        let mut results = all[..self.states].to_vec();
        for (y, &axis) in all[self.states..].iter().zip(&self.out_axes) {
            let axis = node.axis(axis, y.rank())?;
            let mut perm: Vec<usize> = (1..y.rank()).collect();
            perm.insert(axis, 0);
            results.push(y.with(b.permute(y.value, &perm)));
        }
        Ok(results)
    }
}
