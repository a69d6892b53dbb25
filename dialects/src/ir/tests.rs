use super::*;
use crate::nn::conv2d::Conv2d;

fn module_with_conv(cx: Cx<'_>) -> Module<'_> {
    let module = Module::new(cx.unknown_loc());
    let body = module_block(&module);
    let b = Builder::at_end(cx, body, cx.name_loc("node a"));
    let x = TensorTy::new(Elem::F32, &[1, 4, 4, 3]).to_mlir(cx);
    let y = TensorTy::new(Elem::F32, &[1, 4, 4, 2]).to_mlir(cx);
    b.func("main", false, &[x], &[y], |b, v| {
        let w: Vec<f32> = (0..54).map(|i| i as f32).collect();
        let w = b.tensor(&Tensor::f32(&[3, 3, 3, 2], &w));
        let w2: Vec<f32> = (0..54).map(|i| i as f32).collect();
        let _again = b.tensor(&Tensor::f32(&[3, 3, 3, 2], &w2));
        vec![Conv2d::build(b, v[0], w, &[3, 3], &[1, 1], &[1, 1], &[1, 1, 1, 1], 1, 2, 0, &[y]).res(0)]
    });
    module
}

fn module_block<'c>(module: &Module<'c>) -> Block<'c> {
    // SAFETY: used only while the module lives.
    unsafe { Block::from_raw(module.body().to_raw()) }
}

#[test]
fn text_round_trips_with_locations_and_canonical_keys() {
    let session = Session::new();
    let cx = session.cx();
    let module = module_with_conv(cx);
    let text = print(module_op(&module));
    assert!(text.contains("loc(\"node a\")"), "{text}");
    assert!(!text.contains("_1>"), "MLIR's uniquing suffix must not show: {text}");
    let other = Session::new();
    let again = parse(other.cx(), &text).unwrap();
    assert_eq!(print(module_op(&again)), text);
}

#[test]
fn blobs_travel_beside_the_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.mlir");
    let session = Session::new();
    let module = module_with_conv(session.cx());
    save(session.cx(), module_op(&module), &path).unwrap();
    let other = Session::new();
    let again = load(other.cx(), &path).unwrap();
    let constant = walk_ops(module_op(&again)).into_iter().find(|o| o.op_name() == "arith.constant").unwrap();
    let t = other.cx().tensor_of(constant.attr("value").unwrap()).unwrap();
    assert_eq!(t.get(53).f64(), 53.0);
    std::fs::remove_file(path.with_extension("blobs")).unwrap();
    let err = load(Session::new().cx(), &path).map(|_| ()).unwrap_err().to_string();
    assert!(err.contains("belongs beside it"), "{err}");
}

#[test]
fn the_verifier_names_a_missing_attribute() {
    let session = Session::new();
    let text = r#"func.func @f(%a: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %0 = "nn.pack"(%a) : (tensor<1x2xf32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>
    }"#;
    let err = parse(session.cx(), text).map(|_| ()).unwrap_err().to_string();
    assert!(err.contains("attribute \"panel\" is expected but not provided"), "{err}");
}

#[test]
fn maps_survive_mlir() {
    let session = Session::new();
    let map = Map {
        dims: 3,
        results: vec![
            LinExpr::dim(0).times(2).plus(&LinExpr::dim(2)).plus(&LinExpr::constant(-1)),
            LinExpr::constant(0),
        ],
    };
    assert_eq!(Map::from_attr(map.to_attr(session.cx())), Some(map));
}

#[test]
fn small_tensors_of_every_type_survive_mlir() {
    let session = Session::new();
    let cx = session.cx();
    for elem in [Elem::F16, Elem::BF16, Elem::F32, Elem::F64, Elem::I1, Elem::I8, Elem::I16, Elem::I32, Elem::I64] {
        let t = Tensor::from_scalars(elem, &[3], [0, 1, 1].map(Scalar::I));
        assert_eq!(cx.tensor_of(cx.tensor_attr(&t)), Some(t.clone()), "{elem:?}");
        let splat = Tensor::from_scalars(elem, &[5], [1; 5].map(Scalar::I));
        assert_eq!(cx.tensor_of(cx.tensor_attr(&splat)), Some(splat.clone()), "{elem:?} splat");
    }
}

