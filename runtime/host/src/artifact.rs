//! An artifact's folder, with what is read of it checked.

use crate::HostError;
use std::{
    fs,
    path::{Path, PathBuf},
};
use weft_artifact::{Manifest, Variant, WasmProgram, sha256_hex};

/// A compiled model on disk.
#[derive(Clone, Debug)]
pub struct Artifact {
    folder: PathBuf,
    manifest: Manifest,
}

impl Artifact {
    /// Opens a folder that `weftc compile` wrote. Reads the manifest; other files are read, and their hashes checked, when needed.
    ///
    /// # Errors
    /// If the manifest is missing or wrong.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, HostError> {
        let folder = folder.as_ref().to_owned();
        let manifest = Manifest::read(&folder)?;
        Ok(Artifact { folder, manifest })
    }

    /// Signature, memory and statistics.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads all files and compares sizes and hashes with the manifest's.
    ///
    /// # Errors
    /// On the first file that is missing or differs.
    pub fn verify(&self) -> Result<(), HostError> {
        for (file, bytes, sha256) in self.manifest.files() {
            read(&self.folder.join(file), bytes, sha256)?;
        }
        Ok(())
    }

    /// The model as Wasm.
    pub(crate) fn wasm(&self) -> Result<&WasmProgram, HostError> {
        let manifest = &self.manifest;
        manifest.wasm.as_ref().ok_or_else(|| {
            let names: Vec<_> = manifest.devices.iter().map(|device| device.name()).collect();
            HostError::NoModules { model: manifest.model.clone(), devices: names.join(", ") }
        })
    }

    /// The path and bytes of a module.
    pub(crate) fn module(&self, program: &WasmProgram, variant: Variant) -> Result<(PathBuf, Vec<u8>), HostError> {
        let Some(module) = program.module(variant) else {
            let names: Vec<_> = program.variants.iter().map(|module| module.name.name()).collect();
            return Err(HostError::NoVariant {
                model: self.manifest.model.clone(),
                variant,
                available: names.join(", "),
            });
        };
        let bytes = self.file(&module.file, module.bytes, &module.sha256)?;
        Ok((self.path(&module.file), bytes))
    }

    /// The weights' bytes, if they aren't in the modules.
    pub(crate) fn weights(&self, program: &WasmProgram) -> Result<Option<Vec<u8>>, HostError> {
        let weights = &program.weights;
        let Some(file) = &weights.file else { return Ok(None) };
        self.file(file, weights.region.bytes.into(), &weights.sha256).map(Some)
    }

    /// The path of a file.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The bytes of a file of this size and hash.
    pub(crate) fn file(&self, file: &str, bytes: u64, sha256: &str) -> Result<Vec<u8>, HostError> {
        read(&self.path(file), bytes, sha256)
    }
}

fn read(path: &Path, size: u64, sha256: &str) -> Result<Vec<u8>, HostError> {
    let io = |source| HostError::Io { path: path.to_owned(), source };
    // The size first, so that a wrong file isn't read at all.
    let found = fs::metadata(path).map_err(io)?.len();
    if found != size {
        return Err(HostError::Size { path: path.to_owned(), expected: size, found });
    }
    let bytes = fs::read(path).map_err(io)?;
    let found = sha256_hex(&bytes);
    if found != sha256 {
        return Err(HostError::Hash { path: path.to_owned(), expected: sha256.to_owned(), found });
    }
    Ok(bytes)
}
