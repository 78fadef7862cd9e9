//! The target `random_trees`; what it claims is said in `src/random_trees.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::random_trees::are_survived(input));
