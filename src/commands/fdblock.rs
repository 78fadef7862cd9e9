//! `fdblock`: makes a file descriptor blocking, or non-blocking, and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/fdblock.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop};
use crate::sys::fd::{self, Fd};

/// The command.
pub const COMMAND: Command = Command::new("fdblock", "makes a file descriptor blocking", run)
    .usage("fdblock [ -n ] fd prog...")
    .options(&[flag('n', "makes it non-blocking")])
    .operands(&[Operand::Fd("fd"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new(
            "pipeline { sleep 1 }  fdblock -n 0 sh -c \"cat 2>/dev/null\"",
            "",
        )
        .code(1),
        Example::new("fdblock 9 true", "")
            .complains("fdblock: fatal: unable to ndelay_off: Bad file descriptor\n")
            .code(111),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut blocking = true;
    argv.options(LETTERS, &mut |_, _| {
        blocking = false;
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let number = argv.number()?;
    fd::set_blocking(number as Fd, blocking).map_err(|errno| {
        let what: &[u8] = if blocking {
            b"unable to ndelay_off"
        } else {
            b"unable to ndelay_on"
        };
        Failure::system(SYSTEM, &[what], errno)
    })?;
    Ok(Outcome::chain(argv, call.environment))
}
