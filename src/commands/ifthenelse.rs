//! `ifthenelse`: runs a block, then a second one if it succeeds, else a third one, and goes on.
//!
//! `-s`, which upstream leaves undocumented on purpose: the rest is appended to the block that
//! is chosen, and that is what it goes on with.
//! Deviation: an empty block succeeds, as it did before 2.9.9.0; the reference's child crashes.
//! Reference: <https://skarnet.org/software/execline/ifthenelse.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::condition::{result, run_condition};
use crate::process::failure::USAGE;
use crate::process::sequence::in_sequence;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command =
    Command::new("ifthenelse", "runs one of two blocks, then goes on", run)
        .usage(
            "ifthenelse [ -X ] { command-if... } { command-then... } { command-else... } \
         [ remainder... ]",
        )
        .options(&[
            flag(
                'X',
                "takes a condition that a signal killed for one that failed",
            ),
            flag(
                's',
                "goes on with the chosen block and the rest as one command line",
            ),
        ])
        .operands(&[
            Operand::Program("command-if"),
            Operand::Program("command-then"),
            Operand::Program("command-else"),
            Operand::Rest(Rest::Optional),
        ])
        .reach(Reach::Blocks)
        .examples(&[
            Example::new(
                "ifthenelse { true } { echo then } { echo else }  echo rest",
                "then\nrest\n",
            ),
            Example::new(
                "ifthenelse { false } { echo then } { echo else }  echo rest",
                "else\nrest\n",
            ),
            Example::new(
                "ifthenelse { true } { exit 3 } { }  importas code ?  echo $code",
                "3\n",
            ),
            Example::new("ifthenelse -s { true } { echo } { }  rest", "rest\n"),
            Example::new("ifthenelse { true } { echo then }", "")
                .complains("ifthenelse: fatal: unterminated else block\n")
                .code(100),
        ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let (mut joins, mut crash_is_failure) = (false, false);
    argv.options(LETTERS, &mut |letter, _| {
        match letter {
            b's' => joins = true,
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
    let otherwise = blocks.need(engine, &mut argv, b"unterminated else block")?;
    let ending = run_condition(engine, &condition, &environment, true)?;
    let chosen = if result(ending, crash_is_failure)? == 0 {
        then
    } else {
        otherwise
    };
    if joins {
        let argv = argv.preceded_by(chosen.into_words());
        return Ok(Outcome::chain_if_any(argv, environment));
    }
    in_sequence(engine, chosen, argv, environment)
}
