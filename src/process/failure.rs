//! How a command fails: what it says, and with which exit code.
//!
//! The first line is upstream's to the byte. What else may help people follows on lines
//! that begin with two spaces.

use crate::sys::Errno;
use alloc::vec::Vec;

/// Wrong usage, a bad script: the user's mistake.
pub const USAGE: u8 = 100;
/// A system call failed.
pub const SYSTEM: u8 = 111;
/// A program was found but could not be executed.
pub const NOT_EXECUTABLE: u8 = 126;
/// A program was not found.
pub const NOT_FOUND: u8 = 127;

/// The end of a command that could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Its arguments are wrong: the usage is shown, the exit code is 100.
    Usage,
    /// A message and the exit code.
    Fatal {
        /// The exit code.
        code: u8,
        /// The message, without prefix and newline.
        message: Vec<u8>,
        /// More for people: whole lines.
        hints: Vec<u8>,
    },
}

impl Failure {
    /// `NAME: fatal: MESSAGE`.
    #[cold]
    #[inline(never)]
    pub fn new(code: u8, message: &[&[u8]]) -> Failure {
        Failure::Fatal {
            code,
            message: message.concat(),
            hints: Vec::new(),
        }
    }

    /// `NAME: fatal: MESSAGE: ERROR`.
    #[cold]
    #[inline(never)]
    pub fn system(code: u8, message: &[&[u8]], errno: Errno) -> Failure {
        let mut message = message.concat();
        message.extend_from_slice(b": ");
        message.extend_from_slice(errno.message().as_bytes());
        Failure::Fatal {
            code,
            message,
            hints: Vec::new(),
        }
    }

    /// Adds a line for people.
    pub fn hint(mut self, line: &[&[u8]]) -> Failure {
        if let Failure::Fatal { hints, .. } = &mut self {
            hints.extend_from_slice(b"  ");
            for part in line {
                hints.extend_from_slice(part);
            }
            hints.push(b'\n');
        }
        self
    }

    /// Adds a line for people, where there is one.
    pub fn maybe_hint(self, line: Option<Vec<u8>>) -> Failure {
        match line {
            Some(line) => self.hint(&[&line]),
            None => self,
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Usage => USAGE,
            Failure::Fatal { code, .. } => *code,
        }
    }

    /// The whole text for standard error.
    pub fn text(&self, program: &str, usage: &str) -> Vec<u8> {
        let program = program.as_bytes();
        match self {
            Failure::Usage => [program, b": usage: ", usage.as_bytes(), b"\n"].concat(),
            Failure::Fatal { message, hints, .. } => {
                [program, b": fatal: ", message, b"\n", hints].concat()
            }
        }
    }
}

/// The exit code for a program that `errno` kept from being executed.
pub fn execution_code(errno: Errno) -> u8 {
    if errno == Errno::ENOENT {
        NOT_FOUND
    } else {
        NOT_EXECUTABLE
    }
}
