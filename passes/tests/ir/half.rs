//! Random graphs on a device that stores f16: close to what they compute in f32.

use super::random::graph;
use weft_dialects::eval::{self, Random, compare};
use weft_dialects::ir::{Module, OpExt, Session, funcs, module_op, print_bare};
use weft_passes::{Device, Level, Pipeline, RunOptions};

const GRAPHS: u64 = 120;
/// Of the largest value, at most as far: chains of a dozen ops round to 11 bits each, and some ops amplify.
const TOLERANCE: f64 = 2e-2;

#[test]
fn f16_between_kernels_computes_nearly_the_same() {
    for seed in 1..=GRAPHS {
        if let Err(message) = run(seed) {
            panic!("seed {seed}: {message}");
        }
    }
}

fn run(seed: u64) -> Result<(), String> {
    let session = Session::new();
    let cx = session.cx();
    let mut module = Module::new(cx.unknown_loc());
    let inputs = graph(&session, &module, &mut Random::new(seed));
    let values = |m: &Module<'_>| {
        let main = funcs(module_op(m)).into_iter().find(|f| f.string("sym_name").as_deref() == Some("main"));
        eval::function(cx, main.ok_or("no function @main")?, &inputs).map_err(|e| e.to_string())
    };
    let wanted = values(&module)?;
    let text = print_bare(module_op(&module));
    module_op(&module).set_attr("weft.device", cx.str_attr("webgpu-f16"));
    let pipeline = Pipeline::parse(&Level::Graph.pipeline(Device::WebGpuF16)).map_err(|e| e.to_string())?;
    pipeline.run(cx, &mut module, &mut RunOptions::default()).map_err(|e| format!("{e}\n{text}"))?;
    let outcome = values(&module).and_then(|got| compare(&wanted, &got, TOLERANCE));
    outcome.map_err(|e| format!("{e}\n{text}\n{}", print_bare(module_op(&module))))
}
