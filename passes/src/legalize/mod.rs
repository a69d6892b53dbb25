//! The import level to the graph level: one file an operator family.
//!
//! `legalize` walks `@main` in order and builds a new one beside it. [`operators::TABLE`] names the function that
//! legalises each ONNX operator; it sees a [`node::Node`] and returns the values of the node's results. A node that
//! can't be legalised leaves its results unknown, and the walk goes on, so that everything unsupported in a model is
//! reported at once.

mod activation;
mod arg;
mod attention;
mod bits;
mod box_by_data;
mod boxes;
mod cast;
mod compare;
mod concat;
mod constant;
mod control;
mod conv;
mod conv_transpose;
mod coordinates;
mod determinant;
mod distance;
mod division;
pub(crate) mod dtype;
mod einsum;
mod elementwise;
mod flex_attention;
mod gather;
mod grid;
mod image;
mod integer;
mod loss;
mod matmul;
mod narrow;
mod node;
mod norm;
mod norm_rows;
mod operators;
mod order;
mod pad;
mod pick;
mod placed;
mod pool;
mod power;
pub mod preprocess;
mod quantize;
mod recurrent;
mod reduce;
mod reduce_axes;
mod resize;
mod resize_by_data;
mod scatter;
mod shape;
mod signal;
mod slice;
mod softmax;
mod stream;
mod symbolic;
mod terms;
#[cfg(test)]
mod tests;
mod tfidf;
mod training;
mod trees;
mod window;
mod windows_by_data;

use crate::kernels::state;
use crate::level::Level;
use crate::pass::{PassCx, PassInfo};
use dtype::Dtype;
use node::{Node, Reason, Typed};
use std::collections::{BTreeMap, HashMap};
use weft_dialects::ir::{
    AttrExt, Attribute, Block, BlockLike, Builder, Cx, Op, OpError, OpExt, OperationLike, Symbols, Value, ValueExt,
    block_ops, funcs, walk_ops,
};

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[
    preprocess::INFO,
    PassInfo {
        name: "legalize",
        doc: "Rewrites source operators into nn, linalg.generic, tensor, arith and math ops with inferred types.",
        options: &[],
        run,
    },
];

/// What is known of an import-level value.
#[derive(Clone, Copy)]
enum Entry<'c> {
    Value(Typed<'c>),
    /// An omitted optional operand.
    Omitted,
    /// The result of a node that failed: already reported.
    Failed,
}

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let cx = pcx.cx;
    let main = funcs(module)
        .into_iter()
        .find(|f| f.string("sym_name").as_deref() == Some("main"))
        .ok_or_else(|| vec![OpError::new(module, "the module has no function @main")])?;
    let opset = main
        .int("onnx.opset")
        .ok_or_else(|| vec![OpError::new(main, "@main has no 'onnx.opset', the operator set's version")])?;
    let symbols = Symbols::of(module);
    let args = arguments(main, &symbols)?;
    let types: Vec<_> = args.iter().map(|a| a.value.ty()).collect();

    let problems = Problems { symbols: symbols.clone(), list: Vec::new() };
    let mut walk = Walk { opset, symbols, map: HashMap::new(), problems };
    let mut results = Vec::new();
    let new = Builder::before(cx, main).func("main", false, &types, &[], |b, values| {
        for (arg, &value) in args.iter().zip(values) {
            walk.bind(arg.value, arg.with(value));
        }
        results = walk.graph(b, main.body(0)).unwrap_or_default();
        results.iter().map(|t| t.value).collect()
    });
    let mut problems = walk.problems;
    if problems.list.is_empty() {
        signature(cx, main, new, &types, &results).unwrap_or_else(|e| problems.add(main, e));
    }
    if let (true, Err(e)) = (problems.list.is_empty(), state::of(module, new)) {
        new.erase();
        return Err(vec![e]);
    }
    if !problems.list.is_empty() {
        new.erase();
        return Err(problems.errors());
    }
    let counts: Vec<_> = counts(main).into_iter().map(|(name, n)| (name, cx.i64_attr(n))).collect();
    let counts: Vec<_> = counts.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    module.set_attr("weft.operators", cx.dict_attr(&counts));
    main.erase();
    module.set_attr("weft.level", cx.str_attr(Level::Graph.name()));
    Ok(())
}

