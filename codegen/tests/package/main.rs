//! The package writer, on modules written by hand. What it writes is kept in `runtime/fixtures`, where the runtimes' tests use it.
#![allow(missing_docs, clippy::unwrap_used)]

mod gpu;

use std::{
    fs,
    path::{Path, PathBuf},
};
use weft_artifact::open::{Atom, Expr, Extent, Open, Symbol, Term};
use weft_artifact::{Device, Dtype, Manifest, Stats, TensorSpec, Variant};
use weft_codegen::package::{EMBED_LIMIT, Layout, PackageError, PackageInput, WasmPart, plan, write};

const RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.js");
const GPU_RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.gpu.js");
const TYPES: &str = include_str!("../../../runtime/js/src/types.d.ts");

fn spec(name: &str, dtype: Dtype, shape: &[u64]) -> TensorSpec {
    TensorSpec { name: name.into(), dtype, shape: shape.into(), image: None }
}

struct Model {
    name: &'static str,
    layout: Layout,
    modules: Vec<(Variant, Vec<u8>)>,
    weights: Vec<u8>,
    inputs: Vec<TensorSpec>,
    outputs: Vec<TensorSpec>,
    open: Option<Open>,
}

impl Model {
    fn write(&self, out: &Path) -> Result<Manifest, PackageError> {
        let modules: Vec<_> = self.modules.iter().map(|(variant, bytes)| (*variant, bytes.as_slice())).collect();
        write(
            &PackageInput {
                model_name: self.name,
                devices: &[Device::Wasm],
                inputs: &self.inputs,
                outputs: &self.outputs,
                states: &self.layout.map.states,
                open: self.open.as_ref(),
                stats: Stats {
                    operators: [("Mul".into(), 1), ("Add".into(), 2)].into(),
                    kernels: 2,
                    flops: 12,
                    peak_bytes: 0,
                },
                wasm: Some(WasmPart { layout: &self.layout, modules: &modules, weights: &self.weights }),
                webgpu: &[],
            },
            out,
        )
    }
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// y = x * w + x, sum = ids + mask, copy = half.
fn tiny() -> Model {
    let module = |multiply_add: &str| {
        let row = |at: u32| {
            let load = |name: &str| format!("(v128.load offset={at} (local.get ${name}))");
            let y = multiply_add.replace("{x}", &load("x")).replace("{w}", &load("w"));
            format!("(v128.store offset={at} (local.get $y) {y})")
        };
        // Six values: the second vector overlaps the first.
        let (first, second) = (row(0), row(8));
        wat::parse_str(format!(
            r#"(module
              (memory (export "memory") 1)
              (func (export "main")
                (param $w i32) (param $arena i32) (param $x i32) (param $ids i32) (param $mask i32) (param $half i32)
                (param $empty i32) (param $proto i32) (param $y i32) (param $sum i32) (param $copy i32)
                {first}
                {second}
                (i64.store (local.get $sum) (i64.add (i64.load (local.get $ids)) (i64.load8_u (local.get $mask))))
                (i64.store offset=8 (local.get $sum)
                  (i64.add (i64.load offset=8 (local.get $ids)) (i64.load8_u offset=1 (local.get $mask))))
                (i32.store (local.get $copy) (i32.load (local.get $half)))))"#
        ))
        .unwrap()
    };
    let inputs = vec![
        spec("x", Dtype::Float32, &[2, 3]),
        spec("ids", Dtype::Int64, &[2]),
        spec("attention mask", Dtype::Bool, &[1, 2]),
        spec("half", Dtype::Float16, &[2]),
        spec("class", Dtype::Uint8, &[0, 4]),
        spec("__proto__", Dtype::Int8, &[]),
    ];
    let outputs = vec![
        spec("y", Dtype::Float32, &[2, 3]),
        spec("sum/\"1\"", Dtype::Int64, &[2]),
        spec("copy", Dtype::Float16, &[2]),
    ];
    let weights = floats(&[0., 1., 2., 3., 4., 5.]);
    let layout = Layout { embed_weights: false, ..plan(&inputs, &outputs, &[], 24, 0).unwrap() };
    let modules = vec![
        (Variant::Simd, module("(f32x4.add (f32x4.mul {x} {w}) {x})")),
        (Variant::Relaxed, module("(f32x4.relaxed_madd {x} {w} {x})")),
    ];
    Model { name: "tiny", layout, modules, weights, inputs, outputs, open: None }
}

