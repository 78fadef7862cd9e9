//! What the linked program is, read from its own headers: one static file that nothing has
//! to load. This is the program that the tests run; its size is not judged.

use std::ops::Range;

const INTERPRETER: u32 = 3;
const DYNAMIC: u32 = 2;
const LOADED: u32 = 1;
const STACK: u32 = 0x6474_e551;

const EXECUTABLE: u32 = 1;
const WRITABLE: u32 = 2;

/// `ET_EXEC`: at a fixed place, so nothing is to be relocated.
const FIXED: u16 = 2;

/// A program header: its kind, and what may be done with the memory it describes.
struct Segment {
    kind: u32,
    flags: u32,
}

/// A number of the file, least byte first.
fn number(file: &[u8], bytes: Range<usize>) -> u64 {
    file[bytes]
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn small(file: &[u8], at: usize) -> usize {
    usize::try_from(number(file, at..at + 2)).expect("a small number")
}

fn read() -> (u16, Vec<Segment>) {
    let file = std::fs::read(env!("CARGO_BIN_EXE_execline")).expect("the program");
    assert!(file.starts_with(b"\x7fELF\x02\x01"), "64 bits, least first");
    let kind = u16::try_from(number(&file, 16..18)).expect("two bytes");
    let table = usize::try_from(number(&file, 32..40)).expect("a place in the file");
    let (size, count) = (small(&file, 54), small(&file, 56));
    let segments = (0..count)
        .map(|place| table + place * size)
        .map(|at| Segment {
            kind: u32::try_from(number(&file, at..at + 4)).expect("four bytes"),
            flags: u32::try_from(number(&file, at + 4..at + 8)).expect("four bytes"),
        })
        .collect();
    (kind, segments)
}

#[test]
fn the_program_is_one_static_file() {
    let (kind, segments) = read();
    assert_eq!(kind, FIXED);
    for (absent, name) in [
        (INTERPRETER, "an interpreter"),
        (DYNAMIC, "a dynamic section"),
    ] {
        assert!(
            segments.iter().all(|segment| segment.kind != absent),
            "the program has {name}"
        );
    }
}

#[test]
fn no_memory_is_both_written_and_executed() {
    let (_, segments) = read();
    let both = WRITABLE | EXECUTABLE;
    assert!(segments.iter().any(|segment| segment.kind == LOADED));
    assert!(
        segments.iter().all(|segment| segment.flags & both != both),
        "a segment is writable and executable"
    );
    // Without this entry the kernel makes the stack executable.
    assert!(segments.iter().any(|segment| segment.kind == STACK));
}
