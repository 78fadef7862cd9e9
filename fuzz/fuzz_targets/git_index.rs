//! The target `git_index`; what it claims is said in `src/git_index.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::git_index::is_read(input));
