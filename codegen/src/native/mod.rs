//! Native code: from a loops-level module to functions in memory, through LLVM.
//!
//! ```text
//! loops --upstream conversions--> llvm dialect --translation--> LLVM IR --O3--> machine code of this host
//! ```
//!
//! It serves comparison and tests: the loops level belongs to no target, and here is the proof. Memrefs are passed as
//! bare pointers to their buffers, so a kernel takes what its Wasm counterpart takes.
#![allow(unsafe_code)] // Two libraries meet at raw handles, and machine code is called: each block says why it is sound.

mod lower;

use inkwell::attributes::AttributeLoc;
use inkwell::context::Context;
use inkwell::execution_engine::ExecutionEngine;
use inkwell::module::{Linkage, Module};
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{CodeModel, InitializationConfig, RelocMode, Target, TargetMachine};
use inkwell::values::FunctionValue;
use inkwell::{AddressSpace, OptimizationLevel};
use std::collections::BTreeMap;
use weft_dialects::ir::{BlockLike, Cx, MemRefTy, Op, OpExt, Type, ValueExt, block_arg, funcs};

/// Why no native code came out, or why it can't be called like that.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// An op has no way to LLVM, or the module is not one of the loops level.
    #[error("the module can't be lowered to LLVM:\n{}", .0.join("\n"))]
    Lower(Vec<String>),
    /// LLVM refused.
    #[error("LLVM: {0}")]
    Llvm(String),
    /// There is no such function, or it returns values or takes others than static memrefs and indices.
    #[error("no callable kernel '{name}'; there are: {}", .known.join(", "))]
    Kernel {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// There are too few or too many arguments.
    #[error("'{name}' takes {expected} arguments, not {got}")]
    Count {
        /// The kernel.
        name: String,
        /// How many it has.
        expected: usize,
        /// How many were given.
        got: usize,
    },
    /// An argument doesn't fit the kernel's signature.
    #[error("argument {index} of '{name}' must be {expected}")]
    Argument {
        /// The kernel.
        name: String,
        /// The argument's number.
        index: usize,
        /// What the signature says.
        expected: String,
    },
}

