//! One declaration per op of ours: from it come the IRDL registration, purity, the reference page, and, with
//! [`declare_op!`](crate::declare_op), a typed view.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// What an operand or result may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tensor (or, once planned, a memref).
    Shaped,
    /// An `index`.
    Index,
    /// An `i32`: a byte address, or an integer.
    I32,
    /// An `i64`.
    I64,
    /// An `f32`.
    F32,
    /// An `f64`.
    F64,
    /// Any 128-bit vector.
    V128,
}

impl Kind {
    fn irdl(self) -> &'static str {
        match self {
            Kind::Shaped => "shaped",
            Kind::Index => "index",
            Kind::I32 => "i32",
            Kind::I64 => "i64",
            Kind::F32 => "f32",
            Kind::F64 => "f64",
            Kind::V128 => "v128",
        }
    }

    /// How the reference names it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Shaped => "tensor or memref",
            other => other.irdl(),
        }
    }
}

/// What an attribute may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttrKind {
    /// `i64`, or another integer.
    Int,
    /// `array<i64: ...>`.
    Ints,
    /// A float.
    Float,
    /// A string.
    Str,
    /// A map from symbols to extents.
    Map,
}

impl AttrKind {
    fn irdl(self) -> &'static str {
        match self {
            AttrKind::Int => "#builtin.integer",
            AttrKind::Ints => "#builtin.dense_array",
            AttrKind::Float => "#builtin.float",
            AttrKind::Str => "#builtin.string",
            AttrKind::Map => "#builtin.affine_map",
        }
    }
}

/// A declared op.
#[derive(Debug, Clone)]
pub struct OpDecl {
    /// Full name, e.g. `nn.conv2d`.
    pub name: &'static str,
    /// What it computes, in one or more sentences (shapes, units, source of the formula).
    pub doc: &'static str,
    /// Operand names and kinds. Arity is fixed.
    pub operands: &'static [(&'static str, Kind)],
    /// Required attributes: name, kind, meaning.
    pub attrs: &'static [(&'static str, AttrKind, &'static str)],
    /// Result names and kinds.
    pub results: &'static [(&'static str, Kind)],
    /// No effect but its results.
    pub pure: bool,
}

/// The declaration of a full name.
pub fn lookup(name: &str) -> Option<&'static OpDecl> {
    static INDEX: OnceLock<HashMap<&'static str, &'static OpDecl>> = OnceLock::new();
    INDEX.get_or_init(|| crate::all_ops().into_iter().map(|d| (d.name, d)).collect()).get(name).copied()
}

/// All declarations as an IRDL module.
pub fn irdl_text() -> String {
    let mut by_dialect: Vec<(&str, Vec<&OpDecl>)> = Vec::new();
    for decl in crate::all_ops() {
        let dialect = decl.name.split('.').next().unwrap_or_default();
        match by_dialect.iter_mut().find(|d| d.0 == dialect) {
            Some(d) => d.1.push(decl),
            None => by_dialect.push((dialect, vec![decl])),
        }
    }
    let mut out = String::from("module {\n");
    for (dialect, ops) in by_dialect {
        let _ = writeln!(out, "irdl.dialect @{dialect} {{");
        for op in ops {
            op_irdl(&mut out, op);
        }
        out.push_str("}\n");
    }
    out.push_str("}\n");
    out
}

fn op_irdl(out: &mut String, op: &OpDecl) {
    let short = op.name.split('.').nth(1).unwrap_or_default();
    let _ = writeln!(out, "  irdl.operation @{short} {{");
    let mut n = 0;
    // A constraint value is a unification variable, so each operand and result gets its own.
    let mut constraint = |out: &mut String, kind: Kind| -> String {
        n += 1;
        let name = format!("%c{n}");
        match kind {
            Kind::Shaped => {
                let _ = writeln!(out, "    {name}a = irdl.base \"!builtin.tensor\"");
                let _ = writeln!(out, "    {name}b = irdl.base \"!builtin.memref\"");
                let _ = writeln!(out, "    {name} = irdl.any_of({name}a, {name}b)");
            }
            Kind::V128 => {
                const TYPES: [&str; 6] = ["4xf32", "2xf64", "16xi8", "8xi16", "4xi32", "2xi64"];
                for (i, t) in TYPES.iter().enumerate() {
                    let _ = writeln!(out, "    {name}_{i} = irdl.is vector<{t}>");
                }
                let all: Vec<_> = (0..TYPES.len()).map(|i| format!("{name}_{i}")).collect();
                let _ = writeln!(out, "    {name} = irdl.any_of({})", all.join(", "));
            }
            scalar => {
                let _ = writeln!(out, "    {name} = irdl.is {}", scalar.irdl());
            }
        }
        name
    };
    let operands: Vec<_> =
        op.operands.iter().map(|&(name, kind)| format!("{name}: {}", constraint(out, kind))).collect();
    let results: Vec<_> = op.results.iter().map(|&(name, kind)| format!("{name}: {}", constraint(out, kind))).collect();
    let _ = writeln!(out, "    irdl.operands({})", operands.join(", "));
    let _ = writeln!(out, "    irdl.results({})", results.join(", "));
    if !op.attrs.is_empty() {
        for (i, (_, kind, _)) in op.attrs.iter().enumerate() {
            let _ = writeln!(out, "    %a{i} = irdl.base \"{}\"", kind.irdl());
        }
        let attrs: Vec<_> = op.attrs.iter().enumerate().map(|(i, a)| format!("\"{}\" = %a{i}", a.0)).collect();
        let _ = writeln!(out, "    irdl.attributes {{ {} }}", attrs.join(", "));
    }
    out.push_str("  }\n");
}

