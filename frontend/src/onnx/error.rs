//! What can go wrong with a model, said so that the user can act on it.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

/// Why a model could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be opened or mapped.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The model file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The bytes are no ONNX model.
    #[error("{}: not an ONNX model: {reason}", .path.display())]
    NotOnnx {
        /// The model file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// The model, or what the options say about it, is not valid; all problems at once.
    #[error("{}: {problems}", .path.display())]
    Model {
        /// The model file.
        path: PathBuf,
        /// What is wrong.
        problems: Problems,
    },
}

/// All that is wrong with a model, printed one problem a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// A list without repetitions, which come from functions that are called more than once.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        let mut seen = HashSet::new();
        problems.retain(|p| seen.insert(p.clone()));
        Self(problems)
    }

    /// The problems, at least one, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = &self.0[..] {
            return write!(f, "{one}");
        }
        const SHOWN: usize = 50;
        write!(f, "{} problems", self.0.len())?;
        self.0.iter().take(SHOWN).try_for_each(|p| write!(f, "\n  {p}"))?;
        if self.0.len() > SHOWN { write!(f, "\n  and {} more", self.0.len() - SHOWN) } else { Ok(()) }
    }
}

/// One thing that is wrong with a model or with the options given for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Problem {
    /// An operator set that is too old or too new.
    #[error("{}", opset_message(.domain, *.version, *.oldest, *.newest))]
    Opset {
        /// The domain; empty for the default one.
        domain: String,
        /// The version that the model imports; `None` if it imports none though nodes use it.
        version: Option<i64>,
        /// The oldest version that can be read.
        oldest: i64,
        /// The newest version that is known.
        newest: i64,
    },
    /// An operator that ONNX doesn't have, at this version of its domain.
    #[error("operator '{operator}' {reason}; {}", used_by(.nodes))]
    UnknownOperator {
        /// The operator, with its domain unless that is the default one.
        operator: String,
        /// Why there is none.
        reason: String,
        /// The nodes that use it.
        nodes: Vec<String>,
    },
    /// A node has too few or too many inputs or outputs.
    #[error("node '{node}' ({operator}): {message}")]
    Arity {
        /// The node.
        node: String,
        /// Its operator.
        operator: String,
        /// What was expected and found.
        message: String,
    },
    /// A node's attribute is unknown, missing, of the wrong kind, or can't be read.
    #[error("node '{node}' ({operator}): attribute '{attribute}' {message}")]
    Attribute {
        /// The node.
        node: String,
        /// Its operator.
        operator: String,
        /// The attribute.
        attribute: String,
        /// What is wrong with it.
        message: String,
    },
    /// A value is used that nothing defines.
    #[error("value '{name}' is not defined by any input, initializer or node; {}", used_by(.users))]
    Undefined {
        /// The value.
        name: String,
        /// The nodes that use it.
        users: Vec<String>,
    },
    /// A value is defined more than once.
    #[error("value '{name}' is defined more than once: by {}", .definitions.join(", "))]
    Duplicate {
        /// The value.
        name: String,
        /// What defines it.
        definitions: Vec<String>,
    },
    /// Nodes that depend on each other's outputs.
    #[error("nodes form a cycle: {}", cycle_text(.nodes))]
    Cycle {
        /// The nodes, each before the one that uses its output.
        nodes: Vec<String>,
    },
    /// A tensor whose description and data don't fit, or whose data can't be had.
    #[error("{tensor}: {message}")]
    Tensor {
        /// What it is, e.g. `initializer 'w'`.
        tensor: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// A graph input whose type can't be compiled.
    #[error("input '{input}': {message}")]
    Input {
        /// The input.
        input: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// Dims of an input that neither the file nor the options give.
    #[error("input '{input}' ({ty}) has {missing}; give {example}")]
    MissingShape {
        /// The input.
        input: String,
        /// Its element type and shape as far as known.
        ty: String,
        /// Which dims are missing.
        missing: String,
        /// Options that would give them.
        example: String,
    },
    /// An option that contradicts the model.
    #[error("{option}: {message}")]
    Option {
        /// The option as given.
        option: String,
        /// What it contradicts.
        message: String,
    },
    /// Something about a graph as a whole.
    #[error("{message}")]
    Graph {
        /// What is wrong.
        message: String,
    },
    /// A model-local function that can't be inlined.
    #[error("function '{function}' {message}")]
    Function {
        /// Its domain and name.
        function: String,
        /// What is wrong.
        message: String,
    },
}

fn opset_message(domain: &str, version: Option<i64>, oldest: i64, newest: i64) -> String {
    let of = if domain.is_empty() { String::new() } else { format!(" of domain '{domain}'") };
    match version {
        None => format!("no operator set{of} is imported, though nodes use it; the model is damaged"),
        Some(v) if v < oldest => format!(
            "opset {v}{of} is too old: {oldest} to {newest} can be read; convert the model with onnx.version_converter"
        ),
        Some(v) => format!(
            "opset {v}{of} is newer than this compiler knows ({oldest} to {newest}); export the model for opset \
             {newest}, or convert it with onnx.version_converter"
        ),
    }
}

/// `2 nodes use it: 'a', 'b'`, with at most six names.
fn used_by(nodes: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = match nodes.len() {
        1 => "1 node uses it: ".to_owned(),
        n => format!("{n} nodes use it: "),
    };
    let names: Vec<_> = nodes.iter().take(SHOWN).map(|n| format!("'{n}'")).collect();
    text += &names.join(", ");
    if nodes.len() > SHOWN {
        text += &format!(" and {} more", nodes.len() - SHOWN);
    }
    text
}

fn cycle_text(nodes: &[String]) -> String {
    let mut names: Vec<_> = nodes.iter().take(8).map(|n| format!("'{n}'")).collect();
    if nodes.len() > names.len() {
        names.push(format!("{} more", nodes.len() - names.len()));
    }
    if let Some(first) = nodes.first() {
        names.push(format!("'{first}'"));
    }
    names.join(" -> ")
}
