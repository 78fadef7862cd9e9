//! What is left in the shipped program that can panic: nothing but the end of memory. It
//! builds the release profile with symbols, and looks at the machine code for what calls the
//! panic handler. Whatever else could panic is either proved away by the compiler or is here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What may call it, and when it does.
const OF_MEMORY: [(&str, &str); 7] = [
    (
        "alloc::raw_vec::handle_error",
        "a vector finds no memory, or would be longer than memory can be",
    ),
    (
        "alloc::raw_vec::capacity_overflow",
        "a vector would be longer than memory can be",
    ),
    ("alloc::boxed::box_new_uninit", "a box finds no memory"),
    (
        "<alloc::ffi::c_str::CString>::_from_vec_unchecked",
        "a word finds no memory",
    ),
    (
        "<alloc::ffi::c_str::CString as core::default::Default>::default",
        "an empty word finds no memory",
    ),
    (
        "<&[u8] as <alloc::ffi::c_str::CString>::new::SpecNewImpl>::spec_new_impl",
        "a word finds no memory, or would be longer than memory can be",
    ),
    (
        "<core::ffi::c_str::CStr as alloc::borrow::ToOwned>::to_owned",
        "a word finds no memory",
    ),
];

/// The standard library's own care: a vector that is cut to its length has more room than
/// that, as every vector has.
const OF_THE_LIBRARY: [&str; 1] = ["alloc::raw_vec::RawVecInner<A>::shrink"];

/// The machine code of the program.
fn disassembly() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("with-symbols");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--release", "--bin", "execline"])
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_PROFILE_RELEASE_STRIP", "none")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(
        status.unwrap().success(),
        "the release profile does not build"
    );
    let output = Command::new("objdump")
        .args(["--disassemble", "--demangle", "--no-show-raw-insn"])
        .arg(target.join("release/execline"))
        .output();
    let output = output.expect("objdump, which comes with the linker");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// A function's name without the hashes that differ between builds.
fn plain(name: &str) -> String {
    let is_hash = |text: &str| text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, behind)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match behind.split_once(']') {
            Some((hash, behind)) if is_hash(hash) => behind,
            _ => {
                plain.push('[');
                behind
            }
        };
    }
    plain.push_str(rest);
    match plain.rsplit_once("::h") {
        Some((before, hash)) if is_hash(hash) => before.to_owned(),
        _ => plain,
    }
}

#[test]
fn only_the_end_of_memory_can_panic() {
    let disassembly = disassembly();
    let mut function = String::new();
    let mut callers = BTreeSet::new();
    for line in disassembly.lines() {
        if let Some((_, name)) = line.split_once(" <")
            && let Some(name) = name.strip_suffix(">:")
            && !line.starts_with(' ')
        {
            function = plain(name);
        } else if let Some((_, target)) = line.split_once(" <")
            && target.contains("::panicking::")
            && !function.contains("::panicking::")
        {
            callers.insert(function.clone());
        }
    }
    let known: BTreeSet<&str> = (OF_MEMORY.iter().map(|(name, _)| *name))
        .chain(OF_THE_LIBRARY)
        .collect();
    let others: Vec<&String> = (callers.iter())
        .filter(|caller| !known.contains(caller.as_str()))
        .collect();
    assert!(others.is_empty(), "these can panic: {others:#?}");
    assert!(
        callers.contains(OF_MEMORY[0].0),
        "nothing was found in the machine code: {callers:#?}"
    );
}