const EMBEDDED: &str = r#"(module
  (memory (export "memory") 1)
  (data (i32.const 1024) "\00\00\80\3f\00\00\00\40\00\00\40\40\00\00\80\40")
  (func (export "main") (param $w i32) (param $arena i32) (param $x i32) (param $y i32)
    (v128.store (local.get $arena) (f32x4.mul (v128.load (local.get $x)) (v128.load (local.get $w))))
    (v128.store (local.get $y) (v128.load (local.get $arena)))))"#;

/// y = x * w, by way of the arena.
fn embedded() -> Model {
    let inputs = vec![spec("x", Dtype::Float32, &[4])];
    let outputs = vec![spec("y", Dtype::Float32, &[4])];
    Model {
        name: "embedded",
        layout: plan(&inputs, &outputs, &[], 16, 16).unwrap(),
        modules: vec![(Variant::Simd, wat::parse_str(EMBEDDED).unwrap())],
        weights: floats(&[1., 2., 3., 4.]),
        inputs,
        outputs,
        open: None,
    }
}

const PREPARED: &str = r#"(module
  (memory (export "memory") 1)
  (data (i32.const 1024) "\00\00\80\3f\00\00\00\40\00\00\40\40\00\00\80\40")
  (func (export "init") (param $w i32) (param $arena i32)
    (v128.store (local.get $arena) (f32x4.add (v128.load (local.get $w)) (v128.load (local.get $w)))))
  (func (export "main") (param $w i32) (param $arena i32) (param $x i32) (param $y i32)
    (v128.store (local.get $y) (f32x4.mul (v128.load (local.get $x)) (v128.load (local.get $arena))))))"#;

/// y = x * 2w, where 2w is made when the model is loaded.
fn prepared() -> Model {
    let embedded = embedded();
    let layout = Layout { prepared: 16, ..embedded.layout.clone() };
    Model { name: "prepared", layout, modules: vec![(Variant::Simd, wat::parse_str(PREPARED).unwrap())], ..embedded }
}

const OPEN: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "main") (param $weights i32) (param $arena i32) (param $x i32) (param $z i32) (param $y i32) (param $n i32) (param $length i32)
    (v128.store (local.get $y) (f32x4.add (v128.load (local.get $x)) (v128.load (local.get $z))))
    (v128.store offset=16 (local.get $y) (f32x4.add (v128.load offset=16 (local.get $x)) (v128.load (local.get $z))))
    (i32.store (local.get $n) (local.get $length))))"#;

/// y = x + z along a dim of 1 to 4 that is left open, and its value.
fn open() -> Model {
    let (inputs, outputs) = (
        vec![spec("x", Dtype::Float32, &[2, 4]), spec("z", Dtype::Float32, &[4])],
        vec![spec("y", Dtype::Float32, &[2, 4]), spec("n", Dtype::Int32, &[])],
    );
    let length = || {
        let terms = vec![Term { factor: 1, atom: Atom::Symbol(0) }];
        Extent::Open(Expr { terms, constant: 0 })
    };
    Model {
        name: "open",
        layout: plan(&inputs, &outputs, &[], 0, 0).unwrap(),
        modules: vec![(Variant::Simd, wat::parse_str(OPEN).unwrap())],
        weights: Vec::new(),
        inputs,
        outputs,
        open: Some(Open {
            symbols: vec![Symbol { name: "length".into(), min: 1, max: 4 }],
            inputs: vec![vec![Extent::Known(2), length()], vec![length()]],
            outputs: vec![vec![Extent::Known(2), length()], Vec::new()],
        }),
    }
}

