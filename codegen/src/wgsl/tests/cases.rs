//! Kernels with data and with what the reference evaluator says that they compute: a file for the tests that run shaders
//! on a device (`tests/gpu/emitted.test.mjs`).
//!
//! Attributes of a sample's `gpu.func` say how it is run: `test.grid` (workgroups, one of each by default), `test.symbols` (its scalar
//! arguments), `test.range` (where its data lie), `test.specials` (whether infinities, NaN and zeros are among
//! them), and `test.text_only` (that the evaluator can't run it).

use super::try_emit;
use crate::wgsl::EmittedKernel;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use weft_dialects::eval;
use weft_dialects::ir::{
    AttrExt, Elem, MemRefTy, Op, OpExt, Scalar, Session, Tensor, ValueExt, block_arg, block_ops, module_op, parse,
};

/// Where the cases are written.
fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/kernel-cases.json")
}

/// A generator of numbers: xorshift.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// In 0..1.
    fn unit(&mut self) -> f64 {
        self.next() as f64 / (1u64 << 53) as f64
    }
}

/// How a kernel's data are made.
struct Data {
    range: Option<(f64, f64)>,
    specials: bool,
}

impl Data {
    fn element(&self, elem: Elem, random: &mut Random) -> Scalar {
        const SPECIAL: [f64; 8] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1.0, f32::MAX as f64, -1.5];
        if elem.is_float() {
            if self.specials && random.next().is_multiple_of(3) {
                return Scalar::F(SPECIAL[(random.next() % 8) as usize]).to(elem);
            }
            let (low, high) = self.range.unwrap_or((-2.0, 2.0));
            return Scalar::F(low + random.unit() * (high - low)).to(elem);
        }
        if let Some((low, high)) = self.range {
            return Scalar::I((low + random.unit() * (high - low)).floor() as i64).to(elem);
        }
        // Small and large ones; none is 0, by which nothing is divided.
        let bits = random.next() as i64 - (1 << 52);
        let value = if elem == Elem::I1 { bits } else { bits >> (random.next() % 50) };
        let value = Scalar::I(value).to(elem);
        if value == Scalar::I(0) && elem != Elem::I1 { Scalar::I(3) } else { value }
    }

    fn buffer(&self, ty: &MemRefTy, random: &mut Random) -> Vec<u8> {
        let elem = ty.elem;
        let n = ty.offset + ty.span_bytes() / elem.bytes() as i64;
        let mut data = Tensor::from_scalars(elem, &[n], (0..n).map(|_| self.element(elem, random))).data.to_vec();
        data.resize(data.len().next_multiple_of(16), 0);
        data
    }
}

/// The kernels of a module, by name.
fn kernels<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    let inner = block_ops(module.body(0)).into_iter().find(|op| op.op_name() == "gpu.module");
    block_ops(inner.expect("a gpu.module").body(0)).into_iter().filter(|op| op.op_name() == "gpu.func").collect()
}

/// Text of a `@main` that launches one kernel.
fn main_of(func: Op<'_>, emitted: &EmittedKernel, symbols: &[i64]) -> String {
    let grid = func.attr("test.grid").and_then(AttrExt::as_i64s).unwrap_or(vec![1, 1, 1]);
    let types: Vec<String> = (0..emitted.bindings.len()).map(|i| block_arg(func.body(0), i).ty().to_string()).collect();
    let arguments: Vec<String> = types.iter().enumerate().map(|(i, t)| format!("%a{i}: {t}")).collect();
    let mut constants = String::new();
    let mut passed: Vec<String> = types.iter().enumerate().map(|(i, t)| format!("%a{i}: {t}")).collect();
    for (i, v) in symbols.iter().enumerate() {
        constants += &format!("%s{i} = arith.constant {v} : index\n");
        passed.push(format!("%s{i}: index"));
    }
    let [gx, gy, gz] = [grid[0], grid[1], grid[2]];
    let block = func.ints("known_block_size").unwrap();
    let [bx, by, bz] = [block[0], block[1], block[2]];
    format!(
        "func.func @main({}) {{\n{constants}\
         %gx = arith.constant {gx} : index\n%gy = arith.constant {gy} : index\n%gz = arith.constant {gz} : index\n\
         %bx = arith.constant {bx} : index\n%by = arith.constant {by} : index\n%bz = arith.constant {bz} : index\n\
         gpu.launch_func @kernels::@{} blocks in (%gx, %gy, %gz) threads in (%bx, %by, %bz) args({})\nreturn\n}}\n",
        arguments.join(", "),
        emitted.name,
        passed.join(", "),
    )
}

/// One kernel's case.
fn case(text: &str, func: Op<'_>, emitted: &EmittedKernel) -> Json {
    let symbols = func.ints("test.symbols").unwrap_or_default();
    let range = func.attr("test.range").and_then(AttrExt::as_array).map(|r| {
        let at = |i: usize| r[i].as_f64().or(r[i].as_i64().map(|v| v as f64)).unwrap();
        (at(0), at(1))
    });
    let data = Data { range, specials: func.attr("test.specials").is_some() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ emitted.name.len() as u64);
    let types: Vec<MemRefTy> = (0..emitted.bindings.len())
        .map(|i| block_arg(func.body(0), i).memref_ty().expect("memrefs are first"))
        .collect();
    let before: Vec<Vec<u8>> = types.iter().map(|ty| data.buffer(ty, &mut random)).collect();
    let mut after = before.clone();

    let session = Session::new();
    let end = text.trim_end().rfind('}').unwrap();
    let whole = format!("{}\n{}}}", &text[..end], main_of(func, emitted, &symbols));
    let module = parse(session.cx(), &whole).unwrap_or_else(|e| panic!("{}: {e}\n{whole}", emitted.name));
    eval::loops(session.cx(), module_op(&module), &mut after).unwrap_or_else(|e| panic!("{}: {e}", emitted.name));

    let buffers: Vec<Json> = (types.iter().zip(&emitted.bindings))
        .zip(before.iter().zip(&after))
        .map(|((ty, access), (before, after))| {
            json!({"elem": ty.elem.mlir(), "access": access.name(), "before": before, "after": after})
        })
        .collect();
    json!({
        "name": emitted.name,
        "wgsl": emitted.wgsl,
        "features": emitted.features,
        "grid": func.ints("test.grid").unwrap_or(vec![1, 1, 1]),
        "symbols": symbols,
        "tolerance": func.float("test.tolerance").unwrap_or(1e-5),
        "buffers": buffers,
    })
}

#[test]
fn cases_for_devices() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wgsl/tests/samples");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut texts: Vec<String> = paths.iter().map(|p| std::fs::read_to_string(p).unwrap()).collect();
    texts.extend(super::random::modules(12));
    let mut cases = Vec::new();
    for text in texts {
        let emitted = try_emit(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let session = Session::new();
        let module = parse(session.cx(), &text).unwrap();
        let funcs = kernels(module_op(&module));
        assert_eq!(funcs.len(), emitted.len());
        let evaluated = funcs.into_iter().zip(&emitted).filter(|(f, _)| f.attr("test.text_only").is_none());
        cases.extend(evaluated.map(|(f, e)| case(&text, f, e)));
    }
    std::fs::write(file(), serde_json::to_string(&cases).unwrap()).unwrap();
}
