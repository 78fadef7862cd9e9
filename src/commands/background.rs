//! `background`: starts a block, puts its process number into `!`, and goes on beside it.
//!
//! Reference: <https://skarnet.org/software/execline/background.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::engine::cannot_spawn;
use crate::process::failure::USAGE;
use crate::process::number::Decimal;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Stop};

/// The command.
pub const COMMAND: Command = Command::new(
    "background",
    "starts a block and goes on beside it",
    run,
)
.usage("background [ -d ] { command... }")
.options(&[flag(
    'd',
    "as the child of another: it is no zombie when it ends",
)])
.operands(&[Operand::Program("command"), Operand::Rest(Rest::Optional)])
.examples(&[
    Example::new(
        "background { echo there }  wait { }  echo here",
        "there\nhere\n",
    ),
    Example::new(
        "background { sh -c \"exit 3\" }  importas child !  wait { $child }  echo waited",
        "waited\n",
    ),
    Example::new("background { no-such-program }  true", "")
        .complains(
            "background: fatal: unable to spawn no-such-program: No such file or directory\n",
        )
        .code(111),
    Example::new("background { } true", "")
        .complains("background: fatal: empty block\n")
        .code(100),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut orphaned = false;
    argv.options(LETTERS, &mut |_, _| {
        orphaned = true;
        Ok(())
    })?;
    let block = Blocks::new(&environment).need(engine, &mut argv, b"unterminated block")?;
    if block.is_empty() {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    // A block that nobody goes on beside is an orphan at once.
    let orphaned = orphaned && !argv.is_empty();
    let pid = engine
        .start_beside(block.borrowed(), environment.borrowed(), &[], orphaned)?
        .map_err(|errno| cannot_spawn(block.first(), errno, &environment))?;
    environment.set(b"!", Decimal::of_id(pid).as_bytes());
    Ok(Outcome::chain_if_any(argv, environment))
}
