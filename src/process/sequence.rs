//! Running a block, then going on whatever became of it.

use super::argv::Argv;
use super::engine::{Engine, Trouble, cannot_spawn_reason};
use super::environment::Environment;
use super::failure::execution_code;
use super::number::Decimal;
use super::outcome::{Codes, Outcome, Stop};
use crate::sys::process::Ending;

/// Runs `block`, puts what became of it into `?`, and goes on with `argv`.
pub fn in_sequence<'a>(
    engine: &mut Engine,
    block: Argv<'_>,
    argv: Argv<'a>,
    mut environment: Environment<'a>,
) -> Result<Outcome<'a>, Stop> {
    let ending = match engine.run_block(block.borrowed(), environment.borrowed())? {
        Ok(ending) => ending,
        Err(Trouble::NotSpawned(errno)) => {
            let message: [&[u8]; 4] = [
                b"unable to spawn ",
                block.first(),
                b": ",
                errno.message().as_bytes(),
            ];
            let reason = cannot_spawn_reason(block.first(), errno, &environment);
            engine.warn_with_reason(&message, reason)?;
            Ending::Exited(execution_code(errno))
        }
        Err(trouble) => {
            return Err(trouble.failure(block.first(), true, &environment).into());
        }
    };
    environment.set(b"?", Decimal::new(ending.status()).as_bytes());
    Ok(Outcome::chain_if_any(argv, environment))
}
