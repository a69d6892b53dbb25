//! From machine-level MLIR to [`code`](super::code): the only part of the emitter that looks at ops.

use super::code::{Arg, Block, For, Function, If, Item, Move, Plain, Val, While};
use super::scalar::{self, Scalar, Ty};
use super::table;
use melior::ir::RegionLike;
use std::collections::HashMap;
use wasm_encoder::Instruction;
use weft_dialects::ir::{
    self, AttrExt, BlockLike, Elem, Op, OpError, OpExt, OperationLike, Type, Value, ValueExt, VectorTy, block_arg,
    block_ops,
};
use weft_dialects::wasm::{self, Instr, Memory};

/// The machine type of an MLIR type.
pub(super) fn ty_of(ty: Type<'_>) -> Option<Ty> {
    if let Some(vector) = VectorTy::of(ty) {
        let bits = vector.shape.iter().product::<i64>() * 8 * vector.elem.bytes() as i64;
        return (bits == 128 && vector.elem != Elem::I1).then_some(Ty::V128);
    }
    Some(match weft_dialects::ir::elem_of(ty)? {
        Elem::I1 => Ty::I1,
        Elem::I32 => Ty::I32,
        Elem::I64 => Ty::I64,
        Elem::F32 => Ty::F32,
        Elem::F64 => Ty::F64,
        _ => return None,
    })
}

/// What reading needs to know of the module.
pub(super) struct Context<'a> {
    /// Function numbers by symbol.
    pub(super) functions: &'a HashMap<String, u32>,
    /// Whether the target has the relaxed instructions.
    pub(super) relaxed: bool,
}

/// Reads the body of a `func.func`. What is wrong is added to `problems`; the function is of use only if nothing was.
pub(super) fn read(func: Op<'_>, context: &Context<'_>, problems: &mut Vec<OpError>) -> Function {
    let mut reader =
        Reader { context, problems, function: Function::default(), values: HashMap::new(), sums: HashMap::new() };
    let block = func.body(0);
    for i in 0..block.argument_count() {
        reader.define(func, block_arg(block, i));
    }
    reader.function.params = reader.function.types.len();
    let (mut body, end) = reader.block(block);
    body.keep = end.map(|end| reader.args(end, 0)).unwrap_or_default();
    reader.function.body = body;
    reader.function
}

struct Reader<'a> {
    context: &'a Context<'a>,
    problems: &'a mut Vec<OpError>,
    function: Function,
    /// What each SSA value is, by its key.
    values: HashMap<usize, (Arg, Ty)>,
    /// Values that are another one plus a constant.
    sums: HashMap<Val, (Val, i64)>,
}

