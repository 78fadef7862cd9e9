//! `fdmove`: moves or copies a file descriptor and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/fdmove.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop, number};
use crate::sys::fd::{self, Fd};

/// The command.
pub const COMMAND: Command = Command::new("fdmove", "moves a file descriptor", run)
    .usage("fdmove [ -c ] to from prog...")
    .options(&[flag('c', "copies it: it stays open at its old number too")])
    .operands(&[
        Operand::Fd("to"),
        Operand::Fd("from"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new("fdmove -c 2 1 sh -c \"echo both >&2\"", "both\n"),
        Example::new("fdmove 2 1 sh -c \"echo moved >&2\"", "moved\n"),
        Example::new("fdmove 0 9 true", "")
            .complains("fdmove: fatal: unable to move fd 9 to fd 0: Bad file descriptor\n")
            .code(111),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut copies = false;
    argv.options(LETTERS, &mut |_, _| {
        copies = true;
        Ok(())
    })?;
    if argv.len() < 3 {
        return Err(Failure::Usage.into());
    }
    let (to_word, from_word) = (argv.operand()?, argv.operand()?);
    let to = number::whole(to_word.to_bytes()).ok_or(Failure::Usage)? as Fd;
    let from = number::whole(from_word.to_bytes()).ok_or(Failure::Usage)? as Fd;
    let moved = if copies {
        fd::copy(to, from)
    } else {
        fd::relocate(to, from)
    };
    moved.map_err(|errno| {
        let message: [&[u8]; 4] = [
            b"unable to move fd ",
            from_word.to_bytes(),
            b" to fd ",
            to_word.to_bytes(),
        ];
        Failure::system(SYSTEM, &message, errno)
    })?;
    Ok(Outcome::chain(argv, call.environment))
}
