//! Every file of `samples/` is a module of kernels; its snapshot is their text.

use super::try_emit;
use crate::wgsl::{Access, ENTRY_POINT};
use naga::valid::{Capabilities, ValidationFlags, Validator};

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

#[test]
fn the_text_is_the_module() {
    insta::glob!("samples/*.mlir", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        for k in try_emit(&text).unwrap() {
            // naga knows subgroups, but not the line that enables them.
            let wgsl = k.wgsl.strip_prefix("enable subgroups;\n").unwrap_or(&k.wgsl);
            let read = naga::front::wgsl::parse_str(wgsl).unwrap_or_else(|e| panic!("{}: {e}\n{wgsl}", k.name));
            let mut validator = Validator::new(ValidationFlags::all(), Capabilities::all());
            validator.validate(&read).unwrap_or_else(|e| panic!("{}: {e:?}", k.name));
            let entry = &read.entry_points[0];
            assert_eq!((entry.name.as_str(), entry.workgroup_size), (ENTRY_POINT, k.workgroup), "{}", k.name);
            let storage = read.global_variables.iter().filter_map(|(_, v)| match v.space {
                naga::AddressSpace::Storage { access } => Some((v.binding?.binding, access)),
                _ => None,
            });
            for (binding, access) in storage {
                let written = access.contains(naga::StorageAccess::STORE);
                assert_eq!(k.bindings[binding as usize] == Access::ReadWrite, written, "{}: {binding}", k.name);
            }
        }
    });
}
