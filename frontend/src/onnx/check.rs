//! Nodes against the schema table: does the operator exist, at this version, with so many inputs and outputs.

use super::Problem;
use super::functions::title;
use super::resolve::{Frame, Node, Resolver, trimmed};
use super::schema::{self, MANY, Schema, State};
use onnx_rs::ast::Node as SourceNode;

impl<'c, 'm> Resolver<'c, 'm, '_> {
    /// The schema that applies to an operator, if it may be used; otherwise the reason is noted.
    pub fn schema(&mut self, domain: &str, operator: &str, node: &str, frame: &Frame<'m>) -> Option<&'static Schema> {
        let full_name = if domain.is_empty() { operator.to_owned() } else { format!("{domain}.{operator}") };
        let mut unknown = |reason: String| {
            self.unknown.entry((full_name.clone(), reason)).or_default().push(node.to_owned());
            None
        };
        let Some(table) = schema::domain(domain) else {
            return unknown(format!("is of domain '{domain}', which ONNX does not define, nor does the model"));
        };
        let version = frame.opsets.get(domain).copied();
        let (oldest, newest) = (1, table.newest);
        let Some(version) = version.filter(|v| (oldest..=newest).contains(v)) else {
            if self.bad_opsets.insert(domain.to_owned()) {
                self.problems.push(Problem::Opset { domain: domain.to_owned(), version, oldest, newest });
            }
            return None;
        };
        let Some(schema) = table.schema(operator, version) else {
            return unknown(match table.versions(operator).first() {
                Some(first) => format!("came with opset {}, but the model imports opset {version}", first.since),
                None => "does not exist in ONNX".to_owned(),
            });
        };
        if schema.state == State::Removed {
            return unknown(format!(
                "was removed in opset {}, but the model imports opset {version}; convert the model with \
                 onnx.version_converter",
                schema.since
            ));
        }
        if domain.is_empty() && !schema::is_read(operator, version) {
            return unknown(format!(
                "is read from opset 7 on, but the model imports opset {version}; convert the model with \
                 onnx.version_converter"
            ));
        }
        // One opset stands on the module; a function may import another if it makes no difference.
        let main = *self.opsets.entry(table.name).or_insert(version);
        if !table.name.is_empty() {
            self.domains.insert(table.name);
        }
        if let Some(function) = frame.calls.last()
            && table.schema(operator, main).map(|s| s.since) != Some(schema.since)
        {
            self.problems.push(Problem::Function {
                function: title(function),
                message: format!(
                    "uses {full_name} of opset {version}, which differs in the model's opset {main}; export the model \
                     with one opset"
                ),
            });
            return None;
        }
        Some(schema)
    }

    /// Counts a node's inputs and outputs.
    pub fn check_arity(&mut self, node: &SourceNode<'_>, schema: &Schema, out: &Node<'c>) {
        let mut problem = |message: String| {
            let operator = schema.name.to_owned();
            self.problems.push(Problem::Arity { node: out.name.clone(), operator, message });
        };
        let given = trimmed(&node.input).len();
        let (low, high) = schema.inputs;
        if given > high as usize || (given.max(node.input.len().min(schema.omittable as usize))) < low as usize {
            problem(format!("takes {} inputs, not {given}", range_text(low, high)));
        } else if let Some(i) = (schema.omittable as usize..low as usize).find(|&i| node.input[i].is_empty()) {
            problem(format!("input {i} is omitted, but is required"));
        }
        let given = trimmed(&node.output).len();
        let (low, high) = schema.outputs;
        if given > high as usize || given < low as usize {
            problem(format!("gives {} outputs, not {given}", range_text(low, high)));
        }
    }
}

fn range_text(low: u32, high: u32) -> String {
    match (low, high) {
        (low, MANY) => format!("at least {low}"),
        (low, high) if low == high => low.to_string(),
        (low, high) => format!("{low} to {high}"),
    }
}
