//! The target `execline_scripts`; what it claims is said in `src/scripts.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::scripts::execline_is_read(input));
