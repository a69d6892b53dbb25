//! Pipelines as text: ours and upstream's, mixed and nested.
//!
//! `a,b{key=value},builtin.module(c,func.func(canonicalize))`. A name in our registry is our pass; `op(...)` nests; all
//! else goes to MLIR's own parser. Each top-level element runs by itself, so that time, text and the verifier's
//! verdict belong to one pass.

use crate::pass::{PassCx, PassError, Remark};
use crate::registry;
use melior::ir::r#type::TypeId;
use melior::pass::{ExternalPass, OperationPassManager, PassManager, create_external};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};
use weft_dialects::ir::{Cx, Module, Op, add_upstream_pass, handle, module_op, register_upstream_passes};

/// One element of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// `name{options}`: ours if registered, else upstream's.
    Pass {
        /// The name.
        name: String,
        /// The options, unparsed.
        options: String,
    },
    /// `op(elements)`.
    Nested {
        /// The op that the elements are anchored on.
        op: String,
        /// The elements.
        elements: Vec<Element>,
    },
}

/// A parsed pipeline; prints back as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pipeline {
    /// Its elements.
    pub elements: Vec<Element>,
}

/// Why a pipeline could not be parsed or run.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The text is malformed, or names an unknown pass or option.
    #[error("pipeline '{text}': {message}")]
    Syntax {
        /// The text.
        text: String,
        /// What is wrong.
        message: String,
    },
    /// A pass failed.
    #[error(transparent)]
    Pass(#[from] PassError),
    /// The verifier, or an upstream pass, refused the IR.
    #[error("after '{element}': {}", .messages.join("\n"))]
    Invalid {
        /// The element that ran.
        element: String,
        /// MLIR's diagnostics.
        messages: Vec<String>,
    },
}

impl Pipeline {
    /// Parses text.
    ///
    /// # Errors
    /// [`PipelineError::Syntax`] on unbalanced brackets, empty elements, or unknown options of our passes.
    pub fn parse(text: &str) -> Result<Self, PipelineError> {
        let err = |message: String| PipelineError::Syntax { text: text.to_owned(), message };
        Ok(Self { elements: parse_elements(text).map_err(err)? })
    }
}

fn parse_elements(text: &str) -> Result<Vec<Element>, String> {
    split(text)?.into_iter().map(parse_element).collect()
}

/// Splits at commas outside brackets.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '(' | '{' | '<' | '[' => depth += 1,
            ')' | '}' | '>' | ']' => depth -= 1,
            ',' if depth == 0 => {
                out.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
        if depth < 0 {
            return Err(format!("unexpected '{c}'"));
        }
    }
    if depth != 0 {
        return Err("a bracket is not closed".to_owned());
    }
    let last = text[start..].trim();
    if !(last.is_empty() && out.is_empty()) {
        out.push(last);
    }
    if out.iter().any(|e| e.is_empty()) {
        return Err("an element is empty".to_owned());
    }
    Ok(out)
}

fn parse_element(text: &str) -> Result<Element, String> {
    if let Some(open) = text.find('(')
        && text.ends_with(')')
        && text.find('{').is_none_or(|b| b > open)
    {
        let elements = parse_elements(&text[open + 1..text.len() - 1])?;
        return Ok(Element::Nested { op: text[..open].trim().to_owned(), elements });
    }
    let (name, options) = match text.find('{') {
        Some(open) if text.ends_with('}') => (&text[..open], &text[open + 1..text.len() - 1]),
        Some(_) => return Err(format!("'{text}' has text after its options")),
        None => (text, ""),
    };
    if let Some(info) = registry::find(name) {
        for key in parse_options(options)?.keys() {
            if !info.options.iter().any(|o| o.0 == key) {
                let known: Vec<_> = info.options.iter().map(|o| o.0).collect();
                return Err(format!("'{name}' has no option '{key}'; it has: {}", known.join(", ")));
            }
        }
    }
    Ok(Element::Pass { name: name.trim().to_owned(), options: options.trim().to_owned() })
}

fn parse_options(text: &str) -> Result<BTreeMap<String, String>, String> {
    text.split_whitespace()
        .map(|pair| match pair.split_once('=') {
            Some((k, v)) => Ok((k.to_owned(), v.to_owned())),
            None => Ok((pair.to_owned(), "true".to_owned())),
        })
        .collect()
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Pass { name, options } if options.is_empty() => f.write_str(name),
            Element::Pass { name, options } => write!(f, "{name}{{{options}}}"),
            Element::Nested { op, elements } => {
                let inner: Vec<_> = elements.iter().map(ToString::to_string).collect();
                write!(f, "{op}({})", inner.join(","))
            }
        }
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.elements.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(","))
    }
}

/// What is called after an element: its text, the module, the time it took.
pub type After<'a> = Box<dyn FnMut(&str, Op<'_>, Duration) + 'a>;

/// How to run: what to be told.
#[derive(Default)]
pub struct RunOptions<'a> {
    /// Called after each element with its text, the module, and the time it took.
    pub after: Option<After<'a>>,
    /// Called before each element with its text.
    pub before: Option<Box<dyn FnMut(&str) + 'a>>,
}

