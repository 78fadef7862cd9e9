//! `pipeline`: starts a block, puts its process number into `!`, and goes on with a pipe
//! between the two.
//!
//! Reference: <https://skarnet.org/software/execline/pipeline.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::engine::cannot_spawn;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::Decimal;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Stop};
use crate::sys::fd;
use crate::sys::process::FdChange;

/// The command.
pub const COMMAND: Command = Command::new(
    "pipeline",
    "goes on with a block at the other end of a pipe",
    run,
)
.usage("pipeline [ -d ] [ -r | -w ] { command... } command...")
.options(&[
    flag(
        'd',
        "the block is the child of another: it is no zombie when it ends",
    ),
    flag('r', "reads what the block writes"),
    flag('w', "writes what the block reads"),
])
.operands(&[Operand::Program("command"), Operand::Rest(Rest::Required)])
.examples(&[
    Example::new("pipeline { echo a b }  tr a-z A-Z", "A B\n"),
    Example::new(
        "foreground { pipeline -w { tr a-z A-Z }  importas child !  \
             foreground { echo a b }  fdclose 1  wait { $child } }",
        "A B\n",
    ),
    Example::new("pipeline { echo }", "")
        .complains("pipeline: fatal: empty remainder\n")
        .code(100),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let (mut orphaned, mut writes) = (false, false);
    argv.options(LETTERS, &mut |letter, _| {
        match letter {
            b'd' => orphaned = true,
            b'r' => writes = false,
            _ => writes = true,
        }
        Ok(())
    })?;
    let block = Blocks::new(&environment).take(engine, &mut argv)?;
    if block.as_ref().is_some_and(|block| block.is_empty()) {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let block = block.ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    if argv.is_empty() {
        return Err(Failure::new(USAGE, &[b"empty remainder"]).into());
    }
    let pipe =
        fd::pipe().map_err(|errno| Failure::system(SYSTEM, &[b"unable to create pipe"], errno))?;
    let (ours, standard, theirs, their_standard) = if writes {
        (pipe.write, 1, pipe.read, 0)
    } else {
        (pipe.read, 0, pipe.write, 1)
    };
    let changes = [
        FdChange::Close(ours),
        FdChange::Move {
            to: their_standard,
            from: theirs,
        },
    ];
    let pid = engine
        .start_beside(block.borrowed(), environment.borrowed(), &changes, orphaned)?
        .map_err(|errno| cannot_spawn(block.first(), errno, &environment))?;
    fd::close(theirs);
    fd::relocate(standard, ours)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to fd_move"], errno))?;
    environment.set(b"!", Decimal::of_id(pid).as_bytes());
    Ok(Outcome::chain(argv, environment))
}
