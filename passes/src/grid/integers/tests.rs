//! Each op on pairs against the same op on 64-bit integers, on values around every edge.

use crate::pipeline::{Pipeline, RunOptions};
use weft_dialects::eval::{self, Random};
use weft_dialects::ir::{Elem, Module, OpExt, Session, Tensor, ValueExt, module_op, parse, print_bare, walk_ops};

/// Values around the edges of words and halves of words, and others.
fn samples() -> Vec<i64> {
    let mut out = vec![0, 3, -7];
    for shift in [16, 31, 32, 63] {
        let edge = 1i64.wrapping_shl(shift);
        out.extend([edge, edge.wrapping_sub(1), edge.wrapping_neg(), edge.wrapping_add(1)]);
    }
    let mut random = Random::new(7);
    out.extend((0..6).map(|i| random.below(usize::MAX) as i64 >> (i * 11)));
    out
}

fn bytes(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn run(module: &Module<'_>, session: &Session, buffers: &mut [Vec<u8>]) {
    eval::loops(session.cx(), module_op(module), buffers)
        .unwrap_or_else(|e| panic!("{e}\n{}", print_bare(module_op(module))));
}

/// What a module computes into its last buffer, as it is and after the pass, which must leave no `i64`.
fn both(text: &str, inputs: &[Vec<u8>], out: usize) -> [Vec<u8>; 2] {
    let session = Session::new();
    let mut module = parse(session.cx(), text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let mut outs = Vec::new();
    for split in [false, true] {
        if split {
            let pipeline = Pipeline::parse("split-i64").unwrap();
            pipeline
                .run(session.cx(), &mut module, &mut RunOptions::default())
                .unwrap_or_else(|e| panic!("{e}\n{text}"));
            let left =
                walk_ops(module_op(&module)).into_iter().flat_map(|op| op.ress()).find(|v| super::concerns(v.ty()));
            assert!(left.is_none(), "{}", print_bare(module_op(&module)));
        }
        let mut buffers = inputs.to_vec();
        buffers.push(vec![0xa5; out]);
        run(&module, &session, &mut buffers);
        outs.extend(buffers.pop());
    }
    [outs.remove(0), outs.remove(0)]
}

/// Runs ops on all pairs of samples; `body` makes `%r` of `%x` and `%y`. The second may be limited.
fn agree(body: &str, result: Elem, second: impl Fn(i64) -> bool) {
    let all = samples();
    let pairs: Vec<(i64, i64)> =
        all.iter().flat_map(|&x| all.iter().map(move |&y| (x, y))).filter(|&(_, y)| second(y)).collect();
    let n = pairs.len();
    let (x, y): (Vec<i64>, Vec<i64>) = pairs.iter().copied().unzip();
    let ty = result.mlir();
    let text = format!(
        "func.func @main(%a: memref<{n}xi64>, %b: memref<{n}xi64>, %out: memref<{n}x{ty}>) {{
           %c0 = arith.constant 0 : index
           %c1 = arith.constant 1 : index
           %n = arith.constant {n} : index
           scf.for %i = %c0 to %n step %c1 {{
             %x = memref.load %a[%i] : memref<{n}xi64>
             %y = memref.load %b[%i] : memref<{n}xi64>
             {body}
             memref.store %r, %out[%i] : memref<{n}x{ty}>
           }}
           return
         }}"
    );
    let [want, got] = both(&text, &[bytes(&x), bytes(&y)], n * result.bytes());
    let tensor = |data: Vec<u8>| Tensor { elem: result, shape: vec![n as i64], data: data.into() };
    for (((x, y), w), g) in pairs.iter().zip(tensor(want).scalars()).zip(tensor(got).scalars()) {
        assert_eq!(w, g, "{body} of {x} and {y}");
    }
}

