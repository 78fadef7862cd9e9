//! Running what decides how a command goes on.

use super::argv::Argv;
use super::engine::{Engine, Trouble};
use super::environment::Environment;
use super::failure::{Failure, SYSTEM};
use super::number::Decimal;
use super::outcome::{Codes, Stop};
use crate::block::QUOTE;
use crate::sys::Errno;
use crate::sys::process::Ending;

/// Runs the block that decides, and where that fails, names it in the message or not.
pub fn run_condition(
    engine: &mut Engine,
    block: &Argv<'_>,
    environment: &Environment<'_>,
    names_child: bool,
) -> Result<Ending, Stop> {
    engine
        .run_block(block.borrowed(), environment.borrowed())?
        .map_err(|trouble| {
            trouble
                .failure(block.first(), names_child, environment)
                .into()
        })
}

/// The exit code that decides. A crash fails the command, unless it counts as a failure.
pub fn result(ending: Ending, crash_is_failure: bool) -> Result<u8, Failure> {
    match ending {
        Ending::Killed(signal) if !crash_is_failure => Err(Failure::new(
            ending.exit_code(),
            &[
                b"child crashed with signal ",
                Decimal::new(signal).as_bytes(),
            ],
        )),
        _ => Ok(ending.exit_code()),
    }
}

/// The failure where the rest is a block by mistake: its first word is quoted.
pub fn quoted_program(program: &[u8], trouble: Trouble, what: &[u8]) -> Option<Failure> {
    if !matches!(trouble, Trouble::NotSpawned(Errno::ENOENT)) || program.first() != Some(&QUOTE) {
        return None;
    }
    let message: [&[u8]; 5] = [
        b"unable to spawn ",
        program,
        b": name begins with a space, are you trying to spawn a block as your ",
        what,
        b"?",
    ];
    Some(Failure::new(SYSTEM, &message))
}