#[test]
fn dims_that_are_left_open() {
    check("open", &|out| open().write(out));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Compares what is written with the fixture; with WEFT_BLESS in the environment, replaces the fixture.
fn check(name: &str, write: &dyn Fn(&Path) -> Result<Manifest, PackageError>) -> tempfile::TempDir {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/er").join(name);
    let manifest = write(&out).unwrap();
    assert_eq!(manifest, Manifest::read(&out).unwrap());

    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/fixtures").join(name);
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    for name in names(&out) {
        let mut bytes = fs::read(out.join(&name)).unwrap();
        // Of the scripts, the part that every model has is kept once, in runtime/js.
        let shared = match (name.as_str(), manifest.webgpu.is_empty()) {
            ("index.js", true) => RUNTIME.to_owned(),
            ("index.js", false) => GPU_RUNTIME.to_owned(),
            ("index.d.ts", true) => TYPES.to_owned(),
            ("index.d.ts", false) => TYPES.to_owned() + gpu::TYPES.split_once("\n\n").unwrap().1,
            _ => String::new(),
        };
        assert!(bytes.ends_with(shared.as_bytes()), "{name}");
        bytes.truncate(bytes.len() - shared.len());
        found.push((name.replace("index.", "head."), bytes));
    }
    found.sort();
    if std::env::var_os("WEFT_BLESS").is_some() {
        let _ = fs::remove_dir_all(&fixture);
        fs::create_dir_all(&fixture).unwrap();
        for (name, bytes) in &found {
            fs::write(fixture.join(name), bytes).unwrap();
        }
    }
    assert_eq!(found.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names(&fixture));
    for (name, bytes) in found {
        let expected = fs::read(fixture.join(&name)).unwrap();
        match (str::from_utf8(&bytes), str::from_utf8(&expected)) {
            (Ok(bytes), Ok(expected)) => assert_eq!(bytes, expected, "{name}; `cargo xtask bless` takes the new one"),
            _ => assert_eq!(bytes, expected, "{name}; `cargo xtask bless` takes the new one"),
        }
    }
    parent
}

#[test]
fn weights_in_a_file() {
    let parent = check("tiny", &|out| tiny().write(out));
    assert_eq!(names(parent.path()), ["deep"]);
    assert_eq!(names(&parent.path().join("deep/er")), ["tiny"], "nothing is left beside the output");
}

#[test]
fn weights_in_the_module() {
    check("embedded", &|out| embedded().write(out));
}

#[test]
fn weights_that_are_prepared() {
    check("prepared", &|out| prepared().write(out));
}

#[test]
fn init_is_there_if_something_is_prepared() {
    let parent = tempfile::tempdir().unwrap();
    let refused = |model: Model| model.write(&parent.path().join("m")).unwrap_err().to_string();
    let said = refused(Model { modules: embedded().modules, ..prepared() });
    assert!(said.contains("a function `init`"), "{said}");
    let said = refused(Model { modules: prepared().modules, ..embedded() });
    assert!(said.contains("a function `init`"), "{said}");
}

#[test]
fn small_weights_are_embedded() {
    let embeds = |bytes| plan(&[], &[], &[], bytes, 0).unwrap().embed_weights;
    assert!(embeds(0) && embeds(EMBED_LIMIT) && !embeds(EMBED_LIMIT + 1));
    let layout = plan(&[], &[], &[], 3, 0).unwrap();
    assert_eq!(layout.data(&[1, 2, 3]), Some((1024, &[1, 2, 3][..])));
    assert_eq!(layout.data(&[]), None);
}

#[test]
fn a_model_beyond_31_bits_is_refused() {
    let huge = [spec("x", Dtype::Float32, &[1 << 40, 1 << 40])];
    assert!(matches!(plan(&huge, &[], &[], 0, 0), Err(PackageError::TooLarge(_))));
}

#[test]
fn an_earlier_artifact_is_replaced_whole() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("m");
    tiny().write(&out).unwrap();
    embedded().write(&out).unwrap();
    assert_eq!(names(&out), ["index.d.ts", "index.js", "manifest.json", "model.simd.wasm"]);
    assert_eq!(names(parent.path()), ["m"]);
}

#[test]
fn an_empty_folder_is_taken() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("m");
    fs::create_dir(&out).unwrap();
    embedded().write(&out).unwrap();
    assert_eq!(Manifest::read(&out).unwrap().model, "embedded");
}

#[test]
#[cfg(unix)]
fn the_output_is_as_readable_as_any_new_folder() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let (out, plain) = (parent.path().join("m"), parent.path().join("plain"));
    embedded().write(&out).unwrap();
    fs::create_dir(&plain).unwrap();
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&out), mode(&plain));
}

