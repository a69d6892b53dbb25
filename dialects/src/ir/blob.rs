//! Constants' bytes: kept in Rust, named in the IR by `dense_resource` keys.
//!
//! A key is `b` and 16 hex digits of the content's BLAKE3 hash, so equal constants share a blob and the same
//! input always gives the same keys. MLIR makes resource handles unique by appending `_N` to a key it has
//! seen; [`canonical_key`] takes that off again, and printing writes the canonical form only.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A constant's bytes: a range of a mapped file, or owned.
#[derive(Clone)]
pub enum Blob {
    /// Bytes inside a memory-mapped file.
    Mapped(Arc<memmap2::Mmap>, Range<usize>),
    /// Bytes made by the compiler.
    Owned(Arc<[u8]>),
}

impl Blob {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Blob::Mapped(map, range) => &map[range.clone()],
            Blob::Owned(bytes) => bytes,
        }
    }

    /// Lets the system take back the memory that a mapped range has been read into; reading it again would be slower, no more.
    fn release(&self) {
        #[cfg(unix)]
        if let Blob::Mapped(map, range) = self {
            // SAFETY: the map is read-only and shared with the file, so that its pages come back as they were.
            // A refusal only leaves them where they are.
            let _ = unsafe { map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, range.start, range.len()) };
        }
    }
}

/// Maps a file read-only. As with every mapped input, the user must not change it meanwhile.
///
/// # Errors
/// The system's, when the file can't be opened or mapped.
pub fn map_file(path: &Path) -> std::io::Result<Arc<memmap2::Mmap>> {
    let file = std::fs::File::open(path)?;
    // SAFETY: the map is only read; see above for changes from outside.
    Ok(Arc::new(unsafe { memmap2::Mmap::map(&file) }?))
}

/// The blobs of one session, by key. A blob lives until [`BlobStore::retain`] or [`BlobStore::remove`] drops it; a pinned one
/// survives both.
#[derive(Default)]
pub struct BlobStore {
    blobs: RefCell<BTreeMap<String, Blob>>,
    pinned: RefCell<BTreeSet<String>>,
}

impl BlobStore {
    /// Stores a blob and returns its key.
    pub fn insert(&self, blob: Blob) -> String {
        let hash = blake3::hash(blob.bytes());
        let key = format!("b{}", &hash.to_hex()[..16]);
        self.blobs.borrow_mut().entry(key.clone()).or_insert(blob);
        key
    }

    /// Stores a blob under the key that text gave it.
    pub fn insert_keyed(&self, key: &str, blob: Blob) {
        self.blobs.borrow_mut().insert(canonical_key(key).to_owned(), blob);
    }

    /// The blob of a key, with or without MLIR's suffix.
    pub fn get(&self, key: &str) -> Option<Blob> {
        self.blobs.borrow().get(canonical_key(key)).cloned()
    }

    /// Keeps the blobs of these keys, and of no others, whatever happens: while one module is worked on, those of the others.
    pub fn pin(&self, keys: BTreeSet<String>) {
        *self.pinned.borrow_mut() = keys;
    }

    /// Drops a blob, unless it is pinned; a key with MLIR's suffix means the same.
    pub fn remove(&self, key: &str) {
        if self.pinned.borrow().contains(canonical_key(key)) {
            return;
        }
        if let Some(blob) = self.blobs.borrow_mut().remove(canonical_key(key)) {
            blob.release();
        }
    }

    /// Drops every blob whose key `keep` refuses and that isn't pinned.
    pub fn retain(&self, mut keep: impl FnMut(&str) -> bool) {
        let pinned = self.pinned.borrow();
        self.blobs.borrow_mut().retain(|key, blob| {
            let kept = pinned.contains(key) || keep(key);
            if !kept {
                blob.release();
            }
            kept
        });
    }

    /// Bytes held in owned (not mapped) blobs.
    pub fn owned_bytes(&self) -> usize {
        self.blobs.borrow().values().map(|b| if let Blob::Owned(x) = b { x.len() } else { 0 }).sum()
    }
}

/// A key without the suffix that MLIR adds to make handles unique.
pub fn canonical_key(key: &str) -> &str {
    key.split('_').next().unwrap_or(key)
}
