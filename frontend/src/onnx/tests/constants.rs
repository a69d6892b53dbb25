//! Initializers, constant nodes, external data.

use super::*;
use insta::assert_snapshot;
use weft_dialects::ir::{Cx, OpExt, Tensor, walk_ops};

/// `y = x + w`.
fn plus<'a>(w: TensorProto<'a>) -> Model<'a> {
    model(Graph { initializer: vec![w], ..graph(vec![node("add", "Add", &["x", "w"], &["y"])]) })
}

/// Imports and gives the only constant of the module, and how many bytes of constants are not in mapped files.
fn constant(folder: &Path, model: &Model<'_>) -> Result<(Tensor, usize), String> {
    let path = folder.join("model.onnx");
    std::fs::write(&path, onnx_rs::encode(model)).unwrap();
    let session = Session::new();
    let cx: Cx<'_> = session.cx();
    let module = import(cx, &path, &ImportOptions::default())
        .map_err(|e| e.to_string().replace(&format!("{}/", folder.display()), ""))?;
    let constants: Vec<_> =
        walk_ops(module_op(&module)).into_iter().filter(|o| o.op_name() == "onnx.Constant").collect();
    assert_eq!(constants.len(), 1);
    let tensor = cx.tensor_of(constants[0].attr("value").unwrap()).unwrap();
    Ok((tensor, cx.blobs().owned_bytes()))
}

fn bytes(n: u8) -> Vec<u8> {
    (0..n).collect()
}

#[test]
fn raw_data_stays_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = bytes(80);
    let (tensor, owned) =
        constant(folder.path(), &plus(TensorProto::from_raw("w", vec![4, 5], DataType::Float, &data))).unwrap();
    assert_eq!((tensor.shape.as_slice(), &tensor.data[..], owned), (&[4, 5][..], &data[..], 0));
}

#[test]
fn every_way_to_store_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let read = |t| constant(folder.path(), &plus(t)).unwrap().0.scalars().map(|s| s.f64()).collect::<Vec<_>>();
    assert_eq!(read(TensorProto::from_f32("w", vec![2], vec![1.5, -2.0])), [1.5, -2.0]);
    assert_eq!(read(TensorProto::from_f64("w", vec![2], vec![1.5, -2.0])), [1.5, -2.0]);
    assert_eq!(read(TensorProto::from_i32("w", vec![2], vec![7, -2])), [7.0, -2.0]);
    assert_eq!(read(TensorProto::from_i64("w", vec![2], vec![7, i64::MIN])), [7.0, i64::MIN as f64]);
    assert_eq!(read(TensorProto::from_u64("w", vec![1], vec![7])), [7.0]);
    assert_eq!(read(TensorProto::from_raw("w", vec![3], DataType::Bool, &[0, 1, 7])), [0.0, 1.0, 1.0]);
    assert_eq!(read(TensorProto::from_raw("w", vec![1], DataType::Float16, &[0x00, 0x3e])), [1.5]);
    assert_eq!(read(TensorProto::from_raw("w", vec![1], DataType::Bfloat16, &[0xc0, 0x3f])), [1.5]);
    assert_eq!(read(TensorProto::from_raw("w", vec![2], DataType::Int8, &[0xff, 2])), [-1.0, 2.0]);
    assert_eq!(read(TensorProto::from_raw("w", vec![3], DataType::Int4, &[0x1f, 0x08])), [-1.0, 1.0, -8.0]);
    assert_eq!(read(TensorProto::from_raw("w", vec![2], DataType::Uint4, &[0x1f])), [15.0, 1.0]);
    assert_eq!(read(TensorProto::from_raw("w", vec![1], DataType::Float8e5m2, &[0x3c])), [60.0]);
    assert_eq!(read(TensorProto::from_f32("w", vec![0, 4], vec![])), [0.0; 0]);
    assert_eq!(read(TensorProto::from_f32("w", vec![], vec![3.0])), [3.0]);
}

