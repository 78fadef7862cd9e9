//! The target `expressions`; what it claims is said in `src/expressions.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::expressions::agrees(input));
