//! What goes into a command and what comes out of it.

use super::argv::Argv;
use super::engine::Runnable;
use super::environment::Environment;
use super::failure::Failure;
use crate::block::Word;
use crate::sys::Errno;
use crate::sys::process::{Ending, Pid};
use alloc::boxed::Box;

/// A command's arguments and environment.
pub struct Call<'a> {
    /// `argv[0]`: what it was called.
    pub name: Word<'a>,
    /// The words behind that.
    pub argv: Argv<'a>,
    /// The environment it was started with.
    pub environment: Environment<'a>,
}

/// A program to go on with.
pub struct Chain<'a> {
    /// What to look up, where that is not `argv[0]`.
    pub program: Option<Word<'a>>,
    /// Its words, `argv[0]` first.
    pub argv: Argv<'a>,
    /// Its environment.
    pub environment: Environment<'a>,
}

/// How a command ends that did its work.
pub enum Outcome<'a> {
    /// It ends with this exit code.
    Exit(u8),
    /// It goes on with a program.
    Chain(Chain<'a>),
    /// It is another command of ours.
    Become(&'static Runnable, Call<'a>),
    /// It goes on with a program, or if that cannot be executed, with another.
    Try(Box<[Chain<'a>; 2]>),
}

impl<'a> Outcome<'a> {
    /// Goes on with `argv`. An empty one is an error to those who must have a program.
    pub fn chain(argv: Argv<'a>, environment: Environment<'a>) -> Self {
        Outcome::Chain(Chain {
            program: None,
            argv,
            environment,
        })
    }

    /// Goes on with `argv`, or ends with 0 where it is empty.
    pub fn chain_if_any(argv: Argv<'a>, environment: Environment<'a>) -> Self {
        if argv.is_empty() {
            Outcome::Exit(0)
        } else {
            Outcome::chain(argv, environment)
        }
    }
}

/// Why a command ends that did not do all of its work in this process.
#[derive(Debug)]
pub enum Stop {
    /// It failed.
    Failed(Failure),
    /// The process is at its end, with this exit code.
    Leave(u8),
    /// The block at this level needs a process of its own and cannot have one.
    NoProcess {
        /// The block's level.
        level: usize,
        /// Why.
        errno: Errno,
    },
    /// The block at this level goes on in a process of its own: nothing is left to do here.
    Elsewhere {
        /// The block's level.
        level: usize,
        /// That process.
        pid: Pid,
    },
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

/// The numbers that upstream makes of a child's end.
pub trait Codes {
    /// The variable `?`: the exit code, or 256 and the signal's number.
    fn status(self) -> u32;
    /// The exit code that passes it on: 128 and the signal's number, and at most 128
    /// for a code that could be taken for that.
    fn exit_code(self) -> u8;
}

impl Codes for Ending {
    fn status(self) -> u32 {
        match self {
            Ending::Exited(code) => u32::from(code),
            Ending::Killed(signal) => 256 + u32::from(signal),
        }
    }

    fn exit_code(self) -> u8 {
        match self {
            Ending::Exited(code) => code.min(128),
            Ending::Killed(signal) => 128 | signal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_numbered_as_upstream_numbers_them() {
        for (ending, status, code) in [
            (Ending::Exited(0), 0, 0),
            (Ending::Exited(127), 127, 127),
            (Ending::Exited(128), 128, 128),
            (Ending::Exited(255), 255, 128),
            (Ending::Killed(9), 265, 137),
            (Ending::Killed(64), 320, 192),
        ] {
            assert_eq!(
                (ending.status(), ending.exit_code()),
                (status, code),
                "{ending:?}"
            );
        }
    }
}