#[test]
fn arithmetic_wraps_around_at_64_bits() {
    for op in ["addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui"] {
        agree(&format!("%r = arith.{op} %x, %y : i64"), Elem::I64, |_| true);
    }
    agree("%r = math.absi %x : i64", Elem::I64, |y| y == 0);
    for predicate in super::PREDICATES {
        agree(&format!("%r = arith.cmpi {predicate}, %x, %y : i64"), Elem::I1, |_| true);
    }
    agree("%c = arith.cmpi slt, %x, %y : i64 %r = arith.select %c, %y, %x : i64", Elem::I64, |_| true);
}

#[test]
fn shifts_reach_across_words_and_beyond() {
    for op in ["shli", "shrsi", "shrui"] {
        agree(&format!("%r = arith.{op} %x, %y : i64"), Elem::I64, |_| true);
    }
}

#[test]
fn division_is_exact() {
    for op in ["divsi", "divui", "remsi", "remui"] {
        agree(&format!("%r = arith.{op} %x, %y : i64"), Elem::I64, |y| [-7, 1 << 32, i64::MIN].contains(&y));
    }
}

#[test]
fn conversions_round_once() {
    let once = |y: i64| y == 0;
    for op in ["sitofp", "uitofp"] {
        agree(&format!("%r = arith.{op} %x : i64 to f32"), Elem::F32, once);
    }
    // Through floats of all magnitudes, and back.
    for op in ["fptosi", "fptoui"] {
        agree(&format!("%f = arith.sitofp %x : i64 to f32 %r = arith.{op} %f : f32 to i64"), Elem::I64, once);
        agree(
            &format!(
                "%t = arith.trunci %x : i64 to i32 %f = arith.bitcast %t : i32 to f32 %r = arith.{op} %f : f32 to i64"
            ),
            Elem::I64,
            once,
        );
    }
    for (bits, elem) in [("i8", Elem::I8), ("i16", Elem::I16), ("i32", Elem::I32), ("i1", Elem::I1)] {
        agree(&format!("%r = arith.trunci %x : i64 to {bits}"), elem, once);
        for op in ["extsi", "extui"] {
            agree(&format!("%t = arith.trunci %x : i64 to {bits} %r = arith.{op} %t : {bits} to i64"), Elem::I64, once);
        }
    }
}

#[test]
fn a_clamped_position_is_exact_for_every_number() {
    agree(
        "%p = arith.index_cast %x : i64 to index
         %rows = arith.constant 30522 : index
         %last = arith.constant 30521 : index
         %negative = arith.cmpi slt, %p, %c0 : index
         %back = arith.addi %p, %rows : index
         %q = arith.select %negative, %back, %p : index
         %s = arith.minsi %q, %last : index
         %at = arith.maxsi %s, %c0 : index
         %r = arith.index_cast %at : index to i64",
        Elem::I64,
        |y| y == 0,
    );
}

#[test]
fn control_flow_carries_words() {
    agree(
        "%c4 = arith.constant 4 : index
         %sum, %last = scf.for %k = %c0 to %c4 step %c1 iter_args(%s = %x, %f = %c0) -> (i64, index) {
           %t = arith.addi %s, %y : i64
           scf.yield %t, %k : i64, index
         }
         %small = arith.cmpi slt, %sum, %y : i64
         %picked = scf.if %small -> (i64) {
           %k = arith.index_cast %last : index to i64
           scf.yield %k : i64
         } else {
           scf.yield %sum : i64
         }
         %hundred = arith.constant 100 : i64
         %three = arith.constant 3 : i64
         %r = scf.while (%v = %picked) : (i64) -> i64 {
           %large = arith.cmpi ugt, %v, %hundred : i64
           scf.condition(%large) %v : i64
         } do {
         ^bb0(%v: i64):
           %less = arith.shrui %v, %three : i64
           scf.yield %less : i64
         }",
        Elem::I64,
        |y| [3, -7, 1 << 32, i64::MIN].contains(&y),
    );
}

