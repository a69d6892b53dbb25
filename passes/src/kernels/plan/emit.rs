//! The plan as text: `@main` and `@init` on buffers.

use super::arena::Slot;
use super::buffers::{buffer, copy_kernel, reinterpret, symbols_of};
use super::{Place, Plan};
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{Builder, Elem, MemRefTy, Op, OpError, OpExt, TensorTy, Type, Value, ValueExt, block_ops};

impl<'c> Plan<'c> {
    /// Replaces `init` by its part of the plan.
    pub(super) fn emit_init(&mut self, init: Op<'c>) {
        let bytes_ty = |n: i64| MemRefTy::dense(Elem::I8, &[n]).to_mlir(self.cx);
        let old_ops = block_ops(init.body(0));
        let before = Builder::before(self.cx, init);
        for (k, &(v, _)) in self.prepared_copies.iter().enumerate() {
            if let Some(ty) = v.tensor_ty() {
                copy_kernel(&before, &format!("init_copy_{k}"), &ty, &self.symbols);
            }
        }
        let types: Vec<_> = [self.weight_bytes].iter().chain(&self.layout.arenas).map(|&n| bytes_ty(n)).collect();
        before.func("init", false, &types, &[], |b, args| {
            let mut viewed: HashMap<(usize, String), Value<'c>> = HashMap::new();
            self.emit_block(b, args, &old_ops, &mut HashMap::new(), &mut viewed);
            for (k, &(v, number)) in self.prepared_copies.iter().enumerate() {
                let from = self.view(b, args, v, &mut viewed);
                let to = self.slot_view(b, args, self.layout.prepared[number], from.ty());
                b.call(&format!("init_copy_{k}"), &[from, to], &[]);
            }
            Vec::new()
        });
        init.erase();
    }

    /// Replaces `main` by the plan.
    pub(super) fn emit(&mut self, main: Op<'c>) -> Result<(), OpError> {
        let cx = self.cx;
        let bytes_ty = |n: i64| MemRefTy::dense(Elem::I8, &[n]).to_mlir(cx);
        let memref = |t: &TensorTy| buffer(cx, t, &self.symbols);
        let mut types: Vec<_> = [self.weight_bytes].iter().chain(&self.layout.arenas).map(|&n| bytes_ty(n)).collect();
        types.extend(self.inputs.iter().map(memref));
        let own = |i: &usize| self.output_argument(*i).is_some();
        types.extend((0..self.outputs.len()).filter(own).map(|i| memref(&self.outputs[i])));
        types.extend(vec![cx.index(); self.symbols.len()]);
        let name = main.string("sym_name").unwrap_or_default();
        let old_ops = block_ops(main.body(0));
        let before = Builder::before(cx, main);
        let copied = self.copies.iter().map(|c| c.0).chain(self.state_copies.iter().map(|c| c.0));
        let mut open = HashSet::new();
        for (k, v) in copied.enumerate() {
            let (copy, ty) = (format!("{name}_copy_{k}"), self.ty(main, v)?);
            copy_kernel(&before, &copy, &ty, &self.symbols);
            open.extend(ty.is_symbolic().then_some(copy));
        }
        self.open.extend(open);
        before.func(&name, false, &types, &[], |b, args| {
            let mut viewed: HashMap<(usize, String), Value<'c>> = HashMap::new();
            self.emit_sliced_inputs(b, args);
            let mut scalars = HashMap::new();
            self.emit_block(b, args, &old_ops, &mut scalars, &mut viewed);
            for (k, &(v, out)) in self.copies.iter().enumerate() {
                let from = self.place_of(b, args, v, &scalars, &mut viewed);
                if let Some(to) = self.output_argument(out) {
                    self.copy(b, args, &format!("{name}_copy_{k}"), from, args[to]);
                }
            }
            self.emit_state_copies(b, args, &name, &mut viewed);
            Vec::new()
        });
        main.erase();
        Ok(())
    }

