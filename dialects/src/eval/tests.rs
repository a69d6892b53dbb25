use super::{constant_of, function};
use crate::ir::{Elem, OpExt, Scalar, Session, Tensor, funcs, module_op, parse, walk_ops};

/// Evaluates the first function of a module's text.
fn eval(text: &str, inputs: &[Tensor]) -> Result<Vec<Tensor>, String> {
    let session = Session::new();
    let cx = session.cx();
    let module = parse(cx, text).map_err(|e| e.to_string())?;
    function(cx, funcs(module_op(&module))[0], inputs).map_err(|e| e.to_string())
}

fn iota(shape: &[i64]) -> Tensor {
    let n: i64 = shape.iter().product();
    Tensor::f32(shape, &(0..n).map(|i| i as f32).collect::<Vec<_>>())
}

#[test]
fn a_generic_broadcasts_transposes_and_reads_windows() {
    let text = r#"
      func.func @f(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<3x2xf32> {
        %e = tensor.empty() : tensor<3x2xf32>
        %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (-d0 + 2)>,
            affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
            ins(%a, %b : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<3x2xf32>) {
        ^bb0(%x: f32, %y: f32, %o: f32):
          %s = arith.addf %x, %y : f32
          linalg.yield %s : f32
        } -> tensor<3x2xf32>
        return %0 : tensor<3x2xf32>
      }"#;
    let y = eval(text, &[iota(&[2, 3]), Tensor::f32(&[3], &[10.0, 20.0, 30.0])]).unwrap();
    assert_eq!(y, [Tensor::f32(&[3, 2], &[30.0, 33.0, 21.0, 24.0, 12.0, 15.0])]);
}

#[test]
fn reductions_accumulate_in_their_type_and_order() {
    // 2^24 + 1 is not an f32: the sum sticks, as it would in a loop.
    let text = r#"
      func.func @f(%a: tensor<2x3xf32>) -> tensor<2xf32> {
        %z = arith.constant dense<16777216.0> : tensor<2xf32>
        %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
            iterator_types = ["parallel", "reduction"]} ins(%a : tensor<2x3xf32>) outs(%z : tensor<2xf32>) {
        ^bb0(%x: f32, %o: f32):
          %s = arith.addf %o, %x : f32
          linalg.yield %s : f32
        } -> tensor<2xf32>
        return %0 : tensor<2xf32>
      }"#;
    let y = eval(text, &[Tensor::f32(&[2, 3], &[1.0, 1.0, 1.0, 1.0, 1.0, 2.0])]).unwrap();
    assert_eq!(y[0].to_f32s(), [16777216.0, 16777218.0]);
}

#[test]
fn integers_wrap_and_know_their_signedness() {
    let text = r#"
      func.func @f(%a: tensor<4xi8>) -> (tensor<4xi8>, tensor<4xf32>, tensor<4xi64>, tensor<4xi1>) {
        %e = tensor.empty() : tensor<4xi8>
        %f = tensor.empty() : tensor<4xf32>
        %g = tensor.empty() : tensor<4xi64>
        %h = tensor.empty() : tensor<4xi1>
        %c = arith.constant 1 : i8
        %0:4 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>,
            affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
            ins(%a : tensor<4xi8>) outs(%e, %f, %g, %h : tensor<4xi8>, tensor<4xf32>, tensor<4xi64>, tensor<4xi1>) {
        ^bb0(%x: i8, %o: i8, %p: f32, %q: i64, %r: i1):
          %s = arith.addi %x, %c : i8
          %u = arith.uitofp %x : i8 to f32
          %i = linalg.index 0 : index
          %l = arith.index_cast %i : index to i64
          %w = arith.extsi %x : i8 to i64
          %m = arith.muli %l, %w : i64
          %z = arith.constant 0 : i8
          %t = arith.cmpi ult, %x, %z : i8
          %v = arith.cmpi slt, %x, %z : i8
          %k = arith.ori %t, %v : i1
          linalg.yield %s, %u, %m, %k : i8, f32, i64, i1
        } -> (tensor<4xi8>, tensor<4xf32>, tensor<4xi64>, tensor<4xi1>)
        return %0#0, %0#1, %0#2, %0#3 : tensor<4xi8>, tensor<4xf32>, tensor<4xi64>, tensor<4xi1>
      }"#;
    let x = Tensor::from_scalars(Elem::I8, &[4], [127, -1, -128, 5].map(Scalar::I));
    let y = eval(text, &[x]).unwrap();
    assert_eq!(y[0].to_i64s(), [-128, 0, -127, 6]);
    assert_eq!(y[1].to_f32s(), [127.0, 255.0, 128.0, 5.0]);
    assert_eq!(y[2].to_i64s(), [0, -1, -256, 15]);
    assert_eq!(y[3].to_i64s(), [0, 1, 1, 0]);
}

