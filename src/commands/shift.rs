//! `shift`: takes positional parameters off the environment and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/shift.html>

use crate::block::{self, Part};
use crate::command::{Command, Example, Operand, Rest, value};
use crate::process::argv::strictness;
use crate::process::failure::USAGE;
use crate::process::number::{self, Decimal};
use crate::process::positionals::{argument_count, mind_unquoted, positional};
use crate::process::{Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("shift", "takes positional parameters away", run)
    .usage("shift [ -n arg# ] [ -b block# ] prog...")
    .options(&[
        value('n', "arg#", "so many, instead of one"),
        value('b', "block#", "so many blocks behind those"),
    ])
    .operands(&[Operand::Rest(Rest::Required)])
    .reach(Reach::Words)
    .examples(&[
        Example::new(
            "execlineb -c \"shift elgetpositionals echo $# $1\" a b",
            "1 b\n",
        ),
        Example::new(
            "execlineb -c \"shift -n 2 elgetpositionals echo $# $@\" a b c",
            "1 c\n",
        ),
        Example::new(
            "execlineb -c \"shift -b 1 elgetpositionals echo $@\" \" x\" \" y\" \"\" z",
            "z\n",
        ),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut words = None;
    let mut blocks = None;
    argv.options(LETTERS, &mut |letter, argument| {
        let number = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?;
        match letter {
            b'n' => words = Some(number),
            _ => blocks = Some(number),
        }
        Ok(())
    })?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let words = words.unwrap_or(if blocks.is_none() { 1 } else { 0 });
    let strict = strictness(&environment);
    let count = argument_count(&environment)?;
    if words > count {
        too_many(engine, strict, words, count)?;
    }
    let mut taken = words.min(count);
    for block in 0..blocks.unwrap_or(0) {
        taken = behind_block(engine, &environment, strict, block, taken, count)?;
    }
    renumber(&mut environment, taken, count);
    Ok(Outcome::chain(argv, environment))
}

/// What `EXECLINE_STRICT` wants said where there are fewer parameters than are to be taken.
fn too_many(engine: &mut Engine, strict: u32, words: u32, count: u32) -> Result<(), Stop> {
    let (words, count) = (Decimal::new(words), Decimal::new(count));
    let message: [&[u8]; 4] = [
        b"unable to shift ",
        words.as_bytes(),
        b" arguments: got ",
        count.as_bytes(),
    ];
    match strict {
        0 => {}
        1 => engine.warn(&message)?,
        _ => return Err(Failure::new(USAGE, &message).into()),
    }
    Ok(())
}

/// The number of the last parameter of a block that begins behind `taken`.
fn behind_block(
    engine: &mut Engine,
    environment: &Environment<'_>,
    strict: u32,
    block: u32,
    mut taken: u32,
    count: u32,
) -> Result<u32, Stop> {
    let block = Decimal::new(block);
    loop {
        taken = taken.saturating_add(1);
        if taken > count {
            // Upstream's first line does not say which.
            let message: [&[u8]; 3] = [
                b"unable to shift block : too few arguments (",
                block.as_bytes(),
                b")",
            ];
            return Err(Failure::new(USAGE, &message).into());
        }
        let parameter = positional(environment, taken)?;
        match block::part(&block::word(parameter.to_vec())) {
            Part::End => return Ok(taken),
            Part::Quoted => {}
            Part::Unquoted => mind_unquoted(engine, strict, parameter, block.as_bytes(), b"1")?,
        }
    }
}

/// Gives each parameter behind the first `taken` the number it has without them.
fn renumber(environment: &mut Environment<'_>, taken: u32, count: u32) {
    let values: Vec<Option<Vec<u8>>> = (1..=count)
        .map(|number| {
            let from = Decimal::new(number.checked_add(taken)?);
            let value = environment.get(from.as_bytes()).map(<[u8]>::to_vec);
            value.filter(|_| number <= count - taken)
        })
        .collect();
    environment.set(b"#", Decimal::new(count - taken).as_bytes());
    for (place, value) in values.iter().enumerate() {
        let number = Decimal::new(place as u64 + 1);
        match value {
            Some(value) => environment.set(number.as_bytes(), value),
            None => environment.unset(number.as_bytes()),
        }
    }
}
