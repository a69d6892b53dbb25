//! The table from `arith` ops on scalars to instructions.

use wasm_encoder::{Instruction, ValType};

/// Types of the machine level. Vectors of any lanes are one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ty {
    /// 0 or 1 in an `i32`.
    I1,
    I32,
    I64,
    F32,
    F64,
    V128,
}

impl Ty {
    /// How Wasm holds it.
    pub(super) fn wasm(self) -> ValType {
        match self {
            Ty::I1 | Ty::I32 => ValType::I32,
            Ty::I64 => ValType::I64,
            Ty::F32 => ValType::F32,
            Ty::F64 => ValType::F64,
            Ty::V128 => ValType::V128,
        }
    }
}

/// What an op becomes.
pub(super) enum Scalar {
    /// Instructions on the operands in order.
    Code(Vec<Instruction<'static>>),
    /// Nothing: the result is the operand.
    Same,
}

/// The translation of an `arith` op with these operand types (the first one's, for most) and result type; `None` when
/// there is none. `predicate` is the number of a comparison's predicate.
pub(super) fn translate(name: &str, from: Ty, to: Ty, predicate: Option<i64>) -> Option<Scalar> {
    use Instruction as I;
    use Ty::*;
    let short = name.strip_prefix("arith.")?;
    let one = |i: I<'static>| Some(Scalar::Code(vec![i]));
    if let Some(binary) = binary(short, from) {
        return one(binary);
    }
    match (short, from, to) {
        ("cmpi", I1 | I32 | I64, I1) => one(compare_integers(predicate?, from)?),
        ("cmpf", F32 | F64, I1) => Some(Scalar::Code(compare_floats(predicate?, from)?)),
        ("negf", F32, F32) => one(I::F32Neg),
        ("negf", F64, F64) => one(I::F64Neg),
        ("extui", I1, I32) => Some(Scalar::Same),
        ("extui", I1 | I32, I64) => one(I::I64ExtendI32U),
        // A set bit is minus one.
        ("extsi", I1, I32) => Some(Scalar::Code(vec![I::I32Const(-1), I::I32Mul])),
        ("extsi", I1, I64) => Some(Scalar::Code(vec![I::I32Const(-1), I::I32Mul, I::I64ExtendI32S])),
        ("extsi", I32, I64) => one(I::I64ExtendI32S),
        ("trunci", I64, I32) => one(I::I32WrapI64),
        ("trunci", I32, I1) => Some(Scalar::Code(vec![I::I32Const(1), I::I32And])),
        ("trunci", I64, I1) => Some(Scalar::Code(vec![I::I32WrapI64, I::I32Const(1), I::I32And])),
        ("sitofp", I32, F32) => one(I::F32ConvertI32S),
        ("sitofp", I32, F64) => one(I::F64ConvertI32S),
        ("sitofp", I64, F32) => one(I::F32ConvertI64S),
        ("sitofp", I64, F64) => one(I::F64ConvertI64S),
        ("uitofp", I1 | I32, F32) => one(I::F32ConvertI32U),
        ("uitofp", I1 | I32, F64) => one(I::F64ConvertI32U),
        ("uitofp", I64, F32) => one(I::F32ConvertI64U),
        ("uitofp", I64, F64) => one(I::F64ConvertI64U),
        // Out of range is poison for `arith`, a trap for the plain instruction: saturate instead.
        ("fptosi", F32, I32) => one(I::I32TruncSatF32S),
        ("fptosi", F32, I64) => one(I::I64TruncSatF32S),
        ("fptosi", F64, I32) => one(I::I32TruncSatF64S),
        ("fptosi", F64, I64) => one(I::I64TruncSatF64S),
        ("fptoui", F32, I32) => one(I::I32TruncSatF32U),
        ("fptoui", F32, I64) => one(I::I64TruncSatF32U),
        ("fptoui", F64, I32) => one(I::I32TruncSatF64U),
        ("fptoui", F64, I64) => one(I::I64TruncSatF64U),
        ("extf", F32, F64) => one(I::F64PromoteF32),
        ("truncf", F64, F32) => one(I::F32DemoteF64),
        ("bitcast", F32, I32) => one(I::I32ReinterpretF32),
        ("bitcast", I32, F32) => one(I::F32ReinterpretI32),
        ("bitcast", F64, I64) => one(I::I64ReinterpretF64),
        ("bitcast", I64, F64) => one(I::F64ReinterpretI64),
        ("bitcast", a, b) if a == b => Some(Scalar::Same),
        _ => None,
    }
}

/// Ops whose operands and result have one type.
fn binary(short: &str, ty: Ty) -> Option<Instruction<'static>> {
    use Instruction as I;
    use Ty::*;
    Some(match (short, ty) {
        ("addi", I32) => I::I32Add,
        ("subi", I32) => I::I32Sub,
        ("muli", I32) => I::I32Mul,
        ("divsi", I32) => I::I32DivS,
        ("divui", I32) => I::I32DivU,
        ("remsi", I32) => I::I32RemS,
        ("remui", I32) => I::I32RemU,
        ("andi", I1 | I32) => I::I32And,
        ("ori", I1 | I32) => I::I32Or,
        ("xori", I1 | I32) => I::I32Xor,
        ("shli", I32) => I::I32Shl,
        ("shrsi", I32) => I::I32ShrS,
        ("shrui", I32) => I::I32ShrU,
        ("addi", I64) => I::I64Add,
        ("subi", I64) => I::I64Sub,
        ("muli", I64) => I::I64Mul,
        ("divsi", I64) => I::I64DivS,
        ("divui", I64) => I::I64DivU,
        ("remsi", I64) => I::I64RemS,
        ("remui", I64) => I::I64RemU,
        ("andi", I64) => I::I64And,
        ("ori", I64) => I::I64Or,
        ("xori", I64) => I::I64Xor,
        ("shli", I64) => I::I64Shl,
        ("shrsi", I64) => I::I64ShrS,
        ("shrui", I64) => I::I64ShrU,
        ("addf", F32) => I::F32Add,
        ("subf", F32) => I::F32Sub,
        ("mulf", F32) => I::F32Mul,
        ("divf", F32) => I::F32Div,
        // Both have `arith`'s NaN and signed-zero rules.
        ("minimumf", F32) => I::F32Min,
        ("maximumf", F32) => I::F32Max,
        ("addf", F64) => I::F64Add,
        ("subf", F64) => I::F64Sub,
        ("mulf", F64) => I::F64Mul,
        ("divf", F64) => I::F64Div,
        ("minimumf", F64) => I::F64Min,
        ("maximumf", F64) => I::F64Max,
        _ => return None,
    })
}

