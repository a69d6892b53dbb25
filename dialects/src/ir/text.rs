//! IR as text: the one way in and out. Text carries locations (node names) and, beside it, a `.blobs` file in
//! safetensors format with the constants' bytes.

use super::blob::canonical_key;
use super::{AttrExt, Attribute, Blob, Cx, Module, Op, walk_ops};
use melior::ir::operation::{OperationLike, OperationPrintingFlags};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why text could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// MLIR refused the text.
    #[error("{path}: not valid IR\n{}", .messages.join("\n"))]
    Parse {
        /// The file, or `<text>`.
        path: PathBuf,
        /// MLIR's diagnostics.
        messages: Vec<String>,
    },
    /// The `.blobs` file is missing or damaged, or lacks a key.
    #[error("{path}: {message}")]
    Blobs {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// An op as text that parses back: with locations, blob keys in canonical form, no blob contents.
pub fn print(op: Op<'_>) -> String {
    let flags = OperationPrintingFlags::new().enable_debug_info(true, false);
    canonical_text(op.to_string_with_flags(flags).unwrap_or_default())
}

/// An op as text without locations, for comparison and snapshots.
pub fn print_bare(op: Op<'_>) -> String {
    canonical_text(op.to_string_with_flags(OperationPrintingFlags::new().use_local_scope()).unwrap_or_default())
}

/// Takes MLIR's `_N` suffixes off the keys.
fn canonical_text(text: String) -> String {
    const OPEN: &str = "dense_resource<";
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(OPEN) {
        let (before, after) = rest.split_at(at + OPEN.len());
        out.push_str(before);
        let end = after.find('>').unwrap_or(after.len());
        out.push_str(canonical_key(&after[..end]));
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// Parses and verifies text; blobs are not looked for.
///
/// # Errors
/// [`TextError::Parse`] with MLIR's diagnostics.
pub fn parse<'c>(cx: Cx<'c>, text: &str) -> Result<Module<'c>, TextError> {
    cx.take_diagnostics();
    let parsed = Module::parse(cx.context(), text);
    match parsed {
        Some(m) if m.as_operation().verify() => Ok(m),
        _ => Err(TextError::Parse { path: "<text>".into(), messages: cx.take_diagnostics() }),
    }
}

/// The blob keys that an op and what it holds refer to, in attributes and inside of them, sorted.
pub(crate) fn blob_keys(root: Op<'_>) -> BTreeSet<String> {
    fn collect(attr: Attribute<'_>, out: &mut BTreeSet<String>) {
        if let Some(key) = attr.as_resource_key() {
            out.insert(key);
        } else if let Some(items) = attr.as_array() {
            items.into_iter().for_each(|a| collect(a, out));
        } else if let Some(entries) = attr.entries() {
            entries.into_iter().for_each(|(_, a)| collect(a, out));
        }
    }
    let mut out = BTreeSet::new();
    for op in std::iter::once(root).chain(walk_ops(root)) {
        op.attributes().for_each(|(_, a)| collect(a, &mut out));
    }
    out
}

/// Drops the blobs that an op and what it holds don't refer to: constants that passes have replaced.
pub fn retain_blobs<'c>(cx: Cx<'c>, root: Op<'c>) {
    let used = blob_keys(root);
    cx.blobs().retain(|key| used.contains(key));
}

/// Keeps the blobs that any of these ops refers to, until another call says otherwise, whatever else lets go of them.
pub fn pin_blobs<'c>(cx: Cx<'c>, roots: &[Op<'c>]) {
    cx.blobs().pin(roots.iter().flat_map(|&root| blob_keys(root)).map(|k| canonical_key(&k).to_owned()).collect());
}

/// Writes `path` and, if the IR refers to blobs, `path` with extension `blobs`.
///
/// # Errors
/// When a file can't be written, or a blob is missing from the session.
pub fn save<'c>(cx: Cx<'c>, root: Op<'c>, path: &Path) -> Result<(), TextError> {
    let io = |source| TextError::Io { path: path.to_owned(), source };
    let keys = blob_keys(root);
    if !keys.is_empty() {
        let blobs_path = path.with_extension("blobs");
        let err = |message: String| TextError::Blobs { path: blobs_path.clone(), message };
        let blobs: Vec<(String, Blob)> = keys
            .into_iter()
            .map(|k| cx.blobs().get(&k).map(|b| (k.clone(), b)).ok_or_else(|| err(format!("no bytes for key '{k}'"))))
            .collect::<Result<_, _>>()?;
        let views = blobs
            .iter()
            .map(|(k, b)| TensorView::new(Dtype::U8, vec![b.bytes().len()], b.bytes()).map(|v| (k.clone(), v)));
        let views: Vec<_> = views.collect::<Result<_, _>>().map_err(|e| err(e.to_string()))?;
        safetensors::serialize_to_file(views, None, &blobs_path).map_err(|e| err(e.to_string()))?;
    }
    std::fs::write(path, print(root)).map_err(io)
}

/// Reads a file that [`save`] wrote.
///
/// # Errors
/// When a file can't be read, the text is no valid IR, or a blob that it names is missing.
pub fn load<'c>(cx: Cx<'c>, path: &Path) -> Result<Module<'c>, TextError> {
    let text = std::fs::read_to_string(path).map_err(|source| TextError::Io { path: path.to_owned(), source })?;
    let module = parse(cx, &text).map_err(|e| match e {
        TextError::Parse { messages, .. } => TextError::Parse { path: path.to_owned(), messages },
        other => other,
    })?;
    let wanted = blob_keys(module_op(&module));
    if !wanted.is_empty() {
        let blobs_path = path.with_extension("blobs");
        let err = |message: String| TextError::Blobs { path: blobs_path.clone(), message };
        let map = super::map_file(&blobs_path)
            .map_err(|e| err(format!("{e}; it holds the constants of {} and belongs beside it", path.display())))?;
        let tensors = SafeTensors::deserialize(&map).map_err(|e| err(e.to_string()))?;
        let base = map.as_ptr() as usize;
        for key in wanted {
            let view = tensors.tensor(&key).map_err(|_| err(format!("no entry for key '{key}'")))?;
            let start = view.data().as_ptr() as usize - base;
            cx.blobs().insert_keyed(&key, Blob::Mapped(Arc::clone(&map), start..start + view.data().len()));
        }
    }
    Ok(module)
}

/// The module's op as a handle. It must not outlive `module`.
pub fn module_op<'c>(module: &Module<'c>) -> Op<'c> {
    // SAFETY: as for every handle, the caller keeps the module alive while it uses it.
    unsafe { Op::from_raw(module.as_operation().to_raw()) }
}