#[test]
fn views_of_buffers_reach_the_same_elements() {
    let text = "
      func.func @main(%a: memref<192xi8>, %out: memref<24xi64>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c64 = arith.constant 64 : index
        %c2 = arith.constant 2 : index
        %c4 = arith.constant 4 : index
        %v = memref.view %a[%c64][] : memref<192xi8> to memref<4x4xi64>
        %r = memref.reinterpret_cast %v to offset: [1], sizes: [2, 4], strides: [8, 1]
          : memref<4x4xi64> to memref<2x4xi64, strided<[8, 1], offset: 1>>
        %s = memref.subview %v[0, 0] [2, 4] [1, 1] : memref<4x4xi64> to memref<2x4xi64, strided<[4, 1]>>
        %f = memref.collapse_shape %v [[0, 1]] : memref<4x4xi64> into memref<16xi64>
        %e = memref.expand_shape %f [[0, 1, 2]] output_shape [2, 2, 4] : memref<16xi64> into memref<2x2x4xi64>
        scf.for %i = %c0 to %c2 step %c1 {
          scf.for %j = %c0 to %c4 step %c1 {
            %p = memref.load %s[%i, %j] : memref<2x4xi64, strided<[4, 1]>>
            %q = memref.load %e[%c1, %i, %j] : memref<2x2x4xi64>
            %u = arith.addi %p, %q : i64
            %o = arith.muli %i, %c4 : index
            %k = arith.addi %o, %j : index
            memref.store %u, %out[%k] : memref<24xi64>
            %m = arith.addi %k, %c4 : index
            %w = memref.load %f[%m] : memref<16xi64>
            %k8 = arith.constant 8 : index
            %k16 = arith.addi %k, %k8 : index
            memref.store %w, %out[%k16] : memref<24xi64>
          }
        }
        return
      }";
    let values: Vec<i64> = samples().into_iter().take(24).collect();
    let [want, got] = both(text, &[bytes(&values)], 24 * 8);
    assert_eq!(want, got);
}

#[test]
fn what_has_no_form_is_refused_by_name() {
    let refused = |body: &str| {
        let session = Session::new();
        let text = format!("func.func @k(%m: memref<4xi64>, %x: i64, %f: f64, %i: index) {{ {body} return }}");
        let mut module = parse(session.cx(), &text).unwrap();
        let pipeline = Pipeline::parse("split-i64").unwrap();
        pipeline.run(session.cx(), &mut module, &mut RunOptions::default()).unwrap_err().to_string()
    };
    let messages = [
        refused("%v = vector.load %m[%i] : memref<4xi64>, vector<2xi64>"),
        refused("%v = memref.load %m[%i] : memref<4xi64> %w = arith.bitcast %v : i64 to f64"),
        refused("%v = arith.fptosi %f : f64 to i64"),
        refused("%v = arith.trunci %x : i64 to i32"),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn ranges_that_fit_words_need_no_high_ones() {
    let session = Session::new();
    let text = "func.func @k(%out: memref<8xi64>, %begin: index, %end: index) {
        %c1 = arith.constant 1 : index
        %seven = arith.constant 7 : i64
        scf.for %i = %begin to %end step %c1 {
          %x = arith.index_cast %i : index to i64
          %y = arith.remsi %x, %seven : i64
          %z = arith.addi %y, %seven : i64
          %w = arith.minsi %z, %seven : i64
          memref.store %w, %out[%i] : memref<8xi64>
        }
        return
      }";
    let mut module = parse(session.cx(), text).unwrap();
    Pipeline::parse("split-i64").unwrap().run(session.cx(), &mut module, &mut RunOptions::default()).unwrap();
    let ops: Vec<String> = walk_ops(module_op(&module)).into_iter().map(|op| op.op_name()).collect();
    assert!(ops.iter().all(|n| n != "arith.select" && n != "scf.if"), "{}", print_bare(module_op(&module)));
}
