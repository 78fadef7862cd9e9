//! `foreground`: runs a block, puts what became of it into `?`, and goes on.
//!
//! Deviation: an empty block succeeds, as it did before 2.9.9.0; the reference's child crashes.
//! Reference: <https://skarnet.org/software/execline/foreground.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::sequence::in_sequence;
use crate::process::{Blocks, Call, Engine, Outcome, Reach, Stop};

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
    let block = Blocks::new(&environment).need(engine, &mut argv, b"unterminated block")?;
    in_sequence(engine, block, argv, environment)
}
