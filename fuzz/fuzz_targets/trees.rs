//! The target `trees`; what it claims is said in `src/trees.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::trees::are_survived(input));