impl Reader<'_> {
    fn problem(&mut self, op: Op<'_>, message: impl Into<String>) {
        self.problems.push(OpError::new(op, message));
    }

    /// A new value for an op's result or a block's argument.
    fn define(&mut self, op: Op<'_>, value: Value<'_>) -> Val {
        let ty = ty_of(value.ty()).unwrap_or_else(|| {
            let message = format!("type {} doesn't exist at the machine level", value.ty());
            self.problem(op, message);
            Ty::I32
        });
        let v = self.function.value(ty.wasm());
        self.values.insert(value.key(), (Arg::Val(v), ty));
        v
    }

    fn results(&mut self, op: Op<'_>) -> Vec<Val> {
        op.ress().into_iter().map(|r| self.define(op, r)).collect()
    }

    /// What a value is. Values of ops that were refused are zeros of no consequence.
    fn get(&self, value: Value<'_>) -> (Arg, Ty) {
        self.values.get(&value.key()).copied().unwrap_or((Arg::I32(0), Ty::I32))
    }

    /// The operands from number `from` on.
    fn args(&self, op: Op<'_>, from: usize) -> Vec<Arg> {
        op.args().into_iter().skip(from).map(|v| self.get(v).0).collect()
    }

    /// A block's items, and its terminator.
    fn block<'c>(&mut self, block: ir::Block<'c>) -> (Block, Option<Op<'c>>) {
        let mut out = Block::default();
        let mut end = None;
        for op in block_ops(block) {
            match op.op_name().as_str() {
                "scf.yield" | "scf.condition" | "func.return" => end = Some(op),
                name => {
                    let item = self.item(op, name);
                    out.items.extend(item);
                }
            }
        }
        (out, end)
    }

    /// A block whose terminator's operands from number `from` on move into `to`.
    fn block_into(&mut self, block: ir::Block<'_>, from: usize, to: &[Val]) -> (Block, Vec<Arg>) {
        let (mut out, end) = self.block(block);
        let args = end.map(|end| self.args(end, 0)).unwrap_or_default();
        out.tail = Move { from: args.get(from..).unwrap_or_default().to_vec(), to: to.to_vec() };
        (out, args)
    }

    fn item(&mut self, op: Op<'_>, name: &str) -> Option<Item> {
        match name {
            "arith.constant" => self.constant(op),
            "arith.select" => self.select(op),
            "vector.bitcast" => self.rename(op),
            "func.call" => self.call(op),
            "scf.for" => self.counted(op),
            "scf.if" => Some(self.conditional(op)),
            "scf.while" => Some(self.tested(op)),
            _ if name.starts_with("wasm.") => self.machine(op, name),
            _ if name.starts_with("arith.") => self.scalar(op, name),
            _ => self.unknown(op),
        }
    }

    fn unknown(&mut self, op: Op<'_>) -> Option<Item> {
        let from: Vec<String> = op.args().iter().map(|v| v.ty().to_string()).collect();
        let to: Vec<String> = op.ress().iter().map(|v| v.ty().to_string()).collect();
        self.problem(
            op,
            format!("no instruction for ({}) -> ({}); to-wasm must lower it", from.join(", "), to.join(", ")),
        );
        None
    }

    fn plain(&mut self, op: Op<'_>, code: Vec<Instruction<'static>>, args: Vec<Arg>) -> Option<Item> {
        let results = self.results(op);
        Some(Item::Plain(Plain { code, args, results }))
    }

    /// The result is the operand.
    fn rename(&mut self, op: Op<'_>) -> Option<Item> {
        let (arg, _) = self.get(op.arg(0));
        match ty_of(op.res(0).ty()) {
            Some(ty) => {
                self.values.insert(op.res(0).key(), (arg, ty));
                None
            }
            None => self.unknown(op),
        }
    }

    fn constant(&mut self, op: Op<'_>) -> Option<Item> {
        let value = op.attr("value")?;
        let arg = match ty_of(op.res(0).ty()) {
            Some(Ty::V128) => {
                let bytes: Option<[u8; 16]> = value.as_vector_bytes().and_then(|b| b.try_into().ok());
                return match bytes {
                    Some(bytes) => self.plain(op, vec![Instruction::V128Const(i128::from_le_bytes(bytes))], Vec::new()),
                    None => self.unknown(op),
                };
            }
            Some(Ty::I1) => value.as_i64().map(|v| Arg::I32((v & 1) as i32)),
            Some(Ty::I32) => value.as_i64().map(|v| Arg::I32(v as i32)),
            Some(Ty::I64) => value.as_i64().map(Arg::I64),
            Some(Ty::F32) => value.as_f64().map(|v| Arg::F32(v as f32)),
            Some(Ty::F64) => value.as_f64().map(Arg::F64),
            None => None,
        };
        match (arg, ty_of(op.res(0).ty())) {
            (Some(arg), Some(ty)) => {
                self.values.insert(op.res(0).key(), (arg, ty));
                None
            }
            _ => self.unknown(op),
        }
    }

    fn select(&mut self, op: Op<'_>) -> Option<Item> {
        let (condition, ty) = self.get(op.arg(0));
        if ty != Ty::I1 {
            return self.unknown(op);
        }
        let args = vec![self.get(op.arg(1)).0, self.get(op.arg(2)).0, condition];
        self.plain(op, vec![Instruction::Select], args)
    }

    fn scalar(&mut self, op: Op<'_>, name: &str) -> Option<Item> {
        let args = op.args();
        let types = args.first().and_then(|a| ty_of(a.ty())).zip(op.ress().first().and_then(|r| ty_of(r.ty())));
        let translated = types.and_then(|(from, to)| scalar::translate(name, from, to, op.int("predicate")));
        match translated {
            Some(Scalar::Code(code)) => {
                let item = self.plain(op, code, self.args(op, 0));
                if name == "arith.addi" {
                    self.note_sum(op);
                }
                item
            }
            Some(Scalar::Same) => self.rename(op),
            None => self.unknown(op),
        }
    }

    fn note_sum(&mut self, op: Op<'_>) {
        let (a, b) = (self.get(op.arg(0)).0, self.get(op.arg(1)).0);
        let parts = b.integer().map(|c| (a, c)).or(a.integer().map(|c| (b, c)));
        if let (Some((Arg::Val(v), constant)), (Arg::Val(sum), _)) = (parts, self.get(op.res(0))) {
            let (base, offset) = self.sums.get(&v).copied().unwrap_or((v, 0));
            self.sums.insert(sum, (base, offset.wrapping_add(constant)));
        }
    }

    /// The distance from one value to another, if it is known. Sums don't wrap: they are addresses and indices, which
    /// stay below 2^31.
    fn distance(&self, from: Arg, to: Arg) -> Option<i64> {
        let split = |arg| match arg {
            Arg::Val(v) => Some(self.sums.get(&v).map_or((Some(v), 0), |&(base, offset)| (Some(base), offset))),
            constant => constant.integer().map(|c| (None, c)),
        };
        let ((from, a), (to, b)) = (split(from)?, split(to)?);
        if from == to { b.checked_sub(a) } else { None }
    }

    fn machine(&mut self, op: Op<'_>, name: &str) -> Option<Item> {
        let Some(row) = wasm::lookup(name) else { return self.unknown(op) };
        if table::is_relaxed(row) && !self.context.relaxed {
            self.problem(op, "the module's target has no relaxed SIMD");
        }
        let offset = self.offset(op, row);
        let lanes = self.lanes(op, row);
        match table::instruction(row, offset, lanes) {
            Some(instruction) => self.plain(op, vec![instruction], self.args(op, 0)),
            None => self.unknown(op),
        }
    }

    fn offset(&mut self, op: Op<'_>, row: &Instr) -> u32 {
        if !matches!(row.memory, Memory::Load | Memory::Store) {
            return 0;
        }
        let offset = op.int("offset").unwrap_or(0);
        u32::try_from(offset).unwrap_or_else(|_| {
            self.problem(op, format!("offset {offset} is not in 0..2^32"));
            0
        })
    }

    fn lanes(&mut self, op: Op<'_>, row: &Instr) -> [u8; 16] {
        let mut out = [0; 16];
        if row.lanes > 0 {
            let lanes = op.ints("lanes").unwrap_or_default();
            let limit = table::lane_limit(row);
            if lanes.len() != row.lanes || lanes.iter().any(|&l| !(0..i64::from(limit)).contains(&l)) {
                self.problem(op, format!("lanes are {lanes:?}, not {} numbers in 0..{limit}", row.lanes));
            }
            for (to, from) in out.iter_mut().zip(lanes) {
                *to = from as u8;
            }
        }
        out
    }

    fn call(&mut self, op: Op<'_>) -> Option<Item> {
        let callee = op.attr("callee").and_then(|a| a.as_symbol()).unwrap_or_default();
        match self.context.functions.get(callee) {
            Some(&index) => self.plain(op, vec![Instruction::Call(index)], self.args(op, 0)),
            None => {
                self.problem(op, format!("'{callee}' has no body in this module"));
                self.results(op);
                None
            }
        }
    }

    fn counted(&mut self, op: Op<'_>) -> Option<Item> {
        let ((lower, ty), (upper, _), (step, _)) = (self.get(op.arg(0)), self.get(op.arg(1)), self.get(op.arg(2)));
        if !matches!(ty, Ty::I32 | Ty::I64) || step.integer().is_some_and(|s| s <= 0) {
            self.problem(op, "a loop counts in i32 or i64 by a positive step");
        }
        let unsigned = op.attr("unsignedCmp").is_some();
        let guard = match (lower.integer(), upper.integer()) {
            (Some(l), Some(u)) if unsigned => (l as u64) >= (u as u64),
            _ => self.distance(lower, upper).is_none_or(|d| d <= 0),
        };
        let block = op.body(0);
        let counter = self.define(op, block_arg(block, 0));
        let carried: Vec<Val> = (1..block.argument_count()).map(|i| self.define(op, block_arg(block, i))).collect();
        let mut init = Move { from: self.args(op, 3), to: carried.clone() };
        init.from.push(lower);
        init.to.push(counter);
        let (body, _) = self.block_into(block, 0, &carried);
        let results = self.results(op);
        Some(Item::For(Box::new(For {
            init,
            counter,
            counter_type: ty.wasm(),
            upper,
            step,
            unsigned,
            guard,
            carried,
            body,
            results,
        })))
    }

    fn conditional(&mut self, op: Op<'_>) -> Item {
        let (condition, _) = self.get(op.arg(0));
        let results = self.results(op);
        let (then, _) = self.block_into(op.body(0), 0, &results);
        let otherwise = op.region(1).ok().and_then(|r| r.first_block()).map(|b| self.block_into(b, 0, &results).0);
        let otherwise = otherwise.filter(|b| !b.items.is_empty() || !results.is_empty());
        Item::If(Box::new(If { condition, then, otherwise, results }))
    }

    fn tested(&mut self, op: Op<'_>) -> Item {
        let (before, after) = (op.body(0), op.body(1));
        let carried: Vec<Val> = (0..before.argument_count()).map(|i| self.define(op, block_arg(before, i))).collect();
        let forwarded: Vec<Val> = (0..after.argument_count()).map(|i| self.define(op, block_arg(after, i))).collect();
        let init = Move { from: self.args(op, 0), to: carried.clone() };
        let (mut before, args) = self.block_into(before, 1, &forwarded);
        before.keep = args.first().copied().into_iter().collect();
        let (after, _) = self.block_into(after, 0, &carried);
        let results = self.results(op);
        Item::While(Box::new(While { init, carried, before, forwarded, after, results }))
    }
}
