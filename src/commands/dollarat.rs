//! `dollarat`: prints the positional parameters of the environment.
//!
//! Reference: <https://skarnet.org/software/execline/dollarat.html>

use crate::command::{Command, Example, flag, value};
use crate::process::failure::SYSTEM;
use crate::process::number::Decimal;
use crate::process::positionals::{argument_count, positional};
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop};
use crate::sys::fd;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("dollarat", "prints the positional parameters", run)
    .usage("dollarat [ -n ] [ -0 | -d delimchar ]")
    .options(&[
        flag('n', "without a delimiter behind the last one"),
        value(
            'd',
            "delimchar",
            "this delimiter instead of a newline; an empty word stands for netstrings",
        ),
        flag('0', "NUL as the delimiter"),
    ])
    .examples(&[
        Example::new("execlineb -c dollarat a \"b c\"", "a\nb c\n"),
        Example::new("execlineb -c \"dollarat -n -d :\" a b", "a:b"),
        Example::new("execlineb -c \"dollarat -d \\\"\\\"\" a bc", "1:a,2:bc,"),
        Example::new("emptyenv -p dollarat", "")
            .complains("dollarat: fatal: # not set\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut ends = true;
    let mut is_nul = false;
    let mut delimiter = Some(b'\n');
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'n' => ends = false,
            b'd' => {
                delimiter = argument.to_bytes().first().copied();
                is_nul = false;
            }
            _ => is_nul = true,
        }
        Ok(())
    })?;
    if is_nul {
        delimiter = Some(0);
    }
    let count = argument_count(&call.environment)?;
    let mut text = Vec::new();
    for number in 1..=count {
        let argument = positional(&call.environment, number)?;
        match delimiter {
            None => {
                text.extend_from_slice(Decimal::new(argument.len() as u64).as_bytes());
                text.push(b':');
                text.extend_from_slice(argument);
                text.push(b',');
            }
            Some(delimiter) => {
                text.extend_from_slice(argument);
                if ends || number < count {
                    text.push(delimiter);
                }
            }
        }
    }
    fd::write_all(1, &text)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to write to stdout"], errno))?;
    Ok(Outcome::Exit(0))
}
