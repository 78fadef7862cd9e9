//! `getcwd`: puts the current directory into a variable and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/getcwd.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::environment::valid_name;
use crate::process::failure::SYSTEM;
use crate::process::importing::import_one;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use crate::sys::file;

/// The command.
pub const COMMAND: Command =
    Command::new("getcwd", "puts the current directory into a variable", run)
        .usage("getcwd [ -E | -e ] variable prog...")
        .options(&[
            flag('E', "substitutes the variable in the rest"),
            flag('e', "does not substitute it"),
        ])
        .operands(&[Operand::Variable("variable"), Operand::Rest(Rest::Required)])
        .reach(Reach::Files)
        .examples(&[
            Example::new("execline-cd / getcwd WHERE printenv WHERE", "/\n"),
            Example::new("execline-cd /etc getcwd -E where echo ${where}!", "/etc!\n"),
        ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut imports = false;
    argv.options(LETTERS, &mut |letter, _| {
        imports = letter == b'E';
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let directory = file::current_directory()
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to getcwd"], errno))?;
    environment.set(variable.to_bytes(), directory.to_bytes());
    if imports {
        argv = import_one(argv, variable);
    }
    Ok(Outcome::chain(argv, environment))
}
