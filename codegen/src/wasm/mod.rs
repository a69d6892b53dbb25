//! Wasm: from a machine-level module to a binary.
//!
//! The machine level has decided everything: this is a table from ops to instructions ([`table`], [`scalar`]), plus
//! what MLIR has and Wasm hasn't: values without a place ([`stack`], [`live`], [`locals`]) and structured loops. Ops
//! become instructions in their order.
//!
//! ```text
//! func.func --read--> code --live--> variables --stack--> lines --locals--> instructions
//! ```
//!
//! The module defines and exports its `memory` and its public functions; it imports nothing. Before it is handed out
//! it is validated with the features of its target, so no engine that has them refuses it.

mod check;
mod code;
mod live;
mod locals;
mod read;
mod scalar;
mod stack;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, FunctionSection, Instruction, MemorySection,
    MemoryType, NameMap, NameSection, TypeSection, ValType,
};
use weft_dialects::ir::{AttrExt, Op, OpError, OpExt, Value, ValueExt, funcs, walk_ops};

/// What a module needs to know besides its code.
#[derive(Debug, Clone, Default)]
pub struct LinkOptions {
    /// Size of the memory, in pages of 64 KiB.
    pub pages: u32,
    /// Bytes that the module writes into its memory when it is instantiated, and their address.
    pub data: Option<(u32, Vec<u8>)>,
    /// Whether to add a section with the functions' names, for profilers.
    pub names: bool,
}

/// Why no module came out.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// Ops that have no instruction, with their functions: all there are.
    #[error("no Wasm module can be made:{}", .0.iter().map(|(f, e)| format!("\n  in @{f}: {e}")).collect::<String>())]
    Unsupported(Vec<(String, OpError)>),
    /// No function is public, so there is nothing to export.
    #[error("no Wasm module can be made: none of its functions is public")]
    NothingExported,
    /// The module's target isn't one for Wasm.
    #[error("no Wasm module can be made: weft.target is '{0}', not 'wasm-simd' or 'wasm-relaxed'")]
    Target(String),
    /// The data don't fit into the memory.
    #[error("{bytes} bytes of data at {offset} don't fit into a memory of {pages} pages")]
    Data {
        /// Address of the data.
        offset: u32,
        /// Their size.
        bytes: usize,
        /// Size of the memory.
        pages: u32,
    },
    /// The binary is not valid: a mistake of the compiler.
    #[error(
        "internal error: the module is not valid Wasm: {message} (offset {offset:#x}, in {place}); please report it"
    )]
    Invalid {
        /// What the validator said.
        message: String,
        /// Where in the binary.
        offset: usize,
        /// The function or section there.
        place: String,
    },
}

/// Makes a Wasm binary of a machine-level module: the inner module of one target, whose `weft.target` says whether
/// relaxed SIMD may be used (absent counts as `wasm-simd`). Functions that no public one calls are left out.
///
/// # Errors
/// See [`EmitError`]; all ops without an instruction are reported at once.
pub fn emit(module: Op<'_>, link: &LinkOptions) -> Result<Vec<u8>, EmitError> {
    let relaxed = match module.string("weft.target").as_deref() {
        None | Some("wasm-simd") => false,
        Some("wasm-relaxed") => true,
        Some(other) => return Err(EmitError::Target(other.to_owned())),
    };
    if let Some((offset, bytes)) = &link.data
        && *offset as u64 + bytes.len() as u64 > u64::from(link.pages) << 16
    {
        return Err(EmitError::Data { offset: *offset, bytes: bytes.len(), pages: link.pages });
    }
    let functions = reachable(module);
    if functions.is_empty() {
        return Err(EmitError::NothingExported);
    }
    let numbers: HashMap<String, u32> = functions.iter().enumerate().map(|(i, f)| (symbol(*f), i as u32)).collect();
    let context = read::Context { functions: &numbers, relaxed };

    let mut problems = Vec::new();
    let mut sections = Sections::default();
    for &func in &functions {
        let mut here = Vec::new();
        let function = read::read(func, &context, &mut here);
        let results = result_types(func, &mut here);
        if here.is_empty() {
            let live = live::Liveness::of(&function);
            let lines = stack::lines(&function, &live);
            let body = locals::assign(&function, &live, &lines);
            sections.add(func, &function.types[..function.params], &results, body);
        }
        problems.extend(here.into_iter().map(|e| (symbol(func), e)));
    }
    if !problems.is_empty() {
        return Err(EmitError::Unsupported(problems));
    }
    let binary = sections.link(link);
    check::check(&binary, relaxed, &functions.iter().map(|f| symbol(*f)).collect::<Vec<_>>())?;
    Ok(binary)
}

