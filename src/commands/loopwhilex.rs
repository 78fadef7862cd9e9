//! `loopwhilex`: runs the rest again and again, while it succeeds.
//!
//! Reference: <https://skarnet.org/software/execline/loopwhilex.html>

use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::condition::quoted_program;
use crate::process::number;
use crate::process::outcome::Codes;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("loopwhilex", "repeats the rest while it succeeds", run)
    .usage("loopwhilex [ -n ] [ -o okcode,okcode,... | -x exitcode,exitcode,... ] prog...")
    .options(&[
        flag('n', "repeats while it fails"),
        value(
            'o',
            "okcodes",
            "the exit codes that are a success, instead of 0",
        ),
        value('x', "exitcodes", "the exit codes that are a failure"),
    ])
    .operands(&[Operand::Rest(Rest::Required)])
    .reach(Reach::Blocks)
    .examples(&[
        Example::new("loopwhilex false", "").code(1),
        Example::new("loopwhilex -n true", ""),
        Example::new("loopwhilex -x 3 exit 3", "").code(3),
        Example::new("loopwhilex", "")
            .complains(
                "loopwhilex: usage: loopwhilex [ -n ] \
                 [ -o okcode,okcode,... | -x exitcode,exitcode,... ] prog...\n",
            )
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let (mut until, mut listed_fail) = (false, false);
    let mut listed: Vec<u16> = Vec::new();
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'n' => until = true,
            _ => {
                listed_fail = letter == b'x';
                listed = number::short_list(argument.to_bytes()).ok_or(Failure::Usage)?;
            }
        }
        Ok(())
    })?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    if listed.is_empty() {
        listed.push(0);
    } else if listed_fail {
        until = !until;
    }
    loop {
        let ending = engine
            .run_block(argv.borrowed(), environment.borrowed())?
            .map_err(|trouble| {
                quoted_program(argv.first(), trouble, b"loop body")
                    .unwrap_or_else(|| trouble.failure(argv.first(), false, &environment))
            })?;
        let code = ending.exit_code();
        if listed.contains(&u16::from(code)) == until {
            return Ok(Outcome::Exit(code));
        }
    }
}
