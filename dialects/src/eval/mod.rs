//! The reference evaluator of the graph level: folding's engine and the oracle of pass tests.
