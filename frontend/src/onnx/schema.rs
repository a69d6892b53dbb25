//! The one table of ONNX operators: names, versions, arity, attributes. What the compiler supports of them is
//! decided by legalisation, not here.

#[rustfmt::skip]
#[path = "schema_table.rs"]
mod table;

/// No upper bound on the number of inputs or outputs.
pub const MANY: u32 = u32::MAX;
/// The oldest version of the default domain from which on all operators are read: broadcasting is NumPy's in each of them.
const EVERY_OPERATOR: i64 = 7;

/// Operators of older versions that legalisation knows too: those whose old attributes say nothing about the result
/// (`consumed_inputs`), and those that broadcast by `axis`. Besides them older models may use what hasn't changed.
const EARLY: [&str; 32] = [
    "Abs",
    "Add",
    "And",
    "Ceil",
    "Clip",
    "Div",
    "Elu",
    "Equal",
    "Exp",
    "Floor",
    "Greater",
    "HardSigmoid",
    "InstanceNormalization",
    "LeakyRelu",
    "Less",
    "Log",
    "Max",
    "Mean",
    "Min",
    "Mul",
    "Neg",
    "Or",
    "Pow",
    "Reciprocal",
    "Relu",
    "Selu",
    "Sigmoid",
    "Sqrt",
    "Sub",
    "Sum",
    "Tanh",
    "Xor",
];

/// Whether an operator of the default domain is read in a version.
pub fn is_read(operator: &str, version: i64) -> bool {
    let since = |v: i64| domain("").and_then(|d| d.schema(operator, v)).map(|s| s.since);
    version >= EVERY_OPERATOR || since(version) == since(EVERY_OPERATOR) || EARLY.binary_search(&operator).is_ok()
}

const REQ: bool = true;
const OPT: bool = false;

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names are ONNX's
pub enum AttributeKind {
    Float,
    Int,
    Str,
    Tensor,
    Graph,
    SparseTensor,
    Type,
    Floats,
    Ints,
    Strings,
    Tensors,
    Graphs,
    SparseTensors,
    Types,
}

/// Whether a version of an operator may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It may.
    Current,
    /// The operator was withdrawn in this version.
    Removed,
}

/// One version of an operator.
#[derive(Debug)]
pub struct Schema {
    /// The operator, e.g. `Conv`.
    pub name: &'static str,
    /// The domain version that it came with; it applies until the next row of that name.
    pub since: u32,
    /// Whether it may be used.
    pub state: State,
    /// Least and greatest number of inputs; those before the least are required.
    pub inputs: (u32, u32),
    /// How many of the leading inputs may be left empty all the same.
    pub omittable: u32,
    /// Least and greatest number of outputs.
    pub outputs: (u32, u32),
    /// Name, kind, and whether it is required; sorted by name.
    pub attributes: &'static [(&'static str, AttributeKind, bool)],
}

/// A set of operators that is versioned together.
#[derive(Debug)]
pub struct Domain {
    /// Its name; empty for the default domain.
    pub name: &'static str,
    /// The newest version in the table.
    pub newest: i64,
    schemas: &'static [Schema],
}

/// A domain by name; `ai.onnx` is the default domain.
pub fn domain(name: &str) -> Option<&'static Domain> {
    table::DOMAINS.iter().find(|d| d.name == canonical_domain(name))
}

/// The name under which a domain is looked up.
pub fn canonical_domain(name: &str) -> &str {
    if name == "ai.onnx" { "" } else { name }
}

impl Domain {
    /// The row that applies to an operator at a version of the domain; `None` if there is no such operator, or
    /// not yet.
    pub fn schema(&self, operator: &str, version: i64) -> Option<&'static Schema> {
        self.versions(operator).iter().rev().find(|s| i64::from(s.since) <= version)
    }

    /// All versions of an operator, oldest first; empty if there is no such operator.
    pub fn versions(&self, operator: &str) -> &'static [Schema] {
        let start = self.schemas.partition_point(|s| s.name < operator);
        let end = self.schemas.partition_point(|s| s.name <= operator);
        &self.schemas[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onnx_rs::ast::OpType;

    #[test]
    fn rows_are_sorted_so_that_lookup_finds_them() {
        for domain in table::DOMAINS {
            assert!(domain.schemas.is_sorted_by_key(|s| (s.name, s.since)), "{}", domain.name);
            for s in domain.schemas {
                assert!(s.attributes.is_sorted_by_key(|a| a.0), "{}", s.name);
            }
        }
    }

    #[test]
    fn the_version_that_applies_is_the_last_one_not_newer() {
        let onnx = domain("ai.onnx").unwrap();
        let since = |name, version| onnx.schema(name, version).map(|s| (s.since, s.state));
        assert_eq!(since("Softmax", 12), Some((11, State::Current)));
        assert_eq!(since("Softmax", 13), Some((13, State::Current)));
        assert_eq!(since("Upsample", 9), Some((9, State::Current)));
        assert_eq!(since("Upsample", 13), Some((10, State::Removed)));
        assert_eq!(since("HardSwish", 13), None);
        assert_eq!(since("Nonsense", 13), None);
        assert!(domain("com.example").is_none());
    }

    #[test]
    fn the_parser_keeps_every_operator_name() {
        for s in table::DOMAINS.iter().flat_map(|d| d.schemas) {
            assert_eq!(OpType::from(s.name).as_str(), s.name);
        }
    }
}
