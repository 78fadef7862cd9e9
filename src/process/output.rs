//! All that a descriptor gives, to become one word.

use super::size::LONGEST_ARGV;
use crate::block::{self, Word};
use crate::sys::Errno;
use crate::sys::fd::{self, Fd};
use alloc::vec::Vec;

/// What was read.
#[derive(Default)]
pub struct Output {
    /// As much of it as a word can hold and more.
    pub bytes: Vec<u8>,
    /// True where there was a NUL anywhere.
    pub has_nul: bool,
}

impl Output {
    /// Reads to the end. No word can be longer than what is kept: past that only a NUL matters.
    pub fn read(from: Fd) -> Result<Output, Errno> {
        let mut output = Output::default();
        let mut buffer = [0; 4096];
        loop {
            let length = fd::read(from, &mut buffer)?;
            let read = buffer.get(..length).unwrap_or_default();
            if read.is_empty() {
                return Ok(output);
            }
            output.has_nul |= read.contains(&0);
            if output.bytes.len() < LONGEST_ARGV {
                output.bytes.extend_from_slice(read);
            }
        }
    }

    /// It as a word, without a newline at the end.
    pub fn chomped<'a>(mut self) -> Word<'a> {
        if self.bytes.last() == Some(&b'\n') {
            self.bytes.pop();
        }
        block::word(self.bytes)
    }
}
