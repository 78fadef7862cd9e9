//! The target `globbing`; what it claims is said in `src/globbing.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::globbing::agrees(input));
