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
    Cx, Elem, Module, Op, OpExt, Scalar, Session, Tensor, ValueExt, block_arg, block_ops, funcs, module_op, parse, print,
    print_bare,
};
use weft_passes::{Pipeline, RunOptions};

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
    let pipeline = input.lines().next().and_then(|l| l.strip_prefix("// pipeline: ")).ok_or("no '// pipeline: ' line")?;
    let pipeline = Pipeline::parse(pipeline.trim()).map_err(|e| e.to_string())?;

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
                agrees(cx, &module, &inputs, &outputs)?;
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

type Samples = Option<(Vec<Tensor>, Vec<Tensor>)>;

/// Random inputs and the outputs for them, if the first function is one of tensors that can be evaluated.
fn before(cx: Cx<'_>, module: &Module<'_>) -> Result<Samples, String> {
    let Some(func) = evaluable(module) else { return Ok(None) };
    let mut random = Random::new(1);
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

/// The first public function, if all its arguments are static tensors and all its ops are of dialects that evaluate.
fn evaluable<'c>(module: &Module<'c>) -> Option<Op<'c>> {
    let func = funcs(module_op(module)).into_iter().find(|f| f.attr("sym_visibility").is_none())?;
    // Also small: some tests are about sizes that no machine has.
    let small = |t: weft_dialects::ir::TensorTy| t.len().is_some_and(|n| n <= 1 << 20);
    let tensors = (0..arguments(func)).all(|i| block_arg(func.body(0), i).tensor_ty().is_some_and(small));
    let known = block_ops(func.body(0))
        .into_iter()
        .all(|op| matches!(op.op_name().split('.').next(), Some("arith" | "tensor" | "linalg" | "nn" | "func")));
    (tensors && known).then_some(func)
}

/// Pseudo-random numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 24 random bits.
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut out: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            out.swap(i, self.below(i + 1));
        }
        out
    }

    /// Floats in [-2, 2), integers in [-8, 8].
    fn tensor(&mut self, elem: Elem, shape: &[i64]) -> Tensor {
        let n = shape.iter().product::<i64>();
        let values: Vec<Scalar> = (0..n)
            .map(|_| match elem.is_float() {
                true => Scalar::F(self.bits() as f64 / f64::from(1 << 22) - 2.0),
                false => Scalar::I(self.bits() as i64 % 17 - 8).to(elem),
            })
            .collect();
        Tensor::from_scalars(elem, shape, values)
    }
}

/// The function's values are the same as before.
fn agrees(cx: Cx<'_>, module: &Module<'_>, inputs: &[Tensor], outputs: &[Tensor]) -> Result<(), String> {
    let Some(func) = evaluable(module) else { return Ok(()) };
    let after = eval::function(cx, func, inputs).map_err(|e| format!("after the pipeline: {e}"))?;
    compare(outputs, &after)
}

/// Equal up to the rounding that reassociation changes, relative to a tensor's largest value.
fn compare(before: &[Tensor], after: &[Tensor]) -> Result<(), String> {
    const TOLERANCE: f64 = 1e-5;
    for (i, (a, b)) in before.iter().zip(after).enumerate() {
        if a.shape != b.shape || a.elem != b.elem {
            return Err(format!("result {i} was {:?} {:?} and is {:?} {:?}", a.elem, a.shape, b.elem, b.shape));
        }
        let largest = a.scalars().map(|s| s.f64().abs()).filter(|x| x.is_finite()).fold(1.0, f64::max);
        let close = |x: Scalar, y: Scalar| match (x, y) {
            (Scalar::F(x), Scalar::F(y)) => {
                x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= TOLERANCE * largest
            }
            (x, y) => x == y,
        };
        if let Some(at) = (0..a.len()).find(|&k| !close(a.get(k), b.get(k))) {
            return Err(format!("result {i} differs at element {at}: {:?} before, {:?} after", a.get(at), b.get(at)));
        }
    }
    Ok(())
}
