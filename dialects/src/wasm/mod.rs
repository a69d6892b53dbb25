//! `wasm`: the machine level. One op an instruction, named as the instruction with its first dot written as an
//! underscore (`f32x4.relaxed_madd` is `wasm.f32x4_relaxed_madd`), on `i32` byte addresses with the immediate
//! offset as an attribute. Integer arithmetic on scalars is upstream `arith`, control flow `scf`.

use crate::decl::{AttrKind, Kind, OpDecl};
use Kind::{F32, F64, I32, I64, V128};
use std::sync::OnceLock;

/// What an instruction does with memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Nothing: it is pure.
    None,
    /// Reads at operand 0 plus `offset`.
    Load,
    /// Writes at operand 0 plus `offset`.
    Store,
    /// Copies or fills a range.
    Bulk,
}

/// One instruction of the table.
#[derive(Debug, Clone, Copy)]
pub struct Instr {
    /// Op name in the dialect, e.g. `f32x4_add`.
    pub name: &'static str,
    /// Operands.
    pub operands: &'static [Kind],
    /// Result, if any.
    pub result: Option<Kind>,
    /// Memory access.
    pub memory: Memory,
    /// Number of lane immediates (attribute `lanes`): 1 for extract/replace, 16 for shuffle, 0 for none.
    pub lanes: usize,
}

const fn pure(name: &'static str, operands: &'static [Kind], result: Kind) -> Instr {
    Instr { name, operands, result: Some(result), memory: Memory::None, lanes: 0 }
}

const fn lane(name: &'static str, operands: &'static [Kind], result: Kind, lanes: usize) -> Instr {
    Instr { name, operands, result: Some(result), memory: Memory::None, lanes }
}

const fn load(name: &'static str, result: Kind) -> Instr {
    Instr { name, operands: &[I32], result: Some(result), memory: Memory::Load, lanes: 0 }
}

const fn store(name: &'static str, value: &'static [Kind]) -> Instr {
    Instr { name, operands: value, result: None, memory: Memory::Store, lanes: 0 }
}

const V1: &[Kind] = &[V128];
const V2: &[Kind] = &[V128, V128];
const V3: &[Kind] = &[V128, V128, V128];
const SHIFT: &[Kind] = &[V128, I32];

