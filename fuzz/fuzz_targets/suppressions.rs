//! The target `suppressions`; what it claims is said in `src/suppressions.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::suppressions::allow(input));
