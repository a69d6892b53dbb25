//! What fuzzing found: each of these files once made the compiler panic. It must compile them, or say what is wrong.

use std::path::Path;
use std::process::Command;

#[test]
fn the_compiler_survives_what_fuzzing_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/finds");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "onnx") {
            continue;
        }
        let out = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_weftc"));
        let run = command.arg("compile").arg(&path).arg("-q").arg("-o").arg(out.path().join("m")).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(matches!(run.status.code(), Some(0 | 1)), "{}: {}\n{said}", path.display(), run.status);
        count += 1;
    }
    assert!(count > 0, "{} holds no model", folder.display());
}