/// The instructions, in the order of the reference. Those of a family that only differ in the lane's name are
/// written out: this is the table that the emitter, the verifier and the reference page share.
pub const TABLE: &[Instr] = &[
    // Memory.
    load("i32_load", I32),
    load("i32_load8_s", I32),
    load("i32_load8_u", I32),
    load("i32_load16_s", I32),
    load("i32_load16_u", I32),
    load("i64_load", I64),
    load("f32_load", F32),
    load("f64_load", F64),
    load("v128_load", V128),
    load("v128_load8_splat", V128),
    load("v128_load16_splat", V128),
    load("v128_load32_splat", V128),
    load("v128_load64_splat", V128),
    load("v128_load8x8_s", V128),
    load("v128_load8x8_u", V128),
    load("v128_load16x4_s", V128),
    load("v128_load16x4_u", V128),
    load("v128_load32x2_s", V128),
    load("v128_load32x2_u", V128),
    load("v128_load32_zero", V128),
    load("v128_load64_zero", V128),
    store("i32_store", &[I32, I32]),
    store("i32_store8", &[I32, I32]),
    store("i32_store16", &[I32, I32]),
    store("i64_store", &[I32, I64]),
    store("f32_store", &[I32, F32]),
    store("f64_store", &[I32, F64]),
    store("v128_store", &[I32, V128]),
    Instr { name: "v128_store32_lane", operands: &[I32, V128], result: None, memory: Memory::Store, lanes: 1 },
    Instr { name: "v128_store64_lane", operands: &[I32, V128], result: None, memory: Memory::Store, lanes: 1 },
    Instr { name: "memory_copy", operands: &[I32, I32, I32], result: None, memory: Memory::Bulk, lanes: 0 },
    Instr { name: "memory_fill", operands: &[I32, I32, I32], result: None, memory: Memory::Bulk, lanes: 0 },
    // Scalars that `arith` has no op for with Wasm's meaning.
    pure("f32_ceil", &[F32], F32),
    pure("f32_floor", &[F32], F32),
    pure("f32_trunc", &[F32], F32),
    pure("f32_nearest", &[F32], F32),
    pure("f32_sqrt", &[F32], F32),
    pure("f32_abs", &[F32], F32),
    pure("f32_min", &[F32, F32], F32),
    pure("f32_max", &[F32, F32], F32),
    pure("f32_copysign", &[F32, F32], F32),
    pure("f64_copysign", &[F64, F64], F64),
    pure("f64_ceil", &[F64], F64),
    pure("f64_floor", &[F64], F64),
    pure("f64_trunc", &[F64], F64),
    pure("f64_nearest", &[F64], F64),
    pure("f64_sqrt", &[F64], F64),
    pure("f64_abs", &[F64], F64),
    pure("f64_min", &[F64, F64], F64),
    pure("f64_max", &[F64, F64], F64),
    pure("i32_trunc_sat_f32_s", &[F32], I32),
    pure("i64_trunc_sat_f32_s", &[F32], I64),
    pure("i32_trunc_sat_f64_s", &[F64], I32),
    pure("i64_trunc_sat_f64_s", &[F64], I64),
    pure("i32_clz", &[I32], I32),
    pure("i32_ctz", &[I32], I32),
    pure("i32_popcnt", &[I32], I32),
    pure("i32_rotl", &[I32, I32], I32),
    // Bits of vectors.
    pure("v128_not", V1, V128),
    pure("v128_and", V2, V128),
    pure("v128_andnot", V2, V128),
    pure("v128_or", V2, V128),
    pure("v128_xor", V2, V128),
    pure("v128_bitselect", V3, V128),
    pure("v128_any_true", V1, I32),
    // Lanes.
    lane("i8x16_shuffle", V2, V128, 16),
    pure("i8x16_swizzle", V2, V128),
    pure("i8x16_relaxed_swizzle", V2, V128),
    pure("i8x16_splat", &[I32], V128),
    pure("i16x8_splat", &[I32], V128),
    pure("i32x4_splat", &[I32], V128),
    pure("i64x2_splat", &[I64], V128),
    pure("f32x4_splat", &[F32], V128),
    pure("f64x2_splat", &[F64], V128),
    lane("i8x16_extract_lane_s", V1, I32, 1),
    lane("i8x16_extract_lane_u", V1, I32, 1),
    lane("i16x8_extract_lane_s", V1, I32, 1),
    lane("i16x8_extract_lane_u", V1, I32, 1),
    lane("i32x4_extract_lane", V1, I32, 1),
    lane("i64x2_extract_lane", V1, I64, 1),
    lane("f32x4_extract_lane", V1, F32, 1),
    lane("f64x2_extract_lane", V1, F64, 1),
    lane("i32x4_replace_lane", &[V128, I32], V128, 1),
    lane("f32x4_replace_lane", &[V128, F32], V128, 1),
    // f32x4.
    pure("f32x4_abs", V1, V128),
    pure("f32x4_neg", V1, V128),
    pure("f32x4_sqrt", V1, V128),
    pure("f32x4_ceil", V1, V128),
    pure("f32x4_floor", V1, V128),
    pure("f32x4_trunc", V1, V128),
    pure("f32x4_nearest", V1, V128),
    pure("f32x4_add", V2, V128),
    pure("f32x4_sub", V2, V128),
    pure("f32x4_mul", V2, V128),
    pure("f32x4_div", V2, V128),
    pure("f32x4_min", V2, V128),
    pure("f32x4_max", V2, V128),
    pure("f32x4_pmin", V2, V128),
    pure("f32x4_pmax", V2, V128),
    pure("f32x4_relaxed_min", V2, V128),
    pure("f32x4_relaxed_max", V2, V128),
    pure("f32x4_relaxed_madd", V3, V128),
    pure("f32x4_relaxed_nmadd", V3, V128),
    pure("f32x4_eq", V2, V128),
    pure("f32x4_ne", V2, V128),
    pure("f32x4_lt", V2, V128),
    pure("f32x4_gt", V2, V128),
    pure("f32x4_le", V2, V128),
    pure("f32x4_ge", V2, V128),
    pure("f32x4_convert_i32x4_s", V1, V128),
    pure("f32x4_convert_i32x4_u", V1, V128),
    pure("i32x4_trunc_sat_f32x4_s", V1, V128),
    pure("i32x4_trunc_sat_f32x4_u", V1, V128),
    pure("i32x4_relaxed_trunc_f32x4_s", V1, V128),
    // i32x4.
    pure("i32x4_abs", V1, V128),
    pure("i32x4_neg", V1, V128),
    pure("i32x4_add", V2, V128),
    pure("i32x4_sub", V2, V128),
    pure("i32x4_mul", V2, V128),
    pure("i32x4_min_s", V2, V128),
    pure("i32x4_max_s", V2, V128),
    pure("i32x4_min_u", V2, V128),
    pure("i32x4_max_u", V2, V128),
    pure("i32x4_shl", SHIFT, V128),
    pure("i32x4_shr_s", SHIFT, V128),
    pure("i32x4_shr_u", SHIFT, V128),
    pure("i32x4_eq", V2, V128),
    pure("i32x4_ne", V2, V128),
    pure("i32x4_lt_s", V2, V128),
    pure("i32x4_gt_s", V2, V128),
    pure("i32x4_le_s", V2, V128),
    pure("i32x4_ge_s", V2, V128),
    pure("i32x4_lt_u", V2, V128),
    pure("i32x4_gt_u", V2, V128),
    pure("i32x4_le_u", V2, V128),
    pure("i32x4_ge_u", V2, V128),
    pure("i32x4_dot_i16x8_s", V2, V128),
    pure("i32x4_extend_low_i16x8_s", V1, V128),
    pure("i32x4_extend_high_i16x8_s", V1, V128),
    pure("i32x4_extend_low_i16x8_u", V1, V128),
    pure("i32x4_extend_high_i16x8_u", V1, V128),
    // i16x8 and i8x16: what widening, narrowing and dot products need.
    pure("i16x8_add", V2, V128),
    pure("i16x8_sub", V2, V128),
    pure("i16x8_mul", V2, V128),
    pure("i16x8_shl", SHIFT, V128),
    pure("i16x8_shr_s", SHIFT, V128),
    pure("i16x8_shr_u", SHIFT, V128),
    pure("i16x8_extend_low_i8x16_s", V1, V128),
    pure("i16x8_extend_high_i8x16_s", V1, V128),
    pure("i16x8_extend_low_i8x16_u", V1, V128),
    pure("i16x8_extend_high_i8x16_u", V1, V128),
    pure("i16x8_narrow_i32x4_s", V2, V128),
    pure("i16x8_narrow_i32x4_u", V2, V128),
    pure("i8x16_narrow_i16x8_s", V2, V128),
    pure("i8x16_narrow_i16x8_u", V2, V128),
    pure("i8x16_add", V2, V128),
    pure("i8x16_sub", V2, V128),
    pure("i16x8_relaxed_dot_i8x16_i7x16_s", V2, V128),
    pure("i32x4_relaxed_dot_i8x16_i7x16_add_s", V3, V128),
];

