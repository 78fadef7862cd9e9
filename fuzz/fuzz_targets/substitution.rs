//! The target `substitution`; what it claims is said in `src/substitution.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::substitution::agrees(input));
