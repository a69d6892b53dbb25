//! One function from the loops level to the machine level: values, addresses, control flow.

use super::addresses::{Addresses, block_args, is_index};
use super::linear::{Atom, Linear, Terms};
use super::loops::{Counter, Plan, Site, is_lazy};
use super::{arith, fuse::Fusion, memory, types, vector};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Op, OpError, OpExt, Type, Value, ValueExt, block_ops};

/// Why an op could not be lowered.
pub enum Failure {
    /// There is no instruction for it: what, and what to do about it.
    Unsupported(String),
    /// An operand could not be lowered, which was reported where it is made.
    Operand,
}

/// The outcome of lowering an op.
pub type Lowered<T = ()> = Result<T, Failure>;

/// A failure that says why.
pub fn unsupported<T>(why: impl Into<String>) -> Lowered<T> {
    Err(Failure::Unsupported(why.into()))
}

/// How the upper bits of an `i32` that stands for a narrower integer are known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extended {
    /// Copies of the sign.
    Signed,
    /// Zeros.
    Unsigned,
}

/// An address in a register.
struct Available<'c> {
    terms: Terms,
    constant: i64,
    in_buffer: bool,
    value: Value<'c>,
}

/// The state of lowering one function.
pub struct Lowering<'a, 'c> {
    /// The session.
    pub cx: Cx<'c>,
    /// The target.
    pub target: &'static Target,
    /// The function's old values.
    pub addresses: &'a Addresses<'c>,
    /// Ops that become one instruction together.
    pub fusion: Fusion,
    plan: Plan,
    values: Vec<Option<Value<'c>>>,
    extended: Vec<Option<Extended>>,
    available: Vec<Available<'c>>,
    site: Site,
    errors: Vec<OpError>,
    name: String,
}

/// Builds the machine-level function before `func`.
///
/// # Errors
/// Every op that has no instruction.
pub fn lower<'c>(cx: Cx<'c>, target: &'static Target, func: Op<'c>) -> Result<Op<'c>, Vec<OpError>> {
    let mut addresses = Addresses::of(func);
    let errors = std::mem::take(&mut addresses.errors);
    let mut lowering = Lowering {
        cx,
        target,
        fusion: Fusion::of(func, target),
        plan: Plan::of(func, &addresses),
        values: vec![None; addresses.len()],
        extended: vec![None; addresses.len()],
        addresses: &addresses,
        available: Vec::new(),
        site: (func.key(), 0),
        errors,
        name: func.string("sym_name").unwrap_or_default(),
    };
    let new = lowering.function(func);
    if lowering.errors.is_empty() {
        Ok(new)
    } else {
        new.erase();
        Err(lowering.errors)
    }
}

