//! Every file of `samples/` is a module of kernels; its snapshot is their text.

use super::try_emit;

#[test]
fn samples() {
    insta::glob!("samples/*.mlir", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let kernels = try_emit(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut out = String::new();
        for k in &kernels {
            let bindings: Vec<&str> = k.bindings.iter().map(|b| b.name()).collect();
            out += &format!(
                "//// {}\n// {:?}, {} i32, {:?}, {} bytes shared\n{}\n",
                k.name, bindings, k.uniform, k.features, k.workgroup_bytes, k.wgsl
            );
        }
        insta::assert_snapshot!(out);
    });
}
