//! `export`: sets a variable and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/export.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::USAGE;
use crate::process::{Call, Engine, Failure, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("export", "sets a variable", run)
    .usage("export variable value prog...")
    .operands(&[
        Operand::Variable("variable"),
        Operand::Word("value"),
        Operand::Rest(Rest::Required),
    ])
    .reach(Reach::Words)
    .examples(&[
        Example::new("export GREETING hello  printenv GREETING", "hello\n"),
        Example::new("export A=B value  true", "")
            .complains("export: fatal: invalid variable name: A=B\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    if argv.len() < 3 {
        return Err(Failure::Usage.into());
    }
    let (variable, value) = (argv.operand()?, argv.operand()?);
    if variable.to_bytes().contains(&b'=') {
        return Err(Failure::new(USAGE, &[b"invalid variable name: ", variable.to_bytes()]).into());
    }
    environment.set(variable.to_bytes(), value.to_bytes());
    Ok(Outcome::chain(argv, environment))
}
