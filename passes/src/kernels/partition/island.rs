//! Building an island, and its call.

use super::{callee, is_init_call, is_neutral, roots_of};
use crate::kernels::outline::ValueMap;
use crate::legalize::dtype::Dtype;
use crate::pass::PassCx;
use std::collections::{BTreeMap, HashSet};
use weft_dialects::ir::{
    AttrExt, Attribute, Builder, Cx, Op, OpExt, OperationLike, Value, ValueExt, block_ops, funcs, walk_ops,
};

/// As many node names are in a reason.
const NAMED: usize = 3;

/// The islands of a module, as they are made.
pub struct Islands<'c> {
    cx: Cx<'c>,
    module: Op<'c>,
    made: usize,
}

impl<'c> Islands<'c> {
    pub fn new(cx: Cx<'c>, module: Op<'c>) -> Self {
        Self { cx, module, made: 0 }
    }

    /// Makes an island of ops that stand one after the other in a function's block (but for what is neutral), and calls it in
    /// their place.
    pub fn make(&mut self, pcx: &PassCx<'c>, func: Op<'c>, members: &[Op<'c>], reasons: &[(Op<'c>, &str)]) {
        let cx = self.cx;
        let name = format!("island{}", self.made);
        self.made += 1;
        for (op, reason) in reasons {
            pcx.remark(*op, format!("runs in Wasm, as @{name}: {reason}"));
        }
        let inside: HashSet<usize> = members.iter().map(|o| o.key()).collect();
        let made_inside = |v: &Value<'c>| v.def().is_some_and(|d| inside.contains(&d.key()));
        let mut read: Vec<Value<'c>> = Vec::new();
        for v in members.iter().flat_map(|&o| roots_of(o)).filter(|v| !made_inside(v)) {
            if !read.iter().any(|r| r.key() == v.key()) {
                read.push(v);
            }
        }
        let (prepared, ins): (Vec<_>, Vec<_>) = read.into_iter().partition(|v| v.def().is_some_and(is_init_call));
        let outs: Vec<Value<'c>> =
            members.iter().flat_map(|o| o.ress()).filter(|&r| is_read_outside(r, &inside)).collect();
        let in_types: Vec<_> = ins.iter().map(|v| v.ty()).collect();
        let out_types: Vec<_> = outs.iter().map(|v| v.ty()).collect();

        let (first, loc) = (members[0], members[0].location());
        let end = Builder::at_end(cx, self.module.body(0), loc);
        let region = end.region(&[], |b, _| {
            let init = self.init().filter(|_| !prepared.is_empty());
            self.clone_kernels(b, members.iter().copied().chain(init));
            if let Some(init) = init {
                let numbers: Vec<usize> = prepared.iter().map(|v| v.number()).collect();
                keep_results(cx, b.clone_op(init, &[]), &numbers);
            }
            let main = b.func("main", false, &in_types, &out_types, |b, args| {
                let mut map: ValueMap<'c> = ins.iter().zip(args).map(|(v, &arg)| (v.key(), arg)).collect();
                if !prepared.is_empty() {
                    let types: Vec<_> = prepared.iter().map(|v| v.ty()).collect();
                    let call = b.call("init", &[], &types);
                    map.extend(prepared.iter().zip(call.ress()).map(|(v, new)| (v.key(), new)));
                }
                for &op in members {
                    op.reads().into_iter().for_each(|v| copy_neutral(b, v, &mut map));
                    let operands: Vec<_> = op.args().into_iter().map(|v| map[&v.key()]).collect();
                    let new = b.with_loc(op.location()).clone_op(op, &operands);
                    new.remap_captures(&map);
                    map.extend(op.ress().into_iter().zip(new.ress()).map(|(old, new)| (old.key(), new)));
                }
                outs.iter().map(|v| map[&v.key()]).collect()
            });
            main.set_attr("arg_attrs", cx.array_attr(&self.signature(func, &ins, "operand")));
            main.set_attr("res_attrs", cx.array_attr(&self.signature(func, &outs, "result")));
        });
        let mut attrs = vec![
            ("sym_name", cx.str_attr(&format!("{name}_module"))),
            ("weft.device", cx.str_attr("wasm")),
            ("weft.island", cx.str_attr(&name)),
            ("weft.level", cx.str_attr("kernels")),
            ("weft.operators", operators(cx, members)),
            ("weft.reason", cx.str_attr(&reason(reasons))),
        ];
        attrs.extend(["weft.model", "weft.symbols"].into_iter().filter_map(|a| Some((a, self.module.attr(a)?))));
        end.op_regions("builtin.module", &[], &[], &attrs, vec![region]);

        let declare = Builder::before(cx, self.first_function(func)).with_loc(loc);
        let declaration = [
            ("sym_name", cx.str_attr(&name)),
            ("function_type", cx.type_attr(cx.fn_type(&in_types, &out_types))),
            ("sym_visibility", cx.str_attr("private")),
        ];
        declare.op_regions("func.func", &[], &[], &declaration, vec![Default::default()]);
        let call = Builder::before(cx, first).with_loc(loc).call(&name, &ins, &out_types);
        outs.iter().zip(call.ress()).for_each(|(old, new)| old.replace_with(new));
        self.erase(func, members);
    }

    /// Erases ops that have moved, and what only they used.
    fn erase(&self, func: Op<'c>, members: &[Op<'c>]) {
        let moved: HashSet<usize> = members.iter().map(|o| o.key()).collect();
        for op in block_ops(func.body(0)).into_iter().rev() {
            if moved.contains(&op.key()) || (is_neutral(op) && op.is_unused()) {
                op.erase();
            }
        }
    }

    fn init(&self) -> Option<Op<'c>> {
        funcs(self.module).into_iter().find(|f| f.string("sym_name").as_deref() == Some("init"))
    }

    /// Where declarations stand: before the public functions.
    fn first_function(&self, func: Op<'c>) -> Op<'c> {
        funcs(self.module).into_iter().find(|f| f.attr("sym_visibility").is_none()).unwrap_or(func)
    }

    /// Copies the kernels that ops call, in the order of the module.
    fn clone_kernels(&self, b: &Builder<'c>, ops: impl Iterator<Item = Op<'c>>) {
        let called: HashSet<&str> = ops.flat_map(|o| walk_ops(o).into_iter().chain([o])).map(callee).collect();
        for f in funcs(self.module) {
            let name = f.string("sym_name").unwrap_or_default();
            if name != "init" && called.contains(name.as_str()) {
                b.with_loc(f.location()).clone_op(f, &[]);
            }
        }
    }

    /// Names and dtypes: the model's own for its inputs and outputs.
    fn signature(&self, func: Op<'c>, values: &[Value<'c>], what: &str) -> Vec<Attribute<'c>> {
        let of_model = |which: &str| func.attr(which).and_then(AttrExt::as_array).unwrap_or_default();
        let (arg_attrs, res_attrs) = (of_model("arg_attrs"), of_model("res_attrs"));
        let returned = block_ops(func.body(0)).last().map(|r| r.args()).unwrap_or_default();
        let entry = |(i, &v): (usize, &Value<'c>)| {
            let argument = v.def().is_none().then(|| arg_attrs.get(v.number()).copied()).flatten();
            let result = returned.iter().position(|r| r.key() == v.key()).and_then(|at| res_attrs.get(at).copied());
            argument.or(result).unwrap_or_else(|| {
                let dtype = v.tensor_ty().map_or(Dtype::F32, |t| Dtype::of(t.elem)).name();
                let entries =
                    [("weft.dtype", self.cx.str_attr(dtype)), ("weft.name", self.cx.str_attr(&format!("{what} {i}")))];
                self.cx.dict_attr(&entries)
            })
        };
        values.iter().enumerate().map(entry).collect()
    }

    /// Takes from `@init` what `@main` no longer reads; false if there is no `@init` (any more).
    pub fn shrink_init(&self) -> bool {
        let Some(init) = self.init() else { return false };
        let call = funcs(self.module).into_iter().flat_map(walk_ops).find(|&o| is_init_call(o));
        let Some(call) = call else { return true };
        let kept: Vec<Value<'c>> = call.ress().into_iter().filter(|r| !r.is_unused()).collect();
        if kept.len() == call.ress().len() {
            return true;
        }
        if kept.is_empty() {
            call.erase();
            init.erase();
            return false;
        }
        let types: Vec<_> = kept.iter().map(|v| v.ty()).collect();
        let new = Builder::before(self.cx, call).with_loc(call.location()).call("init", &[], &types);
        kept.iter().zip(new.ress()).for_each(|(old, new)| old.replace_with(new));
        let numbers: Vec<usize> = kept.iter().map(|v| v.number()).collect();
        call.erase();
        keep_results(self.cx, init, &numbers);
        true
    }

    /// Erases kernels that nothing calls any more.
    pub fn clean(&self) {
        if self.made == 0 {
            return;
        }
        let all = funcs(self.module);
        let called: HashSet<&str> = all.iter().flat_map(|&f| walk_ops(f)).map(callee).collect();
        for f in all {
            let name = f.string("sym_name").unwrap_or_default();
            if f.attr("sym_visibility").is_some() && !called.contains(name.as_str()) {
                f.erase();
            }
        }
    }
}

