//! `fdclose`: closes a file descriptor and goes on. One that is not open is no error.
//!
//! Reference: <https://skarnet.org/software/execline/fdclose.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::fd;

/// The command.
pub const COMMAND: Command = Command::new("fdclose", "closes a file descriptor", run)
    .usage("fdclose fd prog...")
    .operands(&[Operand::Fd("fd"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new(
            "fdclose 2 fdclose 2 sh -c \"echo lost >&2; echo kept\"",
            "kept\n",
        ),
        Example::new("fdclose two true", "")
            .complains("fdclose: usage: fdclose fd prog...\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let number = argv.number()?;
    fd::close(number as fd::Fd);
    Ok(Outcome::chain(argv, call.environment))
}
