//! Random kernels: loops, conditionals, and accesses of all widths and elements at all kinds of positions. What they compute
//! is exact, so that results can be compared bit by bit.

use super::cases::Random;
use std::fmt::Write;

/// Invocations of the grid: two workgroups of 32.
const INVOCATIONS: i64 = 64;

/// An index that kernels may use: its name and the most that it can be (0 is the least).
#[derive(Clone)]
struct Index {
    name: String,
    most: i64,
}

struct Writer<'r> {
    random: &'r mut Random,
    text: String,
    /// Elements of the buffers that are read; their lengths grow with the accesses.
    inputs: Vec<(&'static str, i64)>,
    names: usize,
}

impl Writer<'_> {
    fn below(&mut self, n: usize) -> usize {
        (self.random.next() % n as u64) as usize
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    /// A new value of what stands on the right of `=`.
    fn value(&mut self, text: &str) -> String {
        self.names += 1;
        let name = format!("%v{}", self.names);
        self.line(&format!("{name} = {text}"));
        name
    }

    fn constant(&mut self, v: i64, ty: &str) -> String {
        self.value(&format!("arith.constant {v} : {ty}"))
    }

    /// `a op c`
    fn with_constant(&mut self, op: &str, a: &str, c: i64, ty: &str) -> String {
        let c = self.constant(c, ty);
        self.value(&format!("arith.{op} {a}, {c} : {ty}"))
    }

    /// A position made of the indices at hand.
    fn position(&mut self, indices: &[Index]) -> Index {
        let start = self.below(9) as i64;
        let mut sum = Index { name: self.constant(start, "index"), most: start };
        for index in indices {
            let mut term = index.clone();
            match self.below(6) {
                0 => continue,
                1 => {
                    let by = 1 + self.below(7) as i64;
                    term = Index { name: self.with_constant("divui", &term.name, by, "index"), most: term.most / by };
                }
                2 => {
                    let by = 1 + self.below(7) as i64;
                    term = Index { name: self.with_constant("remui", &term.name, by, "index"), most: by - 1 };
                }
                3 => {
                    let end = self.below(12) as i64;
                    term = Index { name: self.with_constant("minsi", &term.name, end, "index"), most: end };
                }
                4 => {
                    // From the other end.
                    let most = self.constant(term.most, "index");
                    term.name = self.value(&format!("arith.subi {most}, {} : index", term.name));
                }
                _ => {}
            }
            let by = [1, 2, 3, 4, 8, 12][self.below(6)];
            let scaled = self.with_constant("muli", &term.name, by, "index");
            sum.name = self.value(&format!("arith.addi {}, {scaled} : index", sum.name));
            sum.most += term.most * by;
        }
        if self.below(2) == 0 {
            sum.name = self.with_constant("muli", &sum.name, 4, "index");
            sum.most *= 4;
        }
        sum
    }

    /// A number out of a buffer, as an i32.
    fn load(&mut self, indices: &[Index]) -> String {
        let buffer = self.below(self.inputs.len());
        let lanes = [1, 2, 3, 4, 4][self.below(5)];
        let at = self.position(indices);
        let elem = self.inputs[buffer].0;
        self.inputs[buffer].1 = self.inputs[buffer].1.max(at.most + lanes);
        // The length is known at the end.
        let memref = format!("memref<LENGTH{buffer}x{elem}>");
        let x = if lanes == 1 {
            self.value(&format!("memref.load %x{buffer}[{}] : {memref}", at.name))
        } else {
            let lane = self.below(lanes as usize);
            let ty = format!("vector<{lanes}x{elem}>");
            let v = self.value(&format!("vector.load %x{buffer}[{}] : {memref}, {ty}", at.name));
            self.value(&format!("vector.extract {v}[{lane}] : {elem} from {ty}"))
        };
        match elem {
            "i32" => x,
            "i64" => self.value(&format!("arith.trunci {x} : i64 to i32")),
            "i1" => self.value(&format!("arith.extui {x} : i1 to i32")),
            "i8" | "i16" => self.value(&format!("arith.extsi {x} : {elem} to i32")),
            _ => {
                let wide = if elem == "f32" { x } else { self.value(&format!("arith.extf {x} : {elem} to f32")) };
                let eight = self.value("arith.constant 8.0 : f32");
                let scaled = self.value(&format!("arith.mulf {wide}, {eight} : f32"));
                self.value(&format!("arith.fptosi {scaled} : f32 to i32"))
            }
        }
    }

    /// `acc` with something new in it.
    fn mixed(&mut self, acc: &str, indices: &[Index], depth: usize) -> String {
        let mut acc = acc.to_owned();
        for _ in 0..1 + self.below(3) {
            let op = ["addi", "subi", "xori"][self.below(3)];
            let tripled = self.with_constant("muli", &acc, 3, "i32");
            let more = match self.below(6) {
                0 if depth < 3 => self.counted(&acc, indices, depth),
                1 if depth < 3 => self.conditional(&acc, indices, depth),
                2 => {
                    let at = self.position(indices);
                    self.value(&format!("arith.index_cast {} : index to i32", at.name))
                }
                _ => self.load(indices),
            };
            acc = self.value(&format!("arith.{op} {tripled}, {more} : i32"));
        }
        acc
    }

    fn counted(&mut self, acc: &str, indices: &[Index], depth: usize) -> String {
        let (step, passes) = ([1, 1, 2, 4][self.below(4)], 1 + self.below(4) as i64);
        let (first, end) = (self.constant(0, "index"), self.constant(step * passes, "index"));
        let step_value = self.constant(step, "index");
        self.names += 1;
        let n = self.names;
        self.line(&format!(
            "%r{n} = scf.for %i{n} = {first} to {end} step {step_value} iter_args(%a{n} = {acc}) -> (i32) {{"
        ));
        let mut inner = indices.to_vec();
        inner.push(Index { name: format!("%i{n}"), most: step * (passes - 1) });
        let out = self.mixed(&format!("%a{n}"), &inner, depth + 1);
        self.line(&format!("scf.yield {out} : i32\n}}"));
        format!("%r{n}")
    }

    fn conditional(&mut self, acc: &str, indices: &[Index], depth: usize) -> String {
        let at = self.position(indices);
        let half = self.constant(at.most / 2, "index");
        let less = self.value(&format!("arith.cmpi ult, {}, {half} : index", at.name));
        self.names += 1;
        let n = self.names;
        self.line(&format!("%r{n} = scf.if {less} -> (i32) {{"));
        let then = self.mixed(acc, indices, depth + 1);
        self.line(&format!("scf.yield {then} : i32\n}} else {{"));
        let otherwise = self.load(indices);
        self.line(&format!("scf.yield {otherwise} : i32\n}}"));
        format!("%r{n}")
    }

    /// An i32 as another element.
    fn narrowed(&mut self, x: &str, elem: &str) -> String {
        match elem {
            "i32" => x.to_owned(),
            "i64" => self.value(&format!("arith.extsi {x} : i32 to i64")),
            "i8" | "i16" => self.value(&format!("arith.trunci {x} : i32 to {elem}")),
            "i1" => {
                let zero = self.constant(0, "i32");
                self.value(&format!("arith.cmpi slt, {x}, {zero} : i32"))
            }
            _ => {
                // Few digits: exact in every float.
                let small = self.with_constant("andi", x, 127, "i32");
                self.value(&format!("arith.sitofp {small} : i32 to {elem}"))
            }
        }
    }

    /// Stores some numbers to an invocation's part of a buffer.
    fn store(&mut self, id: &str, values: &[String], elem: &str, number: usize) {
        let lanes = values.len();
        let first = self.with_constant("muli", id, lanes as i64, "index");
        let memref = format!("memref<{}x{elem}>", INVOCATIONS * lanes as i64);
        let values: Vec<String> = values.iter().map(|v| self.narrowed(v, elem)).collect();
        if self.below(2) == 0 && lanes > 1 {
            let ty = format!("vector<{lanes}x{elem}>");
            let v = self.value(&format!("vector.from_elements {} : {ty}", values.join(", ")));
            self.line(&format!("vector.store {v}, %out{number}[{first}] : {memref}, {ty}"));
        } else {
            for (lane, v) in values.iter().enumerate() {
                let at = self.with_constant("addi", &first, lane as i64, "index");
                self.line(&format!("memref.store {v}, %out{number}[{at}] : {memref}"));
            }
        }
    }
}

