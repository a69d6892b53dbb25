//! Names to values: scopes, topological order, checks against the schema, inlining. What comes out needs no
//! further check; what was wrong is in the list of problems.

use super::attribute::{constant_value, convert, kind, kind_name};
use super::file::ModelFile;
use super::order::order;
use super::schema::{self, AttributeKind, Schema};
use super::{Problem, tensor};
use onnx_rs::ast::{Attribute as SourceAttribute, Function, Graph, Model, Node as SourceNode, OperatorSetId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use weft_dialects::ir::{Attribute, Cx};

/// A value, by number.
pub(super) type Id = usize;
/// The value of an omitted optional input.
pub(super) const NONE: Id = 0;

/// Subgraphs in subgraphs and calls in calls: more is no network, and recursion must end.
pub(super) const MAX_DEPTH: usize = 64;
/// Functions that call functions may grow without bound; real networks have some thousand nodes.
const MAX_NODES: usize = 1_000_000;

/// A model whose names are resolved.
pub(super) struct Program<'c> {
    /// The main graph; its arguments are the signature's inputs.
    pub body: Body<'c>,
    /// How many values there are.
    pub values: usize,
    /// The version of the default domain.
    pub opset: i64,
    /// Versions of the other domains that nodes are of, by name.
    pub domains: Vec<(String, i64)>,
}

/// A graph.
pub(super) struct Body<'c> {
    /// Its inputs.
    pub args: Vec<Id>,
    /// Its nodes, each after those that it depends on.
    pub nodes: Vec<Node<'c>>,
    /// Its outputs.
    pub outputs: Vec<Id>,
}

/// A node, or a constant.
pub(super) struct Node<'c> {
    /// The op's full name.
    pub op: String,
    /// The source node's name.
    pub name: String,
    /// Inputs.
    pub operands: Vec<Id>,
    /// Outputs, unnamed ones too.
    pub results: Vec<Id>,
    /// Attributes.
    pub attributes: Vec<(String, Attribute<'c>)>,
    /// Subgraphs.
    pub bodies: Vec<Body<'c>>,
}

/// Resolves a model's main graph and all that it reaches.
pub(super) fn resolve<'c, 'm>(
    cx: Cx<'c>,
    file: &'m ModelFile,
    model: &'m Model<'m>,
    graph: &'m Graph<'m>,
    shapes: &HashMap<&str, Vec<i64>>,
    problems: &mut Vec<Problem>,
) -> Program<'c> {
    let opsets = opsets(&model.opset_import);
    let functions = super::functions::by_name(&model.functions, problems);
    let mut r = Resolver {
        cx,
        file,
        functions,
        opsets: opsets.clone(),
        shapes,
        next: NONE + 1,
        count: 0,
        problems,
        unknown: BTreeMap::new(),
        undefined: BTreeMap::new(),
        domains: BTreeSet::new(),
        bad_opsets: HashSet::new(),
    };
    let frame = Frame { opsets, attributes: HashMap::new(), prefix: String::new(), calls: Vec::new() };
    let mut body = r.graph(graph, None, &frame, String::new(), 0);
    r.name_outputs(graph, &mut body);
    r.report();
    Program {
        body,
        values: r.next,
        opset: r.opsets.get("").copied().unwrap_or_default(),
        domains: r.domains.iter().filter_map(|&d| Some((d.to_owned(), *r.opsets.get(d)?))).collect(),
    }
}

