//! Why a file that is there cannot be executed: the interpreter it names is not.

use super::environment::Environment;
use super::search::{Purpose, Search};
use crate::block::{self, Word};
use crate::sys::{Errno, fd, file};
use alloc::vec::Vec;
use core::ffi::CStr;

/// How much of a file is looked at: what the kernel looks at for `#!`, and enough for the
/// headers of an ELF file.
const HEAD: usize = 4096;

/// A line for people on why `program` could not be executed, where a reason can be found.
pub fn failure(program: &CStr, errno: Errno, environment: &Environment<'_>) -> Option<Vec<u8>> {
    match errno {
        Errno::ENOENT => missing_interpreter(program, environment),
        Errno::ENOEXEC => no_shebang(program, environment),
        Errno(0) => Some(b"PATH is empty: no directory was searched".to_vec()),
        _ => None,
    }
}

fn find(program: &CStr, environment: &Environment<'_>) -> Option<(Word<'static>, Vec<u8>)> {
    let mut search = Search::new(program, environment.search_path(), Purpose::Chain);
    let path = search.find().ok()?.path;
    let fd = file::open_to_read(&path).ok()?;
    let mut head = alloc::vec![0; HEAD];
    let read = fd::read(fd, &mut head);
    fd::close(fd);
    head.truncate(read.ok()?);
    Some((Word::Owned(path), head))
}

fn missing_interpreter(program: &CStr, environment: &Environment<'_>) -> Option<Vec<u8>> {
    let (path, head) = find(program, environment)?;
    let (interpreter, what) = match shebang(&head) {
        Some(interpreter) => (interpreter, &b"its interpreter "[..]),
        None => (elf_loader(&head)?, &b"its program loader "[..]),
    };
    if file::accessible(&block::word(interpreter.to_vec()), libc::F_OK) {
        return None;
    }
    let mut line = [path.to_bytes(), b" exists, but ", what].concat();
    let carriage_return = interpreter.strip_suffix(b"\r");
    line.extend_from_slice(carriage_return.unwrap_or(interpreter));
    line.extend_from_slice(match carriage_return {
        Some(_) => b" is named with a carriage return: give the file Unix line ends",
        None => b" does not",
    });
    Some(line)
}

fn no_shebang(program: &CStr, environment: &Environment<'_>) -> Option<Vec<u8>> {
    let (path, head) = find(program, environment)?;
    let fault: &[u8] = match head.as_slice() {
        [] => b" is empty",
        [0xef, 0xbb, 0xbf, b'#', b'!', ..] => {
            b" begins with a byte order mark: #! must be its first two bytes"
        }
        [b'#', b'!', ..] => b" names no interpreter behind #!",
        [0x7f, b'E', b'L', b'F', ..] => b" is made for another kind of machine",
        _ => b" does not begin with #! and the path of an interpreter",
    };
    Some([path.to_bytes(), fault].concat())
}

/// The path behind `#!`.
fn shebang(head: &[u8]) -> Option<&[u8]> {
    let line = head.strip_prefix(b"#!")?;
    let line = line.split(|&byte| byte == b'\n' || byte == 0).next()?;
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    line.get(start..)?
        .split(|byte| matches!(byte, b' ' | b'\t'))
        .next()
}

/// The path of the loader that an ELF file of 64 bits names.
fn elf_loader(head: &[u8]) -> Option<&[u8]> {
    const INTERPRETER: u64 = 3;
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = head.get(at..at.checked_add(length)?)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |number, &byte| number << 8 | u64::from(byte)),
        )
    };
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let table = usize::try_from(number(0x20, 8)?).ok()?;
    let (size, count) = (number(0x36, 2)? as usize, number(0x38, 2)? as usize);
    let entry = (0..count)
        .filter_map(|index| table.checked_add(index.checked_mul(size)?))
        .find(|&entry| number(entry, 4) == Some(INTERPRETER))?;
    let offset = usize::try_from(number(entry.checked_add(8)?, 8)?).ok()?;
    head.get(offset..)?.split(|&byte| byte == 0).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreter_stands_behind_the_shebang() {
        for (head, expected) in [
            ("#!/bin/sh\n", Some("/bin/sh")),
            ("#! /bin/sh -e\n", Some("/bin/sh")),
            ("#!\t/bin/sh", Some("/bin/sh")),
            ("#!/bin/sh\r\n", Some("/bin/sh\r")),
            ("#!\n", None),
            ("# !/bin/sh", None),
        ] {
            assert_eq!(
                shebang(head.as_bytes()),
                expected.map(str::as_bytes),
                "{head:?}"
            );
        }
    }

    #[test]
    fn loader_stands_in_a_dynamic_program() {
        let program = std::fs::read("/proc/self/exe").unwrap_or_default();
        let head = program.get(..HEAD).unwrap_or_default();
        let loader = elf_loader(head).unwrap_or_default();
        assert!(loader.starts_with(b"/lib"), "{loader:?}");
        for length in 0..200 {
            let _ = elf_loader(head.get(..length).unwrap_or_default());
        }
    }
}