#[test]
fn nan_and_signed_zero_follow_each_op() {
    let text = r#"
      func.func @f(%a: tensor<3xf32>, %b: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
        %e = tensor.empty() : tensor<3xf32>
        %0:2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>,
            affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
            ins(%a, %b : tensor<3xf32>, tensor<3xf32>) outs(%e, %e : tensor<3xf32>, tensor<3xf32>) {
        ^bb0(%x: f32, %y: f32, %o: f32, %p: f32):
          %s = arith.maximumf %x, %y : f32
          %u = arith.maxnumf %x, %y : f32
          linalg.yield %s, %u : f32, f32
        } -> (tensor<3xf32>, tensor<3xf32>)
        return %0#0, %0#1 : tensor<3xf32>, tensor<3xf32>
      }"#;
    let y = eval(text, &[Tensor::f32(&[3], &[f32::NAN, -0.0, 1.0]), Tensor::f32(&[3], &[1.0, 0.0, 2.0])]).unwrap();
    let (max, num) = (y[0].to_f32s(), y[1].to_f32s());
    assert!(max[0].is_nan() && max[1].to_bits() == 0 && max[2] == 2.0, "{max:?}");
    assert!(num[0] == 1.0 && num[1].to_bits() == 0 && num[2] == 2.0, "{num:?}");
}

#[test]
fn tensors_are_sliced_padded_joined_and_reshaped() {
    let text = r#"
      func.func @f(%a: tensor<2x4xf32>) -> (tensor<2xf32>, tensor<4x5xf32>, tensor<2x6xf32>, tensor<2x2x2xf32>, tensor<2x4xf32>) {
        %s = tensor.extract_slice %a[0, 3] [2, 1] [1, 1] : tensor<2x4xf32> to tensor<2xf32>
        %c = arith.constant 7.0 : f32
        %p = tensor.pad %a low[1, -1] high[1, 2] {
        ^bb0(%i: index, %j: index):
          tensor.yield %c : f32
        } : tensor<2x4xf32> to tensor<4x5xf32>
        %t = tensor.extract_slice %a[0, 0] [2, 2] [1, 2] : tensor<2x4xf32> to tensor<2x2xf32>
        %k = tensor.concat dim(1) %t, %a : (tensor<2x2xf32>, tensor<2x4xf32>) -> tensor<2x6xf32>
        %e = tensor.expand_shape %a [[0], [1, 2]] output_shape [2, 2, 2] : tensor<2x4xf32> into tensor<2x2x2xf32>
        %n = tensor.insert_slice %t into %a[0, 1] [2, 2] [1, 1] : tensor<2x2xf32> into tensor<2x4xf32>
        return %s, %p, %k, %e, %n : tensor<2xf32>, tensor<4x5xf32>, tensor<2x6xf32>, tensor<2x2x2xf32>, tensor<2x4xf32>
      }"#;
    let y = eval(text, &[iota(&[2, 4])]).unwrap();
    assert_eq!(y[0].to_f32s(), [3.0, 7.0]);
    let pad = [7., 7., 7., 7., 7., 1., 2., 3., 7., 7., 5., 6., 7., 7., 7., 7., 7., 7., 7., 7.];
    assert_eq!(y[1].to_f32s(), pad);
    assert_eq!(y[2].to_f32s(), [0., 2., 0., 1., 2., 3., 4., 6., 4., 5., 6., 7.]);
    assert_eq!(y[3].shape, [2, 2, 2]);
    assert_eq!(y[4].to_f32s(), [0., 0., 2., 3., 4., 4., 6., 7.]);
}

#[test]
fn calls_are_followed() {
    let text = r#"
      func.func @main(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
        %0 = call @soft(%a) : (tensor<1x4xf32>) -> tensor<1x4xf32>
        return %0 : tensor<1x4xf32>
      }
      func.func private @soft(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
        %0 = "nn.softmax"(%a) : (tensor<1x4xf32>) -> tensor<1x4xf32>
        return %0 : tensor<1x4xf32>
      }"#;
    let y = eval(text, &[Tensor::f32(&[1, 4], &[0.0; 4])]).unwrap();
    assert_eq!(y[0].to_f32s(), [0.25; 4]);
    let err = eval(text, &[iota(&[1, 3])]).unwrap_err();
    assert_eq!(err, "func.func: argument 0 is tensor<1x4xf32>, not F32 of shape [1, 3]");
}

#[test]
fn only_constant_subgraphs_are_constants() {
    let session = Session::new();
    let cx = session.cx();
    let text = r#"
      func.func @f(%a: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
        %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
        %0 = tensor.expand_shape %c [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
        %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
        %2 = tensor.insert_slice %c into %a[0] [4] [1] : tensor<4xf32> into tensor<4xf32>
        return %1, %2 : tensor<4xf32>, tensor<4xf32>
      }"#;
    let module = parse(cx, text).unwrap();
    let ret = walk_ops(module_op(&module)).into_iter().find(|o| o.op_name() == "func.return").unwrap();
    assert_eq!(constant_of(cx, ret.arg(0)), Some(Tensor::f32(&[4], &[1.0, 2.0, 3.0, 4.0])));
    assert_eq!(constant_of(cx, ret.arg(1)), None);
}

#[test]
fn math_functions_are_rounded_once() {
    let text = r#"
      func.func @f(%a: tensor<3xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
        %e = tensor.empty() : tensor<4xf32>
        %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
            iterator_types = ["parallel"]} ins(%a, %b : tensor<3xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
        ^bb0(%x: f32, %y: f32, %o: f32):
          %s = math.erf %x : f32
          linalg.yield %s : f32
        } -> tensor<4xf32>
        return %0 : tensor<4xf32>
      }"#;
    let y = eval(text, &[Tensor::f32(&[3], &[1.0; 3]), iota(&[4])]).unwrap();
    assert_eq!(y[0].to_f32s(), [0.842_700_8; 4]);
}

