//! The target `lexing`; what it claims is said in `src/lexing.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::lexing::tiles(input));
