//! `exec`: goes on with a program, with another `argv[0]` or an empty environment.
//!
//! Reference: <https://skarnet.org/software/execline/exec.html>

use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::naming::Naming;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("exec", "goes on with a program", run)
    .usage("exec [ -c ] [ -l ] [ -a argv0 ] prog...")
    .options(&[
        flag('c', "with an empty environment"),
        flag('l', "with a dash before argv[0], as for a login shell"),
        value(
            'a',
            "argv0",
            "with this argv[0] in the place of the program's name",
        ),
    ])
    .operands(&[Operand::Rest(Rest::Required)])
    .reach(Reach::Words)
    .examples(&[
        Example::new("exec echo hello", "hello\n"),
        Example::new("exec -a greeter sh -c \"echo $0\"", "greeter\n"),
        Example::new("exec -l -a sh sh -c \"echo $0\"", "-sh\n"),
        Example::new("exec -c env", ""),
        Example::new("exec", "")
            .complains("exec: usage: exec [ -c ] [ -l ] [ -a argv0 ] prog...\n")
            .code(100),
        Example::new("exec no-such-program", "")
            .complains("exec: fatal: unable to exec no-such-program: No such file or directory\n")
            .code(127),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut naming = Naming::default();
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'c' => environment.replace(|_| Vec::new()),
            b'l' => naming.dash = true,
            _ => naming.argv0 = Some(argument),
        }
        Ok(())
    })?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    Ok(Outcome::Chain(naming.chain(argv, environment)))
}
