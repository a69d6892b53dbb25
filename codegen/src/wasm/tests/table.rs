//! Every row of the dialect's table is encoded, under the name that the specification gives it, and validates.

use super::try_binary;
use weft_dialects::decl::Kind;
use weft_dialects::wasm::{Instr, Memory, TABLE, mnemonic};

fn mlir(kind: Kind) -> &'static str {
    match kind {
        Kind::I32 | Kind::Index | Kind::Shaped => "i32",
        Kind::I64 => "i64",
        Kind::F32 => "f32",
        Kind::F64 => "f64",
        Kind::V128 => "vector<4xf32>",
    }
}

fn function(row: &Instr) -> String {
    let types: Vec<&str> = row.operands.iter().map(|&k| mlir(k)).collect();
    let params: Vec<String> = types.iter().enumerate().map(|(i, t)| format!("%a{i}: {t}")).collect();
    let names: Vec<String> = (0..types.len()).map(|i| format!("%a{i}")).collect();
    let mut attrs = Vec::new();
    if matches!(row.memory, Memory::Load | Memory::Store) {
        attrs.push("offset = 12 : i32".to_owned());
    }
    if row.lanes > 0 {
        attrs.push(format!("lanes = array<i64: {}>", vec!["1"; row.lanes].join(", ")));
    }
    let result = row.result.map(mlir).unwrap_or_default();
    let (bind, value, ty) = if result.is_empty() { ("", "", "()") } else { ("%r = ", "%r", result) };
    let colon = if result.is_empty() { String::new() } else { format!(" : {result}") };
    let arrow = if result.is_empty() { String::new() } else { format!(" -> {result}") };
    format!(
        "func.func @{}({}){arrow} {{ {bind}\"wasm.{}\"({}) {{{}}} : ({}) -> {ty} return {value}{colon} }}\n",
        row.name,
        params.join(", "),
        row.name,
        names.join(", "),
        attrs.join(", "),
        types.join(", "),
    )
}

#[test]
fn every_row_encodes_as_its_mnemonic() {
    let text: String = TABLE.iter().map(function).collect();
    let binary = try_binary("wasm-relaxed", &text).unwrap_or_else(|e| panic!("{e}"));
    let wat = wasmprinter::print_bytes(binary).unwrap();
    // One function a row, in order; its last instruction is the row's.
    let bodies: Vec<&str> = wat.split("\n  (func ").skip(1).collect();
    assert_eq!(bodies.len(), TABLE.len());
    for (row, body) in TABLE.iter().zip(bodies) {
        let last = body.lines().map(str::trim).rfind(|l| !l.is_empty() && *l != ")" && !l.starts_with('('));
        let got = last.and_then(|l| l.split(' ').next()).unwrap_or_default();
        assert_eq!(got, mnemonic(row), "{body}");
        let with_offset = matches!(row.memory, Memory::Load | Memory::Store);
        assert_eq!(body.contains("offset=12"), with_offset, "{body}");
        // The text names an alignment only when it isn't the natural one.
        assert!(!body.contains("align="), "{body}");
    }
}

#[test]
fn the_plain_rows_validate_without_relaxed_simd() {
    let text: String = TABLE.iter().filter(|r| !r.name.contains("relaxed")).map(function).collect();
    assert!(try_binary("wasm-simd", &text).is_ok());
}
