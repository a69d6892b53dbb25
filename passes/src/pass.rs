//! What a pass is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use weft_dialects::ir::{Cx, Op, OpError};

/// A failed pass: which, and every problem it found.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{pass}: {}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PassError {
    /// The pass.
    pub pass: String,
    /// The problems; all of a kind at once.
    pub problems: Vec<OpError>,
}

/// What a pass has to say about an op without failing: a fusion that did not happen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The pass.
    pub pass: &'static str,
    /// The op, and its node's name.
    pub about: String,
    /// The remark.
    pub text: String,
}

/// What a running pass gets besides the op.
#[derive(Clone)]
pub struct PassCx<'c> {
    /// The session.
    pub cx: Cx<'c>,
    /// The pass's name.
    pub pass: &'static str,
    /// Options from the pipeline text, `name{key=value other=value}`.
    pub options: BTreeMap<String, String>,
    /// Where remarks go.
    pub remarks: Rc<RefCell<Vec<Remark>>>,
}

impl<'c> PassCx<'c> {
    /// Says something about an op.
    pub fn remark(&self, op: Op<'c>, text: impl Into<String>) {
        use weft_dialects::ir::OpExt;
        let node = op.node_name();
        let about = if node.is_empty() { op.op_name() } else { format!("{} '{node}'", op.op_name()) };
        self.remarks.borrow_mut().push(Remark { pass: self.pass, about, text: text.into() });
    }

    /// An option's value.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }
}

/// The function of a pass. It gets the op that the pipeline anchors it on: a `builtin.module`.
pub type RunFn = for<'c> fn(&PassCx<'c>, Op<'c>) -> Result<(), Vec<OpError>>;

/// A registered pass.
#[derive(Clone, Copy)]
pub struct PassInfo {
    /// Its name in pipelines.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// The options it takes, with their meaning.
    pub options: &'static [(&'static str, &'static str)],
    /// Its function.
    pub run: RunFn,
}
