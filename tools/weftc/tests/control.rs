//! Branches and loops at run time: the same artifact from every level's text, and numbers under wasmtime.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use weft_host::{Artifact, Session, Tensor, Variant};

/// `c` chooses between `x` and `-x`; Scan sums its rows; Loop doubles the sum until its largest element is 8, if `c`.
const MODEL: &str = include_str!("../../../tests/ir/legalize/control.mlir");

fn weftc(dir: &Path, args: &[&str]) {
    let out = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).current_dir(dir).output().expect("weftc starts");
    assert!(out.status.success(), "weftc {}\n{}", args.join(" "), String::from_utf8_lossy(&out.stderr));
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |e: std::io::Result<std::fs::DirEntry>| {
        let e = e.unwrap();
        (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap())
    };
    let mut all: Vec<_> = std::fs::read_dir(dir).unwrap().map(read).collect();
    all.sort();
    all
}

/// What the model computes.
fn expected(c: bool, x: [f32; 6]) -> [Vec<f32>; 3] {
    let y = if c { x.map(|v| -v) } else { x };
    let mut sum = [0f32; 2];
    let mut sums = Vec::new();
    for row in y.chunks(2) {
        sum = [sum[0] + row[0], sum[1] + row[1]];
        sums.extend(sum);
    }
    let mut go = c;
    while go {
        sum = sum.map(|v| v + v);
        go = sum[0].max(sum[1]) < 8.0;
    }
    [y.to_vec(), sums, sum.to_vec()]
}

#[test]
fn every_level_of_a_model_with_control_flow_compiles_to_the_same() {
    let tmp = tempfile::tempdir().unwrap();
    // What follows is the expected text of the pass.
    let model = MODEL.split("// -----").next().unwrap();
    std::fs::write(tmp.path().join("flow.mlir"), model).unwrap();
    weftc(tmp.path(), &["compile", "flow.mlir", "-q", "-o", "artifact", "--dump-levels", "levels"]);
    for level in ["import", "graph", "kernels", "planned", "loops", "machine"] {
        let text = format!("levels/{level}.mlir");
        weftc(tmp.path(), &["compile", &text, "--compile-from", level, "-q", "-o", level]);
        assert!(
            files(&tmp.path().join(level)) == files(&tmp.path().join("artifact")),
            "compiled from the {level} level"
        );
    }
    let artifact = Artifact::open(tmp.path().join("artifact")).unwrap();
    for variant in Variant::ALL {
        let mut session = Session::new(&artifact, variant).unwrap();
        for (c, x) in [
            (true, [-1.0, 0.5, -0.25, 1.0, -0.5, 2.0]),
            (false, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            (true, [-9.0, 1.0, 0.0, 0.0, 1.0, 1.0]),
        ] {
            let inputs =
                [("c", Tensor::from_values(&[], &[c]).unwrap()), ("x", Tensor::from_values(&[3, 2], &x).unwrap())];
            let got: Vec<Vec<f32>> =
                session.run(&inputs).unwrap().iter().map(|(_, t)| t.values::<f32>().unwrap().to_vec()).collect();
            assert_eq!(got, expected(c, x), "{variant}, {c}");
        }
    }
}
