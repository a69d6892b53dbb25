//! The reference evaluator of the graph level: folding's engine and the oracle of pass tests; and of the loops level.
//!
//! It computes every op as the IR defines it: each scalar op rounds to its own type, reductions run in the order of
//! the iteration space. The algorithms of `nn` ops are those of [`crate::nn::eval`].

mod control;
mod function;
mod generic;
mod grid;
mod loops;
mod ops;
mod samples;
mod scalar;
mod scalar_fns;
#[cfg(test)]
mod tests;

pub use function::{constant_of, function};
pub use loops::loops;
pub use ops::op;
pub use samples::{Random, compare};
pub use scalar::elementwise;
