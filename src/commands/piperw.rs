//! `piperw`: makes a pipe at two file descriptors and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/piperw.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::Errno;
use crate::sys::fd::{self, Fd};

/// The command.
pub const COMMAND: Command = Command::new("piperw", "makes a pipe", run)
    .usage("piperw fdr fdw prog...")
    .operands(&[
        Operand::Fd("fdr"),
        Operand::Fd("fdw"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new(
            "piperw 4 5  foreground { fdmove 1 5 echo through }  fdclose 5  fdmove 0 4 cat",
            "through\n",
        ),
        Example::new("piperw 4 4 true", "")
            .complains("piperw: usage: piperw fdr fdw prog...\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    if argv.len() < 3 {
        return Err(Failure::Usage.into());
    }
    let (read, write) = (argv.number()? as Fd, argv.number()? as Fd);
    if read == write {
        return Err(Failure::Usage.into());
    }
    let pipe =
        fd::pipe().map_err(|errno| Failure::system(SYSTEM, &[b"unable to create pipe"], errno))?;
    place(pipe, read, write)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to move fds"], errno))?;
    Ok(Outcome::chain(argv, call.environment))
}

/// Moves the ends where they are wanted, the reading one first.
fn place(mut pipe: fd::Pipe, read: Fd, write: Fd) -> Result<(), Errno> {
    if pipe.write == read {
        pipe.write = fd::duplicate(pipe.write)?;
    }
    fd::relocate(read, pipe.read)?;
    fd::relocate(write, pipe.write)
}
