//! The target `options`; what it claims is said in `src/options.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::options::agree(input));