/// The message, with the temporary folder's name left out.
fn refused(parent: &Path, out: &str, model: &Model) -> String {
    let parent = fs::canonicalize(parent).unwrap();
    let error = model.write(&parent.join(out)).unwrap_err();
    error.to_string().replace(&parent.display().to_string(), "TMP")
}

#[test]
fn what_is_no_artifact_is_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("photos");
    fs::create_dir_all(folder.join("weights.bin")).unwrap();
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        fs::write(folder.join(name), name).unwrap();
    }
    fs::write(parent.path().join("file"), "text").unwrap();
    let messages = [
        refused(parent.path(), "photos", &tiny()),
        refused(parent.path(), "file", &tiny()),
        refused(parent.path(), "none/..", &tiny()),
        refused(parent.path(), "file/m", &tiny()),
        refused(parent.path(), "/", &tiny()),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    TMP/photos holds more than a compiled model (a.jpg, b.jpg, c.jpg and 1 more): choose a folder of its own, or empty it
    TMP/file is there and is no folder: choose another output path
    `TMP/none/..` is no name for an output folder
    can't open TMP/file/m
    `/` is no name for an output folder
    ");
    assert_eq!(names(&folder), ["a.jpg", "b.jpg", "c.jpg", "weights.bin"]);
    assert_eq!(names(parent.path()), ["file", "photos"]);
}

#[test]
fn parts_that_do_not_fit_write_nothing() {
    let parent = tempfile::tempdir().unwrap();
    // The message for the embedded model after a change of its module's text.
    let module = |from: &str, to: &str| {
        let mut model = embedded();
        assert!(EMBEDDED.contains(from), "{from}");
        model.modules[0].1 = wat::parse_str(EMBEDDED.replace(from, to)).unwrap();
        refused(parent.path(), "m", &model)
    };
    let model = |change: fn(&mut Model)| {
        let mut model = embedded();
        change(&mut model);
        refused(parent.path(), "m", &model)
    };
    let messages = [
        module("(memory (", r#"(import "env" "log" (func)) (memory ("#),
        module(r#""memory") 1"#, r#""memory") 2"#),
        module(r#""memory") 1"#, r#""memory") 1 1"#),
        module(r#""memory""#, r#""mem""#),
        module("(param $y i32)", "(param $y i32) (param i32)"),
        module("(param $y i32)", "(param $y i32) (result i32) (i32.const 0)"),
        module(r#""main""#, r#""run""#),
        module("i32.const 1024", "i32.const 1040"),
        model(|m| m.modules[0].1.truncate(20)),
        model(|m| m.modules.clear()),
        model(|m| m.modules.push(m.modules[0].clone())),
        model(|m| m.weights.push(0)),
        model(|m| m.inputs.clear()),
        model(|m| m.outputs[0].dtype = Dtype::Float64),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    internal error: the module `simd` doesn't fit its artifact: it imports `env.log`
    internal error: the module `simd` doesn't fit its artifact: it has no memory of its own with 1 pages, no maximum, exported as `memory`
    internal error: the module `simd` doesn't fit its artifact: it has no memory of its own with 1 pages, no maximum, exported as `memory`
    internal error: the module `simd` doesn't fit its artifact: it has no memory of its own with 1 pages, no maximum, exported as `memory`
    internal error: the module `simd` doesn't fit its artifact: it exports no function `main` with 4 i32 parameters and no result
    internal error: the module `simd` doesn't fit its artifact: it exports no function `main` with 4 i32 parameters and no result
    internal error: the module `simd` doesn't fit its artifact: it exports no function `main` with 4 i32 parameters and no result
    internal error: the module `simd` doesn't fit its artifact: it has no data segment with the weights at 1024
    internal error: the module `simd` doesn't fit its artifact: it can't be parsed: unexpected end-of-file (at offset 0x14)
    internal error: the manifest isn't valid: manifest.json: wasm.variants: there must be at least one
    internal error: the manifest isn't valid: manifest.json: wasm.variants[1].name: `simd` is there twice
    internal error: there are 17 bytes of weights, but 16 were planned
    internal error: there are 0 inputs, but 1 were planned
    internal error: the manifest isn't valid: manifest.json: wasm.outputs[0].bytes: 16 don't hold float64 [4]
    ");
    assert_eq!(names(parent.path()), [""; 0]);
}
