//! `exit`: exits.
//!
//! Reference: <https://skarnet.org/software/execline/exit.html>

use crate::command::{Command, Example, Operand};
use crate::process::{Call, Engine, Failure, Outcome, Reach, Stop, number};

/// The command.
pub const COMMAND: Command = Command::new("exit", "exits with a code", run)
    .usage("exit [ exitcode ]")
    .operands(&[Operand::Optional(&Operand::Number("exitcode"))])
    .reach(Reach::Words)
    .examples(&[
        Example::new("exit 3", "").code(3),
        Example::new("exit", ""),
        Example::new("exit 257", "").code(1),
        Example::new("exit three", "")
            .complains("exit: usage: exit [ exitcode ]\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    if call.argv.is_empty() {
        return Ok(Outcome::Exit(0));
    }
    // The kernel keeps the lowest eight bits.
    let code = number::whole(call.argv.first()).ok_or(Failure::Usage)?;
    Ok(Outcome::Exit(code as u8))
}
