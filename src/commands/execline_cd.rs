//! `execline-cd`: changes the current directory and goes on. Also called `cd`.
//!
//! Reference: <https://skarnet.org/software/execline/execline-cd.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::file;

/// The command.
pub const COMMAND: Command = Command::new("execline-cd", "changes the current directory", run)
    .usage("cd path prog...")
    .operands(&[Operand::Path("path"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new("execline-cd / pwd", "/\n"),
        Example::new("cd /no/such/directory true", "")
            .complains(
                "execline-cd: fatal: unable to chdir to /no/such/directory: \
                 No such file or directory\n",
            )
            .code(111),
        Example::new("cd /", "")
            .complains("execline-cd: usage: cd path prog...\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let path = argv.operand()?;
    file::change_directory(&path).map_err(|errno| {
        Failure::system(SYSTEM, &[b"unable to chdir to ", path.to_bytes()], errno)
    })?;
    Ok(Outcome::chain(argv, call.environment))
}
