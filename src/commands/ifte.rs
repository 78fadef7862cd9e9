//! `ifte`: runs the rest, and goes on with the first block if it succeeds, else with the second.
//!
//! Reference: <https://skarnet.org/software/execline/ifte.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::condition::{quoted_program, result};
use crate::process::failure::USAGE;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("ifte", "goes on with one of two blocks", run)
    .usage("ifte [ -X ] [ -n ] { command-then... } { command-else... } command-if...")
    .options(&[
        flag('X', "takes a rest that a signal killed for one that failed"),
        flag('n', "goes on with the first block if the rest fails"),
    ])
    .operands(&[
        Operand::Program("command-then"),
        Operand::Program("command-else"),
        Operand::Rest(Rest::Required),
    ])
    .reach(Reach::Blocks)
    .examples(&[
        Example::new("ifte { echo then } { echo else }  true", "then\n"),
        Example::new("ifte { echo then } { echo else }  false", "else\n"),
        Example::new("ifte { echo then } { echo else }", "")
            .complains("ifte: fatal: empty command-if\n")
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
    let then = blocks.need(engine, &mut argv, b"unterminated then block")?;
    if argv.is_empty() {
        return Err(Failure::new(USAGE, &[b"else block required"]).into());
    }
    let otherwise = blocks.need(engine, &mut argv, b"unterminated else block")?;
    if argv.is_empty() {
        return Err(Failure::new(USAGE, &[b"empty command-if"]).into());
    }
    let ending = engine
        .run_block(argv.borrowed(), environment.borrowed())?
        .map_err(|trouble| {
            quoted_program(argv.first(), trouble, b"command-if")
                .unwrap_or_else(|| trouble.failure(argv.first(), true, &environment))
        })?;
    let succeeded = result(ending, crash_is_failure)? == 0;
    let next = if succeeded != wants_failure {
        then
    } else {
        otherwise
    };
    Ok(Outcome::chain_if_any(next, environment))
}
