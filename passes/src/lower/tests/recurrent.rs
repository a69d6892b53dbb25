//! Recurrent cells, against the reference evaluator.

use super::tensor;
use crate::lower::check::lowers;

/// A cell op on run-time operands, its weights packed: steps, rows, hidden units.
struct Cell<'a> {
    op: &'a str,
    gates: i64,
    states: i64,
    /// Shapes of the operands between the initial hidden state and the lengths.
    others: &'a [Vec<i64>],
    attrs: &'a str,
}

impl Cell<'_> {
    fn text(&self, (t, b, h): (i64, i64, i64), lengths: bool, reverse: bool) -> String {
        let panels = (h + 7) / 8;
        let x = [vec![t, b, self.gates * h], vec![1, panels, h, self.gates * 8], vec![b, h]];
        let mut types: Vec<String> = x.iter().chain(self.others).map(|s| tensor(s)).collect();
        types.push(format!("tensor<{}xi32>", if lengths { b } else { 0 }));
        let names: Vec<String> = (0..types.len()).map(|i| format!("%x{i}")).collect();
        let args: Vec<String> = names.iter().zip(&types).map(|(n, t)| format!("{n}: {t}")).collect();
        let (args, names, types) = (args.join(", "), names.join(", "), types.join(", "));
        let y = tensor(&[self.states, t + 1, b, h]);
        let (op, attrs, reverse) = (self.op, self.attrs, i64::from(reverse));
        format!(
            "func.func @main({args}) -> {y} {{
               %0 = func.call @k({names}) : ({types}) -> {y}
               return %0 : {y}
             }}
             func.func private @k({args}) -> {y} {{
               %0 = \"nn.{op}\"({names}) {{panel = 8 : i64, reverse = {reverse} : i64, {attrs}}} : ({types}) -> {y}
               return %0 : {y}
             }}"
        )
    }

    fn check(&self, extents: (i64, i64, i64)) {
        for (lengths, reverse) in [(false, false), (false, true), (true, false), (true, true)] {
            lowers(&self.text(extents, lengths, reverse));
        }
    }
}

const EXTENTS: [(i64, i64, i64); 8] =
    [(1, 1, 8), (3, 1, 16), (2, 2, 4), (4, 3, 5), (2, 1, 1), (0, 2, 3), (2, 2, 13), (1, 1, 22)];

#[test]
fn lstms_of_many_shapes() {
    for (t, b, h) in EXTENTS {
        for (peepholes, attrs) in [
            (0, "activations = \"Sigmoid Tanh Tanh\", clip = 0.0 : f32, input_forget = 0 : i64"),
            (
                3,
                "activations = \"HardSigmoid(0.2,0.5) Softsign Affine(0.5,0.1)\", clip = 0.75 : f32, input_forget = 0 : i64",
            ),
            (3, "activations = \"Sigmoid Elu(0.5) ScaledTanh(1.5,0.5)\", clip = 0.0 : f32, input_forget = 1 : i64"),
        ] {
            let others = [vec![b, h], vec![peepholes, h]];
            Cell { op: "lstm", gates: 4, states: 2, others: &others, attrs }.check((t, b, h));
        }
    }
}

#[test]
fn grus_of_many_shapes() {
    for (t, b, h) in EXTENTS {
        for (linear, states, attrs) in [
            (0, 2, "activations = \"Sigmoid Tanh\", clip = 0.0 : f32"),
            (1, 1, "activations = \"Sigmoid LeakyRelu(0.1)\", clip = 0.0 : f32"),
            (0, 2, "activations = \"Sigmoid Softplus\", clip = 0.5 : f32"),
        ] {
            let attrs = format!("{attrs}, linear_before_reset = {linear} : i64");
            let others = [vec![h * linear]];
            Cell { op: "gru", gates: 3, states, others: &others, attrs: &attrs }.check((t, b, h));
        }
    }
}

#[test]
fn simple_cells_of_many_shapes() {
    for extents in EXTENTS {
        for f in ["Tanh", "Relu", "ThresholdedRelu(0.25)"] {
            let attrs = format!("activations = \"{f}\", clip = 2.0 : f32");
            Cell { op: "rnn", gates: 1, states: 1, others: &[], attrs: &attrs }.check(extents);
        }
    }
}