/// Whether a result, or a view or scalar of it, is read by an op that is no member.
fn is_read_outside(v: Value<'_>, inside: &HashSet<usize>) -> bool {
    v.uses().into_iter().any(|(user, _)| {
        // The op of the function's own block that the user stands in.
        let mut op = user;
        while let Some(parent) = op.parent().filter(|p| p.op_name() != "func.func") {
            op = parent;
        }
        if op.same(user) && is_neutral(op) {
            return op.ress().into_iter().any(|r| is_read_outside(r, inside));
        }
        !inside.contains(&op.key())
    })
}

/// Copies the constants, views and scalars that a value is made of.
fn copy_neutral<'c>(b: &Builder<'c>, v: Value<'c>, map: &mut ValueMap<'c>) {
    if map.contains_key(&v.key()) {
        return;
    }
    let Some(def) = v.def() else { return };
    def.reads().into_iter().for_each(|v| copy_neutral(b, v, map));
    let operands: Vec<_> = def.args().into_iter().map(|v| map.get(&v.key()).copied().unwrap_or(v)).collect();
    let new = b.with_loc(def.location()).clone_op(def, &operands);
    new.remap_captures(map);
    map.extend(def.ress().into_iter().zip(new.ress()).map(|(old, new)| (old.key(), new)));
}