    /// Puts the new contents of states in place: first those that lie in inputs out of the way.
    fn emit_state_copies(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        name: &str,
        viewed: &mut HashMap<(usize, String), Value<'c>>,
    ) {
        let numbered = || self.state_copies.iter().zip(self.copies.len()..);
        let mut between = HashMap::new();
        for (&(v, _, buffer), k) in numbered() {
            let from = self.view(b, args, v, viewed);
            if let Some(buffer) = buffer {
                let to = self.slot_view(b, args, self.layout.slots[buffer], from.ty());
                self.copy(b, args, &format!("{name}_copy_{k}"), from, to);
                between.insert(k, to);
            }
        }
        for (&(v, input, _), k) in numbered() {
            let from = between.get(&k).copied().unwrap_or_else(|| self.view(b, args, v, viewed));
            self.copy(b, args, &format!("{name}_copy_{k}"), from, args[self.input_argument(input)]);
        }
    }

    /// The call of a copying kernel.
    fn copy(&self, b: &Builder<'c>, args: &[Value<'c>], name: &str, from: Value<'c>, to: Value<'c>) {
        let symbols = if self.open.contains(name) { symbols_of(args) } else { Vec::new() };
        b.call(name, &[vec![from, to], symbols].concat(), &[]);
    }

    /// The number of the argument that an output is; a state's output is none.
    pub(super) fn output_argument(&self, output: usize) -> Option<usize> {
        let is_state = |i: usize| self.states.iter().any(|s| s.output == i);
        let before = (0..output).filter(|&i| !is_state(i)).count();
        (!is_state(output)).then_some(self.input_argument(self.inputs.len()) + before)
    }

    /// The number of the argument that an input is; they stand behind the weights and the arenas.
    pub(super) fn input_argument(&self, input: usize) -> usize {
        1 + self.layout.arenas.len() + input
    }

    /// A memref at a place in an arena.
    pub(super) fn slot_view(&self, b: &Builder<'c>, args: &[Value<'c>], slot: Slot, ty: Type<'c>) -> Value<'c> {
        b.value("memref.view", &[args[1 + slot.arena], b.index(slot.offset)], ty, &[])
    }

    /// The argument that a place is in, and the offset there.
    pub(super) fn base(&self, args: &[Value<'c>], place: Place) -> (Value<'c>, i64) {
        let at = |slot: Slot| (args[1 + slot.arena], slot.offset);
        match place {
            Place::Weight(i) => (args[0], self.weights[i].1),
            Place::Arena(i) => at(self.layout.slots[i]),
            Place::Prepared(i) => at(self.layout.prepared[i]),
            Place::Input(i) => (args[self.input_argument(i)], 0),
            // Only states have no argument, and they have no place of this kind.
            Place::Output(i) => (args[self.output_argument(i).unwrap_or_default()], 0),
        }
    }

    /// The memref of a value's place, in the value's shape.
    pub(super) fn view(
        &self,
        b: &Builder<'c>,
        args: &[Value<'c>],
        v: Value<'c>,
        viewed: &mut HashMap<(usize, String), Value<'c>>,
    ) -> Value<'c> {
        let Some(t) = v.tensor_ty() else { return v };
        let t = t.bound(&self.symbols);
        let ty = MemRefTy::dense(t.elem, &t.shape).to_mlir(self.cx);
        let (base, offset) = self.base(args, self.place[&v.key()]);
        if base.ty() == ty {
            return base;
        }
        if let Some(&v) = viewed.get(&(base.key(), format!("{offset} {ty}"))) {
            return v;
        }
        let made = match self.place[&v.key()] {
            Place::Weight(_) | Place::Arena(_) | Place::Prepared(_) => {
                let at = b.index(offset);
                b.value("memref.view", &[base, at], ty, &[])
            }
            Place::Input(_) | Place::Output(_) => reinterpret(b, base, &t),
        };
        viewed.insert((base.key(), format!("{offset} {ty}")), made);
        made
    }
}
