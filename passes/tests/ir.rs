//! Pass tests as text: `tests/ir/<pass>/*.mlir`.
//!
//! A file is a pipeline, the IR it runs on, and the IR that must come out:
//!
//! ```text
//! // pipeline: cse,dce
//! func.func @f(...) { ... }
//! // -----  expected
//! module { ... }
//! // remark: ...
//! ```
//!
//! `WEFT_BLESS=1` writes what comes out. Besides the text, each file is checked for two things: input and output print,
//! parse and print again to the same bytes; and where a function of tensors is evaluable before and after, it has the
//! same values on random inputs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use weft_dialects::eval;
use weft_dialects::ir::{
    Cx, Module, Op, OpExt, Session, Tensor, ValueExt, block_arg, block_ops, funcs, module_op, parse, print, print_bare,
};
use weft_passes::{Pipeline, RunOptions};

#[path = "ir/arenas.rs"]
mod arenas;
#[path = "ir/half.rs"]
mod half;
#[path = "ir/random.rs"]
mod random;

const MARK: &str = "// -----  expected\n";

#[test]
fn files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ir");
    let mut paths = Vec::new();
    find(&root, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no tests under {}", root.display());
    let failures: Vec<String> =
        paths.iter().filter_map(|p| check(p).err().map(|e| format!("{}: {e}", p.display()))).collect();
    assert!(failures.is_empty(), "{} of {} files:\n{}", failures.len(), paths.len(), failures.join("\n"));
}

fn find(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, out);
        } else if path.extension().is_some_and(|e| e == "mlir") {
            out.push(path);
        }
    }
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let (input, expected) = text.split_once(MARK).unwrap_or((&text, ""));
    let pipeline =
        input.lines().next().and_then(|l| l.strip_prefix("// pipeline: ")).ok_or("no '// pipeline: ' line")?;
    let pipeline = Pipeline::parse(pipeline.trim()).map_err(|e| e.to_string())?;
    // f16 has 11 bits.
    let tolerance = if pipeline.to_string().contains("to-half") { 4e-3 } else { TOLERANCE };

    let session = Session::new();
    let cx = session.cx();
    let mut module = parse(cx, input).map_err(|e| e.to_string())?;
    prints_back(&module, "input")?;
    let samples = before(cx, &module)?;
    let actual = match pipeline.run(cx, &mut module, &mut RunOptions::default()) {
        Err(e) => e.to_string().lines().fold(String::new(), |out, l| out + "// error: " + l + "\n"),
        Ok(remarks) => {
            prints_back(&module, "output")?;
            if let Some((inputs, outputs)) = samples {
                agrees(cx, &module, &inputs, &outputs, tolerance)?;
            }
            remarks.iter().fold(print_bare(module_op(&module)) + "\n", |mut out, r| {
                let _ = writeln!(out, "// remark: {} {}: {}", r.pass, r.about, r.text);
                out
            })
        }
    };
    if actual == expected {
        return Ok(());
    }
    if std::env::var_os("WEFT_BLESS").is_some() {
        let mut input = input.to_owned();
        if !input.ends_with('\n') {
            input.push('\n');
        }
        return std::fs::write(path, input + MARK + &actual).map_err(|e| e.to_string());
    }
    let line = expected.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    Err(format!("differs from line {} of the expected text on; WEFT_BLESS=1 accepts this:\n{actual}", line + 1))
}

/// Printing, parsing and printing again gives the same bytes.
fn prints_back(module: &Module<'_>, what: &str) -> Result<(), String> {
    let once = print(module_op(module));
    let session = Session::new();
    let again = parse(session.cx(), &once).map_err(|e| format!("the {what} does not parse back: {e}"))?;
    let twice = print(module_op(&again));
    if once == twice { Ok(()) } else { Err(format!("the {what} prints differently after parsing:\n{once}\n{twice}")) }
}

/// What reassociation changes.
const TOLERANCE: f64 = 1e-5;

type Samples = Option<(Vec<Tensor>, Vec<Tensor>)>;

/// Random inputs and the outputs for them, if the first function is one of tensors that can be evaluated.
fn before(cx: Cx<'_>, module: &Module<'_>) -> Result<Samples, String> {
    let Some(func) = evaluable(module) else { return Ok(None) };
    let mut random = eval::Random::new(1);
    let inputs: Vec<Tensor> = (0..arguments(func))
        .filter_map(|i| block_arg(func.body(0), i).tensor_ty())
        .map(|ty| random.tensor(ty.elem, &ty.shape))
        .collect();
    let outputs = eval::function(cx, func, &inputs).map_err(|e| format!("before the pipeline: {e}"))?;
    Ok(Some((inputs, outputs)))
}

fn arguments(func: Op<'_>) -> usize {
    use weft_dialects::ir::BlockLike;
    func.body(0).argument_count()
}

/// The first public function but `@init`, if all its arguments are static tensors and all its ops are of dialects that evaluate.
fn evaluable<'c>(module: &Module<'c>) -> Option<Op<'c>> {
    let func = funcs(module_op(module))
        .into_iter()
        .find(|f| f.attr("sym_visibility").is_none() && f.string("sym_name").as_deref() != Some("init"))?;
    // Also small: some tests are about sizes that no machine has.
    let small = |t: weft_dialects::ir::TensorTy| t.len().is_some_and(|n| n <= 1 << 20);
    let tensors = (0..arguments(func)).all(|i| block_arg(func.body(0), i).tensor_ty().is_some_and(small));
    let known = block_ops(func.body(0))
        .into_iter()
        .all(|op| matches!(op.op_name().split('.').next(), Some("arith" | "tensor" | "linalg" | "nn" | "func")));
    (tensors && known).then_some(func)
}

/// The function's values are the same as before.
fn agrees(
    cx: Cx<'_>,
    module: &Module<'_>,
    inputs: &[Tensor],
    outputs: &[Tensor],
    tolerance: f64,
) -> Result<(), String> {
    let Some(func) = evaluable(module) else { return Ok(()) };
    let after = eval::function(cx, func, inputs).map_err(|e| format!("after the pipeline: {e}"))?;
    eval::compare(outputs, &after, tolerance)
}
