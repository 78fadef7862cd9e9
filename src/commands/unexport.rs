//! `unexport`: removes a variable and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/unexport.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::USAGE;
use crate::process::{Call, Engine, Failure, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("unexport", "removes a variable", run)
    .usage("unexport variable prog...")
    .operands(&[Operand::Variable("variable"), Operand::Rest(Rest::Required)])
    .reach(Reach::Words)
    .examples(&[
        Example::new("export A B  unexport A  printenv A", "").code(1),
        Example::new("unexport A", "")
            .complains("unexport: usage: unexport variable prog...\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = argv.operand()?;
    if variable.to_bytes().contains(&b'=') {
        return Err(Failure::new(USAGE, &[b"invalid variable name: ", variable.to_bytes()]).into());
    }
    environment.unset(variable.to_bytes());
    Ok(Outcome::chain(argv, environment))
}
