//! A resolved model to IR.

use super::resolve::{Body, NONE, Program};
use super::signature::Signature;
use weft_dialects::ir::{Attribute, Builder, Cx, Module, OpExt, Symbols, Type, Value, module_op};

/// Writes the module.
pub(super) fn emit<'c>(cx: Cx<'c>, name: String, signature: &Signature<'_>, program: &Program<'c>) -> Module<'c> {
    let module = Module::new(cx.unknown_loc());
    let top = module_op(&module);
    top.set_attr("weft.level", cx.str_attr("import"));
    top.set_attr("weft.model", cx.str_attr(&name));
    if !signature.symbols.is_empty() {
        top.set_attr(Symbols::ATTR, signature.symbols.to_attr(cx));
    }
    let value_ty = cx.parse_type("!onnx.value").expect("the opaque type parses");
    let inputs: Vec<Type<'c>> = signature.inputs.iter().map(|i| i.ty.to_mlir(cx)).collect();
    let results = vec![value_ty; signature.outputs.len()];
    let mut emitter = Emitter { cx, value_ty, values: vec![None; program.values] };
    let b = Builder::at_end(cx, top.body(0), cx.unknown_loc());
    let func = b.func("main", false, &inputs, &results, |b, args| {
        if uses_none(&program.body) {
            emitter.values[NONE] = Some(b.value("onnx.None", &[], value_ty, &[]));
        }
        emitter.body(b, &program.body, args)
    });
    let names = |entries: Vec<(&str, Option<&str>)>| {
        let dicts: Vec<Attribute<'c>> = entries
            .into_iter()
            .map(|(name, dtype)| {
                let mut entry = vec![("weft.name", cx.str_attr(name))];
                entry.extend(dtype.map(|d| ("weft.dtype", cx.str_attr(d))));
                cx.dict_attr(&entry)
            })
            .collect();
        cx.array_attr(&dicts)
    };
    if !signature.inputs.is_empty() {
        func.set_attr("arg_attrs", names(signature.inputs.iter().map(|i| (i.name, Some(i.dtype))).collect()));
    }
    func.set_attr("res_attrs", names(signature.outputs.iter().map(|o| (o.name, o.dtype)).collect()));
    func.set_attr("onnx.opset", cx.i64_attr(program.opset));
    let domains: Vec<(&str, Attribute<'c>)> =
        program.domains.iter().map(|(d, v)| (d.as_str(), cx.i64_attr(*v))).collect();
    func.set_attr("onnx.domains", cx.dict_attr(&domains));
    module
}

fn uses_none(body: &Body<'_>) -> bool {
    body.outputs.contains(&NONE)
        || body.nodes.iter().any(|n| n.operands.contains(&NONE) || n.bodies.iter().any(uses_none))
}

struct Emitter<'c> {
    cx: Cx<'c>,
    value_ty: Type<'c>,
    values: Vec<Option<Value<'c>>>,
}

impl<'c> Emitter<'c> {
    /// Writes a graph's nodes; returns its outputs.
    fn body(&mut self, b: &Builder<'c>, body: &Body<'c>, args: &[Value<'c>]) -> Vec<Value<'c>> {
        for (&id, &value) in body.args.iter().zip(args) {
            self.values[id] = Some(value);
        }
        for node in &body.nodes {
            let b = b.with_loc(self.cx.name_loc(&node.name));
            let operands = self.get(&node.operands);
            let attributes: Vec<_> = node.attributes.iter().map(|(n, a)| (n.as_str(), *a)).collect();
            let regions = node
                .bodies
                .iter()
                .map(|inner| {
                    let args = vec![self.value_ty; inner.args.len()];
                    b.region(&args, |b, args| {
                        let outputs = self.body(b, inner, args);
                        b.op("onnx.Yield", &outputs, &[], &[]);
                    })
                })
                .collect();
            let types = vec![self.value_ty; node.results.len()];
            let op = b.op_regions(&node.op, &operands, &types, &attributes, regions);
            for (&id, value) in node.results.iter().zip(op.ress()) {
                self.values[id] = Some(value);
            }
        }
        self.get(&body.outputs)
    }

    fn get(&self, ids: &[usize]) -> Vec<Value<'c>> {
        ids.iter().map(|&id| self.values[id].expect("resolve puts every definition before its uses")).collect()
    }
}
