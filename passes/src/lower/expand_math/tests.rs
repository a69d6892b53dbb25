//! Each expansion over its range, evaluated as it is in the IR, against the function in f64.

use crate::pipeline::{Pipeline, RunOptions};
use std::collections::HashMap;
use weft_dialects::eval;
use weft_dialects::ir::{
    AttrExt, Cx, Elem, OpExt, Scalar, Session, ValueExt, block_arg, block_ops, funcs, module_op, parse, print_bare,
};

/// The values of a unary or binary `math` op after expansion.
fn expanded(op: &str, x: &[f32], y: &[f32]) -> Vec<f32> {
    let wide = |v: &[f32]| v.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
    expanded_in("f32", op, &wide(x), &wide(y)).into_iter().map(|v| v as f32).collect()
}

/// As [`expanded`], in a type.
fn expanded_in(ty: &str, op: &str, x: &[f64], y: &[f64]) -> Vec<f64> {
    expanded_for("wasm-simd", ty, op, x, y)
}

/// As [`expanded_in`], for a target.
fn expanded_for(target: &str, ty: &str, op: &str, x: &[f64], y: &[f64]) -> Vec<f64> {
    let session = Session::new();
    let cx = session.cx();
    let operands = if y.is_empty() { "%x" } else { "%x, %y" };
    let text = format!(
        "module attributes {{weft.target = \"{target}\"}} {{
           func.func @f(%x: {ty}, %y: {ty}) -> {ty} {{ %0 = math.{op} {operands} : {ty} return %0 : {ty} }}
         }}"
    );
    let mut module = parse(cx, &text).unwrap();
    Pipeline::parse("expand-math").unwrap().run(cx, &mut module, &mut RunOptions::default()).unwrap();
    let lanes = |v: &[f64]| v.iter().map(|&v| Scalar::F(v)).collect::<Vec<_>>();
    run(cx, funcs(module_op(&module))[0], lanes(x), lanes(y))
}

/// Runs a function of two scalars on many values at once.
fn run<'c>(cx: Cx<'c>, func: weft_dialects::ir::Op<'c>, x: Vec<Scalar>, y: Vec<Scalar>) -> Vec<f64> {
    let _ = cx;
    let block = func.body(0);
    let mut values = HashMap::from([(block_arg(block, 0).key(), x), (block_arg(block, 1).key(), y)]);
    for op in block_ops(block) {
        let out = match op.op_name().as_str() {
            "func.return" => return values[&op.arg(0).key()].iter().map(|s| s.f64()).collect(),
            "arith.constant" => {
                let attr = op.attr("value").unwrap();
                vec![attr.as_i64().map(Scalar::I).unwrap_or_else(|| Scalar::F(attr.as_f64().unwrap()))]
            }
            _ => {
                let args: Vec<_> = op.args().into_iter().map(|v| values[&v.key()].clone()).collect();
                eval::elementwise(op, &args).unwrap()
            }
        };
        values.insert(op.res(0).key(), out);
    }
    unreachable!("a function returns")
}

/// Points of a range: evenly spaced, and around 0 by magnitude.
fn points(low: f32, high: f32) -> Vec<f32> {
    let n = 20_000;
    let mut out: Vec<f32> = (0..=n).map(|i| low + (high - low) * (i as f32 / n as f32)).collect();
    out.extend((-120..40).map(|e| 1.37f32 * 2f32.powi(e)).flat_map(|v| [v, -v]).filter(|v| (low..=high).contains(v)));
    out
}

/// The largest relative error (of results smaller than `floor`: relative to it).
fn error(op: &str, range: (f32, f32), floor: f64, exact: impl Fn(f64) -> f64) -> f64 {
    let x = points(range.0, range.1);
    let got = expanded(op, &x, &[]);
    let mut worst = (0.0, 0.0);
    for (&x, y) in x.iter().zip(got) {
        let want = exact(f64::from(x));
        let e = (f64::from(y) - want).abs() / want.abs().max(floor);
        assert!(!e.is_nan(), "{op}({x}) = {y}");
        if e > worst.0 {
            worst = (e, x);
        }
    }
    println!("{op}: {:.2e} at {}", worst.0, worst.1);
    worst.0
}

