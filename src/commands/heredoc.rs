//! `heredoc`: goes on with a pipe to read a word from.
//!
//! A child writes the word; with `-d`, a short one is written before anybody reads.
//! Reference: <https://skarnet.org/software/execline/heredoc.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop, number};
use crate::sys::Errno;
use crate::sys::fd::{self, Fd, Pipe};
use crate::sys::process::{self, Ending, Fork};
use core::ffi::CStr;

/// The command.
pub const COMMAND: Command = Command::new("heredoc", "goes on with a word to be read", run)
    .usage("heredoc [ -d ] fd string command...")
    .options(&[flag('d', "the writer is no child")])
    .operands(&[
        Operand::Fd("fd"),
        Operand::Word("string"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new("heredoc 0 \"a b\n\" cat", "a b\n"),
        Example::new("heredoc -d 3 word fdmove 0 3 cat", "word"),
        Example::new("heredoc zero word cat", "")
            .complains("heredoc: usage: heredoc [ -d ] fd string command...\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// What a pipe that nobody reads takes at least, in bytes: a page, however poor its owner.
const ALWAYS_FITS: usize = 4096;

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut orphaned = false;
    argv.options(LETTERS, &mut |_, _| {
        orphaned = true;
        Ok(())
    })?;
    if argv.len() < 3 {
        return Err(Failure::Usage.into());
    }
    let (number, text) = (argv.operand()?, argv.operand()?);
    let to = number::whole(number.to_bytes()).ok_or(Failure::Usage)? as Fd;
    let pipe = fd::pipe().map_err(|errno| Failure::system(SYSTEM, &[b"unable to pipe"], errno))?;
    if orphaned && text.count_bytes() <= ALWAYS_FITS {
        // It fits, so this cannot block.
        fd::write_all(pipe.write, text.to_bytes())
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to allwrite"], errno))?;
    } else {
        write_in_child(engine, pipe, &text, orphaned)?;
    }
    fd::close(pipe.write);
    fd::relocate(to, pipe.read).map_err(|errno| {
        Failure::system(
            SYSTEM,
            &[b"unable to read on fd ", number.to_bytes()],
            errno,
        )
    })?;
    Ok(Outcome::chain(argv, call.environment))
}

/// Leaves the writing to a child, or to a child's child.
fn write_in_child(
    engine: &mut Engine,
    pipe: Pipe,
    text: &CStr,
    orphaned: bool,
) -> Result<(), Stop> {
    engine.take_name();
    let failed = |errno: Errno| {
        let what: &[u8] = if orphaned {
            b"unable to doublefork"
        } else {
            b"unable to fork"
        };
        Failure::system(SYSTEM, &[what], errno)
    };
    let pid = match process::fork().map_err(failed)? {
        Fork::Child => {
            if orphaned {
                match process::fork() {
                    Ok(Fork::Child) => {}
                    Ok(Fork::Parent(_)) => return Err(Stop::Leave(0)),
                    Err(errno) => return Err(Stop::Leave(errno.0 as u8)),
                }
            }
            fd::close(pipe.read);
            return Err(write(engine, pipe.write, text));
        }
        Fork::Parent(pid) => pid,
    };
    // Its exit code is the error that kept it from making a child.
    if orphaned && let Ok(Ending::Exited(code @ 1..)) = process::wait(pid) {
        return Err(failed(Errno(code.into())).into());
    }
    Ok(())
}

/// The child's whole work.
fn write(engine: &Engine, to: Fd, text: &CStr) -> Stop {
    match fd::write_all(to, text.to_bytes()) {
        Ok(()) => Stop::Leave(0),
        Err(errno) => {
            let failure = Failure::system(SYSTEM, &[b"unable to allwrite"], errno);
            engine.say(&failure.text("heredoc (child)", ""));
            Stop::Leave(SYSTEM)
        }
    }
}