fn symbol(func: Op<'_>) -> String {
    func.string("sym_name").unwrap_or_default()
}

fn is_public(func: Op<'_>) -> bool {
    func.string("sym_visibility").is_none_or(|v| v == "public")
}

/// The public functions with bodies and those that they call, in the module's order.
fn reachable<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    let all: Vec<Op<'c>> = funcs(module).into_iter().filter(|f| entry(*f).is_some()).collect();
    let numbers: HashMap<String, usize> = all.iter().enumerate().map(|(i, f)| (symbol(*f), i)).collect();
    let mut todo: Vec<usize> = (0..all.len()).filter(|&i| is_public(all[i])).collect();
    let mut seen: BTreeSet<usize> = todo.iter().copied().collect();
    while let Some(i) = todo.pop() {
        for op in walk_ops(all[i]) {
            let callee = op.attr("callee").and_then(|a| a.as_symbol()).and_then(|name| numbers.get(name));
            if let Some(&callee) = callee
                && seen.insert(callee)
            {
                todo.push(callee);
            }
        }
    }
    seen.into_iter().map(|i| all[i]).collect()
}

/// The entry block; `None` for a declaration.
fn entry<'c>(func: Op<'c>) -> Option<weft_dialects::ir::Block<'c>> {
    use melior::ir::RegionLike;
    use weft_dialects::ir::OperationLike;
    func.region(0).ok()?.first_block()
}

/// The types that a function returns: those of its terminator's operands.
fn result_types(func: Op<'_>, problems: &mut Vec<OpError>) -> Vec<ValType> {
    let end = weft_dialects::ir::block_ops(func.body(0)).pop();
    let returned: Vec<Value<'_>> = end.map(|e| e.args()).unwrap_or_default();
    let mut out = Vec::new();
    for value in returned {
        match read::ty_of(value.ty()) {
            Some(ty) => out.push(ty.wasm()),
            None => problems.push(OpError::new(func, format!("it returns {}, which no Wasm type holds", value.ty()))),
        }
    }
    out
}

/// The module in the making.
#[derive(Default)]
struct Sections {
    types: TypeSection,
    known_types: HashMap<(Vec<ValType>, Vec<ValType>), u32>,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
    names: NameMap,
}

impl Sections {
    fn add(&mut self, func: Op<'_>, params: &[ValType], results: &[ValType], body: locals::Body) {
        let index = self.functions.len();
        let signature = (params.to_vec(), results.to_vec());
        let fresh = self.known_types.len() as u32;
        let ty = *self.known_types.entry(signature).or_insert(fresh);
        if ty == fresh {
            self.types.ty().function(params.iter().copied(), results.iter().copied());
        }
        self.functions.function(ty);
        if is_public(func) {
            self.exports.export(&symbol(func), ExportKind::Func, index);
        }
        self.names.append(index, &symbol(func));
        let mut function = wasm_encoder::Function::new(body.locals);
        for instruction in &body.code {
            function.instruction(instruction);
        }
        function.instruction(&Instruction::End);
        self.code.function(&function);
    }

    fn link(mut self, link: &LinkOptions) -> Vec<u8> {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: u64::from(link.pages),
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        self.exports.export("memory", ExportKind::Memory, 0);
        let mut module = wasm_encoder::Module::new();
        module.section(&self.types).section(&self.functions).section(&memories).section(&self.exports);
        module.section(&self.code);
        if let Some((offset, bytes)) = &link.data {
            let mut data = DataSection::new();
            data.active(0, &ConstExpr::i32_const(*offset as i32), bytes.iter().copied());
            module.section(&data);
        }
        if link.names {
            let mut names = NameSection::new();
            names.functions(&self.names);
            module.section(&names);
        }
        module.finish()
    }
}