/// erf by its series, and its complement by a continued fraction.
fn erf(x: f64) -> f64 {
    let a = x.abs();
    let y = if a < 3.0 {
        let (mut sum, mut term) = (a, a);
        for n in 1..200 {
            term *= -a * a / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    } else {
        let fraction = (1..120).rev().fold(0.0, |f, k| f64::from(k) / 2.0 / (a + f));
        1.0 - (-a * a).exp() / std::f64::consts::PI.sqrt() / (a + fraction)
    };
    y.copysign(x)
}

const TINY: f64 = f32::MIN_POSITIVE as f64;

#[test]
fn exponentials() {
    assert!(error("exp", (-86.9, 88.7), TINY, f64::exp) < 3e-7);
    assert!(error("exp2", (-125.4, 127.9), TINY, f64::exp2) < 3e-7);
    assert!(error("expm1", (-20.0, 88.7), TINY, f64::exp_m1) < 3e-7);
}

#[test]
fn logarithms() {
    for range in [(1e-38, 1e-30), (1e-6, 4.0), (0.5, 1e4), (1.0, 3e38)] {
        assert!(error("log", range, 1e-6, f64::ln) < 3e-7);
        assert!(error("log2", range, 1e-6, f64::log2) < 3e-7);
        assert!(error("log10", range, 1e-6, f64::log10) < 3e-7);
    }
    assert!(error("log1p", (-0.999, 100.0), TINY, f64::ln_1p) < 3e-7);
}

#[test]
fn hyperbolic_functions() {
    assert!(error("tanh", (-12.0, 12.0), TINY, f64::tanh) < 6e-7);
    assert!(error("sinh", (-89.0, 89.0), TINY, f64::sinh) < 6e-7);
    assert!(error("cosh", (-89.0, 89.0), TINY, f64::cosh) < 6e-7);
    assert!(error("asinh", (-1e4, 1e4), TINY, f64::asinh) < 1e-6);
    assert!(error("acosh", (1.0, 1e4), 1e-6, f64::acosh) < 1e-6);
    assert!(error("atanh", (-0.9999, 0.9999), TINY, f64::atanh) < 1e-6);
    assert!(error("erf", (-5.0, 5.0), TINY, erf) < 4e-7);
}

#[test]
fn trigonometric_functions() {
    assert!(error("sin", (-8192.0, 8192.0), 1.0, f64::sin) < 3e-7);
    assert!(error("cos", (-8192.0, 8192.0), 1.0, f64::cos) < 3e-7);
    assert!(error("sin", (-3.0, 3.0), TINY, f64::sin) < 3e-7);
    assert!(error("tan", (-1.5, 1.5), TINY, f64::tan) < 1e-6);
    assert!(error("atan", (-1e3, 1e3), TINY, f64::atan) < 5e-7);
    assert!(error("asin", (-1.0, 1.0), TINY, f64::asin) < 5e-7);
    assert!(error("acos", (-1.0, 1.0), 1e-6, f64::acos) < 5e-7);
}

#[test]
fn drivers_that_reorder_sums_get_the_same_functions() {
    type Exact = fn(f64) -> f64;
    let all: [(&str, f32, Exact); 6] = [
        ("expm1", 80.0, f64::exp_m1),
        ("sinh", 80.0, f64::sinh),
        ("sin", 100.0, f64::sin),
        ("cos", 100.0, f64::cos),
        ("tan", 1.5, f64::tan),
        ("cbrt", 1e6, f64::cbrt),
    ];
    for (op, most, exact) in all {
        let x: Vec<f64> = points(-most, most).into_iter().map(f64::from).collect();
        for (x, y) in x.iter().zip(expanded_for("webgpu", "f32", op, &x, &[])) {
            let floor = if matches!(op, "sin" | "cos") { 1.0 } else { TINY };
            let error = (y - exact(*x)).abs() / exact(*x).abs().max(floor);
            assert!(error < 1e-6, "{op}({x}) = {y}");
        }
    }
}

#[test]
fn half_floats_are_computed_in_f32() {
    let half = |x: f64| Scalar::F(x).to(Elem::F16).f64();
    let x = [0.1, -1.0, 2.5, 0.0].map(half);
    for (x, y) in x.iter().zip(expanded_for("webgpu-f16", "f16", "erf", &x, &[])) {
        assert_eq!(y, half(erf(*x)));
    }
}

#[test]
fn roots_and_rounding() {
    assert!(error("cbrt", (-1e6, 1e6), TINY, f64::cbrt) < 3e-7);
    assert!(error("rsqrt", (1e-6, 1e6), TINY, |x| 1.0 / x.sqrt()) < 3e-7);
    assert!(error("round", (-10.0, 10.0), TINY, f64::round) == 0.0);
}

#[test]
fn powers() {
    for y in [2.2f32, -1.3, 0.1, 3.0, -2.0, 7.0, 12.5] {
        let x: Vec<f32> = (1..5000).map(|i| i as f32 * 0.003).collect();
        let got = expanded("powf", &x, &vec![y; x.len()]);
        for (&x, p) in x.iter().zip(got) {
            let want = f64::from(x).powf(f64::from(y));
            let bound = 2e-7 * (2.0 + (f64::from(y) * f64::from(x).ln()).abs());
            assert!((f64::from(p) - want).abs() / want <= bound, "{x}^{y} = {p}, not {want}");
        }
    }
    let nan = f32::NAN;
    let inf = f32::INFINITY;
    let cases = [
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (-2.0, 0.5, nan),
        (0.0, 2.0, 0.0),
        (0.0, -1.0, inf),
        (-0.0, -1.0, -inf),
        (0.0, 0.0, 1.0),
        (nan, 0.0, 1.0),
        (1.0, nan, 1.0),
        (inf, 2.0, inf),
        (inf, -2.0, 0.0),
        (2.0, inf, inf),
        (2.0, -inf, 0.0),
        (0.5, inf, 0.0),
        (-1.0, inf, 1.0),
        (nan, 1.5, nan),
        (1.5, nan, nan),
        (-inf, 3.0, -inf),
        (-inf, 0.7, inf),
        (-inf, -0.7, 0.0),
        (0.0, 0.5, 0.0),
        (-0.0, 0.5, 0.0),
    ];
    let (x, y): (Vec<f32>, Vec<f32>) = cases.iter().map(|c| (c.0, c.1)).unzip();
    for (p, (x, y, want)) in expanded("powf", &x, &y).into_iter().zip(cases) {
        assert!(
            (p - want).abs() <= 1e-6 * want.abs() || p == want || (p.is_nan() && want.is_nan()),
            "{x}^{y} = {p}, not {want}"
        );
    }
}

#[test]
fn limits() {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let half_pi = std::f32::consts::FRAC_PI_2;
    for (op, cases) in [
        ("exp", vec![(inf, inf), (-inf, 0.0), (0.0, 1.0), (100.0, inf), (-100.0, 0.0)]),
        ("exp2", vec![(inf, inf), (-inf, 0.0), (10.0, 1024.0), (128.0, inf)]),
        ("expm1", vec![(inf, inf), (-inf, -1.0), (-0.0, -0.0)]),
        (
            "log",
            vec![(inf, inf), (0.0, -inf), (-0.0, -inf), (-1.0, nan), (-inf, nan), (1.0, 0.0), (1e-44, -101.333_02)],
        ),
        ("log2", vec![(1024.0, 10.0), (0.125, -3.0)]),
        ("log1p", vec![(inf, inf), (-1.0, -inf), (-2.0, nan), (1e-20, 1e-20)]),
        ("tanh", vec![(inf, 1.0), (-inf, -1.0), (-0.0, -0.0), (20.0, 1.0)]),
        ("erf", vec![(inf, 1.0), (-inf, -1.0), (0.0, 0.0)]),
        ("sinh", vec![(inf, inf), (-inf, -inf), (-0.0, -0.0)]),
        ("cosh", vec![(inf, inf), (-inf, inf), (0.0, 1.0)]),
        ("asinh", vec![(inf, inf), (-inf, -inf)]),
        ("acosh", vec![(inf, inf), (1.0, 0.0), (0.5, nan)]),
        ("atanh", vec![(1.0, inf), (-1.0, -inf), (2.0, nan)]),
        ("sin", vec![(inf, nan), (-0.0, -0.0)]),
        ("cos", vec![(inf, nan), (0.0, 1.0)]),
        ("atan", vec![(inf, half_pi), (-inf, -half_pi), (-0.0, -0.0)]),
        ("asin", vec![(1.0, half_pi), (-1.0, -half_pi), (1.5, nan)]),
        ("acos", vec![(1.0, 0.0), (-1.0, std::f32::consts::PI), (1.5, nan)]),
        ("cbrt", vec![(inf, inf), (-8.0, -2.0), (-0.0, -0.0)]),
        ("rsqrt", vec![(0.0, inf), (inf, 0.0), (4.0, 0.5), (-1.0, nan)]),
        ("round", vec![(2.5, 3.0), (-2.5, -3.0), (-0.2, -0.0), (inf, inf)]),
    ] {
        let mut x: Vec<f32> = cases.iter().map(|c| c.0).collect();
        x.push(nan);
        let got = expanded(op, &x, &[]);
        for (y, (x, want)) in got.iter().zip(cases.iter().chain([&(nan, nan)])) {
            let same = (y - want).abs() <= 3e-7 * want.abs()
                || (y == want && y.is_sign_negative() == want.is_sign_negative())
                || (y.is_nan() && want.is_nan());
            assert!(same, "{op}({x}) = {y}, not {want}");
        }
    }
}

#[test]
fn vectors_stay_vectors_and_whole_powers_are_products() {
    let session = Session::new();
    let cx = session.cx();
    let text = "func.func @f(%x: vector<4xf32>) -> vector<4xf32> {
        %c = arith.constant dense<3.0> : vector<4xf32>
        %0 = math.powf %x, %c : vector<4xf32>
        %1 = math.tanh %0 : vector<4xf32>
        return %1 : vector<4xf32> }";
    let mut module = parse(cx, text).unwrap();
    Pipeline::parse("expand-math").unwrap().run(cx, &mut module, &mut RunOptions::default()).unwrap();
    insta::assert_snapshot!(print_bare(module_op(&module)));
}

