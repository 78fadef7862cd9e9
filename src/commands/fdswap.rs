//! `fdswap`: swaps two file descriptors and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/fdswap.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::Errno;
use crate::sys::fd::{self, Fd};

/// The command.
pub const COMMAND: Command = Command::new("fdswap", "swaps two file descriptors", run)
    .usage("fdswap fd1 fd2 prog...")
    .operands(&[
        Operand::Fd("fd1"),
        Operand::Fd("fd2"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new("fdswap 1 2 sh -c \"echo swapped >&2\"", "swapped\n"),
        Example::new("fdswap 1 9 true", "")
            .complains("fdswap: fatal: unable to swap fds: Bad file descriptor\n")
            .code(111),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    if argv.len() < 3 {
        return Err(Failure::Usage.into());
    }
    let (one, other) = (argv.number()? as Fd, argv.number()? as Fd);
    swap(one, other).map_err(|errno| Failure::system(SYSTEM, &[b"unable to swap fds"], errno))?;
    Ok(Outcome::chain(argv, call.environment))
}

fn swap(one: Fd, other: Fd) -> Result<(), Errno> {
    if one == other {
        return fd::keep_across_exec(one);
    }
    let kept = fd::duplicate(one)?;
    let swapped =
        fd::copy(one, other).and_then(|()| fd::copy(other, kept).inspect_err(|_| fd::close(one)));
    fd::close(kept);
    swapped
}
