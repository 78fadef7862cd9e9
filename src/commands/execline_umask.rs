//! `execline-umask`: changes the file mode creation mask and goes on. Also called `umask`.
//!
//! What stands behind the octal digits does not matter: `022x` is 022.
//! Reference: <https://skarnet.org/software/execline/execline-umask.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::{Call, Engine, Failure, Outcome, Stop, number};
use crate::sys::file;

/// The command.
pub const COMMAND: Command =
    Command::new("execline-umask", "changes the file mode creation mask", run)
        .usage("umask value prog...")
        .operands(&[Operand::Number("value"), Operand::Rest(Rest::Required)])
        .examples(&[
            Example::new("execline-umask 077 sh -c umask", "0077\n"),
            Example::new("umask 9 true", "")
                .complains("execline-umask: usage: umask value prog...\n")
                .code(100),
        ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let mask = number::octal_prefix(argv.first()).ok_or(Failure::Usage)?;
    argv.take();
    file::set_mask(mask);
    Ok(Outcome::chain(argv, call.environment))
}
