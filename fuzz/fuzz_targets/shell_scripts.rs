//! The target `shell_scripts`; what it claims is said in `src/scripts.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::scripts::shell_is_read(input));