/// Makes a function return some of its results alone, and erases what only made the others.
fn keep_results<'c>(cx: Cx<'c>, func: Op<'c>, numbers: &[usize]) {
    let Some(end) = block_ops(func.body(0)).pop() else { return };
    let kept: Vec<Value<'c>> = numbers.iter().map(|&n| end.arg(n)).collect();
    let types: Vec<_> = kept.iter().map(|v| v.ty()).collect();
    Builder::before(cx, end).with_loc(end.location()).op("func.return", &kept, &[], &[]);
    end.erase();
    func.set_attr("function_type", cx.type_attr(cx.fn_type(&[], &types)));
    for op in block_ops(func.body(0)).into_iter().rev() {
        // Kernels write nothing but their result.
        if op.result_count() > 0 && op.is_unused() {
            op.erase();
        }
    }
}

/// How many of which ops there are: kernels count as what they are about.
fn operators<'c>(cx: Cx<'c>, members: &[Op<'c>]) -> Attribute<'c> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for &op in members {
        let name = if op.op_name() == "func.call" { callee(op).to_owned() } else { op.op_name() };
        *counts.entry(name).or_default() += 1;
    }
    let entries: Vec<_> = counts.iter().map(|(name, &n)| (name.as_str(), cx.i64_attr(n))).collect();
    cx.dict_attr(&entries)
}

/// Reasons with the nodes that they are about, equal ones once.
fn reason(reasons: &[(Op<'_>, &str)]) -> String {
    let mut nodes: Vec<(&str, Vec<String>)> = Vec::new();
    for &(op, reason) in reasons {
        let at = nodes.iter().position(|n| n.0 == reason).unwrap_or_else(|| {
            nodes.push((reason, Vec::new()));
            nodes.len() - 1
        });
        nodes[at].1.push(op.node_name());
    }
    let text = |(reason, names): &(&str, Vec<String>)| {
        let known: Vec<String> = names.iter().filter(|n| !n.is_empty()).map(|n| format!("'{n}'")).collect();
        let more = if known.len() > NAMED { format!(" and {} more", known.len() - NAMED) } else { String::new() };
        let shown = known.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if shown.is_empty() { (*reason).to_owned() } else { format!("{reason} ({shown}{more})") }
    };
    nodes.iter().map(text).collect::<Vec<_>>().join("; ")
}