#[test]
fn constant_nodes_and_dtypes_print_alike() {
    let constant = |name, attribute| with(node(name, "Constant", &[], &[name]), vec![attribute]);
    let float = Attribute { name: "value_float", r#type: AttributeType::Float, f: 0.5, ..Default::default() };
    let floats =
        Attribute { name: "value_floats", r#type: AttributeType::Floats, floats: vec![1.0, 2.0], ..Default::default() };
    let tensor = Attribute {
        name: "value",
        r#type: AttributeType::Tensor,
        t: Some(TensorProto::from_raw("", vec![2], DataType::Uint8, &[1, 255])),
        ..Default::default()
    };
    let nodes = vec![
        constant("a", float),
        constant("b", floats),
        constant("c", int("value_int", 0)),
        constant("d", ints("value_ints", &[])),
        constant("e", tensor),
        node("sum", "Sum", &["x", "a", "b", "c", "d", "e"], &["y"]),
    ];
    assert_snapshot!(imported(&model(graph(nodes))), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.Constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> !onnx.value
        %1 = "onnx.Constant"() {value = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>} : () -> !onnx.value
        %2 = "onnx.Constant"() {value = dense<0> : tensor<i64>} : () -> !onnx.value
        %3 = "onnx.Constant"() {value = dense<> : tensor<0xi64>} : () -> !onnx.value
        %4 = "onnx.Constant"() {value = dense<[1, -1]> : tensor<2xi8>, weft.dtype = "uint8"} : () -> !onnx.value
        %5 = "onnx.Sum"(%arg0, %0, %1, %2, %3, %4) : (tensor<2x3xf32>, !onnx.value, !onnx.value, !onnx.value, !onnx.value, !onnx.value) -> !onnx.value
        return %5 : !onnx.value
      }
    }
    "#);
}

#[test]
fn data_that_does_not_fit_the_dims() {
    let refuse = |t| refused(&plus(t));
    assert_snapshot!(refuse(TensorProto::from_raw("w", vec![2, 3], DataType::Float, &[0; 20])), @"model.onnx: initializer 'w': its dims 2x3 claim 24 bytes, but it holds 20; the file is damaged");
    assert_snapshot!(refuse(TensorProto::from_f32("w", vec![2], vec![1.0, 2.0, 3.0])), @"model.onnx: initializer 'w': its dims 2 claim 2 elements, but it holds 3; the file is damaged");
    assert_snapshot!(refuse(TensorProto::from_raw("w", vec![2], DataType::Float, &[])), @"model.onnx: initializer 'w': its dims 2 claim 2 elements, but it holds 0; the file is damaged");
    assert_snapshot!(refuse(TensorProto::from_strings("w", vec![1], vec![b"text"])), @"model.onnx: initializer 'w': elements of type string are not supported");
    assert_snapshot!(refuse(TensorProto::from_raw("w", vec![1], DataType::Complex64, &[0; 8])), @"model.onnx: initializer 'w': elements of type complex64 are not supported");
    assert_snapshot!(refuse(TensorProto::from_raw("w", vec![3], DataType::Int4, &[0])), @"model.onnx: initializer 'w': its dims 3 claim 2 bytes, but it holds 1; the file is damaged");
}

fn external<'a>(entries: &[(&'a str, &'a str)]) -> TensorProto<'a> {
    let entries = entries.iter().map(|&(key, value)| StringStringEntry { key, value }).collect();
    TensorProto::from_f32("w", vec![20], vec![]).with_external_data(entries).with_data_location(DataLocation::External)
}

#[test]
fn external_data_is_mapped() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("weights")).unwrap();
    std::fs::write(folder.path().join("weights/all.bin"), bytes(200)).unwrap();
    let read = |entries: &[_]| constant(folder.path(), &plus(external(entries)));
    let (tensor, owned) = read(&[("location", "weights/all.bin"), ("offset", "7"), ("length", "80")]).unwrap();
    assert_eq!((&tensor.data[..], owned), (&bytes(200)[7..87], 0));
    let (tensor, _) = read(&[("location", "./weights/all.bin"), ("offset", "120")]).unwrap();
    assert_eq!(&tensor.data[..], &bytes(200)[120..]);
    assert_snapshot!(read(&[("location", "weights/all.bin"), ("offset", "160")]).unwrap_err(), @"model.onnx: initializer 'w': its dims 20 claim 80 bytes of external data, but it holds 40; the file is damaged");
    assert_snapshot!(read(&[("location", "weights/all.bin"), ("offset", "190"), ("length", "80")]).unwrap_err(), @"model.onnx: initializer 'w': its external data is 80 bytes from byte 190 of 'weights/all.bin', which has only 200; the file is truncated or belongs to another model");
    assert_snapshot!(read(&[("location", "weights/all.bin"), ("offset", "18446744073709551615"), ("length", "80")]).unwrap_err(), @"model.onnx: initializer 'w': its external data is 80 bytes from byte 18446744073709551615 of 'weights/all.bin', which has only 200; the file is truncated or belongs to another model");
    assert_snapshot!(read(&[("location", "weights/all.bin"), ("offset", "-4")]).unwrap_err(), @"model.onnx: initializer 'w': the offset of its external data is '-4', not a number of bytes");
    assert_snapshot!(read(&[("location", "weights/none.bin")]).unwrap_err(), @"model.onnx: initializer 'w': its external data 'weights/none.bin' can't be read: No such file or directory (os error 2); it belongs beside the model file");
    assert_snapshot!(read(&[("location", "weights")]).unwrap_err(), @"model.onnx: initializer 'w': its external data 'weights' is not a regular file");
    assert_snapshot!(read(&[]).unwrap_err(), @"model.onnx: initializer 'w': its data is external, but the file doesn't say where");
    std::fs::write(folder.path().join("empty.bin"), b"").unwrap();
    assert_snapshot!(read(&[("location", "empty.bin")]).unwrap_err(), @"model.onnx: initializer 'w': its dims 20 claim 80 bytes of external data, but it holds 0; the file is damaged");
}

#[test]
fn external_data_outside_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("model");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(outer.path().join("secret.bin"), bytes(80)).unwrap();
    let read = |location: &str| {
        constant(&folder, &plus(external(&[("location", location)])))
            .unwrap_err()
            .replace(&outer.path().canonicalize().unwrap().display().to_string(), "OUTER")
    };
    assert_snapshot!(read("../secret.bin"), @"model.onnx: initializer 'w': its external data '../secret.bin' is outside the model's folder; only files inside it are read, by relative paths without '..'");
    assert_snapshot!(read("inside/../../secret.bin"), @"model.onnx: initializer 'w': its external data 'inside/../../secret.bin' is outside the model's folder; only files inside it are read, by relative paths without '..'");
    let absolute = outer.path().canonicalize().unwrap().join("secret.bin");
    assert_snapshot!(read(absolute.to_str().unwrap()), @"model.onnx: initializer 'w': its external data 'OUTER/secret.bin' is outside the model's folder; only files inside it are read, by relative paths without '..'");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.bin", folder.join("link.bin")).unwrap();
        assert_snapshot!(read("link.bin"), @"model.onnx: initializer 'w': its external data 'link.bin' is a link to 'OUTER/secret.bin', outside the model's folder; copy the file into it");
        std::os::unix::fs::symlink("..", folder.join("dir")).unwrap();
        assert_snapshot!(read("dir/secret.bin"), @"model.onnx: initializer 'w': its external data 'dir/secret.bin' is a link to 'OUTER/secret.bin', outside the model's folder; copy the file into it");
    }
}
