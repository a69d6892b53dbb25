//! A module's interface, checked before it is shipped: one memory of the planned size, `main` and `init` of the planned
//! arity, the weights where they belong, and nothing that a host would have to provide.

use super::Layout;
use wasmparser::{
    BinaryReaderError, CompositeInnerType, Data, DataKind, ExternalKind, MemoryType, Operator, Parser, Payload, ValType,
};

/// How a module departs from its layout.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages are the documentation")]
pub enum InterfaceError {
    #[error("it can't be parsed: {0}")]
    Malformed(#[from] BinaryReaderError),
    #[error("it imports `{0}`")]
    Import(String),
    #[error("it has no memory of its own with {pages} pages, no maximum, exported as `memory`")]
    Memory { pages: u32 },
    #[error("it exports no function `main` with {parameters} i32 parameters and no result")]
    Main { parameters: usize },
    #[error(
        "it should export a function `init` with 2 i32 parameters and no result if, and only if, something is prepared"
    )]
    Init,
    #[error("it has no data segment with the weights at {offset}")]
    Data { offset: u32 },
}

/// Checks a module, whose validity is the emitter's business, against the layout that it was made for.
pub(super) fn check(module: &[u8], layout: &Layout, symbols: usize, weights: &[u8]) -> Result<(), InterfaceError> {
    let (mut memories, mut types, mut functions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut memory, mut main, mut init, mut data) = (None, None, None, false);
    let segment = layout.data(weights);
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                if let Some(import) = section.into_imports().next() {
                    let import = import?;
                    return Err(InterfaceError::Import(format!("{}.{}", import.module, import.name)));
                }
            }
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group?.into_types());
                }
            }
            Payload::FunctionSection(section) => functions = section.into_iter().collect::<Result<_, _>>()?,
            Payload::MemorySection(section) => memories = section.into_iter().collect::<Result<_, _>>()?,
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    match (export.name, export.kind) {
                        ("memory", ExternalKind::Memory) => memory = Some(export.index as usize),
                        ("main", ExternalKind::Func) => main = Some(export.index as usize),
                        ("init", ExternalKind::Func) => init = Some(export.index as usize),
                        _ => {}
                    }
                }
            }
            Payload::DataSection(section) => {
                for found in section {
                    data |= is_segment(&found?, segment)?;
                }
            }
            _ => {}
        }
    }
    let pages = layout.map.pages;
    let planned = |found: &MemoryType| {
        found.initial == u64::from(pages) && found.maximum.is_none() && !found.memory64 && !found.shared
    };
    if !memory.and_then(|index| memories.get(index)).is_some_and(planned) {
        return Err(InterfaceError::Memory { pages });
    }
    let parameters = layout.map.regions().count() + symbols;
    let takes = |function: Option<usize>, parameters: usize| {
        function.and_then(|index| functions.get(index)).and_then(|&ty: &u32| types.get(ty as usize)).is_some_and(|ty| {
            match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    ty.params() == vec![ValType::I32; parameters] && ty.results().is_empty()
                }
                _ => false,
            }
        })
    };
    if !takes(main, parameters) {
        return Err(InterfaceError::Main { parameters });
    }
    if init.is_some() != (layout.prepared > 0) || (init.is_some() && !takes(init, 2)) {
        return Err(InterfaceError::Init);
    }
    match segment {
        Some((offset, _)) if !data => Err(InterfaceError::Data { offset }),
        _ => Ok(()),
    }
}

fn is_segment(found: &Data<'_>, wanted: Option<(u32, &[u8])>) -> Result<bool, BinaryReaderError> {
    let (Some((offset, bytes)), DataKind::Active { memory_index: 0, offset_expr }) = (wanted, &found.kind) else {
        return Ok(false);
    };
    let address = offset_expr.get_operators_reader().read()?;
    Ok(matches!(address, Operator::I32Const { value } if value as u32 == offset) && found.data == bytes)
}
