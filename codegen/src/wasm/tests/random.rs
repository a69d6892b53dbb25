//! Random structured programs give the numbers that plain evaluation gives: sharing locals and keeping values on the
//! stack must never be seen.

use super::execution::run;
use std::fmt::Write as _;

/// A reproducible source of choices.
struct Choices(u64);

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

type Var = usize;

enum Step {
    Binary {
        to: Var,
        op: usize,
        a: Var,
        b: Var,
    },
    /// Runs as often as the low two bits of `count` say.
    For {
        count: Var,
        counter: Var,
        carried: Vec<Var>,
        inits: Vec<Var>,
        body: Vec<Step>,
        next: Vec<Var>,
        results: Vec<Var>,
    },
    If {
        a: Var,
        b: Var,
        then: Vec<Step>,
        then_out: Vec<Var>,
        other: Vec<Step>,
        other_out: Vec<Var>,
        results: Vec<Var>,
    },
    /// The first carried value counts to 3.
    While {
        carried: Vec<Var>,
        inits: Vec<Var>,
        before: Vec<Step>,
        out: Vec<Var>,
        args: Vec<Var>,
        after: Vec<Step>,
        next: Vec<Var>,
        results: Vec<Var>,
    },
}

const OPS: [&str; 4] = ["addi", "subi", "muli", "xori"];

struct Maker {
    choices: Choices,
    vars: usize,
}

impl Maker {
    fn fresh(&mut self, n: usize) -> Vec<Var> {
        self.vars += n;
        (self.vars - n..self.vars).collect()
    }

    /// Mostly recent values, so that chains and short lives are common.
    fn pick(&mut self, scope: &[Var]) -> Var {
        let recent = self.choices.below(2) == 0;
        let window = if recent { scope.len().min(4) } else { scope.len() };
        scope[scope.len() - 1 - self.choices.below(window)]
    }

    fn picks(&mut self, n: usize, scope: &[Var]) -> Vec<Var> {
        (0..n).map(|_| self.pick(scope)).collect()
    }

    fn block(&mut self, depth: usize, scope: &mut Vec<Var>) -> Vec<Step> {
        (0..self.choices.below(5)).map(|_| self.step(depth, scope)).collect()
    }

    fn step(&mut self, depth: usize, scope: &mut Vec<Var>) -> Step {
        let kind = if depth == 0 { 0 } else { self.choices.below(7) };
        let n = 1 + self.choices.below(3);
        match kind {
            4 => {
                let (count, inits) = (self.pick(scope), self.picks(n, scope));
                let (counter, carried) = (self.fresh(1)[0], self.fresh(n));
                let mut inner = scope.clone();
                inner.push(counter);
                inner.extend(&carried);
                let body = self.block(depth - 1, &mut inner);
                let next = self.picks(n, &inner);
                let results = self.fresh(n);
                scope.extend(&results);
                Step::For { count, counter, carried, inits, body, next, results }
            }
            5 => {
                let (a, b) = (self.pick(scope), self.pick(scope));
                let mut inner = scope.clone();
                let then = self.block(depth - 1, &mut inner);
                let then_out = self.picks(n, &inner);
                let mut inner = scope.clone();
                let other = self.block(depth - 1, &mut inner);
                let other_out = self.picks(n, &inner);
                let results = self.fresh(n);
                scope.extend(&results);
                Step::If { a, b, then, then_out, other, other_out, results }
            }
            6 => {
                let mut inits = vec![0];
                inits.extend(self.picks(n, scope));
                let carried = self.fresh(n + 1);
                let mut inner = scope.clone();
                inner.extend(&carried);
                let before = self.block(depth - 1, &mut inner);
                let mut out = vec![carried[0]];
                out.extend(self.picks(n, &inner));
                let args = self.fresh(n + 1);
                let mut inner = scope.clone();
                inner.extend(&args);
                let mut after = self.block(depth - 1, &mut inner);
                let counted = self.fresh(1)[0];
                after.push(Step::Binary { to: counted, op: 0, a: args[0], b: 1 });
                let mut next = vec![counted];
                next.extend(self.picks(n, &inner));
                let results = self.fresh(n + 1);
                scope.extend(&results);
                Step::While { carried, inits, before, out, args, after, next, results }
            }
            _ => {
                let to = self.fresh(1)[0];
                let step = Step::Binary { to, op: self.choices.below(4), a: self.pick(scope), b: self.pick(scope) };
                scope.push(to);
                step
            }
        }
    }
}

fn list(vars: &[Var]) -> String {
    vars.iter().map(|v| format!("%v{v}")).collect::<Vec<_>>().join(", ")
}

fn types(n: usize) -> String {
    vec!["i32"; n].join(", ")
}

fn assigned(to: &[Var], from: &[Var]) -> String {
    to.iter().zip(from).map(|(t, f)| format!("%v{t} = %v{f}")).collect::<Vec<_>>().join(", ")
}