/// The declarations made from [`TABLE`].
pub fn ops() -> &'static [OpDecl] {
    static OPS: OnceLock<Vec<OpDecl>> = OnceLock::new();
    OPS.get_or_init(|| TABLE.iter().map(declare).collect())
}

/// The table row of a full name, e.g. `wasm.f32x4_add`.
pub fn lookup(name: &str) -> Option<&'static Instr> {
    let short = name.strip_prefix("wasm.")?;
    TABLE.iter().find(|i| i.name == short)
}

/// The instruction's name in the specification: the first underscore is a dot.
pub fn mnemonic(instr: &Instr) -> String {
    instr.name.replacen('_', ".", 1)
}

fn declare(instr: &Instr) -> OpDecl {
    // Leaked once a process: declarations are static by nature, and the table is the single source.
    let leak = |s: String| -> &'static str { Box::leak(s.into_boxed_str()) };
    const NAMES: [&str; 3] = ["a", "b", "c"];
    let operands: Vec<_> = instr.operands.iter().enumerate().map(|(i, &k)| (NAMES[i], k)).collect();
    let results: Vec<_> = instr.result.iter().map(|&k| ("y", k)).collect();
    let mut attrs: Vec<(&'static str, AttrKind, &'static str)> = Vec::new();
    if matches!(instr.memory, Memory::Load | Memory::Store) {
        attrs.push(("offset", AttrKind::Int, "Bytes added to the address: an `i32` attribute that is not negative."));
    }
    if instr.lanes > 0 {
        attrs.push(("lanes", AttrKind::Ints, "Lane immediates: `array<i64: ...>`."));
    }
    OpDecl {
        name: leak(format!("wasm.{}", instr.name)),
        doc: leak(format!("The instruction `{}`.", mnemonic(instr))),
        operands: operands.leak(),
        attrs: attrs.leak(),
        results: results.leak(),
        pure: matches!(instr.memory, Memory::None),
    }
}
