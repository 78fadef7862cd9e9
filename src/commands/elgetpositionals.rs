//! `elgetpositionals`: substitutes the positional parameters of the environment in the rest.
//!
//! Reference: <https://skarnet.org/software/execline/elgetpositionals.html>

use crate::block;
use crate::command::{Command, Example, Operand, Rest, value};
use crate::process::argv::strictness;
use crate::process::directive::{Refusal, Substitution, run_directive};
use crate::process::failure::USAGE;
use crate::process::number::{self, Decimal};
use crate::process::{
    Argv, Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop,
};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command =
    Command::new("elgetpositionals", "substitutes positional parameters", run)
        .usage("elgetpositionals [ -P num ] prog...")
        .options(&[value(
            'P',
            "num",
            "at least so many keys; those beyond the arguments are empty",
        )])
        .operands(&[Operand::Rest(Rest::Required)])
        .reach(Reach::Words)
        .examples(&[
            Example::new(
                "execlineb -c \"elgetpositionals echo $# $1 ${2}! $@\" a b",
                "2 a b! a b\n",
            ),
            Example::new(
                "execlineb -c \"elgetpositionals -P 2 echo $1 x${2}x\" a",
                "a xx\n",
            ),
            Example::new("emptyenv -p elgetpositionals echo", "")
                .complains("elgetpositionals: fatal: bad substitution key\n")
                .code(111),
        ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    run_directive(engine, call, directive)
}

/// `elgetpositionals` as a directive.
pub fn directive(
    engine: &mut Engine,
    argv: &mut Argv<'_>,
    _: &mut Blocks,
    environment: &Environment<'_>,
    substitution: &mut Substitution,
) -> Result<(), Refusal> {
    let mut least = 0;
    argv.options(LETTERS, &mut |_, argument| {
        least = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?;
        Ok(())
    })?;
    let given = environment
        .get(b"#")
        .and_then(|given| Some((given, number::whole(given)?)));
    let Some((given_text, given)) = given else {
        return Err(Refusal::Key);
    };
    substitution.check(c"#")?;
    substitution.check(c"@")?;
    if given < least {
        too_few(engine, strictness(environment), least, given)?;
    }
    substitution.add(c"#", Vec::from([given_text.to_vec()]))?;
    let mut all = Vec::new();
    for number in 0..=given {
        let digits = Decimal::new(number);
        let key = block::word(digits.as_bytes().to_vec());
        substitution.check(&key)?;
        let value = environment.get(digits.as_bytes()).ok_or(Refusal::Key)?;
        if number > 0 {
            all.push(value.to_vec());
        }
        substitution.add(&key, Vec::from([value.to_vec()]))?;
    }
    if !substitution.keys.pad(given as usize, least) {
        return Err(Refusal::Key);
    }
    substitution.add(c"@", all)
}

/// What `EXECLINE_STRICT` wants said where arguments are missing.
fn too_few(engine: &mut Engine, strict: u32, least: u32, given: u32) -> Result<(), Stop> {
    let (least, given) = (Decimal::new(least), Decimal::new(given));
    let message: [&[u8]; 4] = [
        b"too few arguments: expected at least ",
        least.as_bytes(),
        b" but got ",
        given.as_bytes(),
    ];
    match strict {
        0 => {}
        1 => engine.warn(&message)?,
        _ => return Err(Failure::new(USAGE, &message).into()),
    }
    Ok(())
}