/// How many nodes of each operator the source model has, those in subgraphs included.
fn counts(main: Op<'_>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for op in walk_ops(main) {
        let name = op.op_name();
        let operator =
            name.strip_prefix("onnx.").filter(|n| !matches!(*n, "Constant" | "None" | "Yield" | "weft.Image"));
        if let Some(operator) = operator {
            *counts.entry(operator.to_owned()).or_insert(0) += 1;
        }
    }
    counts
}

/// The values of a node, or why there are none; `None` if that is reported already.
type Legalized<'c> = Result<Vec<Typed<'c>>, Option<Reason>>;

/// The walk over the nodes of a graph, those in subgraphs included.
struct Walk<'c> {
    opset: i64,
    symbols: Symbols,
    /// By import-level value.
    map: HashMap<usize, Entry<'c>>,
    problems: Problems,
}

impl<'c> Walk<'c> {
    fn bind(&mut self, old: Value<'c>, new: Typed<'c>) {
        self.map.insert(old.key(), Entry::Value(new));
    }

    fn lookup(&self, v: Value<'c>) -> Entry<'c> {
        *self.map.get(&v.key()).unwrap_or(&Entry::Failed)
    }

    /// Legalises a graph's nodes at the builder's place, and returns its outputs; `None` if one has failed, which is
    /// reported.
    fn graph(&mut self, b: &Builder<'c>, block: Block<'c>) -> Option<Vec<Typed<'c>>> {
        for op in block_ops(block) {
            if matches!(op.op_name().as_str(), "func.return" | "onnx.Yield") {
                let outputs = op.args().into_iter().map(|v| match self.lookup(v) {
                    Entry::Value(t) => Some(t),
                    Entry::Omitted => {
                        self.problems.add(op, Reason::Invalid("an output is an omitted value".into()));
                        None
                    }
                    Entry::Failed => None,
                });
                // All of them, so that every problem is found.
                return outputs.collect::<Vec<_>>().into_iter().collect();
            }
            let entries = match self.node(b, op) {
                Ok(entries) => entries,
                Err(reason) => {
                    self.problems.extend(op, reason);
                    Vec::new()
                }
            };
            for (i, r) in op.ress().into_iter().enumerate() {
                self.map.insert(r.key(), entries.get(i).copied().unwrap_or(Entry::Failed));
            }
        }
        None
    }

    /// Legalises one op. `Err(None)`: what is wrong has been reported.
    fn node(&mut self, b: &Builder<'c>, op: Op<'c>) -> Result<Vec<Entry<'c>>, Option<Reason>> {
        let full = op.op_name();
        let name = full.strip_prefix("onnx.").unwrap_or(&full);
        if name == "None" {
            return Ok(vec![Entry::Omitted]);
        }
        let function = operators::find(name);
        let control = control::find(name);
        if function.is_none() && control.is_none() {
            let of = op.string("onnx.domain").map_or(format!("opset {}", self.opset), |d| format!("domain {d}"));
            return Err(Some(Reason::Unsupported(format!("this operator, {of}"))));
        }
        let inputs: Vec<_> = op.args().into_iter().map(|v| self.lookup(v)).collect();
        if inputs.iter().any(|i| matches!(i, Entry::Failed)) {
            return Err(None);
        }
        let inputs: Vec<Option<Typed<'c>>> =
            inputs.iter().map(|i| if let Entry::Value(t) = i { Some(*t) } else { None }).collect();
        let narrow = inputs.iter().flatten().find(|t| t.dtype.narrow.is_some());
        if let Some(t) = narrow.filter(|_| control.is_none() && !operators::MOVING.contains(&name)) {
            return Err(Some(Reason::Unsupported(format!("element type {}", t.dtype.name()))));
        }
        if !symbolic::knows(name)
            && let Some(x) = inputs.iter().flatten().find(|x| x.is_symbolic())
        {
            return Err(Some(Reason::Unsupported(format!(
                "this operator on an input of shape {:?}; give the dim a value (--dim)",
                x.shape()
            ))));
        }
        let (b, symbols) = (b.with_loc(op.location()), self.symbols.clone());
        let node = Node { op, name: name.to_owned(), opset: self.opset, b, inputs, symbols };
        let results = match (function, control) {
            (_, Some(control)) => control(self, &node)?,
            (Some(function), _) => function(&node)?,
            (None, None) => Vec::new(),
        };
        results.iter().try_for_each(|t| node.check_extents(&t.shape()))?;
        Ok(results.into_iter().map(Entry::Value).collect())
    }
}