impl Pipeline {
    /// Runs on a module; verifies after every pass. Returns the remarks.
    ///
    /// # Errors
    /// The first failing element's.
    pub fn run<'c>(
        &self,
        cx: Cx<'c>,
        module: &mut Module<'c>,
        options: &mut RunOptions<'_>,
    ) -> Result<Vec<Remark>, PipelineError> {
        register_upstream_passes();
        let remarks = Rc::new(RefCell::new(Vec::new()));
        for element in self.elements.iter().flat_map(singles) {
            let text = element.to_string();
            if let Some(before) = &mut options.before {
                before(&text);
            }
            let start = Instant::now();
            run_one(cx, module, &element, &text, &remarks)?;
            let took = start.elapsed();
            if let Some(after) = &mut options.after {
                after(&text, module_op(module), took);
            }
        }
        Ok(remarks.take())
    }
}

/// `op(a,b)` as `op(a)` and `op(b)`, so that each pass runs, is timed and is shown by itself.
fn singles(element: &Element) -> Vec<Element> {
    match element {
        Element::Nested { op, elements } => {
            elements.iter().flat_map(singles).map(|e| Element::Nested { op: op.clone(), elements: vec![e] }).collect()
        }
        pass => vec![pass.clone()],
    }
}

fn run_one<'c>(
    cx: Cx<'c>,
    module: &mut Module<'c>,
    element: &Element,
    text: &str,
    remarks: &Rc<RefCell<Vec<Remark>>>,
) -> Result<(), PipelineError> {
    cx.take_diagnostics();
    let failures: Rc<RefCell<Vec<PassError>>> = Rc::default();
    let manager = PassManager::new(cx.context());
    manager.enable_verifier(true);
    add(cx, &manager.as_operation_pass_manager(), element, &failures, remarks)
        .map_err(|message| PipelineError::Syntax { text: text.to_owned(), message })?;
    let result = manager.run(module);
    if let Some(failure) = failures.borrow_mut().pop() {
        return Err(failure.into());
    }
    result.map_err(|_| PipelineError::Invalid { element: text.to_owned(), messages: cx.take_diagnostics() })
}

fn add<'c>(
    cx: Cx<'c>,
    manager: &OperationPassManager<'c, '_>,
    element: &Element,
    failures: &Rc<RefCell<Vec<PassError>>>,
    remarks: &Rc<RefCell<Vec<Remark>>>,
) -> Result<(), String> {
    match element {
        Element::Nested { op, elements } => {
            let nested = manager.nested_under(op);
            elements.iter().try_for_each(|e| add(cx, &nested, e, failures, remarks))
        }
        Element::Pass { name, options } => match registry::find(name) {
            Some(info) => {
                let pass_cx =
                    PassCx { cx, pass: info.name, options: parse_options(options)?, remarks: Rc::clone(remarks) };
                let failures = Rc::clone(failures);
                let run = info.run;
                let body = move |op: melior::ir::operation::OperationRef<'c, '_>, pass: ExternalPass<'_>| {
                    let outcome = run(&pass_cx, handle(op));
                    if let Err(problems) = outcome {
                        failures.borrow_mut().push(PassError { pass: info.name.to_owned(), problems });
                        pass.signal_failure();
                    }
                };
                manager.add_pass(create_external(body, TypeId::create(info), info.name, info.name, info.doc, "", &[]));
                Ok(())
            }
            None => add_upstream_pass(manager, &element.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_dialects::ir::{Session, parse, print_bare};

    #[test]
    fn text_prints_back() {
        let text = "cse,builtin.module(set-level{level=loops},func.func(canonicalize{max-iterations=3}))";
        assert_eq!(Pipeline::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn syntax_errors_say_what() {
        let message = |t: &str| Pipeline::parse(t).unwrap_err().to_string();
        assert_eq!(message("cse,("), "pipeline 'cse,(': a bracket is not closed");
        assert_eq!(message("cse,,cse"), "pipeline 'cse,,cse': an element is empty");
        assert_eq!(
            message("set-level{lvl=loops}"),
            "pipeline 'set-level{lvl=loops}': 'set-level' has no option 'lvl'; it has: level"
        );
    }

    #[test]
    fn ours_and_upstreams_run_mixed() {
        let session = Session::new();
        let cx = session.cx();
        let mut module =
            parse(cx, "func.func @f(%a: i32) -> i32 { %0 = arith.addi %a, %a : i32 return %a : i32 }").unwrap();
        let pipeline = Pipeline::parse("func.func(canonicalize),set-level{level=loops}").unwrap();
        let mut ran = Vec::new();
        pipeline
            .run(
                cx,
                &mut module,
                &mut RunOptions { after: Some(Box::new(|t, _, _| ran.push(t.to_owned()))), before: None },
            )
            .unwrap();
        let text = print_bare(module_op(&module));
        assert!(text.contains("weft.level = \"loops\"") && !text.contains("addi"), "{text}");
        assert_eq!(ran, ["func.func(canonicalize)", "set-level{level=loops}"]);
    }

    #[test]
    fn an_unknown_pass_is_an_error() {
        let session = Session::new();
        let mut module = parse(session.cx(), "").unwrap();
        let err = Pipeline::parse("no-such-pass").unwrap().run(session.cx(), &mut module, &mut RunOptions::default());
        let message = err.unwrap_err().to_string();
        assert!(message.contains("no-such-pass"), "{message}");
    }
}
