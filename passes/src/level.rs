//! The levels of the lowering, and the pipelines that lead from each to the next.

use crate::target::Device;
use std::fmt;
use std::str::FromStr;

/// A level of the IR, in the order of lowering. A module says its level in `weft.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `onnx.*`, one op a source node.
    Import,
    /// `nn.*`, `linalg.generic`, `tensor`, as legalised.
    Graph,
    /// Fused kernels as private functions on tensors.
    Kernels,
    /// The same on memrefs at planned offsets.
    Planned,
    /// Loops, vectors and memrefs, one nested module a target.
    Loops,
    /// Instructions on addresses; where kernels are grids of workgroups, the loops as they were.
    Machine,
}

/// All levels, first to last.
pub const LEVELS: [Level; 6] =
    [Level::Import, Level::Graph, Level::Kernels, Level::Planned, Level::Loops, Level::Machine];

impl Level {
    /// The name, as in `--emit=<level>` and `weft.level`.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Import => "import",
            Level::Graph => "graph",
            Level::Kernels => "kernels",
            Level::Planned => "planned",
            Level::Loops => "loops",
            Level::Machine => "machine",
        }
    }

    /// The next level; `None` after the last.
    pub fn next(self) -> Option<Level> {
        LEVELS.get(self as usize + 1).copied()
    }

    /// The pipeline that makes the next level from this one; each ends with the pass that sets `weft.level`.
    pub fn pipeline(self, device: Device) -> String {
        let grid = device != Device::Wasm;
        match self {
            Level::Import => "preprocess,legalize,fork-devices".to_owned(),
            Level::Graph => format!(
                "{},inline-scalars,dce,fuse,{}share-kernels,{}set-level{{level=kernels}}",
                crate::graph::GRAPH_PIPELINE,
                if device == Device::WebGpuF16 { "to-half," } else { "" },
                if grid { "partition," } else { "" }
            ),
            Level::Kernels => "plan-memory".to_owned(),
            Level::Planned if grid => {
                "fork-targets,builtin.module(schedule,lower-kernels,mark-images,to-grid,split-i64,expand-math,canonicalize,cse),\
                set-level{level=loops}"
                    .to_owned()
            }
            Level::Planned => {
                "fork-targets,builtin.module(schedule,lower-kernels,expand-half,expand-math,func.func(canonicalize,cse)),\
                set-level{level=loops}"
                    .to_owned()
            }
            // What the emitter of such a device reads are loops.
            Level::Loops if grid => "set-level{level=machine}".to_owned(),
            Level::Loops => "builtin.module(to-wasm),set-level{level=machine}".to_owned(),
            Level::Machine => String::new(),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        LEVELS.into_iter().find(|l| l.name() == s).ok_or_else(|| {
            let names: Vec<_> = LEVELS.iter().map(|l| l.name()).collect();
            format!("no level '{s}'; the levels are {}", names.join(", "))
        })
    }
}
