//! `ifelse`: runs a block, and goes on with a second one if it succeeds, else with the rest.
//!
//! Deviation: an empty first block succeeds, as it did before 2.9.9.0; the reference's child crashes.
//! Reference: <https://skarnet.org/software/execline/ifelse.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::condition::{result, run_condition};
use crate::process::failure::USAGE;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("ifelse", "goes on with a block or with the rest", run)
    .usage("ifelse [ -n ] [ -X ] { command-if } { command-then... } command-else...")
    .options(&[
        flag('n', "goes on with the block if the condition fails"),
        flag(
            'X',
            "takes a condition that a signal killed for one that failed",
        ),
    ])
    .operands(&[
        Operand::Program("command-if"),
        Operand::Program("command-then"),
        Operand::Rest(Rest::Optional),
    ])
    .reach(Reach::Blocks)
    .examples(&[
        Example::new("ifelse { true } { echo then }  echo else", "then\n"),
        Example::new("ifelse { false } { echo then }  echo else", "else\n"),
        Example::new("ifelse -n { true } { echo then }  echo else", "else\n"),
        Example::new("ifelse { true }", "")
            .complains("ifelse: fatal: then block required\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let (mut wants_failure, mut crash_is_failure) = (false, false);
    argv.options(LETTERS, &mut |letter, _| {
        match letter {
            b'n' => wants_failure = true,
            _ => crash_is_failure = true,
        }
        Ok(())
    })?;
    let mut blocks = Blocks::new(&environment);
    let condition = blocks.need(engine, &mut argv, b"unterminated if block")?;
    if argv.is_empty() {
        return Err(Failure::new(USAGE, &[b"then block required"]).into());
    }
    let then = blocks.need(engine, &mut argv, b"unterminated then block")?;
    let ending = run_condition(engine, &condition, &environment, true)?;
    let succeeded = result(ending, crash_is_failure)? == 0;
    let next = if succeeded != wants_failure {
        then
    } else {
        argv
    };
    Ok(Outcome::chain_if_any(next, environment))
}