#[test]
fn symbolic_extents_are_equal_when_their_expressions_are() {
    use super::{Count, Symbols, extent};
    let s = extent::symbol(0);
    assert_eq!(extent::sub(extent::add(s, 3), 3), s);
    assert_eq!(extent::sub(s, s), 0);
    assert_eq!(extent::floor_div(extent::mul(s, 12).unwrap(), 4), extent::mul(s, 3).unwrap());
    assert_eq!(extent::rem(extent::mul(s, 16).unwrap(), 8), 0);
    // Two halvings are a quartering, and what a divisor divides leaves the quotient.
    assert_eq!(extent::floor_div(extent::floor_div(s, 2), 2), extent::floor_div(s, 4));
    assert_eq!(extent::text(extent::ceil_div(extent::add(extent::mul(s, 2).unwrap(), 1), 2)), "s0 + 1");
    assert_eq!(extent::mul(s, s), None);
    let symbols = Symbols { names: vec!["n".into()], bounds: vec![(3, 10)] };
    assert_eq!(symbols.range(extent::sub(s, extent::mul(extent::floor_div(s, 2), 2).unwrap())), (0, 1));
    assert_eq!(symbols.range(extent::ceil_div(s, 4)), (1, 3));
    assert_eq!(symbols.readable(&format!("{:?} is not -1", [1, s])), "[1, n] is not -1");
    let (all, one) = (Count::of(&[12, s, s]), Count::of(&[extent::mul(s, 4).unwrap()]));
    assert_eq!(all.over(&one), Some(Count::of(&[3, s])));
    assert_eq!(one.over(&all), None);
}

#[test]
fn symbolic_types_are_spelled_out_and_read_back() {
    use super::{TensorTy, extent};
    let session = Session::new();
    let cx = session.cx();
    let half = extent::floor_div(extent::add(extent::symbol(1), 1), 2);
    let ty = TensorTy::new(super::Elem::F32, &[1, extent::symbol(0), half]);
    let text = ty.to_mlir(cx).to_string();
    assert_eq!(text, "tensor<1x?x?xf32, affine_map<()[s0, s1] -> (1, s0, (s1 + 1) floordiv 2)>>");
    assert_eq!(TensorTy::of(cx.parse_type(&text).unwrap()), Some(ty));
}

#[test]
fn symbolic_reshapes_verify() {
    use super::{extent, is_view};
    let session = Session::new();
    let cx = session.cx();
    let s = extent::symbol(0);
    let ty = super::TensorTy::new(super::Elem::F32, &[1, s, 384]);
    let module = super::Module::new(cx.unknown_loc());
    let b = super::Builder::at_end(cx, super::module_op(&module).body(0), cx.unknown_loc());
    b.func("main", false, &[ty.to_mlir(cx)], &[], |b, v| {
        let heads = b.reshape(v[0], &[s, 12, 32]);
        let padded = b.pad(heads, &[1, 0, 0], &[1, 0, 0], super::Scalar::F(0.0));
        let joined = b.concat(0, &[padded, heads]);
        b.extract_slice(joined, &[s, 0, 0], &[extent::add(s, 2), 12, 1], &[1, 1, 1]);
        b.splat(&ty, super::Scalar::F(1.0));
        Vec::new()
    });
    use melior::ir::operation::OperationLike;
    assert!(module.as_operation().verify(), "{:?}", cx.take_diagnostics());
    assert!(is_view(&[1, s, 384], &[s, 12, 32]) && is_view(&[4, s, 8], &[4, 1, s, 8]));
    assert!(!is_view(&[4, s, 8], &[extent::mul(s, 4).unwrap(), 8]));
}