/// A module with one kernel.
fn kernel(number: usize, random: &mut Random) -> String {
    const ELEMS: [&str; 8] = ["f32", "i32", "i64", "i8", "i16", "i1", "f16", "bf16"];
    let inputs = (0..1 + random.next() % 3).map(|_| (ELEMS[(random.next() % 8) as usize], 4)).collect();
    let mut w = Writer { random, text: String::new(), inputs, names: 0 };
    w.line("%b = gpu.block_id x\n%t = gpu.thread_id x\n%zero = arith.constant 1 : i32");
    let first = w.with_constant("muli", "%b", 32, "index");
    let id = w.value(&format!("arith.addi {first}, %t : index"));
    let indices = [Index { name: id.clone(), most: INVOCATIONS - 1 }, Index { name: "%b".into(), most: 1 }];
    let mut outputs = Vec::new();
    for n in 0..1 + w.below(3) {
        let (lanes, elem) = ([1, 2, 4, 4][w.below(4)], ELEMS[w.below(8)]);
        let values: Vec<String> = (0..lanes).map(|_| w.mixed("%zero", &indices, 0)).collect();
        w.store(&id, &values, elem, n);
        outputs.push(format!("%out{n}: memref<{}x{elem}>", INVOCATIONS * lanes));
    }
    let mut text = w.text;
    let mut arguments: Vec<String> = Vec::new();
    for (i, &(elem, length)) in w.inputs.iter().enumerate() {
        // Often a multiple of 4, as buffers are.
        let length = if w.random.next().is_multiple_of(4) { length } else { (length + 3) & !3 };
        text = text.replace(&format!("LENGTH{i}x"), &format!("{length}x"));
        arguments.push(format!("%x{i}: memref<{length}x{elem}>"));
    }
    arguments.extend(outputs);
    format!(
        "module attributes {{weft.target = \"webgpu\", gpu.container_module}} {{\ngpu.module @kernels {{\ngpu.func @random{number}({}) kernel \
         attributes {{known_block_size = array<i32: 32, 1, 1>, test.grid = [2, 1, 1]}} {{\n{text}gpu.return\n}}\n}}\n}}",
        arguments.join(", ")
    )
}

/// Modules of one kernel each.
pub(super) fn modules(count: usize) -> Vec<String> {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    (0..count).map(|n| kernel(n, &mut random)).collect()
}