/// Versions by domain.
pub(super) fn opsets<'m>(imports: &'m [OperatorSetId<'m>]) -> BTreeMap<&'m str, i64> {
    imports.iter().map(|o| (schema::canonical_domain(o.domain), o.version)).collect()
}

/// The work in progress: `call` is in `functions`, the schema's checks are in `check`.
pub(super) struct Resolver<'c, 'm, 'p> {
    cx: Cx<'c>,
    file: &'m ModelFile,
    pub functions: HashMap<(&'m str, &'m str, &'m str), &'m Function<'m>>,
    /// The module's: the model's, and those that only functions import.
    pub opsets: BTreeMap<&'m str, i64>,
    /// What the file declares of the main graph's values.
    shapes: &'p HashMap<&'p str, Vec<i64>>,
    next: Id,
    count: usize,
    pub problems: &'p mut Vec<Problem>,
    /// Operator and reason -> nodes.
    pub unknown: BTreeMap<(String, String), Vec<String>>,
    /// Value -> users.
    undefined: BTreeMap<String, Vec<String>>,
    /// Domains of the nodes, without the default one.
    pub domains: BTreeSet<&'static str>,
    /// Domains whose version was already reported.
    pub bad_opsets: HashSet<String>,
}

/// What a node's meaning depends on, besides values: the model, or the function call it stands in.
pub(super) struct Frame<'m> {
    pub opsets: BTreeMap<&'m str, i64>,
    /// The call's attributes, which attributes in the function refer to.
    pub attributes: HashMap<&'m str, &'m SourceAttribute<'m>>,
    /// The call's name and a slash.
    pub prefix: String,
    /// The functions being inlined.
    pub calls: Vec<&'m Function<'m>>,
}

/// The names that can be seen.
pub(super) struct Scope<'s, 'm> {
    pub ids: HashMap<&'m str, Id>,
    pub parent: Option<&'s Scope<'s, 'm>>,
    /// Stands before the names made for unnamed nodes.
    pub owner: String,
    pub depth: usize,
}

impl Scope<'_, '_> {
    fn find(&self, name: &str) -> Option<Id> {
        self.ids.get(name).copied().or_else(|| self.parent?.find(name))
    }
}

