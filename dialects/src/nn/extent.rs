//! An extent that is known at run time only.

crate::declare_op! {
    Extent: "nn.extent", pure,
    "The value of an expression over the module's symbols (`weft.symbols`): what `tensor.empty` and the like take for a \
     `?`, and a scalar in bodies that count elements.\n\nIt needs no operand: a module's symbols have one value during a run.",
    operands {},
    attrs { value: Map = "A map from the symbols to one expression: `affine_map<()[s0] -> (s0 + 1)>`." },
    results { n: Index }
}
