//! The model file and its external data, mapped.

use super::ImportError;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use weft_dialects::ir::{Blob, map_file};

/// A mapped model file, and the folder that its external data must lie in.
pub(super) struct ModelFile {
    path: PathBuf,
    map: Arc<memmap2::Mmap>,
    external: RefCell<BTreeMap<PathBuf, Arc<memmap2::Mmap>>>,
}

/// First bytes of files that are taken for models, and what they are.
const OTHER_FORMATS: [(usize, &[u8], &str); 6] = [
    (0, b"version https://git-lfs", "it is a Git LFS pointer: fetch the file itself with `git lfs pull`"),
    (4, b"TFL3", "it is a TensorFlow Lite model"),
    (0, b"PK\x03\x04", "it is a zip archive, such as a PyTorch checkpoint: unpack or export it"),
    (0, b"\x1f\x8b", "it is compressed with gzip: unpack it"),
    (0, b"\x89HDF", "it is an HDF5 file, such as a Keras model: export it as ONNX"),
    (0, b"<", "it is a text in HTML or XML, perhaps a download that failed"),
];

impl ModelFile {
    /// Opens and maps a file.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let io = |source| ImportError::Io { path: path.to_owned(), source };
        let metadata = std::fs::metadata(path).map_err(io)?;
        let not_onnx = |reason: &str| ImportError::NotOnnx { path: path.to_owned(), reason: reason.to_owned() };
        // Opening a pipe or a device could wait forever.
        if !metadata.is_file() {
            return Err(not_onnx("it is not a regular file"));
        }
        if metadata.len() == 0 {
            return Err(not_onnx("it is empty"));
        }
        let map = map_file(path).map_err(io)?;
        for (at, magic, what) in OTHER_FORMATS {
            if map.get(at..at + magic.len()) == Some(magic) {
                return Err(not_onnx(what));
            }
        }
        Ok(Self { path: path.to_owned(), map, external: RefCell::default() })
    }

    /// The whole file.
    pub fn map(&self) -> Arc<memmap2::Mmap> {
        Arc::clone(&self.map)
    }

    /// The file's name without extension: the model's name.
    pub fn stem(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The error for a file that is no model.
    pub fn not_onnx(&self, reason: String) -> ImportError {
        ImportError::NotOnnx { path: self.path.clone(), reason }
    }

    /// Bytes borrowed from the file, as a blob that keeps it mapped; copied if they lie elsewhere.
    pub fn blob(&self, bytes: &[u8]) -> Blob {
        let start = (bytes.as_ptr() as usize).wrapping_sub(self.map.as_ptr() as usize);
        match start.checked_add(bytes.len()) {
            Some(end) if end <= self.map.len() => Blob::Mapped(self.map(), start..end),
            _ => Blob::Owned(Arc::from(bytes)),
        }
    }

    /// A range of a file of external data: `length` bytes from `offset`, or all that follow.
    pub fn external(&self, location: &str, offset: u64, length: Option<u64>) -> Result<Blob, String> {
        let map = self.external_map(location)?;
        let size = map.len() as u64;
        let length = length.unwrap_or(size.saturating_sub(offset));
        match offset.checked_add(length) {
            Some(end) if end <= size => Ok(Blob::Mapped(map, Range { start: offset as usize, end: end as usize })),
            _ => Err(format!(
                "its external data is {length} bytes from byte {offset} of '{location}', which has only {size}; the \
                 file is truncated or belongs to another model"
            )),
        }
    }

    fn external_map(&self, location: &str) -> Result<Arc<memmap2::Mmap>, String> {
        let relative = Path::new(location);
        let inside = relative.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
        if location.is_empty() || location.contains('\0') || !inside {
            return Err(format!(
                "its external data '{location}' is outside the model's folder; only files inside it are read, by \
                 relative paths without '..'"
            ));
        }
        let unreadable = |e: std::io::Error| {
            format!("its external data '{location}' can't be read: {e}; it belongs beside the model file")
        };
        let folder = match self.path.parent() {
            Some(p) if !p.as_os_str().is_empty() => p,
            _ => Path::new("."),
        };
        let folder = folder.canonicalize().map_err(unreadable)?;
        let target = folder.join(relative).canonicalize().map_err(unreadable)?;
        if !target.starts_with(&folder) {
            return Err(format!(
                "its external data '{location}' is a link to '{}', outside the model's folder; copy the file into it",
                target.display()
            ));
        }
        if !std::fs::metadata(&target).map_err(unreadable)?.is_file() {
            return Err(format!("its external data '{location}' is not a regular file"));
        }
        let mut maps = self.external.borrow_mut();
        if let Some(map) = maps.get(&target) {
            return Ok(Arc::clone(map));
        }
        let map = map_file(&target).map_err(unreadable)?;
        maps.insert(target, Arc::clone(&map));
        Ok(map)
    }
}
