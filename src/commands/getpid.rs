//! `getpid`: puts the process number, or the parent's, into a variable and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/getpid.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::environment::valid_name;
use crate::process::importing::import_one;
use crate::process::number::Decimal;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop};
use crate::sys::process;

/// The command.
pub const COMMAND: Command = Command::new("getpid", "puts the process number into a variable", run)
    .usage("getpid [ -E | -e ] [ -P | -p ] variable prog...")
    .options(&[
        flag('E', "substitutes the variable in the rest"),
        flag('e', "does not substitute it"),
        flag('P', "the parent's number"),
        flag('p', "the process's own number"),
    ])
    .operands(&[Operand::Variable("variable"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new(
            "getpid PID  sh -c \"test $PID = $$ && echo same\"",
            "same\n",
        ),
        Example::new(
            "getpid -E PID  sh -c \"test ${PID} = $$ && echo same\"",
            "same\n",
        ),
        Example::new("getpid A=B true", "")
            .complains("getpid: fatal: invalid variable name\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let (mut imports, mut parents) = (false, false);
    argv.options(LETTERS, &mut |letter, _| {
        match letter {
            b'E' => imports = true,
            b'e' => imports = false,
            b'P' => parents = true,
            _ => parents = false,
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let number = if parents {
        process::parent_id()
    } else {
        process::id()
    };
    environment.set(variable.to_bytes(), Decimal::of_id(number).as_bytes());
    if imports {
        argv = import_one(argv, variable);
    }
    Ok(Outcome::chain(argv, environment))
}
