//! The target `fixes`; what it claims is said in `src/fixes.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::fixes::settle(input));
