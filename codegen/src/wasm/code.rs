//! A function as the emitter sees it: instructions on values, structured control flow, parallel moves. Free of
//! MLIR and of locals: what lies on Wasm's stack and what in a local is decided from this form.

use wasm_encoder::{Ieee32, Ieee64, Instruction, ValType};

/// A value, as an index into [`Function::types`].
pub(super) type Val = u32;

/// What an instruction takes: a value, or a scalar constant, which is pushed anew wherever it is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Arg {
    Val(Val),
    I32(i32),
    I64(i64),
    F32(f32),
    F64(f64),
}

impl Arg {
    /// The instruction that pushes a constant.
    pub(super) fn push(self) -> Option<Instruction<'static>> {
        Some(match self {
            Arg::Val(_) => return None,
            Arg::I32(v) => Instruction::I32Const(v),
            Arg::I64(v) => Instruction::I64Const(v),
            Arg::F32(v) => Instruction::F32Const(Ieee32::from(v)),
            Arg::F64(v) => Instruction::F64Const(Ieee64::from(v)),
        })
    }

    /// The value of an integer constant.
    pub(super) fn integer(self) -> Option<i64> {
        match self {
            Arg::I32(v) => Some(i64::from(v)),
            Arg::I64(v) => Some(v),
            _ => None,
        }
    }
}

/// All `from` are read before any of `to` is written.
#[derive(Debug, Default)]
pub(super) struct Move {
    pub(super) from: Vec<Arg>,
    pub(super) to: Vec<Val>,
}

/// Items in order; then `keep` is pushed and stays on the stack, under the moves of `tail`.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) items: Vec<Item>,
    pub(super) keep: Vec<Arg>,
    pub(super) tail: Move,
}

/// One step of a block.
#[derive(Debug)]
pub(super) enum Item {
    Plain(Plain),
    For(Box<For>),
    If(Box<If>),
    While(Box<While>),
}

/// Instructions that pop `args` and push `results`.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) code: Vec<Instruction<'static>>,
    pub(super) args: Vec<Arg>,
    pub(super) results: Vec<Val>,
}

/// A counted loop.
#[derive(Debug)]
pub(super) struct For {
    /// The lower bound into `counter` and the initial values into `carried`.
    pub(super) init: Move,
    pub(super) counter: Val,
    /// The type of counter and bounds.
    pub(super) counter_type: ValType,
    pub(super) upper: Arg,
    pub(super) step: Arg,
    pub(super) unsigned: bool,
    /// Whether the bounds may be equal or crossed, so that the body must be jumped over.
    pub(super) guard: bool,
    pub(super) carried: Vec<Val>,
    /// Its tail moves into `carried`.
    pub(super) body: Block,
    /// The last values of `carried`.
    pub(super) results: Vec<Val>,
}

/// A conditional; the tails of both branches move into `results`.
#[derive(Debug)]
pub(super) struct If {
    pub(super) condition: Arg,
    pub(super) then: Block,
    /// `None` when there is nothing to do.
    pub(super) otherwise: Option<Block>,
    pub(super) results: Vec<Val>,
}

/// A loop with the test between its two halves.
#[derive(Debug)]
pub(super) struct While {
    /// The initial values into the first half's arguments.
    pub(super) init: Move,
    pub(super) carried: Vec<Val>,
    /// Keeps the condition; its tail moves into `forwarded`.
    pub(super) before: Block,
    /// The second half's arguments.
    pub(super) forwarded: Vec<Val>,
    /// Its tail moves into `carried`.
    pub(super) after: Block,
    /// The last values of `forwarded`.
    pub(super) results: Vec<Val>,
}

/// A function.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Types of all values; the parameters are the first ones.
    pub(super) types: Vec<ValType>,
    pub(super) params: usize,
    /// Keeps what is returned.
    pub(super) body: Block,
}

impl Function {
    /// A new value.
    pub(super) fn value(&mut self, ty: ValType) -> Val {
        self.types.push(ty);
        (self.types.len() - 1) as Val
    }
}
