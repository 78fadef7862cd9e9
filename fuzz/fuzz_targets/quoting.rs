//! The target `quoting`; what it claims is said in `src/quoting.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::quoting::survives(input));