impl<'c, 'm> Resolver<'c, 'm, '_> {
    pub fn fresh(&mut self) -> Id {
        self.next += 1;
        self.next - 1
    }

    fn graph(
        &mut self,
        graph: &'m Graph<'m>,
        parent: Option<&Scope<'_, 'm>>,
        frame: &Frame<'m>,
        owner: String,
        depth: usize,
    ) -> Body<'c> {
        let mut scope = Scope { ids: HashMap::new(), parent, owner, depth };
        let mut definitions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut body = Body { args: Vec::new(), nodes: Vec::new(), outputs: Vec::new() };
        for t in &graph.initializer {
            let id = self.fresh();
            bind(&mut scope, t.name(), id);
            definitions.entry(t.name()).or_default().push("an initializer".to_owned());
            match tensor::constant(self.cx, self.file, t) {
                Ok(constant) => body.nodes.push(constant_node(self.cx, t.name().to_owned(), id, constant)),
                Err(message) => {
                    self.problems.push(Problem::Tensor { tensor: format!("initializer '{}'", t.name()), message });
                }
            }
        }
        for s in &graph.sparse_initializer {
            let name = s.values.as_ref().map_or("", |v| v.name());
            let id = self.fresh();
            bind(&mut scope, name, id);
            self.problems.push(Problem::Tensor {
                tensor: format!("initializer '{name}'"),
                message: "sparse initializers are not supported; store it as a dense tensor".to_owned(),
            });
        }
        let constants: HashSet<&str> = graph.initializer.iter().map(|t| t.name()).collect();
        for input in graph.input.iter().filter(|i| !constants.contains(i.name)) {
            let id = self.fresh();
            bind(&mut scope, input.name, id);
            definitions.entry(input.name).or_default().push("an input".to_owned());
            body.args.push(id);
        }
        self.declare(&graph.node, &mut scope, frame, &mut definitions);
        for (name, definitions) in definitions {
            if definitions.len() > 1 && !name.is_empty() {
                self.problems.push(Problem::Duplicate { name: name.to_owned(), definitions });
            }
        }
        self.nodes(&graph.node, &scope, frame, &mut body.nodes);
        for output in &graph.output {
            let id = self.find(output.name, &scope, || "(graph output)".to_owned());
            body.outputs.push(id);
        }
        drop_unused_constants(&mut body);
        body
    }

    /// Gives every output of `nodes` a value.
    pub fn declare(
        &mut self,
        nodes: &'m [SourceNode<'m>],
        scope: &mut Scope<'_, 'm>,
        frame: &Frame<'m>,
        definitions: &mut BTreeMap<&'m str, Vec<String>>,
    ) {
        for (i, node) in nodes.iter().enumerate() {
            for &name in node.output.iter().filter(|n| !n.is_empty()) {
                let by = format!("node '{}'", label(node, i, scope, frame));
                definitions.entry(name).or_default().push(by);
                if !scope.ids.contains_key(name) {
                    let id = self.fresh();
                    scope.ids.insert(name, id);
                }
            }
        }
    }

    /// Appends `nodes`, in a valid order, to `out`.
    pub fn nodes(
        &mut self,
        nodes: &'m [SourceNode<'m>],
        scope: &Scope<'_, 'm>,
        frame: &Frame<'m>,
        out: &mut Vec<Node<'c>>,
    ) {
        let (sequence, cycle) = order(nodes);
        if let Some(cycle) = cycle {
            let nodes = cycle.into_iter().map(|i| label(&nodes[i], i, scope, frame)).collect();
            self.problems.push(Problem::Cycle { nodes });
        }
        for i in sequence {
            self.count += 1;
            if self.count > MAX_NODES {
                if self.count == MAX_NODES + 1 {
                    self.problems.push(Problem::Function {
                        function: frame.calls.last().map_or_else(String::new, |f| super::functions::title(f)),
                        message: format!("and its callers expand to more than {MAX_NODES} nodes"),
                    });
                }
                return;
            }
            let node = &nodes[i];
            let label = label(node, i, scope, frame);
            let key = (schema::canonical_domain(node.domain), node.op_type.as_str(), node.overload);
            if let Some(&function) = self.functions.get(&key) {
                self.call(node, function, label, scope, frame, out);
            } else {
                let resolved = self.node(node, label, scope, frame);
                out.push(resolved);
            }
        }
    }

    fn node(&mut self, node: &'m SourceNode<'m>, name: String, scope: &Scope<'_, 'm>, frame: &Frame<'m>) -> Node<'c> {
        let domain = schema::canonical_domain(node.domain);
        let operator = node.op_type.as_str();
        let operands = trimmed(&node.input).iter().map(|&input| self.find(input, scope, || name.clone())).collect();
        let results = trimmed(&node.output)
            .iter()
            .map(|&output| scope.ids.get(output).copied().unwrap_or_else(|| self.fresh()))
            .collect();
        let mut out =
            Node { op: op_name(domain, operator), name, operands, results, attributes: Vec::new(), bodies: Vec::new() };
        if !domain.is_empty() {
            out.attributes.push(("onnx.domain".to_owned(), self.cx.str_attr(domain)));
        }
        let schema = self.schema(domain, operator, &out.name, frame);
        if let Some(schema) = schema {
            self.check_arity(node, schema, &out);
        }
        self.attributes(node, schema, &mut out, scope, frame);
        // A subgraph's values, and a function's, have names of their own.
        if scope.depth == 0 && frame.calls.is_empty() {
            super::declared::note(self.cx, trimmed(&node.output), self.shapes, &mut out);
        }
        out
    }

    /// A name's value; an unknown one is noted for the report.
    pub fn find(&mut self, name: &str, scope: &Scope<'_, 'm>, user: impl FnOnce() -> String) -> Id {
        if name.is_empty() {
            return NONE;
        }
        scope.find(name).unwrap_or_else(|| {
            self.undefined.entry(name.to_owned()).or_default().push(user());
            NONE
        })
    }

    fn attributes(
        &mut self,
        node: &'m SourceNode<'m>,
        schema: Option<&'static Schema>,
        out: &mut Node<'c>,
        scope: &Scope<'_, 'm>,
        frame: &Frame<'m>,
    ) {
        let mut seen = HashSet::new();
        let mut graphs: BTreeMap<&str, &'m Graph<'m>> = BTreeMap::new();
        let mut problems = Vec::new();
        for attribute in &node.attribute {
            let name = attribute.name;
            // A reference to an attribute that the call doesn't give stands for no attribute.
            let Some(source) = referred(attribute, frame) else { continue };
            let mut problem = |message: String| problems.push((name.to_owned(), message));
            if !seen.insert(name) {
                problem("is given twice".to_owned());
                continue;
            }
            let expected = schema.map(|s| s.attributes.iter().find(|a| a.0 == name).map(|a| a.1));
            if expected == Some(None) {
                problem(format!("does not exist in version {} of the operator", schema.map_or(0, |s| s.since)));
                continue;
            }
            let Some(kind) = kind(source).or(expected.flatten()) else { continue };
            if let Some(Some(expected)) = expected
                && expected != kind
            {
                problem(format!("holds {}, but should hold {}", kind_name(kind), kind_name(expected)));
                continue;
            }
            if kind == AttributeKind::Graph {
                match &source.g {
                    Some(_) if !attribute.ref_attr_name.is_empty() => {
                        problem("is a graph passed to a function, which is not supported".to_owned());
                    }
                    Some(graph) => _ = graphs.insert(name, graph),
                    None => problem("says that it holds a graph, but has none; the file is damaged".to_owned()),
                }
                continue;
            }
            let done = if out.op == "onnx.Constant" {
                constant_value(self.cx, self.file, kind, source).map(|c| push_constant(self.cx, c, &mut out.attributes))
            } else {
                convert(self.cx, self.file, name, kind, source, &mut out.attributes)
            };
            if let Err(message) = done {
                problem(message);
            }
        }
        for &(name, _, required) in schema.map_or(&[][..], |s| s.attributes) {
            if required && !seen.contains(name) {
                problems.push((name.to_owned(), "is missing, but required".to_owned()));
            }
        }
        if out.op == "onnx.Constant" && schema.is_some() && seen.len() != 1 {
            problems.push(("value".to_owned(), format!("must be the only one, but there are {}", seen.len())));
        }
        for (attribute, message) in problems {
            let (node, operator) = (out.name.clone(), node.op_type.as_str().to_owned());
            self.problems.push(Problem::Attribute { node, operator, attribute, message });
        }
        if graphs.is_empty() {
            return;
        }
        let names: Vec<_> = graphs.keys().map(|n| self.cx.str_attr(n)).collect();
        out.attributes.push(("onnx.regions".to_owned(), self.cx.array_attr(&names)));
        for (_, graph) in graphs {
            if self.too_deep(scope.depth, &out.name) {
                return;
            }
            let owner = format!("{}/", out.name);
            out.bodies.push(self.graph(graph, Some(scope), frame, owner, scope.depth + 1));
        }
    }

    /// Whether one more level would be too many; if so, that is a problem.
    pub fn too_deep(&mut self, depth: usize, node: &str) -> bool {
        if depth < MAX_DEPTH {
            return false;
        }
        self.problems.push(Problem::Graph {
            message: format!("node '{node}': subgraphs and function calls are nested more than {MAX_DEPTH} deep"),
        });
        true
    }

    /// What the signature needs of the main graph's outputs.
    fn name_outputs(&mut self, graph: &'m Graph<'m>, body: &mut Body<'c>) {
        if graph.output.is_empty() {
            self.problems.push(Problem::Graph { message: "the graph has no outputs; nothing to compute".to_owned() });
        }
        let mut seen = HashSet::new();
        for (i, output) in graph.output.iter().enumerate() {
            if !seen.insert(output.name) {
                let message = format!("output '{}' is listed twice", output.name);
                self.problems.push(Problem::Graph { message });
            }
            // An input that is also an output still has the type of an argument.
            if body.args.contains(&body.outputs[i]) {
                let id = self.fresh();
                body.nodes.push(identity(output.name.to_owned(), body.outputs[i], id));
                body.outputs[i] = id;
            }
        }
        if graph.input.iter().any(|i| i.name.is_empty()) || graph.output.iter().any(|o| o.name.is_empty()) {
            self.problems.push(Problem::Graph { message: "an input or output of the graph has no name".to_owned() });
        }
    }

    /// Turns what was collected over the whole model into problems.
    fn report(&mut self) {
        for ((operator, reason), nodes) in std::mem::take(&mut self.unknown) {
            self.problems.push(Problem::UnknownOperator { operator, reason, nodes });
        }
        for (name, users) in std::mem::take(&mut self.undefined) {
            self.problems.push(Problem::Undefined { name, users });
        }
    }
}

