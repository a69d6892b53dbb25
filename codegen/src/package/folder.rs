//! The output folder: it appears whole, replaces an earlier one at once, and is left alone if it holds anything else.

use super::PackageError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use weft_artifact::file;

/// Writes the files into the folder `out`, which replaces an artifact there.
pub(super) fn replace(out: &Path, files: &[super::File]) -> Result<(), PackageError> {
    let (out, exists) = resolve(out)?;
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(failed("create", parent))?;
    // Beside the output, so that it is on the same file system; removed when dropped, on every way out.
    let stage = tempfile::Builder::new().prefix(".weft-").tempdir_in(parent).map_err(failed("write in", parent))?;
    let (new, old) = (stage.path().join("new"), stage.path().join("old"));
    fs::create_dir(&new).map_err(failed("create", &new))?;
    for (name, bytes) in files {
        fs::write(new.join(name), bytes).map_err(failed("write", &out.join(name)))?;
    }
    if exists {
        fs::rename(&out, &old).map_err(failed("replace", &out))?;
    }
    if let Err(error) = fs::rename(&new, &out) {
        if exists {
            fs::rename(&old, &out).map_err(failed("put back", &out))?;
        }
        return Err(failed("create", &out)(error));
    }
    let path = stage.path().to_owned();
    stage.close().map_err(failed("remove", &path))
}

/// The folder's path, and whether it is there; links are followed.
fn resolve(out: &Path) -> Result<(PathBuf, bool), PackageError> {
    match fs::canonicalize(out) {
        Ok(path) => check(&path).map(|()| (path, true)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match out.file_name() {
            Some(_) => Ok((out.to_owned(), false)),
            None => Err(PackageError::NoName(out.to_owned())),
        },
        Err(error) => Err(failed("open", out)(error)),
    }
}

/// Only an empty folder or an artifact may be replaced.
fn check(out: &Path) -> Result<(), PackageError> {
    if out.parent().is_none() {
        return Err(PackageError::NoName(out.to_owned()));
    }
    if !out.is_dir() {
        return Err(PackageError::NotAFolder(out.to_owned()));
    }
    let mut foreign = Vec::new();
    for entry in fs::read_dir(out).map_err(failed("open", out))? {
        let entry = entry.map_err(failed("open", out))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = file::is_ours(&name) && entry.file_type().is_ok_and(|kind| kind.is_file());
        if !ours {
            foreign.push(name);
        }
    }
    if foreign.is_empty() {
        return Ok(());
    }
    foreign.sort();
    let more = foreign.len().saturating_sub(3);
    foreign.truncate(3);
    let names = foreign.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(PackageError::Foreign { path: out.to_owned(), names })
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PackageError {
    let path = path.to_owned();
    move |source| PackageError::Io { action, path, source }
}