/// Runs a kernel of 64 invocations, two workgroups, on 128 numbers; its body gets `%t` and `%g` (in the workgroup and in all),
/// and `%tile`.
fn grid(body: &str) -> Result<Vec<f64>, String> {
    let text = format!(
        "module attributes {{gpu.container_module}} {{
           gpu.module @kernels {{
             gpu.func @k(%x: memref<128xf32>, %out: memref<128xf32>)
                 workgroup(%tile : memref<64xf32, #gpu.address_space<workgroup>>) kernel
                 attributes {{known_block_size = array<i32: 64, 1, 1>}} {{
               %c0 = arith.constant 0 : index
               %c1 = arith.constant 1 : index
               %c63 = arith.constant 63 : index
               %t = gpu.thread_id x
               %g = gpu.global_id x
               %v = memref.load %x[%g] : memref<128xf32>
               {body}
               gpu.return
             }}
           }}
           func.func @main(%x: memref<128xf32>, %out: memref<128xf32>) {{
             %c1 = arith.constant 1 : index
             %c2 = arith.constant 2 : index
             %c64 = arith.constant 64 : index
             gpu.launch_func @kernels::@k blocks in (%c2, %c1, %c1) threads in (%c64, %c1, %c1)
               args(%x : memref<128xf32>, %out : memref<128xf32>)
             return
           }}
         }}"
    );
    let session = Session::new();
    let cx = session.cx();
    let module = parse(cx, &text).map_err(|e| e.to_string())?;
    let x = iota(&[128]);
    let mut buffers = vec![x.data.to_vec(), vec![0; 512]];
    super::loops(cx, module_op(&module), &mut buffers).map_err(|e| e.to_string())?;
    let y = Tensor { elem: Elem::F32, shape: vec![128], data: buffers.pop().unwrap_or_default().into() };
    Ok(y.scalars().map(Scalar::f64).collect())
}

const TILE: &str = "memref<64xf32, #gpu.address_space<workgroup>>";

#[test]
fn a_workgroup_shares_memory_across_a_barrier() {
    let reversed = |barrier: &str| {
        grid(&format!(
            "memref.store %v, %tile[%t] : {TILE}
             {barrier}
             %o = arith.subi %c63, %t : index
             %w = memref.load %tile[%o] : {TILE}
             memref.store %w, %out[%g] : memref<128xf32>"
        ))
    };
    let y = reversed("gpu.barrier").unwrap();
    assert_eq!((y[0], y[63], y[64], y[127]), (63.0, 0.0, 127.0, 64.0));
    let error = reversed("").unwrap_err();
    assert!(error.contains("without a barrier between them"), "{error}");
}

#[test]
fn invocations_part_and_meet_again() {
    let y = grid(
        "%c3 = arith.constant 3 : index
         %z = arith.constant 0.0 : f32
         %m = arith.remui %t, %c3 : index
         %odd = arith.cmpi eq, %m, %c1 : index
         %w = scf.if %odd -> (f32) {
           %n = arith.negf %v : f32
           scf.yield %n : f32
         } else {
           scf.yield %v : f32
         }
         %s = scf.for %i = %c0 to %m step %c1 iter_args(%a = %z) -> (f32) {
           %b = arith.addf %a, %w : f32
           scf.yield %b : f32
         }
         memref.store %s, %out[%g] : memref<128xf32>",
    );
    let y = y.unwrap();
    assert_eq!(y[..6], [0.0, -1.0, 4.0, 0.0, -4.0, 10.0]);
}

#[test]
fn all_of_a_workgroup_reach_a_barrier() {
    let error = grid(
        "%first = arith.cmpi ult, %t, %c1 : index
         scf.if %first {
           gpu.barrier
         }",
    );
    assert_eq!(error.unwrap_err(), "gpu.barrier: only 1 of 64 invocations reach the barrier");
}

#[test]
fn workgroups_dont_write_the_same() {
    let error = grid("memref.store %v, %out[%t] : memref<128xf32>").unwrap_err();
    assert!(error.contains("workgroup 0 writes what invocation 0 of workgroup 1 wrote"), "{error}");
}

#[test]
fn subgroups_reduce() {
    let y = grid(
        "%s = gpu.subgroup_reduce maxnumf %v : (f32) -> (f32)
         %n = gpu.subgroup_size : index
         %i = arith.index_cast %n : index to i32
         %f = arith.sitofp %i : i32 to f32
         %d = arith.subf %s, %f : f32
         memref.store %d, %out[%g] : memref<128xf32>",
    );
    let y = y.unwrap();
    assert_eq!((y[0], y[127]), (-1.0, 123.0));
}