fn compare_integers(predicate: i64, ty: Ty) -> Option<Instruction<'static>> {
    use Instruction as I;
    // In the order of `arith`'s predicates.
    let (narrow, wide) = match predicate {
        0 => (I::I32Eq, I::I64Eq),
        1 => (I::I32Ne, I::I64Ne),
        // The sign of one bit is not the sign of the `i32` that holds it.
        2..=5 if ty == Ty::I1 => return None,
        2 => (I::I32LtS, I::I64LtS),
        3 => (I::I32LeS, I::I64LeS),
        4 => (I::I32GtS, I::I64GtS),
        5 => (I::I32GeS, I::I64GeS),
        6 => (I::I32LtU, I::I64LtU),
        7 => (I::I32LeU, I::I64LeU),
        8 => (I::I32GtU, I::I64GtU),
        9 => (I::I32GeU, I::I64GeU),
        _ => return None,
    };
    Some(if ty == Ty::I64 { wide } else { narrow })
}

fn compare_floats(predicate: i64, ty: Ty) -> Option<Vec<Instruction<'static>>> {
    use Instruction as I;
    let pick = |a: I<'static>, b: I<'static>| if ty == Ty::F64 { b } else { a };
    // The unordered ones are the negated ordered opposites. The rest would need an operand twice.
    let (instruction, negated) = match predicate {
        1 => (pick(I::F32Eq, I::F64Eq), false),
        2 => (pick(I::F32Gt, I::F64Gt), false),
        3 => (pick(I::F32Ge, I::F64Ge), false),
        4 => (pick(I::F32Lt, I::F64Lt), false),
        5 => (pick(I::F32Le, I::F64Le), false),
        9 => (pick(I::F32Le, I::F64Le), true),
        10 => (pick(I::F32Lt, I::F64Lt), true),
        11 => (pick(I::F32Ge, I::F64Ge), true),
        12 => (pick(I::F32Gt, I::F64Gt), true),
        13 => (pick(I::F32Ne, I::F64Ne), false),
        _ => return None,
    };
    Some(if negated { vec![instruction, I::I32Eqz] } else { vec![instruction] })
}
