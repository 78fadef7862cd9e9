//! The target `fnmatch`; what it claims is said in `src/fnmatch.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::fnmatch::agrees(input));
