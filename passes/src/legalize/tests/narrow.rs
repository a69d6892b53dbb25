//! Casts from and to types of less than a byte's precision, element by element.

use super::*;

/// Value of a small float, by its definition.
fn value(bits: i64, fraction: u32, bias: i32, width: u32) -> f32 {
    let magnitude = bits & ((1 << (width - 1)) - 1);
    let (exponent, digits) = ((magnitude >> fraction) as i32, magnitude & ((1 << fraction) - 1));
    let digits = digits as f64 / f64::from(1 << fraction);
    let v = if exponent == 0 { 2f64.powi(1 - bias) * digits } else { 2f64.powi(exponent - bias) * (1.0 + digits) };
    (if bits >> (width - 1) == 1 { -v } else { v }) as f32
}

#[test]
fn every_small_float_is_its_value_and_back() {
    // Type, its number, fraction bits, bias, width, and which bits are no finite number.
    type Case = (&'static str, i64, u32, i32, u32, fn(i64) -> bool);
    let cases: [Case; 5] = [
        ("float8e4m3fn", 17, 3, 7, 8, |b| b & 0x7f == 0x7f),
        ("float8e4m3fnuz", 18, 3, 8, 8, |b| b == 0x80),
        ("float8e5m2", 19, 2, 15, 8, |b| b & 0x7f >= 0x7c),
        ("float8e5m2fnuz", 20, 2, 16, 8, |b| b == 0x80),
        ("float4e2m1", 23, 1, 1, 4, |_| false),
    ];
    for (name, code, fraction, bias, width, special) in cases {
        let all: Vec<i64> = (0..1 << width).filter(|&b| !special(b)).collect();
        let values: Vec<f32> = all.iter().map(|&b| value(b, fraction, bias, width)).collect();
        let stored = In::Const(of(Elem::I8, &all), name);
        assert_eq!(run(23, "Cast", "to = 1 : i64", &[stored]).to_f32s(), values, "{name}");
        let back = run(23, "Cast", &format!("to = {code} : i64"), &[f(&[all.len() as i64], &values)]);
        let bits: Vec<i64> = back.to_i64s().into_iter().map(|b| b & 0xff).collect();
        assert_eq!(bits, all, "{name}");
        // Halfway between neighbours of one sign: the even one.
        let middles: Vec<f32> = all
            .windows(2)
            .map(|w| f32::midpoint(value(w[0], fraction, bias, width), value(w[1], fraction, bias, width)))
            .collect();
        let rounded = run(23, "Cast", &format!("to = {code} : i64"), &[f(&[middles.len() as i64], &middles)]).to_i64s();
        for (w, r) in
            all.windows(2).zip(rounded).filter(|(w, _)| w[1] == w[0] + 1 && w[0] >> (width - 1) == w[1] >> (width - 1))
        {
            assert_eq!(r & 0xff, w[0] + (w[0] & 1), "{name} between {:#x} and {:#x}", w[0], w[1]);
        }
    }
}

#[test]
fn what_a_float8_can_not_hold() {
    let cast = |code: i64, saturate: i64| {
        let x = f(&[5], &[INF, -INF, 1e6, NAN, -1e-9]);
        let y = run(19, "Cast", &format!("to = {code} : i64, saturate = {saturate} : i64"), &[x]);
        y.to_i64s().into_iter().map(|b| b & 0xff).collect::<Vec<_>>()
    };
    assert_eq!(cast(17, 1), [0x7e, 0xfe, 0x7e, 0x7f, 0x80]);
    assert_eq!(cast(17, 0), [0x7f, 0xff, 0x7f, 0x7f, 0x80]);
    assert_eq!(cast(19, 1), [0x7b, 0xfb, 0x7b, 0x7f, 0x80]);
    assert_eq!(cast(19, 0), [0x7c, 0xfc, 0x7c, 0x7f, 0x80]);
    assert_eq!(cast(20, 1), [0x7f, 0xff, 0x7f, 0x80, 0]);
    assert_eq!(cast(20, 0), [0x80, 0x80, 0x80, 0x80, 0]);
}

#[test]
fn four_bits_wrap_and_nothing_is_computed_in_them() {
    let x = f(&[4], &[-9.0, 7.9, 8.0, 17.0]);
    assert_eq!(run(21, "Cast", "to = 22 : i64", std::slice::from_ref(&x)).to_i64s(), [7, 7, -8, 1]);
    assert_eq!(run(21, "Cast", "to = 21 : i64", &[x]).to_i64s(), [7, 7, 8, 1]);
    let quantised = run(21, "QuantizeLinear", "output_dtype = 22 : i64", &[f(&[2], &[-100.0, 3.0]), scalar(1.0)]);
    assert_eq!(quantised.to_i64s(), [-8, 3]);
    let small = || In::Const(of(Elem::I8, &[1]), "int4");
    insta::assert_snapshot!(error(21, "Add", "", &[small(), small()]), @"legalize: onnx.Add 'node': not supported: element type int4");
}