/// An argument of a kernel.
#[derive(Debug)]
pub enum Arg<'a> {
    /// For a memref: the buffer that it is a part of, from the element that its offset counts from.
    F32(&'a mut [f32]),
    /// The same as bytes, aligned to the element.
    Bytes(&'a mut [u8]),
    /// For an index.
    Index(i64),
}

/// LLVM's context. It outlives the code that it makes.
pub struct Llvm(Context);

impl Default for Llvm {
    fn default() -> Self {
        Self(Context::create())
    }
}

/// The kernels of one module, compiled for this host.
pub struct Native<'l> {
    engine: ExecutionEngine<'l>,
    kernels: BTreeMap<String, Vec<Param>>,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
enum Param {
    Buffer { bytes: usize, align: usize },
    Index,
}

impl Param {
    fn of(ty: Type<'_>) -> Option<Self> {
        if ty.to_string() == "index" {
            return Some(Param::Index);
        }
        let memref = MemRefTy::of(ty)?;
        let size = memref.elem.bytes() as i64;
        let bytes = usize::try_from(memref.offset.checked_mul(size)?.checked_add(memref.span_bytes())?).ok()?;
        Some(Param::Buffer { bytes, align: size as usize })
    }

    /// The argument as a word; `None` if it doesn't fit.
    fn word(self, arg: &mut Arg<'_>) -> Option<u64> {
        let (at, len) = match (self, arg) {
            (Param::Index, Arg::Index(v)) => return Some(*v as u64),
            (Param::Buffer { .. }, Arg::F32(s)) => (s.as_mut_ptr() as usize, size_of_val(*s)),
            (Param::Buffer { .. }, Arg::Bytes(s)) => (s.as_mut_ptr() as usize, s.len()),
            _ => return None,
        };
        match self {
            Param::Buffer { bytes, align } if len >= bytes && at.is_multiple_of(align) => Some(at as u64),
            _ => None,
        }
    }

    fn expected(self) -> String {
        match self {
            Param::Buffer { bytes, align } => format!("a buffer of {bytes} bytes or more, aligned to {align}"),
            Param::Index => "an index".to_owned(),
        }
    }
}

impl Llvm {
    /// Compiles a loops-level module (it is not changed) for this host at LLVM's O3.
    ///
    /// # Errors
    /// See [`NativeError`].
    pub fn compile<'c>(&self, cx: Cx<'c>, module: Op<'c>) -> Result<Native<'_>, NativeError> {
        let kernels: BTreeMap<String, Vec<Param>> = funcs(module).into_iter().filter_map(signature).collect();
        let llvm = lower::to_llvm(cx, module, &self.0)?;
        self.finish(&llvm, &kernels)?;
        let engine = llvm.create_jit_execution_engine(OptimizationLevel::Aggressive).map_err(text)?;
        Ok(Native { engine, kernels })
    }

    /// Adds a uniform way in for every kernel, and optimises for this host.
    fn finish<'l>(&'l self, module: &Module<'l>, kernels: &BTreeMap<String, Vec<Param>>) -> Result<(), NativeError> {
        // What generating code in memory needs, and no more.
        let needed = InitializationConfig { asm_parser: false, disassembler: false, ..InitializationConfig::default() };
        Target::initialize_native(&needed).map_err(NativeError::Llvm)?;
        let triple = TargetMachine::get_default_triple();
        let cpu = TargetMachine::get_host_cpu_name().to_string();
        let features = TargetMachine::get_host_cpu_features().to_string();
        let machine = Target::from_triple(&triple)
            .map_err(text)?
            .create_target_machine(
                &triple,
                &cpu,
                &features,
                OptimizationLevel::Aggressive,
                RelocMode::Default,
                CodeModel::JITDefault,
            )
            .ok_or_else(|| NativeError::Llvm(format!("no machine for {cpu}")))?;
        module.set_triple(&triple);
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        for function in module.get_functions().filter(|f| f.count_basic_blocks() > 0) {
            // The engine knows no CPU but the one in the function's attributes.
            for (key, value) in [("target-cpu", &cpu), ("target-features", &features)] {
                function.add_attribute(AttributeLoc::Function, self.0.create_string_attribute(key, value));
            }
        }
        for name in kernels.keys() {
            if let Some(kernel) = module.get_function(name) {
                self.way_in(module, name, kernel)?;
                // No kernel's name may meet a symbol of this process.
                kernel.set_linkage(Linkage::Internal);
            }
        }
        module.verify().map_err(text)?;
        module.run_passes("default<O3>", &machine, PassBuilderOptions::create()).map_err(text)
    }

    /// `void weft.call.<name>(ptr words)`, which loads the kernel's arguments from consecutive words.
    fn way_in<'l>(&'l self, module: &Module<'l>, name: &str, kernel: FunctionValue<'l>) -> Result<(), NativeError> {
        let pointer = self.0.ptr_type(AddressSpace::default());
        let word = self.0.i64_type();
        let outer = module.add_function(&entry(name), self.0.void_type().fn_type(&[pointer.into()], false), None);
        let builder = self.0.create_builder();
        builder.position_at_end(self.0.append_basic_block(outer, "entry"));
        let Some(words) = outer.get_first_param().map(|p| p.into_pointer_value()) else { return Ok(()) };
        let mut args = Vec::new();
        for (i, ty) in kernel.get_type().get_param_types().into_iter().enumerate() {
            // SAFETY: `Native::call` passes as many words as the kernel has parameters.
            let at = unsafe { builder.build_in_bounds_gep(word, words, &[word.const_int(i as u64, false)], "at") };
            let ty = inkwell::types::BasicTypeEnum::try_from(ty)
                .map_err(|()| NativeError::Llvm(format!("'{name}' has a parameter of no value type")))?;
            args.push(builder.build_load(ty, at.map_err(text)?, "arg").map_err(text)?.into());
        }
        builder.build_call(kernel, &args, "").map_err(text)?;
        builder.build_return(None).map_err(text)?;
        Ok(())
    }
}

impl Native<'_> {
    /// Runs a kernel.
    ///
    /// # Safety
    /// The kernel's code must stay inside the memrefs of its signature for the indices given: it is not checked.
    ///
    /// # Errors
    /// When there is no such kernel, or the arguments don't fit its signature.
    pub unsafe fn call(&self, name: &str, args: &mut [Arg<'_>]) -> Result<(), NativeError> {
        let unknown = || NativeError::Kernel { name: name.to_owned(), known: self.kernels.keys().cloned().collect() };
        let params = self.kernels.get(name).ok_or_else(unknown)?;
        if params.len() != args.len() {
            return Err(NativeError::Count { name: name.to_owned(), expected: params.len(), got: args.len() });
        }
        let mut words = Vec::with_capacity(args.len());
        for (index, (param, arg)) in params.iter().zip(args.iter_mut()).enumerate() {
            words.push(param.word(arg).ok_or_else(|| NativeError::Argument {
                name: name.to_owned(),
                index,
                expected: param.expected(),
            })?);
        }
        let address = self.engine.get_function_address(&entry(name)).map_err(|_| unknown())?;
        // SAFETY: the address is that of the function made by `way_in`, which has this type; the engine that owns its
        // code lives as long as `self`.
        let function: extern "C" fn(*const u64) = unsafe { std::mem::transmute(address) };
        function(words.as_ptr());
        Ok(())
    }
}

/// A function's name and parameters, if it can be called from here.
fn signature(func: Op<'_>) -> Option<(String, Vec<Param>)> {
    let results = weft_dialects::ir::block_ops(func.body(0)).pop()?.args();
    let block = func.body(0);
    let params: Option<Vec<Param>> = (0..block.argument_count()).map(|i| Param::of(block_arg(block, i).ty())).collect();
    params.filter(|_| results.is_empty()).map(|params| (func.string("sym_name").unwrap_or_default(), params))
}

fn entry(name: &str) -> String {
    format!("weft.call.{name}")
}

fn text(error: impl std::fmt::Display) -> NativeError {
    NativeError::Llvm(error.to_string())
}