fn print(steps: &[Step], out: &mut String) {
    for step in steps {
        let _ = match step {
            Step::Binary { to, op, a, b } => writeln!(out, "%v{to} = arith.{} %v{a}, %v{b} : i32", OPS[*op]),
            Step::For { count, counter, carried, inits, body, next, results } => {
                let (args, n) = (assigned(carried, inits), types(carried.len()));
                let _ = writeln!(out, "%n{counter} = arith.andi %v{count}, %three : i32");
                let _ = write!(out, "{} = scf.for %v{counter} = %v0 to %n{counter} step %v1 ", list(results));
                let _ = writeln!(out, "iter_args({args}) -> ({n}) : i32 {{");
                print(body, out);
                writeln!(out, "scf.yield {} : {n}\n}}", list(next))
            }
            Step::If { a, b, then, then_out, other, other_out, results } => {
                let n = types(results.len());
                let _ = writeln!(out, "%c{} = arith.cmpi slt, %v{a}, %v{b} : i32", results[0]);
                let _ = writeln!(out, "{} = scf.if %c{} -> ({n}) {{", list(results), results[0]);
                print(then, out);
                let _ = writeln!(out, "scf.yield {} : {n}\n}} else {{", list(then_out));
                print(other, out);
                writeln!(out, "scf.yield {} : {n}\n}}", list(other_out))
            }
            Step::While { carried, inits, before, out: forwarded, args, after, next, results } => {
                let n = types(carried.len());
                let _ =
                    writeln!(out, "{} = scf.while ({}) : ({n}) -> ({n}) {{", list(results), assigned(carried, inits));
                print(before, out);
                let _ = writeln!(out, "%c{0} = arith.cmpi slt, %v{0}, %three : i32", carried[0]);
                let _ = writeln!(out, "scf.condition(%c{}) {} : {n}\n}} do {{", carried[0], list(forwarded));
                let _ = writeln!(
                    out,
                    "^bb0({}):",
                    args.iter().map(|a| format!("%v{a}: i32")).collect::<Vec<_>>().join(", ")
                );
                print(after, out);
                writeln!(out, "scf.yield {} : {n}\n}}", list(next))
            }
        };
    }
}

fn assign(values: &mut [i32], to: &[Var], from: &[Var]) {
    let read: Vec<i32> = from.iter().map(|&f| values[f]).collect();
    for (&t, r) in to.iter().zip(read) {
        values[t] = r;
    }
}

fn evaluate(steps: &[Step], values: &mut [i32]) {
    for step in steps {
        match step {
            Step::Binary { to, op, a, b } => {
                let (a, b) = (values[*a], values[*b]);
                values[*to] = [a.wrapping_add(b), a.wrapping_sub(b), a.wrapping_mul(b), a ^ b][*op];
            }
            Step::For { count, counter, carried, inits, body, next, results } => {
                let n = values[*count] & 3;
                assign(values, carried, inits);
                for i in 0..n {
                    values[*counter] = i;
                    evaluate(body, values);
                    assign(values, carried, next);
                }
                assign(values, results, carried);
            }
            Step::If { a, b, then, then_out, other, other_out, results } => {
                let (steps, out) = if values[*a] < values[*b] { (then, then_out) } else { (other, other_out) };
                evaluate(steps, values);
                assign(values, results, out);
            }
            Step::While { carried, inits, before, out, args, after, next, results } => {
                assign(values, carried, inits);
                loop {
                    evaluate(before, values);
                    let go = values[carried[0]] < 3;
                    assign(values, args, out);
                    if !go {
                        break;
                    }
                    evaluate(after, values);
                    assign(values, carried, next);
                }
                assign(values, results, args);
            }
        }
    }
}

#[test]
fn random_programs_agree_with_plain_evaluation() {
    for seed in 0..400 {
        let mut maker = Maker { choices: Choices(seed), vars: 5 };
        let mut scope = vec![2, 3, 4];
        let steps: Vec<Step> = (0..8).map(|_| maker.step(3, &mut scope)).collect();
        let out = maker.picks(3, &scope);
        let mut body = String::new();
        print(&steps, &mut body);
        let text = format!(
            "func.func @main(%v2: i32, %v3: i32, %v4: i32) -> (i32, i32, i32) {{
               %v0 = arith.constant 0 : i32
               %v1 = arith.constant 1 : i32
               %three = arith.constant 3 : i32
               {body}
               return {} : i32, i32, i32
             }}",
            list(&out)
        );
        let mut values = vec![0; maker.vars];
        values[1..5].copy_from_slice(&[1, 7, -2, 11]);
        evaluate(&steps, &mut values);
        let expected = (values[out[0]], values[out[1]], values[out[2]]);
        assert_eq!(run::<_, (i32, i32, i32)>(&text, (7, -2, 11)), expected, "seed {seed}:\n{text}");
    }
}