/// The attribute itself, or the one of the call that it refers to.
pub(super) fn referred<'m>(a: &'m SourceAttribute<'m>, frame: &Frame<'m>) -> Option<&'m SourceAttribute<'m>> {
    if a.ref_attr_name.is_empty() { Some(a) } else { frame.attributes.get(a.ref_attr_name).copied() }
}

/// Makes a name stand for a value; an empty one stands for none.
pub(super) fn bind<'m>(scope: &mut Scope<'_, 'm>, name: &'m str, id: Id) {
    if !name.is_empty() {
        scope.ids.insert(name, id);
    }
}

/// Trailing empty names stand for nothing.
pub(super) fn trimmed<'n, 'm>(names: &'n [&'m str]) -> &'n [&'m str] {
    let len = names.iter().rposition(|n| !n.is_empty()).map_or(0, |i| i + 1);
    &names[..len]
}

/// A node's name, or one made from its operator and place.
fn label(node: &SourceNode<'_>, index: usize, scope: &Scope<'_, '_>, frame: &Frame<'_>) -> String {
    if node.name.is_empty() {
        format!("{}{}_{index}", scope.owner, node.op_type.as_str())
    } else {
        format!("{}{}", frame.prefix, node.name)
    }
}

fn op_name(domain: &str, operator: &str) -> String {
    if domain.is_empty() { format!("onnx.{operator}") } else { format!("onnx.{domain}.{operator}") }
}

