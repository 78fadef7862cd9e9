//! Properties: what must hold of any input, tried with inputs nobody chose.
//!
//! Two kinds of claims. A model: what a room of the library does is what a few naive lines
//! here do. An agreement: our program, fused and unfused, does what the reference does.
//! The inputs are drawn from a fixed seed, so that a change is judged by the same ones as
//! the change before it; a failure prints the input, shrunk.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `EXECLINE_CASES` | so many inputs for each property instead of a few hundred |
//! | `EXECLINE_SEED` | another seed: other inputs |
//! | `EXECLINE_REFERENCE`, `EXECLINE_REFERENCE_VERSION` | another reference, as everywhere |
//!
//! It is deliberately no list of facts: those are `conformance`'s, where a person can read
//! them, and what is found here becomes one of them. Nothing is compared that two processes
//! write at the same time, and nothing that the reference crashes at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Drawing inputs, and running them side by side.
#[path = "properties/agreement.rs"]
mod agreement;
/// Expressions of `eltest`.
#[path = "properties/expressions.rs"]
mod expressions;
/// The language: text to words, words to blocks.
#[path = "properties/language.rs"]
mod language;
/// Commands inside blocks of commands.
#[path = "properties/nesting.rs"]
mod nesting;
/// Options and operands, command by command.
#[path = "properties/options.rs"]
mod options;
/// Where the commands are that are compared.
#[path = "side_by_side/toolkit.rs"]
mod toolkit;
/// Naive models of substitution and transformation.
#[path = "properties/value_models.rs"]
mod value_models;
/// Substitution and transformation against naive models.
#[path = "properties/values.rs"]
mod values;
