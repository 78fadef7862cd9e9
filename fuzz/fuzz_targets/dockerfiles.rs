//! The target `dockerfiles`; what it claims is said in `src/containers.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::containers::dockerfile_is_read(input));
