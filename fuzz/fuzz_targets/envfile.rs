//! The target `envfile`; what it claims is said in `src/envfile.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::envfile::survives(input));