#[test]
fn other_types_are_refused() {
    let session = Session::new();
    let cx = session.cx();
    let text = "func.func @f(%x: vector<2xf64>) -> vector<2xf64> { %0 = math.exp %x : vector<2xf64> return %0 : vector<2xf64> }";
    let mut module = parse(cx, text).unwrap();
    let e = Pipeline::parse("expand-math").unwrap().run(cx, &mut module, &mut RunOptions::default()).unwrap_err();
    assert!(e.to_string().contains("no expansion of math.exp for vector<2xf64>"), "{e}");
}

/// The largest relative error of an expansion in f64 (of results smaller than `floor`: relative to it).
fn double_error(op: &str, (low, high): (f64, f64), floor: f64, exact: impl Fn(f64) -> f64) -> f64 {
    let mut x: Vec<f64> = (0..=4000).map(|i| low + (high - low) * f64::from(i) / 4000.0).collect();
    x.extend((-90..30).map(|e| 1.37 * 2f64.powi(e)).flat_map(|v| [v, -v]).filter(|v| (low..=high).contains(v)));
    let got = expanded_in("f64", op, &x, &[]);
    let errors = x.iter().zip(&got).map(|(&x, y)| {
        let want = exact(x);
        let e = (y - want).abs() / want.abs().max(floor);
        assert!(!e.is_nan(), "{op}({x}) = {y}");
        e
    });
    let worst = errors.fold(0.0, f64::max);
    println!("{op}: {worst:.2e}");
    worst
}

