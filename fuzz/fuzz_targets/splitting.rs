//! The target `splitting`; what it claims is said in `src/splitting.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::splitting::agrees(input));
