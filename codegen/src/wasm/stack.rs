//! Puts code in a line: decides what stays on Wasm's stack.
//!
//! The order of the instructions is the order of the items, always. A value stays on the stack when the item that
//! makes it comes right before the place that takes it; the value of an earlier item comes from a local. Seen from
//! the consumer: going through its arguments from the last to the first, an argument made by the item before
//! everything placed so far is placed here, with its own arguments in front of it. So the whole is built backwards.

use super::code::{Arg, Block, For, Function, If, Item, Move, Plain, Val, While};
use super::live::Liveness;
use wasm_encoder::{BlockType, Instruction, ValType};

/// An instruction, with values for locals.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Get(Val),
    Set(Val),
    Tee(Val),
    Do(Instruction<'static>),
}

/// The body of a function in order, without its final `end`.
pub(super) fn lines(function: &Function, live: &Liveness) -> Vec<Line> {
    let mut writer = Backwards { live, lines: Vec::new(), pending: Vec::new() };
    writer.block(&function.body);
    writer.lines.reverse();
    writer.lines
}

struct Backwards<'a> {
    live: &'a Liveness,
    /// Last instruction first.
    lines: Vec<Line>,
    /// Values that are pushed further left in the tree that is being built.
    pending: Vec<Val>,
}

/// The items of a block that are not placed yet.
struct Cursor<'a> {
    items: &'a [Item],
}

impl<'a> Cursor<'a> {
    /// Takes the last item if it makes `v` and nothing else.
    fn take_maker(&mut self, v: Val) -> Option<&'a Plain> {
        match self.items.split_last() {
            Some((Item::Plain(plain), rest)) if plain.results == [v] => {
                self.items = rest;
                Some(plain)
            }
            _ => None,
        }
    }
}

impl Backwards<'_> {
    fn emit(&mut self, instruction: Instruction<'static>) {
        self.lines.push(Line::Do(instruction));
    }

    fn block(&mut self, block: &Block) {
        let mut cursor = Cursor { items: &block.items };
        self.moves(&block.tail, &block.keep, &mut cursor);
        while let Some((item, rest)) = cursor.items.split_last() {
            cursor.items = rest;
            match item {
                Item::Plain(plain) => {
                    for &v in &plain.results {
                        let used = self.live.uses[v as usize] > 0;
                        self.lines.push(if used { Line::Set(v) } else { Line::Do(Instruction::Drop) });
                    }
                    self.plain(plain, &mut cursor);
                }
                Item::For(f) => self.counted(f, &mut cursor),
                Item::If(i) => self.conditional(i, &mut cursor),
                Item::While(w) => self.tested(w, &mut cursor),
            }
        }
    }

    fn plain(&mut self, plain: &Plain, cursor: &mut Cursor<'_>) {
        for instruction in plain.code.iter().rev() {
            self.emit(instruction.clone());
        }
        self.args(&plain.args, cursor);
    }

    /// Pushes arguments.
    fn args(&mut self, args: &[Arg], cursor: &mut Cursor<'_>) {
        let waiting = self.pending.len();
        self.pending.extend(args.iter().filter_map(|a| match a {
            Arg::Val(v) => Some(*v),
            _ => None,
        }));
        for &arg in args.iter().rev() {
            match (arg, arg.push()) {
                (_, Some(constant)) => self.emit(constant),
                (Arg::Val(v), _) => {
                    self.pending.pop();
                    // A value that is also pushed further left must be in its local by then.
                    let maker = if self.pending.contains(&v) { None } else { cursor.take_maker(v) };
                    match maker {
                        Some(maker) => {
                            if self.live.uses[v as usize] > 1 {
                                self.lines.push(Line::Tee(v));
                            }
                            self.plain(maker, cursor);
                        }
                        None => self.lines.push(Line::Get(v)),
                    }
                }
                _ => {}
            }
        }
        debug_assert_eq!(self.pending.len(), waiting);
    }

    /// Pushes `keep`, then moves in parallel: everything is pushed before anything is popped into its local.
    fn moves(&mut self, moves: &Move, keep: &[Arg], cursor: &mut Cursor<'_>) {
        let mut args = keep.to_vec();
        for (&from, &to) in moves.from.iter().zip(&moves.to) {
            if !self.live.joined(from, to) {
                self.lines.push(Line::Set(to));
                args.push(from);
            }
        }
        self.args(&args, cursor);
    }

    fn push_plainly(&mut self, arg: Arg) {
        match (arg, arg.push()) {
            (_, Some(constant)) => self.emit(constant),
            (Arg::Val(v), _) => self.lines.push(Line::Get(v)),
            _ => {}
        }
    }

    /// `init; if (counter < upper) { loop { body; br_if (counter += step) < upper } }`
    fn counted(&mut self, f: &For, cursor: &mut Cursor<'_>) {
        use Instruction as I;
        let (add, less) = match (f.counter_type == ValType::I64, f.unsigned) {
            (false, false) => (I::I32Add, I::I32LtS),
            (false, true) => (I::I32Add, I::I32LtU),
            (true, false) => (I::I64Add, I::I64LtS),
            (true, true) => (I::I64Add, I::I64LtU),
        };
        if f.guard {
            self.emit(I::End);
        }
        self.emit(I::End);
        self.emit(I::BrIf(0));
        self.emit(less.clone());
        self.push_plainly(f.upper);
        self.lines.push(Line::Tee(f.counter));
        self.emit(add);
        self.push_plainly(f.step);
        self.lines.push(Line::Get(f.counter));
        self.block(&f.body);
        self.emit(I::Loop(BlockType::Empty));
        if f.guard {
            self.emit(I::If(BlockType::Empty));
            self.emit(less);
            self.push_plainly(f.upper);
            self.lines.push(Line::Get(f.counter));
        }
        self.moves(&f.init, &[], cursor);
    }

    fn conditional(&mut self, i: &If, cursor: &mut Cursor<'_>) {
        self.emit(Instruction::End);
        if let Some(otherwise) = &i.otherwise {
            self.block(otherwise);
            self.emit(Instruction::Else);
        }
        self.block(&i.then);
        self.emit(Instruction::If(BlockType::Empty));
        self.args(&[i.condition], cursor);
    }

    /// `init; block { loop { before; br_if out unless condition; after; br again } }`
    fn tested(&mut self, w: &While, cursor: &mut Cursor<'_>) {
        use Instruction as I;
        self.emit(I::End);
        self.emit(I::End);
        self.emit(I::Br(0));
        self.block(&w.after);
        self.emit(I::BrIf(1));
        self.emit(I::I32Eqz);
        self.block(&w.before);
        self.emit(I::Loop(BlockType::Empty));
        self.emit(I::Block(BlockType::Empty));
        self.moves(&w.init, &[], cursor);
    }
}