/// The reference page of all dialects, in Markdown.
pub fn reference_markdown() -> String {
    let mut out = String::from("# Dialect reference\n\nGenerated from the declarations; do not edit.\n");
    let mut dialect = "";
    for op in crate::all_ops() {
        let this = op.name.split('.').next().unwrap_or_default();
        if this != dialect {
            dialect = this;
            let _ = writeln!(out, "\n## `{dialect}`");
        }
        let _ = writeln!(out, "\n### `{}`{}\n\n{}", op.name, if op.pure { "" } else { " (has effects)" }, op.doc);
        let list = |items: &[(&str, Kind)]| {
            items.iter().map(|(n, k)| format!("`{n}`: {}", k.title())).collect::<Vec<_>>().join(", ")
        };
        if !op.operands.is_empty() {
            let _ = writeln!(out, "\n- operands: {}", list(op.operands));
        }
        for (name, kind, doc) in op.attrs {
            let _ = writeln!(out, "- `{name}` ({kind:?}): {doc}");
        }
        if !op.results.is_empty() {
            let _ = writeln!(out, "- results: {}", list(op.results));
        }
    }
    out
}

/// Declares an op: a constant [`OpDecl`] named `DECL` in a module of its own, and a typed view `Op` with an
/// accessor for each operand and attribute, `try_from_op`, and `build`.
///
/// ```ignore
/// declare_op! {
///     relu: "nn.relu", pure,
///     "Rectifies.",
///     operands { x: Shaped },
///     attrs { alpha: Int = "Slope." },
///     results { y: Shaped }
/// }
/// ```
#[macro_export]
macro_rules! declare_op {
    (
        $view:ident : $name:literal, $purity:ident,
        $doc:expr,
        operands { $($operand:ident : $kind:ident),* $(,)? },
        attrs { $($attr:ident : $akind:ident = $adoc:literal),* $(,)? },
        results { $($result:ident : $rkind:ident),* $(,)? }
    ) => {
        /// The op's declaration.
        pub const DECL: $crate::decl::OpDecl = $crate::decl::OpDecl {
            name: $name,
            doc: $doc,
            operands: &[$((stringify!($operand), $crate::decl::Kind::$kind)),*],
            attrs: &[$((stringify!($attr), $crate::decl::AttrKind::$akind, $adoc)),*],
            results: &[$((stringify!($result), $crate::decl::Kind::$rkind)),*],
            pure: $crate::declare_op!(@pure $purity),
        };

        #[doc = concat!("A typed view of `", $name, "`.")]
        #[derive(Clone, Copy)]
        pub struct $view<'c>(pub $crate::ir::Op<'c>);

        #[allow(non_snake_case, missing_docs)]
        impl<'c> $view<'c> {
            /// The view, if the op is one.
            pub fn from_op(op: $crate::ir::Op<'c>) -> Option<Self> {
                use $crate::ir::OpExt;
                (op.op_name() == $name).then_some(Self(op))
            }

            $crate::declare_op!(@operands 0, $($operand)*);
            $($crate::declare_op!(@attr $attr $akind);)*

            /// Builds the op.
            #[allow(clippy::too_many_arguments)]
            pub fn build(
                b: &$crate::ir::Builder<'c>,
                $($operand: $crate::ir::Value<'c>,)*
                $($attr: $crate::declare_op!(@ty $akind),)*
                results: &[$crate::ir::Type<'c>],
            ) -> $crate::ir::Op<'c> {
                b.op($name, &[$($operand),*], results, &[
                    $((stringify!($attr), $crate::declare_op!(@make b $attr $akind))),*
                ])
            }
        }
    };
    (@pure pure) => { true };
    (@pure effects) => { false };
    (@operands $n:expr,) => {};
    (@operands $n:expr, $first:ident $($rest:ident)*) => {
        pub fn $first(self) -> $crate::ir::Value<'c> {
            use $crate::ir::OpExt;
            self.0.arg($n)
        }
        $crate::declare_op!(@operands $n + 1, $($rest)*);
    };
    (@attr $attr:ident Int) => {
        pub fn $attr(self) -> i64 { use $crate::ir::OpExt; self.0.int(stringify!($attr)).unwrap_or_default() }
    };
    (@attr $attr:ident Ints) => {
        pub fn $attr(self) -> Vec<i64> { use $crate::ir::OpExt; self.0.ints(stringify!($attr)).unwrap_or_default() }
    };
    (@attr $attr:ident Float) => {
        pub fn $attr(self) -> f64 { use $crate::ir::OpExt; self.0.float(stringify!($attr)).unwrap_or_default() }
    };
    (@attr $attr:ident Str) => {
        pub fn $attr(self) -> String { use $crate::ir::OpExt; self.0.string(stringify!($attr)).unwrap_or_default() }
    };
    (@attr $attr:ident Map) => {
        pub fn $attr(self) -> Vec<i64> {
            use $crate::ir::OpExt;
            self.0.attr(stringify!($attr)).and_then($crate::ir::extents_of).unwrap_or_default()
        }
    };
    (@ty Int) => { i64 };
    (@ty Ints) => { &[i64] };
    (@ty Float) => { f64 };
    (@ty Str) => { &str };
    (@ty Map) => { &[i64] };
    (@make $b:ident $attr:ident Int) => { $b.cx.i64_attr($attr) };
    (@make $b:ident $attr:ident Ints) => { $b.cx.i64s_attr($attr) };
    (@make $b:ident $attr:ident Float) => { $b.cx.float_attr($b.cx.f32(), $attr) };
    (@make $b:ident $attr:ident Str) => { $b.cx.str_attr($attr) };
    (@make $b:ident $attr:ident Map) => { $crate::ir::extents_attr($b.cx, $attr) };
}
