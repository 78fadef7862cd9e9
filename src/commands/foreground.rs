//! `foreground`: runs a block, puts what became of it into `?`, and goes on.
//!
//! Deviation: an empty block succeeds, as it did before 2.9.9.0; the reference's child crashes.
//! Reference: <https://skarnet.org/software/execline/foreground.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::engine::{Trouble, cannot_spawn_reason};
use crate::process::failure::{USAGE, execution_code};
use crate::process::number::Decimal;
use crate::process::outcome::Codes;
use crate::process::{Argv, Blocks, Call, Engine, Environment, Failure, Outcome, Reach, Stop};
use crate::sys::process::Ending;

/// The command.
pub const COMMAND: Command = Command::new("foreground", "runs a block, then goes on", run)
    .operands(&[Operand::Program("command"), Operand::Rest(Rest::Optional)])
    .reach(Reach::Blocks)
    .examples(&[
        Example::new("foreground { echo one }  echo two", "one\ntwo\n"),
        Example::new("foreground { exit 3 }  importas code ?  echo $code", "3\n"),
        Example::new(
            "foreground { no-such-program }  importas code ?  echo $code",
            "127\n",
        )
        .complains(
            "foreground: warning: unable to spawn no-such-program: \
                 No such file or directory\n",
        ),
        Example::new(
            "foreground { sh -c \"kill -9 $$\" }  importas code ?  echo $code",
            "265\n",
        ),
    ]);

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let block = Blocks::new(&environment)
        .take(engine, &mut argv)?
        .ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    in_sequence(engine, block, argv, environment)
}

/// Runs `block`, puts what became of it into `?`, and goes on with `argv`.
pub fn in_sequence<'a>(
    engine: &mut Engine,
    block: Argv<'_>,
    argv: Argv<'a>,
    mut environment: Environment<'a>,
) -> Result<Outcome<'a>, Stop> {
    let program = block
        .borrowed()
        .take()
        .map(|word| word.into_owned())
        .unwrap_or_default();
    let ending = match engine.run_block(block, environment.borrowed())? {
        Ok(ending) => ending,
        Err(Trouble::NotSpawned(errno)) => {
            let message: [&[u8]; 4] = [
                b"unable to spawn ",
                program.to_bytes(),
                b": ",
                errno.message().as_bytes(),
            ];
            let reason = cannot_spawn_reason(&program, errno, &environment);
            engine.warn_with_reason(&message, reason);
            Ending::Exited(execution_code(errno))
        }
        Err(trouble) => {
            return Err(trouble
                .failure(program.to_bytes(), true, &environment)
                .into());
        }
    };
    environment.set(b"?", Decimal::new(ending.status()).as_bytes());
    Ok(Outcome::chain_if_any(argv, environment))
}
