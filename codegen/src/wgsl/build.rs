//! A thin layer over naga's IR: expressions that are evaluated where they are written, once, and blocks.
//!
//! Pure expressions are numbered: the same expression again, in the same or an inner block, is the first one. Those that
//! only compute positions are evaluated as far out as their operands allow ([`Builder::outermost`]).

use super::types::{is_float, shaped, size};
use naga::{
    Arena, BinaryOperator as Bin, Block, Expression, Function, Handle, Literal, LocalVariable, MathFunction, Module,
    Range, Scalar, ScalarKind, Span, Statement, Type, TypeInner, UnaryOperator,
};
use std::collections::{HashMap, HashSet};

/// A handle of an expression.
pub(super) type H = Handle<Expression>;

/// A module of one entry point in the making.
pub(super) struct Builder {
    pub(super) module: Module,
    pub(super) function: Function,
    /// The blocks that are open, innermost last.
    open: Vec<Open>,
    /// By expression: the number of blocks that were open where it is evaluated; 0 for what needs no evaluation.
    depth: Vec<usize>,
    literals: HashMap<H, Literal>,
    constants: HashSet<H>,
    names: HashMap<H, &'static str>,
    roots: Vec<H>,
}

#[derive(Default)]
struct Open {
    body: Block,
    known: HashMap<String, H>,
    /// Whether it is a loop's body.
    repeats: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            module: Module::default(),
            function: Function::default(),
            open: vec![Open::default()],
            depth: Vec::new(),
            literals: HashMap::new(),
            constants: HashSet::new(),
            names: HashMap::new(),
            roots: Vec::new(),
        }
    }

    // Types.

    pub(super) fn ty(&mut self, inner: TypeInner) -> Handle<Type> {
        self.module.types.insert(Type { name: None, inner }, Span::UNDEFINED)
    }

    /// A scalar (one lane) or a vector.
    pub(super) fn value_ty(&mut self, scalar: Scalar, lanes: u32) -> Handle<Type> {
        self.ty(shaped(scalar, lanes))
    }

    // Expressions.

    /// An expression that needs no evaluation: literals, variables, arguments.
    pub(super) fn fixed(&mut self, e: Expression) -> H {
        let key = format!("{e:?}");
        if let Some(&h) = self.open[0].known.get(&key) {
            return h;
        }
        let h = self.append(e, 0);
        self.open[0].known.insert(key, h);
        h
    }

    fn append(&mut self, e: Expression, depth: usize) -> H {
        if let Expression::Literal(l) = e {
            let h = self.function.expressions.append(Expression::Literal(l), Span::UNDEFINED);
            self.literals.insert(h, l);
            self.constants.insert(h);
            self.depth.push(depth);
            return h;
        }
        self.depth.push(depth);
        self.function.expressions.append(e, Span::UNDEFINED)
    }

    /// An expression with an effect, or one that depends on the moment: evaluated here.
    pub(super) fn now(&mut self, e: Expression) -> H {
        self.emit_at(self.open.len(), e)
    }

    fn emit_at(&mut self, depth: usize, e: Expression) -> H {
        let h = self.append(e, depth);
        self.open[depth - 1].body.push(Statement::Emit(Range::new_from_bounds(h, h)), Span::UNDEFINED);
        h
    }

    /// The result of a statement that defines it, like a subgroup operation.
    pub(super) fn defined(&mut self, e: Expression) -> H {
        let depth = self.open.len();
        self.append(e, depth)
    }

    /// A pure expression, evaluated here unless it is known already.
    pub(super) fn pure(&mut self, e: Expression) -> H {
        let depth = self.open.len();
        self.numbered(depth, e)
    }

    /// A pure expression that computes a position, evaluated in the outermost block that has its operands.
    fn outermost(&mut self, e: Expression, operands: &[H]) -> H {
        let depth = operands.iter().map(|h| self.depth[h.index()]).max().unwrap_or(1).max(1);
        operands.iter().for_each(|&h| self.reach_from(h, depth, "at"));
        self.numbered(depth, e)
    }

    fn numbered(&mut self, depth: usize, e: Expression) -> H {
        let key = format!("{e:?}");
        if let Some(&h) = self.open[..depth].iter().rev().find_map(|o| o.known.get(&key)) {
            return h;
        }
        let h = self.emit_at(depth, e);
        self.open[depth - 1].known.insert(key, h);
        h
    }

    /// A component of a builtin, evaluated first of all.
    pub(super) fn outermost_lane(&mut self, h: H, lane: u32) -> H {
        self.outermost(Expression::AccessIndex { base: h, index: lane }, &[h])
    }

    /// How many blocks were open where an expression is evaluated; 0 for what needs no evaluation.
    pub(super) fn depth_of(&self, h: H) -> usize {
        self.depth[h.index()]
    }

    /// What an expression is called if it is used.
    pub(super) fn name(&mut self, h: H, name: &'static str) {
        self.names.insert(h, name);
    }

    /// Notes that an expression is used here: where a loop lies between, it is given a name, so that the text computes
    /// it outside.
    pub(super) fn reach(&mut self, h: H, name: &'static str) {
        self.reach_from(h, self.open.len(), name);
    }

    /// The same for a use where `user` blocks are open.
    fn reach_from(&mut self, h: H, user: usize, name: &'static str) {
        let depth = self.depth[h.index()];
        if depth > 0 && depth < user && self.open[depth..user].iter().any(|o| o.repeats) {
            self.names.entry(h).or_insert(name);
        }
    }

    /// Whether the text may evaluate it at compile time, so that an overflow is an error.
    fn is_constant(&self, h: H) -> bool {
        self.constants.contains(&h)
    }

    // Constants.

    pub(super) fn literal(&mut self, l: Literal) -> H {
        self.fixed(Expression::Literal(l))
    }

    pub(super) fn i32(&mut self, v: i64) -> H {
        self.literal(Literal::I32(v as i32))
    }

    pub(super) fn u32(&mut self, v: u32) -> H {
        self.literal(Literal::U32(v))
    }

    pub(super) fn bool(&mut self, v: bool) -> H {
        self.literal(Literal::Bool(v))
    }

    /// The literal that an expression is.
    pub(super) fn literal_of(&self, h: H) -> Option<Literal> {
        self.literals.get(&h).copied()
    }

    /// The integer that an expression is known to be.
    pub(super) fn int_of(&self, h: H) -> Option<i64> {
        match self.literal_of(h)? {
            Literal::I32(v) => Some(i64::from(v)),
            Literal::U32(v) => Some(i64::from(v)),
            _ => None,
        }
    }

    /// The number that an expression is known to be, in all lanes.
    pub(super) fn float_of(&self, h: H) -> Option<f64> {
        match self.function.expressions[h] {
            Expression::Literal(Literal::F32(v)) => Some(f64::from(v)),
            Expression::Literal(Literal::F16(v)) => Some(v.to_f64()),
            Expression::Splat { value, .. } => self.float_of(value),
            _ => None,
        }
    }

    /// Whether an expression is made of literals only, which are finite.
    pub(super) fn is_finite(&self, h: H) -> bool {
        self.is_constant(h)
    }

    /// A number of a scalar type, in all lanes. Infinities, NaN and numbers below the normal ones have no literals, nor has
    /// the largest f32 (its shortest decimal is above it): they are read from a variable.
    pub(super) fn number(&mut self, scalar: Scalar, lanes: u32, v: f64) -> H {
        let h = match (scalar.kind, scalar.width) {
            (ScalarKind::Float, 2) if v == 0.0 || half::f16::from_f64(v).is_normal() => {
                self.literal(Literal::F16(half::f16::from_f64(v)))
            }
            (ScalarKind::Float, 4) if v == 0.0 || (v as f32).is_normal() && v.abs() < f64::from(f32::MAX) => {
                self.literal(Literal::F32(v as f32))
            }
            (ScalarKind::Float, width) => {
                let bits = self.variable_bits((v as f32).to_bits());
                let h = self.pure(Expression::As { expr: bits, kind: ScalarKind::Float, convert: None });
                if width == 2 { self.convert(h, Scalar::F16) } else { h }
            }
            (ScalarKind::Bool, _) => self.bool(v != 0.0),
            (ScalarKind::Uint, _) => self.u32(v as i64 as u32),
            _ => self.i32(v as i64),
        };
        self.splat(h, lanes)
    }

    /// Bits that no compiler looks through: read from a variable, so that they may stand for what is no literal.
    fn variable_bits(&mut self, bits: u32) -> H {
        let init = self.u32(bits);
        self.held(init, Scalar::U32, 1)
    }

    /// A constant by way of a variable.
    pub(super) fn held(&mut self, init: H, scalar: Scalar, lanes: u32) -> H {
        let ty = self.value_ty(scalar, lanes);
        let key = format!("held {init:?}");
        if let Some(&h) = self.open[0].known.get(&key) {
            return h;
        }
        let variable = self.variable("bits", ty, Some(init));
        let load = self.emit_at(1, Expression::Load { pointer: variable });
        self.open[0].known.insert(key, load);
        load
    }

    // Operations.

    pub(super) fn splat(&mut self, h: H, lanes: u32) -> H {
        match size(lanes) {
            Some(size) => {
                let constant = self.is_constant(h);
                let out = self.pure(Expression::Splat { size, value: h });
                if constant {
                    self.constants.insert(out);
                }
                out
            }
            None => h,
        }
    }

    pub(super) fn compose(&mut self, scalar: Scalar, lanes: &[H]) -> H {
        if lanes.len() == 1 {
            return lanes[0];
        }
        if lanes.iter().all(|&l| l == lanes[0]) {
            return self.splat(lanes[0], lanes.len() as u32);
        }
        let constant = lanes.iter().all(|&l| self.is_constant(l));
        let ty = self.value_ty(scalar, lanes.len() as u32);
        let out = self.pure(Expression::Compose { ty, components: lanes.to_vec() });
        if constant {
            self.constants.insert(out);
        }
        out
    }

    /// A lane of a vector of `lanes`; of a scalar, itself.
    pub(super) fn lane(&mut self, h: H, lanes: u32, lane: u32) -> H {
        if lanes == 1 {
            return h;
        }
        match self.function.expressions[h] {
            Expression::Splat { value, .. } => value,
            Expression::Compose { ref components, .. } if components.len() == lanes as usize => {
                components[lane as usize]
            }
            Expression::Swizzle { vector, pattern, .. } => {
                self.pure(Expression::AccessIndex { base: vector, index: pattern[lane as usize] as u32 })
            }
            _ => self.pure(Expression::AccessIndex { base: h, index: lane }),
        }
    }

    /// `left op right`; integer constants are folded, zeros and ones vanish.
    pub(super) fn binary(&mut self, op: Bin, left: H, right: H) -> H {
        if let Some(h) = self.simplify(op, left, right) {
            return h;
        }
        let left = self.runtime(left, &[left, right]);
        self.pure(Expression::Binary { op, left, right })
    }

    /// As [`binary`](Self::binary), for a position.
    pub(super) fn position(&mut self, op: Bin, left: H, right: H) -> H {
        if let Some(h) = self.simplify(op, left, right) {
            return h;
        }
        let left = self.runtime(left, &[left, right]);
        self.outermost(Expression::Binary { op, left, right }, &[left, right])
    }

    fn simplify(&mut self, op: Bin, left: H, right: H) -> Option<H> {
        let (l, r) = (self.literal_of(left), self.literal_of(right));
        if let (Some(Literal::I32(a)), Some(Literal::I32(b))) = (l, r) {
            return fold(op, a, b).map(|v| self.literal(Literal::I32(v)));
        }
        if let (Some(Literal::U32(a)), Some(Literal::U32(b))) = (l, r) {
            return fold_unsigned(op, a, b).map(|v| self.literal(Literal::U32(v)));
        }
        let zero = |l: Option<Literal>| matches!(l, Some(Literal::I32(0) | Literal::U32(0)));
        let one = |l: Option<Literal>| matches!(l, Some(Literal::I32(1) | Literal::U32(1)));
        match op {
            Bin::Add | Bin::InclusiveOr | Bin::ExclusiveOr if zero(l) => Some(right),
            Bin::Add | Bin::Subtract | Bin::InclusiveOr | Bin::ExclusiveOr if zero(r) => Some(left),
            Bin::ShiftLeft | Bin::ShiftRight if zero(r) => Some(left),
            Bin::Multiply if one(l) => Some(right),
            Bin::Multiply | Bin::Divide if one(r) => Some(left),
            Bin::Multiply | Bin::And if zero(l) => Some(left),
            Bin::Multiply | Bin::And if zero(r) => Some(right),
            _ => None,
        }
    }

    /// `first`, by way of a variable if all operands are constants: an operation on constants is evaluated when the
    /// text is compiled, where an overflow is an error instead of infinity.
    fn runtime(&mut self, first: H, operands: &[H]) -> H {
        if !operands.iter().all(|&h| self.is_constant(h)) {
            return first;
        }
        let Some((scalar, lanes)) = self.constant_ty(first) else { return first };
        self.held(first, scalar, lanes)
    }

    fn constant_ty(&self, h: H) -> Option<(Scalar, u32)> {
        match &self.function.expressions[h] {
            Expression::Literal(l) => Some((l.scalar(), 1)),
            Expression::Splat { size, value } => Some((self.constant_ty(*value)?.0, *size as u32)),
            Expression::Compose { components, .. } => {
                Some((self.constant_ty(*components.first()?)?.0, components.len() as u32))
            }
            _ => None,
        }
    }

    pub(super) fn unary(&mut self, op: UnaryOperator, h: H) -> H {
        match (op, self.literal_of(h)) {
            (UnaryOperator::Negate, Some(Literal::F32(v))) => self.literal(Literal::F32(-v)),
            (UnaryOperator::Negate, Some(Literal::I32(v))) => self.literal(Literal::I32(v.wrapping_neg())),
            (UnaryOperator::LogicalNot, Some(Literal::Bool(v))) => self.bool(!v),
            _ => {
                let h = self.runtime(h, &[h]);
                self.pure(Expression::Unary { op, expr: h })
            }
        }
    }

    pub(super) fn math(&mut self, fun: MathFunction, args: &[H]) -> H {
        let first = self.runtime(args[0], args);
        let at = |i: usize| args.get(i).copied();
        self.pure(Expression::Math { fun, arg: first, arg1: at(1), arg2: at(2), arg3: at(3) })
    }

    pub(super) fn select(&mut self, condition: H, accept: H, reject: H) -> H {
        match self.literal_of(condition) {
            Some(Literal::Bool(true)) => accept,
            Some(Literal::Bool(false)) => reject,
            _ if accept == reject => accept,
            _ => self.pure(Expression::Select { condition, accept, reject }),
        }
    }

    /// A conversion of values (`f32(x)`); between `i32` and `u32` the bits stay.
    pub(super) fn convert(&mut self, h: H, to: Scalar) -> H {
        self.converted(h, to, false)
    }

    /// As [`convert`](Self::convert), for a position.
    pub(super) fn convert_position(&mut self, h: H, to: Scalar) -> H {
        self.converted(h, to, true)
    }

    fn converted(&mut self, h: H, to: Scalar, position: bool) -> H {
        match (self.literal_of(h), to) {
            (Some(Literal::I32(v)), Scalar::U32) => return self.u32(v as u32),
            (Some(Literal::U32(v)), Scalar::I32) => return self.i32(i64::from(v as i32)),
            _ => {}
        }
        // There and back is where it was.
        if let Expression::As { expr, kind: ScalarKind::Uint | ScalarKind::Sint, convert: Some(4) } =
            self.function.expressions[h]
            && !is_float(to)
            && self.integer_kind(expr) == Some(to.kind)
        {
            return expr;
        }
        let h = self.runtime(h, &[h]);
        let e = Expression::As { expr: h, kind: to.kind, convert: Some(to.width) };
        if position { self.outermost(e, &[h]) } else { self.pure(e) }
    }

    /// Whether an expression is known to be of a signed or unsigned integer type.
    fn integer_kind(&self, h: H) -> Option<ScalarKind> {
        match self.function.expressions[h] {
            Expression::As { kind, convert: Some(4), .. } => Some(kind),
            Expression::Literal(Literal::I32(_)) => Some(ScalarKind::Sint),
            Expression::Literal(Literal::U32(_)) => Some(ScalarKind::Uint),
            Expression::Binary { left, .. } => self.integer_kind(left),
            // Builtins are all unsigned.
            Expression::FunctionArgument(_) => Some(ScalarKind::Uint),
            Expression::AccessIndex { base, .. } => match self.function.expressions[base] {
                Expression::FunctionArgument(_) => Some(ScalarKind::Uint),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same bits as another scalar of the same width.
    pub(super) fn bitcast(&mut self, h: H, to: ScalarKind) -> H {
        let h = self.runtime(h, &[h]);
        self.pure(Expression::As { expr: h, kind: to, convert: None })
    }

    // Variables and statements.

    /// A variable of the function, zero at first unless `init` says else; the pointer to it.
    pub(super) fn variable(&mut self, name: &str, ty: Handle<Type>, init: Option<H>) -> H {
        let variable = LocalVariable { name: Some(name.to_owned()), ty, init };
        let variable = self.function.local_variables.append(variable, Span::UNDEFINED);
        self.fixed(Expression::LocalVariable(variable))
    }

    pub(super) fn load(&mut self, pointer: H) -> H {
        self.now(Expression::Load { pointer })
    }

    pub(super) fn store(&mut self, pointer: H, value: H) {
        self.reach(value, "v");
        self.statement(Statement::Store { pointer, value }, &[pointer, value]);
    }

    /// Adds a statement; `uses` are the expressions that it refers to.
    pub(super) fn statement(&mut self, s: Statement, uses: &[H]) {
        self.roots.extend(uses);
        if let Some(open) = self.open.last_mut() {
            open.body.push(s, Span::UNDEFINED);
        }
    }

    /// Opens a block.
    pub(super) fn begin(&mut self, repeats: bool) {
        self.open.push(Open { repeats, ..Open::default() });
    }

    /// Closes the innermost block.
    pub(super) fn end(&mut self) -> Block {
        self.open.pop().map(|o| o.body).unwrap_or_default()
    }

    /// Ends the function: its body, with names for what is used and has one.
    pub(super) fn finish(&mut self) {
        self.function.body = self.end();
        let used = reachable(&self.function.expressions, &self.roots);
        let mut names: Vec<(H, &'static str)> = self.names.drain().filter(|(h, _)| used.contains(h)).collect();
        names.sort_by_key(|(h, _)| h.index());
        self.function.named_expressions = names.into_iter().map(|(h, n)| (h, n.to_owned())).collect();
    }
}

/// The expressions that `roots` are made of.
fn reachable(expressions: &Arena<Expression>, roots: &[H]) -> HashSet<H> {
    let mut out = HashSet::new();
    let mut todo = roots.to_vec();
    while let Some(h) = todo.pop() {
        if out.insert(h) {
            operands(&expressions[h], &mut todo);
        }
    }
    out
}

/// The operands of the kinds of expressions that are made here.
fn operands(e: &Expression, out: &mut Vec<H>) {
    match e {
        Expression::Compose { components, .. } => out.extend(components),
        Expression::Access { base, index } => out.extend([base, index]),
        Expression::AccessIndex { base, .. } => out.push(*base),
        Expression::Splat { value, .. } => out.push(*value),
        Expression::Swizzle { vector, .. } => out.push(*vector),
        Expression::Load { pointer } => out.push(*pointer),
        Expression::Unary { expr, .. } | Expression::As { expr, .. } => out.push(*expr),
        Expression::Binary { left, right, .. } => out.extend([left, right]),
        Expression::Select { condition, accept, reject } => out.extend([condition, accept, reject]),
        Expression::Relational { argument, .. } => out.push(*argument),
        Expression::Math { arg, arg1, arg2, arg3, .. } => {
            out.push(*arg);
            out.extend([arg1, arg2, arg3].into_iter().flatten());
        }
        Expression::ImageLoad { image, coordinate, level, .. } => {
            out.extend([image, coordinate]);
            out.extend(level);
        }
        _ => {}
    }
}

fn fold(op: Bin, a: i32, b: i32) -> Option<i32> {
    Some(match op {
        Bin::Add => a.wrapping_add(b),
        Bin::Subtract => a.wrapping_sub(b),
        Bin::Multiply => a.wrapping_mul(b),
        Bin::Divide => a.checked_div(b)?,
        Bin::Modulo => a.checked_rem(b)?,
        Bin::And => a & b,
        Bin::InclusiveOr => a | b,
        Bin::ExclusiveOr => a ^ b,
        _ => return None,
    })
}

fn fold_unsigned(op: Bin, a: u32, b: u32) -> Option<u32> {
    Some(match op {
        Bin::Add => a.wrapping_add(b),
        Bin::Subtract => a.wrapping_sub(b),
        Bin::Multiply => a.wrapping_mul(b),
        Bin::Divide => a.checked_div(b)?,
        Bin::Modulo => a.checked_rem(b)?,
        Bin::And => a & b,
        Bin::InclusiveOr => a | b,
        Bin::ExclusiveOr => a ^ b,
        Bin::ShiftLeft => a << (b & 31),
        Bin::ShiftRight => a >> (b & 31),
        _ => return None,
    })
}
