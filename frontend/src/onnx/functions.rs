//! Model-local functions: calls are inlined.

use super::resolve::{Frame, Id, NONE, Node, Resolver, Scope, bind, identity, opsets, referred};
use super::{Problem, schema};
use onnx_rs::ast::{Function, Node as SourceNode};
use std::collections::{BTreeMap, HashMap};

/// Functions by domain, name and overload.
pub(super) fn by_name<'m>(
    functions: &'m [Function<'m>],
    problems: &mut Vec<Problem>,
) -> HashMap<(&'m str, &'m str, &'m str), &'m Function<'m>> {
    let mut out = HashMap::new();
    for f in functions {
        if out.insert((schema::canonical_domain(f.domain), f.name, f.overload), f).is_some() {
            problems.push(Problem::Function { function: title(f), message: "is defined more than once".to_owned() });
        }
    }
    out
}

/// A function's domain, name and overload, for messages.
pub(super) fn title(f: &Function<'_>) -> String {
    let mut out = if f.domain.is_empty() { f.name.to_owned() } else { format!("{}.{}", f.domain, f.name) };
    if !f.overload.is_empty() {
        out += &format!(":{}", f.overload);
    }
    out
}

impl<'c, 'm> Resolver<'c, 'm, '_> {
    /// Appends the body of a called function to `out`, its inputs and outputs being the call's.
    pub fn call(
        &mut self,
        node: &'m SourceNode<'m>,
        function: &'m Function<'m>,
        label: String,
        scope: &Scope<'_, 'm>,
        frame: &Frame<'m>,
        out: &mut Vec<Node<'c>>,
    ) {
        if frame.calls.iter().any(|f| std::ptr::eq(*f, function)) {
            let path: Vec<_> = frame.calls.iter().map(|f| title(f)).chain([title(function)]).collect();
            let message = format!("calls itself: {}", path.join(" -> "));
            self.problems.push(Problem::Function { function: title(function), message });
            return;
        }
        if self.too_deep(scope.depth, &label) {
            return;
        }
        for (what, given, declared) in
            [("inputs", node.input.len(), function.input.len()), ("outputs", node.output.len(), function.output.len())]
        {
            if given > declared {
                self.problems.push(Problem::Arity {
                    node: label,
                    operator: title(function),
                    message: format!("has {declared} {what}, not {given}"),
                });
                return;
            }
        }
        let inner_frame = Frame {
            opsets: opsets(&function.opset_import),
            attributes: self.call_attributes(node, function, &label, frame),
            prefix: format!("{label}/"),
            calls: frame.calls.iter().copied().chain([function]).collect(),
        };
        // A function sees nothing of the graph that calls it.
        let mut inner = Scope { ids: HashMap::new(), parent: None, owner: format!("{label}/"), depth: scope.depth + 1 };
        let mut definitions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (i, &name) in function.input.iter().enumerate() {
            let given = node.input.get(i).copied().unwrap_or_default();
            let id = self.find(given, scope, || label.clone());
            bind(&mut inner, name, id);
            definitions.entry(name).or_default().push("an input".to_owned());
        }
        // Outputs that nodes make get the caller's values; others are copied at the end.
        let mut copies: Vec<(&'m str, Id)> = Vec::new();
        for (i, &name) in function.output.iter().enumerate() {
            let Some(&to) = node.output.get(i).and_then(|o| scope.ids.get(o)) else { continue };
            if inner.ids.contains_key(name) {
                copies.push((name, to));
            } else {
                bind(&mut inner, name, to);
            }
        }
        self.declare(&function.node, &mut inner, &inner_frame, &mut definitions);
        for &name in &function.output {
            if !definitions.contains_key(name) {
                self.problems.push(Problem::Function {
                    function: title(function),
                    message: format!("never defines its output '{name}'"),
                });
            }
        }
        for (name, by) in definitions {
            if by.len() > 1 {
                self.problems.push(Problem::Duplicate { name: format!("{label}/{name}"), definitions: by });
            }
        }
        self.nodes(&function.node, &inner, &inner_frame, out);
        for (name, to) in copies {
            let from = inner.ids.get(name).copied().unwrap_or(NONE);
            out.push(identity(format!("{label}/{name}"), from, to));
        }
    }

    /// The function's defaults, overridden by what the call gives.
    fn call_attributes(
        &mut self,
        node: &'m SourceNode<'m>,
        function: &'m Function<'m>,
        label: &str,
        frame: &Frame<'m>,
    ) -> HashMap<&'m str, &'m onnx_rs::ast::Attribute<'m>> {
        let mut out: HashMap<_, _> = function.attribute_proto.iter().map(|a| (a.name, a)).collect();
        for a in &node.attribute {
            if !out.contains_key(a.name) && !function.attribute.contains(&a.name) {
                self.problems.push(Problem::Attribute {
                    node: label.to_owned(),
                    operator: title(function),
                    attribute: a.name.to_owned(),
                    message: "does not exist in the function".to_owned(),
                });
            } else if let Some(given) = referred(a, frame) {
                out.insert(a.name, given);
            }
        }
        out
    }
}
