//! The target `regex`; what it claims is said in `src/regex.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::regex::agrees(input));
