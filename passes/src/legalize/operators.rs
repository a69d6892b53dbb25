//! The table of operators.

use super::node::{Node, Outputs};
use super::recurrent;
use super::{
    activation, cast, compare, concat, constant, conv, conv_transpose, elementwise, gather, matmul, norm, pad, pool,
    reduce, resize, shape, slice, softmax,
};

/// Legalises one node.
pub type Legalize = for<'a, 'c> fn(&'a Node<'c>) -> Outputs<'c>;

/// ONNX's name of the operator, and its function.
#[rustfmt::skip]
pub const TABLE: &[(&str, Legalize)] = &[
    ("Abs", activation::abs),
    ("Add", elementwise::add),
    ("And", elementwise::bitwise),
    ("AveragePool", pool::average_pool),
    ("BatchNormalization", norm::batch_normalization),
    ("BitwiseAnd", elementwise::bitwise),
    ("BitwiseNot", elementwise::not),
    ("BitwiseOr", elementwise::bitwise),
    ("BitwiseXor", elementwise::bitwise),
    ("Cast", cast::cast),
    ("CastLike", cast::cast_like),
    ("Ceil", activation::math),
    ("Celu", activation::celu),
    ("Clip", elementwise::clip),
    ("Concat", concat::concat),
    ("Constant", constant::constant),
    ("ConstantOfShape", constant::constant_of_shape),
    ("Conv", conv::conv),
    ("ConvTranspose", conv_transpose::conv_transpose),
    ("DepthToSpace", shape::depth_to_space),
    ("Div", elementwise::div),
    ("Dropout", constant::dropout),
    ("Elu", activation::elu),
    ("Equal", compare::compare),
    ("Erf", activation::math),
    ("Exp", activation::math),
    ("Expand", shape::expand),
    ("Flatten", shape::flatten),
    ("Floor", activation::math),
    ("GRU", recurrent::gru),
    ("Gather", gather::gather),
    ("GatherElements", gather::gather_elements),
    ("GatherND", gather::gather_nd),
    ("Gelu", activation::gelu),
    ("Gemm", matmul::gemm),
    ("GlobalAveragePool", pool::global_average_pool),
    ("GlobalMaxPool", pool::global_max_pool),
    ("Greater", compare::compare),
    ("GreaterOrEqual", compare::compare),
    ("GroupNormalization", norm::group_normalization),
    ("HardSigmoid", activation::hard_sigmoid),
    ("HardSwish", activation::hard_swish),
    ("Identity", constant::identity),
    ("InstanceNormalization", norm::instance_normalization),
    ("IsInf", compare::is_inf),
    ("IsNaN", compare::is_nan),
    ("LSTM", recurrent::lstm),
    ("LayerNormalization", norm::layer_normalization),
    ("LeakyRelu", activation::leaky_relu),
    ("Less", compare::compare),
    ("LessOrEqual", compare::compare),
    ("Log", activation::math),
    ("LogSoftmax", softmax::log_softmax),
    ("MatMul", matmul::matmul),
    ("Max", elementwise::max),
    ("MaxPool", pool::max_pool),
    ("Mean", elementwise::mean),
    ("Min", elementwise::min),
    ("Mish", activation::mish),
    ("Mod", elementwise::modulo),
    ("Mul", elementwise::mul),
    ("Neg", activation::neg),
    ("Not", elementwise::not),
    ("Or", elementwise::bitwise),
    ("PRelu", elementwise::prelu),
    ("Pad", pad::pad),
    ("Pow", elementwise::pow),
    ("RMSNormalization", norm::rms_normalization),
    ("RNN", recurrent::rnn),
    ("Range", constant::range),
    ("Reciprocal", activation::reciprocal),
    ("ReduceL1", reduce::reduce),
    ("ReduceL2", reduce::reduce),
    ("ReduceLogSum", reduce::reduce),
    ("ReduceLogSumExp", reduce::log_sum_exp),
    ("ReduceMax", reduce::reduce),
    ("ReduceMean", reduce::reduce),
    ("ReduceMin", reduce::reduce),
    ("ReduceProd", reduce::reduce),
    ("ReduceSum", reduce::reduce),
    ("ReduceSumSquare", reduce::reduce),
    ("Relu", activation::relu),
    ("Reshape", shape::reshape),
    ("Resize", resize::resize),
    ("Round", activation::math),
    ("Selu", activation::selu),
    ("Shape", shape::shape),
    ("Shrink", activation::shrink),
    ("Sigmoid", activation::sigmoid),
    ("Sign", activation::sign),
    ("Size", shape::size),
    ("Slice", slice::slice),
    ("Softmax", softmax::softmax),
    ("Softplus", activation::softplus),
    ("Softsign", activation::softsign),
    ("SpaceToDepth", shape::space_to_depth),
    ("Split", slice::split),
    ("Sqrt", activation::math),
    ("Squeeze", shape::squeeze),
    ("Sub", elementwise::sub),
    ("Sum", elementwise::sum),
    ("Swish", activation::swish),
    ("Tanh", activation::math),
    ("ThresholdedRelu", activation::thresholded_relu),
    ("Tile", shape::tile),
    ("Transpose", shape::transpose),
    ("Unsqueeze", shape::unsqueeze),
    ("Upsample", resize::upsample),
    ("Where", compare::select),
    ("Xor", elementwise::bitwise),
];

/// The function of an operator.
pub fn find(name: &str) -> Option<Legalize> {
    TABLE.binary_search_by(|t| t.0.cmp(name)).ok().map(|i| TABLE[i].1)
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn the_table_is_sorted() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
    }
}