fn constant_node<'c>(cx: Cx<'c>, name: String, id: Id, constant: tensor::Constant<'c>) -> Node<'c> {
    let mut attributes = Vec::new();
    push_constant(cx, constant, &mut attributes);
    Node {
        op: "onnx.Constant".to_owned(),
        name,
        operands: Vec::new(),
        results: vec![id],
        attributes,
        bodies: Vec::new(),
    }
}

fn push_constant<'c>(cx: Cx<'c>, constant: tensor::Constant<'c>, out: &mut Vec<(String, Attribute<'c>)>) {
    out.push(("value".to_owned(), constant.value));
    if let Some(dtype) = constant.unsigned {
        out.push(("weft.dtype".to_owned(), cx.str_attr(dtype)));
    }
}

/// `onnx.Identity`.
pub(super) fn identity<'c>(name: String, from: Id, to: Id) -> Node<'c> {
    Node {
        op: "onnx.Identity".to_owned(),
        name,
        operands: vec![from],
        results: vec![to],
        attributes: Vec::new(),
        bodies: Vec::new(),
    }
}

/// Initializers that nothing uses are not written.
fn drop_unused_constants(body: &mut Body<'_>) {
    fn collect(body: &Body<'_>, used: &mut HashSet<Id>) {
        used.extend(&body.outputs);
        for node in &body.nodes {
            used.extend(&node.operands);
            node.bodies.iter().for_each(|b| collect(b, used));
        }
    }
    let mut used = HashSet::new();
    collect(body, &mut used);
    body.nodes.retain(|n| n.op != "onnx.Constant" || n.results.iter().any(|r| used.contains(r)));
}