#[test]
fn doubles() {
    const MIN: f64 = f64::MIN_POSITIVE;
    assert!(double_error("exp", (-700.0, 709.0), MIN, f64::exp) < 1e-15);
    assert!(double_error("expm1", (-30.0, 709.7), MIN, f64::exp_m1) < 1e-15);
    assert!(double_error("log", (1e-300, 5.0), 1e-6, f64::ln) < 1e-15);
    assert!(double_error("log1p", (-0.999, 100.0), MIN, f64::ln_1p) < 1e-15);
    assert!(double_error("tanh", (-25.0, 25.0), MIN, f64::tanh) < 2e-15);
    assert!(double_error("sinh", (-709.0, 709.0), MIN, f64::sinh) < 2e-15);
    assert!(double_error("cosh", (-709.0, 709.0), MIN, f64::cosh) < 2e-15);
    assert!(double_error("asinh", (-1e4, 1e4), MIN, f64::asinh) < 2e-15);
    assert!(double_error("acosh", (1.0, 1e4), 1e-6, f64::acosh) < 2e-15);
    assert!(double_error("atanh", (-0.9999, 0.9999), MIN, libm::atanh) < 2e-15);
    assert!(double_error("erf", (-6.0, 6.0), MIN, libm::erf) < 4e-15);
    assert!(double_error("sin", (-1e6, 1e6), 1.0, f64::sin) < 1e-15);
    assert!(double_error("cos", (-1e6, 1e6), 1.0, f64::cos) < 1e-15);
    assert!(double_error("tan", (-1.5, 1.5), MIN, f64::tan) < 2e-15);
    assert!(double_error("atan", (-1e3, 1e3), MIN, f64::atan) < 1e-15);
    assert!(double_error("asin", (-1.0, 1.0), MIN, f64::asin) < 2e-15);
    assert!(double_error("acos", (-1.0, 1.0), 1e-6, f64::acos) < 2e-15);
    for (x, y) in [(2.0f64, 0.5f64), (-2.0, 3.0), (10.0, -200.25), (1.5, 1000.5), (0.0, -1.0), (-1.0, f64::INFINITY)] {
        let (got, want) = (expanded_in("f64", "powf", &[x], &[y])[0], x.powf(y));
        assert!(got == want || ((got - want) / want).abs() < 1e-13, "{x}^{y}: {got}, not {want}");
    }
}
