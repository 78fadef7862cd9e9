//! `withstdinas`: puts what standard input holds into a variable and goes on.
//!
//! With `-I`, the variable is removed where the input holds NUL; with `-E` too, the
//! substitution then fails. So it is in the reference.
//! Reference: <https://skarnet.org/software/execline/withstdinas.html>

use crate::block::{self, Word};
use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::environment::valid_name;
use crate::process::failure::SYSTEM;
use crate::process::importing::import_one;
use crate::process::output::Output;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop};

/// The command.
pub const COMMAND: Command =
    Command::new("withstdinas", "puts standard input into a variable", run)
        .usage("withstdinas [ -i | -I | -D default ] [ -N | -n ] [ -E | -e ] var remainder...")
        .options(&[
            flag('i', "insists: exits with 1 where the input holds NUL"),
            flag('I', "removes the variable where the input holds NUL"),
            value('D', "default", "the value where the input holds NUL"),
            flag('N', "keeps a newline at the end"),
            flag('n', "drops a newline at the end"),
            flag('E', "substitutes the variable in the rest"),
            flag('e', "does not substitute it"),
        ])
        .operands(&[Operand::Variable("var"), Operand::Rest(Rest::Optional)])
        .examples(&[
            Example::new(
                "heredoc 0 \"a b\n\" withstdinas LINE printenv LINE",
                "a b\n",
            ),
            Example::new("heredoc 0 word withstdinas -E w echo ${w}!", "word!\n"),
            Example::new("pipeline { printf a\\\\0b } withstdinas -i w true", "")
                .complains("withstdinas: fatal: stdin contained a null character\n")
                .code(1),
        ]);

const LETTERS: Letters = COMMAND.letters();

/// What becomes of input that no variable can hold.
enum Insists {
    No,
    Removes,
    Exits,
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut insists = Insists::No;
    let mut default: Option<Word> = None;
    let (mut chomps, mut imports) = (true, false);
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'i' => insists = Insists::Exits,
            b'I' => insists = Insists::Removes,
            b'N' => chomps = false,
            b'n' => chomps = true,
            b'D' => default = Some(argument),
            b'E' => imports = true,
            _ => imports = false,
        }
        Ok(())
    })?;
    let variable = valid_name(argv.operand()?)?;
    engine.take_name();
    let input =
        Output::read(0).map_err(|errno| Failure::system(SYSTEM, &[b"unable to slurp"], errno))?;
    let message = b"stdin contained a null character";
    let value = match (input.has_nul, insists, default) {
        (true, Insists::Exits, _) => return Err(Failure::new(1, &[message]).into()),
        (true, Insists::Removes, _) => None,
        (true, Insists::No, Some(default)) => {
            engine.warn(&[message, b" - using default instead"])?;
            Some(default)
        }
        (false, ..) if chomps => Some(input.chomped()),
        // Where there is a NUL, what stands before it.
        _ => Some(block::word(input.bytes)),
    };
    match value {
        Some(value) => environment.set(variable.to_bytes(), value.to_bytes()),
        None => environment.unset(variable.to_bytes()),
    }
    if imports {
        argv = import_one(argv, variable);
    }
    Ok(Outcome::chain_if_any(argv, environment))
}
