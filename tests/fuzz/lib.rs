//! What the fuzz targets do with bytes: whatever they are, no panic, no crash, no endless loop.

use std::io::Write;
use weft_dialects::ir::{Module, OpExt, Session, module_op, print, retain_blobs};
use weft_frontend::onnx::{ImportOptions, import};
use weft_passes::{Level, Pipeline, RunOptions};

/// Larger inputs only slow the search down.
const LARGEST: usize = 64 << 10;

/// Hands the bytes, as an ONNX file, to `then` if they can be imported.
fn imported(bytes: &[u8], then: impl for<'c> FnOnce(weft_dialects::ir::Cx<'c>, Module<'c>)) {
    if bytes.len() > LARGEST {
        return;
    }
    let mut file = tempfile::Builder::new().suffix(".onnx").tempfile().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    let session = Session::new();
    if let Ok(module) = import(session.cx(), file.path(), &ImportOptions::default()) {
        then(session.cx(), module);
    }
}

/// The importer: what it accepts prints.
pub fn check_import(bytes: &[u8]) {
    imported(bytes, |_, module| {
        print(module_op(&module));
    });
}

/// The whole compiler: what it accepts becomes modules that validate.
pub fn check_compile(bytes: &[u8]) {
    imported(bytes, |cx, mut module| {
        module_op(&module).set_attr("weft.targets", cx.str_attr("wasm-relaxed+wasm-simd"));
        let mut level = Level::Import;
        while level < Level::Machine {
            let pipeline = Pipeline::parse(&level.pipeline(weft_passes::Device::Wasm)).expect("the level's own pipeline parses");
            if pipeline.run(cx, &mut module, &mut RunOptions::default()).is_err() {
                return;
            }
            let Some(next) = level.next() else { break };
            level = next;
            retain_blobs(cx, module_op(&module));
        }
        if let Err(error) = weft_codegen::link::link(cx, module_op(&module), false) {
            // Too large a memory is the model's fault; anything else, a module that doesn't validate above all, is ours.
            let text = error.to_string();
            assert!(text.contains("GiB") || text.contains("memory"), "{text}");
        }
    });
}

/// The program's `main`: libFuzzer's own would do, but MLIR's static libraries have one as well (of mlir-opt), and the
/// linker takes that.
#[macro_export]
macro_rules! driver {
    () => {
        type Callback = unsafe extern "C" fn(*const u8, usize) -> i32;

        unsafe extern "C" {
            fn LLVMFuzzerRunDriver(argc: *mut i32, argv: *mut *mut *mut i8, callback: Callback) -> i32;
            fn LLVMFuzzerTestOneInput(data: *const u8, size: usize) -> i32;
        }

        #[unsafe(no_mangle)]
        extern "C" fn main(mut argc: i32, mut argv: *mut *mut i8) -> i32 {
            // SAFETY: these are the arguments of `main`, and the callback is the one that `fuzz_target!` defines.
            unsafe { LLVMFuzzerRunDriver(&mut argc, &mut argv, LLVMFuzzerTestOneInput) }
        }
    };
}
