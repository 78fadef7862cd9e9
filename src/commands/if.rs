//! `if`: runs a block, and goes on if it succeeds.
//!
//! Deviation: an empty block succeeds, as it did before 2.9.9.0; the reference's child crashes.
//! Reference: <https://skarnet.org/software/execline/if.html>

use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::condition::{result, run_condition};
use crate::process::failure::USAGE;
use crate::process::number::{self};
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("if", "goes on if a block succeeds", run)
    .usage("if [ -n ] [ -X ] [ -t | -x exitcode ] { command... }")
    .options(&[
        flag('n', "goes on if the block fails; else exits with 1"),
        flag(
            'X',
            "takes a block that a signal killed for one that failed",
        ),
        flag('t', "exits with 0 where it does not go on"),
        value(
            'x',
            "exitcode",
            "exits with this code where it does not go on",
        ),
    ])
    .operands(&[Operand::Program("command"), Operand::Rest(Rest::Optional)])
    .reach(Reach::Blocks)
    .examples(&[
        Example::new("if { true }  echo done", "done\n"),
        Example::new("if { exit 3 }  echo done", "").code(3),
        Example::new("if -n { exit 3 }  echo done", "done\n"),
        Example::new("if -t { false }  echo done", ""),
        Example::new("if -x 7 { false }  echo done", "").code(7),
        Example::new("if { sh -c \"kill -9 $$\" }  echo done", "")
            .complains("if: fatal: child crashed with signal 9\n")
            .code(137),
        Example::new("if -X { sh -c \"kill -9 $$\" }  echo done", "").code(137),
        Example::new("if { true", "")
            .complains("execlineb: fatal: unmatched {\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut wants_failure = false;
    let mut crash_is_failure = false;
    let mut code = 1;
    let mut is_fixed = false;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'X' => {
                crash_is_failure = true;
                return Ok(());
            }
            b'n' => wants_failure = true,
            b't' => code = 0,
            _ => code = number::short_prefix(argument.to_bytes()).ok_or(Failure::Usage)?,
        }
        is_fixed = true;
        Ok(())
    })?;
    let code = u8::try_from(code).map_err(|_| Failure::new(USAGE, &[b"invalid exit code"]))?;
    let block = Blocks::new(&environment).need(engine, &mut argv, b"unterminated block")?;
    let ending = run_condition(engine, &block, &environment, false)?;
    let result = result(ending, crash_is_failure)?;
    if (result == 0) == wants_failure {
        return Ok(Outcome::Exit(if is_fixed { code } else { result }));
    }
    Ok(Outcome::chain_if_any(argv, environment))
}
