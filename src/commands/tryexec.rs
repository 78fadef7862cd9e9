//! `tryexec`: goes on with a block, or, where that cannot be executed, with the rest.
//!
//! Reference: <https://skarnet.org/software/execline/tryexec.html>

use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::failure::USAGE;
use crate::process::naming::Naming;
use crate::process::{Blocks, Call, Chain, Engine, Failure, Letters, Outcome, Reach, Stop};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command =
    Command::new("tryexec", "goes on with the first program that works", run)
        .usage("tryexec [ -n ] [ -c ] [ -l ] [ -a argv0 ] { command... } remainder...")
        .options(&[
            flag('n', "tries the rest first, then the block"),
            flag('c', "tries with an empty environment"),
            flag('l', "tries with a dash before argv[0]"),
            value('a', "argv0", "tries with this argv[0]"),
        ])
        .operands(&[Operand::Program("command"), Operand::Rest(Rest::Optional)])
        .reach(Reach::Words)
        .examples(&[
            Example::new("tryexec { no-such-program }  echo fallback", "fallback\n"),
            Example::new("tryexec { echo block }  echo fallback", "block\n"),
            Example::new("tryexec -n { echo block }  no-such-program", "block\n"),
            Example::new("tryexec { no-such-program }", ""),
        ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut naming = Naming::default();
    let mut first_environment = environment.clone();
    let mut rest_first = false;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'n' => rest_first = true,
            b'c' => first_environment.replace(|_| Vec::new()),
            b'l' => naming.dash = true,
            _ => naming.argv0 = Some(argument),
        }
        Ok(())
    })?;
    let block = Blocks::new(&environment).take(engine, &mut argv)?;
    let unterminated = Failure::new(USAGE, &[b"unterminated block"]);
    if block.as_ref().is_some_and(|block| block.is_empty()) {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let block = block.ok_or(unterminated)?;
    if rest_first && argv.is_empty() {
        return Err(Failure::new(USAGE, &[b"empty remainder not allowed with -n"]).into());
    }
    let (first, second) = if rest_first {
        (argv, block)
    } else {
        (block, argv)
    };
    let second = Chain {
        program: None,
        argv: second,
        environment,
    };
    Ok(Outcome::Try(Box::new([
        naming.chain(first, first_environment),
        second,
    ])))
}