impl<'c> Lowering<'_, 'c> {
    fn function(&mut self, func: Op<'c>) -> Op<'c> {
        use weft_dialects::ir::OperationLike;
        let b = Builder::before(self.cx, func);
        let old_type = func.attr("function_type").map(|a| a.to_string()).unwrap_or_default();
        let (inputs, results) = types::signature(self.cx, &old_type).unwrap_or_else(|bad| {
            self.errors.push(OpError::new(func, format!("in @{}: {bad} has no machine type", self.name)));
            Default::default()
        });
        let mut attrs: Vec<(String, _)> = func
            .attributes()
            .map(|(id, a)| (id.as_string_ref().as_str().unwrap_or_default().to_owned(), a))
            .filter(|(name, _)| name != "function_type")
            .collect();
        attrs.push(("function_type".to_owned(), self.cx.type_attr(self.cx.fn_type(&inputs, &results))));
        let attrs: Vec<_> = attrs.iter().map(|(n, a)| (n.as_str(), *a)).collect();
        let blocks = super::addresses::region_blocks(func);
        let region = match blocks.first() {
            None => melior::ir::Region::new(),
            Some(&body) => b.region(&inputs, |b, args| {
                self.bind_all(&block_args(body), args);
                let out = self.block(body, (func.key(), 0), b);
                b.op("func.return", &out, &[], &[]);
            }),
        };
        b.op_regions("func.func", &[], &[], &attrs, vec![region])
    }

    /// Lowers the ops of a block but for its terminator, and returns what the terminator takes.
    fn block(&mut self, block: weft_dialects::ir::Block<'c>, site: Site, b: &Builder<'c>) -> Vec<Value<'c>> {
        let outer = std::mem::replace(&mut self.site, site);
        let known = self.available.len();
        let mut ops = block_ops(block);
        let terminator = ops.pop();
        for op in ops {
            self.guarded(op, |this| this.op(op, &b.with_loc(weft_dialects::ir::OperationLike::location(&op))));
        }
        let mut out = Vec::new();
        if let Some(op) = terminator {
            self.guarded(op, |this| {
                out = this.operands(op, b)?;
                Ok(())
            });
        }
        self.available.truncate(known);
        self.site = outer;
        out
    }

    fn guarded(&mut self, op: Op<'c>, run: impl FnOnce(&mut Self) -> Lowered) {
        let message = match run(self) {
            Ok(()) => return,
            Err(Failure::Unsupported(message)) => message,
            Err(Failure::Operand) if !self.errors.is_empty() => return,
            Err(Failure::Operand) => "an operand has no machine value".to_owned(),
        };
        self.errors.push(OpError::new(op, format!("in @{}: {message}", self.name)));
    }

    fn op(&mut self, op: Op<'c>, b: &Builder<'c>) -> Lowered {
        let name = op.op_name();
        // Some loads do at once what the ops that use them ask for.
        if op.ress().first().is_some_and(|&v| self.is_bound(v)) {
            return Ok(());
        }
        if weft_dialects::is_memref_view(&name)
            || (is_lazy(op, &name) && !self.plan.is_needed(self.addresses.atom(op.res(0))))
        {
            return Ok(());
        }
        match name.as_str() {
            "scf.for" => self.for_loop(op, b),
            "scf.if" | "scf.while" => self.structured(op, &name, b),
            "func.call" => {
                let args = self.operands(op, b)?;
                let types = self.types_of(&op.ress())?;
                let callee = op.attr("callee").into_iter().map(|a| ("callee", a)).collect::<Vec<_>>();
                let call = b.op("func.call", &args, &types, &callee);
                self.bind_all(&op.ress(), &call.ress());
                Ok(())
            }
            _ if name.starts_with("memref.") || name == "vector.load" || name == "vector.store" => {
                memory::lower(self, op, &name, b)
            }
            _ if name.starts_with("vector.") => vector::lower(self, op, &name, b),
            _ if name.starts_with("arith.") || name.starts_with("math.") => arith::lower(self, op, &name, b),
            _ => unsupported("the machine level has no such op"),
        }
    }

    fn for_loop(&mut self, op: Op<'c>, b: &Builder<'c>) -> Lowered {
        let Some(plan) = self.plan.of_loop(op).cloned() else {
            return unsupported("the step of a loop must be a positive constant");
        };
        for terms in &plan.invariants {
            if terms.len() > 1 || terms.iter().any(|t| t.1 != 1) {
                let form = Linear { terms: terms.clone(), constant: 0 };
                self.compute(&form, b)?;
            }
        }
        let mut inits = Vec::new();
        for &v in &op.args()[3..] {
            inits.push(self.operand(v, b)?);
        }
        let first = plan.pointers.iter().map(|p| self.compute(&p.init, b)).collect::<Lowered<Vec<_>>>()?;
        let (lower, upper, step, counting) = match &plan.counter {
            Counter::Index => (self.operand(op.arg(0), b)?, self.operand(op.arg(1), b)?, plan.step, None),
            Counter::Pointer { number, end } => {
                (first[*number], self.compute(end, b)?, plan.pointers[*number].step, Some(*number))
            }
        };
        let carried: Vec<usize> = (0..first.len()).filter(|&i| Some(i) != counting).collect();
        inits.extend(carried.iter().map(|&i| first[i]));
        let body = op.body(0);
        let old_args = block_args(body);
        let own = old_args.len() - 1;
        let known = self.available.len();
        let results = b.for_loop(lower, upper, b.i32(step), &inits, |b, counter, values| {
            if counting.is_none() {
                self.bind(old_args[0], counter);
            }
            self.bind_all(&old_args[1..], &values[..own]);
            let mut current = first.clone();
            for (&i, &v) in carried.iter().zip(&values[own..]) {
                current[i] = v;
            }
            if let Some(i) = counting {
                current[i] = counter;
            }
            for (p, &value) in plan.pointers.iter().zip(&current) {
                let (terms, constant, in_buffer) = (p.terms.clone(), p.constant, p.in_buffer);
                self.available.push(Available { terms, constant, in_buffer, value });
            }
            let mut next = self.block(body, (op.key(), 0), b);
            next.resize(own, counter);
            for &i in &carried {
                next.push(b.binary("arith.addi", current[i], b.i32(plan.pointers[i].step)));
            }
            next
        });
        self.available.truncate(known);
        self.bind_all(&op.ress(), &results);
        Ok(())
    }

    /// `scf.if` and `scf.while`: the same op on machine types.
    fn structured(&mut self, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered {
        use melior::ir::RegionLike;
        use weft_dialects::ir::OperationLike;
        let args = self.operands(op, b)?;
        let results = self.types_of(&op.ress())?;
        let mut regions = Vec::new();
        for (i, region) in op.regions().enumerate() {
            let Some(body) = region.first_block() else {
                regions.push(melior::ir::Region::new());
                continue;
            };
            let old_args = block_args(body);
            let types = self.types_of(&old_args)?;
            let end = if name == "scf.while" && i == 0 { "scf.condition" } else { "scf.yield" };
            regions.push(b.region(&types, |b, values| {
                self.bind_all(&old_args, values);
                let out = self.block(body, (op.key(), i), b);
                b.op(end, &out, &[], &[]);
            }));
        }
        let new = b.op_regions(name, &args, &results, &[], regions);
        self.bind_all(&op.ress(), &new.ress());
        Ok(())
    }

    /// The machine value of an operand; of a memref, its address.
    pub fn operand(&mut self, v: Value<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
        if v.memref_ty().is_some() {
            let form = self.addresses.form(v).cloned().ok_or(Failure::Operand)?;
            return self.compute(&form, b);
        }
        if is_index(v)
            && let Some(c) = self.addresses.form(v).and_then(Linear::as_constant)
        {
            return Ok(b.i32(c));
        }
        self.values.get(self.addresses.atom(v)).copied().flatten().ok_or(Failure::Operand)
    }

    /// The machine values of all operands.
    pub fn operands(&mut self, op: Op<'c>, b: &Builder<'c>) -> Lowered<Vec<Value<'c>>> {
        op.args().into_iter().map(|v| self.operand(v, b)).collect()
    }

    /// The machine types of values.
    fn types_of(&self, values: &[Value<'c>]) -> Lowered<Vec<Type<'c>>> {
        values.iter().map(|v| self.ty(v.ty())).collect()
    }

    /// The machine type of a type.
    pub fn ty(&self, ty: Type<'c>) -> Lowered<Type<'c>> {
        types::machine(self.cx, ty).ok_or_else(|| Failure::Unsupported(format!("{ty} has no machine type")))
    }

    /// Says what an old value has become.
    pub fn bind(&mut self, old: Value<'c>, new: Value<'c>) {
        let atom = self.addresses.atom(old);
        if let Some(slot) = self.values.get_mut(atom) {
            *slot = Some(new);
        }
    }

    fn is_bound(&self, old: Value<'c>) -> bool {
        self.values.get(self.addresses.atom(old)).is_some_and(Option::is_some)
    }

    fn bind_all(&mut self, old: &[Value<'c>], new: &[Value<'c>]) {
        old.iter().zip(new).for_each(|(&o, &n)| self.bind(o, n));
    }

    /// Says how a narrow integer's upper bits are.
    pub fn set_extended(&mut self, old: Value<'c>, how: Extended) {
        let atom = self.addresses.atom(old);
        if let Some(slot) = self.extended.get_mut(atom) {
            *slot = Some(how);
        }
    }

    /// How a narrow integer's upper bits are, if known.
    pub fn extended(&self, old: Value<'c>) -> Option<Extended> {
        self.extended.get(self.addresses.atom(old)).copied().flatten()
    }

    /// The pointer and the immediate offset of an access in the current block.
    pub fn pointer(&mut self, at: &Linear, b: &Builder<'c>) -> Lowered<(Value<'c>, i64)> {
        let found = self.available.iter().rev().find(|a| {
            a.in_buffer && a.terms == at.terms && (0..=i64::from(i32::MAX)).contains(&(at.constant - a.constant))
        });
        if let Some(a) = found {
            return Ok((a.value, at.constant - a.constant));
        }
        let (constant, _) = self.plan.anchor(self.site, &at.terms, self.addresses);
        let form = Linear { terms: at.terms.clone(), constant };
        let value = self.compute(&form, b)?;
        self.available.push(Available { terms: form.terms, constant, in_buffer: true, value });
        Ok((value, at.constant - constant))
    }

    /// The value of a linear form, made from the address in a register that leaves the least to add.
    pub fn compute(&mut self, form: &Linear, b: &Builder<'c>) -> Lowered<Value<'c>> {
        let known = |this: &Self, atom: Atom| this.values.get(atom).copied().flatten();
        let base = self
            .available
            .iter()
            .enumerate()
            .filter(|(_, a)| form.terms.contains(&a.terms))
            .filter(|(_, a)| form.terms.without(&a.terms).iter().all(|(atom, _)| known(self, atom).is_some()))
            .max_by_key(|&(i, a)| (a.terms.len(), a.constant == form.constant, i))
            .map(|(_, a)| (a.value, a.terms.clone(), a.constant));
        let (mut sum, rest, constant) = match base {
            Some((value, terms, constant)) => (Some(value), form.terms.without(&terms), constant),
            None => (None, form.terms.clone(), 0),
        };
        for (atom, factor) in rest.iter() {
            let term = self.product(atom, factor, b)?;
            sum = Some(match sum {
                None => term,
                Some(s) => b.binary("arith.addi", s, term),
            });
        }
        let Some(value) = sum else { return Ok(b.i32(form.constant)) };
        if !rest.is_empty() {
            self.available.push(Available { terms: form.terms.clone(), constant, in_buffer: false, value });
        }
        match form.constant - constant {
            0 => Ok(value),
            more => Ok(b.binary("arith.addi", value, b.i32(more))),
        }
    }

    /// A value times a constant.
    fn product(&mut self, atom: Atom, factor: i64, b: &Builder<'c>) -> Lowered<Value<'c>> {
        let v = self.values.get(atom).copied().flatten().ok_or(Failure::Operand)?;
        if factor == 1 {
            return Ok(v);
        }
        let terms = Linear::atom(atom).times(factor).terms;
        if let Some(a) = self.available.iter().find(|a| a.constant == 0 && a.terms == terms) {
            return Ok(a.value);
        }
        let value = b.binary("arith.muli", v, b.i32(factor));
        self.available.push(Available { terms, constant: 0, in_buffer: false, value });
        Ok(value)
    }
}
