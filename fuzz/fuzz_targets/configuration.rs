//! The target `configuration`; what it claims is said in `src/configuration.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::configuration::is_read(input));