/// Types of `@main`'s arguments: static, or with the module's symbols.
fn arguments<'c>(main: Op<'c>, symbols: &Symbols) -> Result<Vec<Typed<'c>>, Vec<OpError>> {
    let block = main.body(0);
    let attrs = main.attr("arg_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    let mut out = Vec::new();
    let mut errors = Vec::new();
    for i in 0..block.argument_count() {
        let Ok(arg) = block.argument(i) else { continue };
        let value: Value<'c> = arg.into();
        let name = text_of(&attrs, i, "weft.name").unwrap_or_else(|| format!("input {i}"));
        match value.tensor_ty() {
            Some(ty) if ty.is_static() || symbols.cover(&ty.shape) => {
                let dtype = text_of(&attrs, i, "weft.dtype").and_then(|n| Dtype::named(&n));
                out.push(Typed::new(value, dtype.unwrap_or(Dtype::of(ty.elem))));
            }
            Some(_) => errors.push(OpError::new(
                main,
                format!("input '{name}' is {}; give its unknown extents with --shape or --dim", value.ty()),
            )),
            None => errors.push(OpError::new(main, format!("input '{name}' is no ranked tensor but {}", value.ty()))),
        }
    }
    if errors.is_empty() { Ok(out) } else { Err(errors) }
}

/// Completes the new function: types, and the attributes that are about inputs and outputs.
fn signature<'c>(
    cx: Cx<'c>,
    main: Op<'c>,
    new: Op<'c>,
    inputs: &[weft_dialects::ir::Type<'c>],
    results: &[Typed<'c>],
) -> Result<(), Reason> {
    let types: Vec<_> = results.iter().map(|t| t.value.ty()).collect();
    new.set_attr("function_type", cx.type_attr(cx.fn_type(inputs, &types)));
    if let Some(attrs) = main.attr("arg_attrs") {
        new.set_attr("arg_attrs", attrs);
    }
    let attrs = main.attr("res_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    let mut res_attrs = Vec::new();
    for (i, t) in results.iter().enumerate() {
        let name = text_of(&attrs, i, "weft.name").unwrap_or_else(|| format!("output {i}"));
        let (dtype, declared) = (t.dtype.name(), text_of(&attrs, i, "weft.dtype"));
        if let Some(declared) = declared.filter(|d| d != dtype) {
            return node::invalid(format!("output '{name}' is declared {declared}, but its value is {dtype}"));
        }
        let mut entries = attrs.get(i).and_then(|a| a.entries()).unwrap_or_default();
        entries.retain(|e| e.0 != "weft.dtype");
        entries.push(("weft.dtype".to_owned(), cx.str_attr(dtype)));
        let entries: Vec<(&str, Attribute<'c>)> = entries.iter().map(|e| (e.0.as_str(), e.1)).collect();
        res_attrs.push(cx.dict_attr(&entries));
    }
    new.set_attr("res_attrs", cx.array_attr(&res_attrs));
    for (name, value) in main.attributes() {
        let name = name.as_string_ref().as_str().unwrap_or_default().to_owned();
        if name.starts_with("weft.") {
            new.set_attr(&name, value);
        }
    }
    Ok(())
}

fn text_of(attrs: &[Attribute<'_>], i: usize, key: &str) -> Option<String> {
    Some(attrs.get(i)?.get(key)?.as_str()?.to_owned())
}

/// Problems, equal ones of an operator collected.
struct Problems {
    symbols: Symbols,
    list: Vec<(OpError, Vec<String>)>,
}

impl Problems {
    /// At most as many nodes are named.
    const NAMED: usize = 3;

    fn extend(&mut self, op: Op<'_>, reason: Option<Reason>) {
        if let Some(reason) = reason {
            self.add(op, reason);
        }
    }

    fn add(&mut self, op: Op<'_>, reason: Reason) {
        let error = OpError::new(op, self.symbols.readable(&reason.to_string()));
        let node = error.node.clone();
        match self.list.iter_mut().find(|p| p.0.op == error.op && p.0.message == error.message) {
            Some(p) => p.1.push(node),
            None => self.list.push((error, vec![node])),
        }
    }

    fn errors(self) -> Vec<OpError> {
        self.list
            .into_iter()
            .map(|(mut error, nodes)| {
                if nodes.len() > 1 {
                    let named: Vec<_> = nodes.iter().take(Self::NAMED).map(|n| format!("'{n}'")).collect();
                    let more = if nodes.len() > Self::NAMED { ", ..." } else { "" };
                    error.message = format!("{} ({} nodes: {}{more})", error.message, nodes.len(), named.join(", "));
                }
                error
            })
            .collect()
    }
}
