//! `multidefine`: splits a value and substitutes a key by each part in the rest.
//!
//! With `-r`, where empty words end the block, the last key still gets its own part and those
//! behind it, one more than there are parts left over.
//! Deviation: with `-r` and no key but `""`, nothing is substituted; the reference crashes.
//! Reference: <https://skarnet.org/software/execline/multidefine.html>

use super::define::{CHOMP, CRUNCH, DELIMITERS, NOT_CHOMP, NOT_CRUNCH};
use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::directive::{Refusal, Substitution, TransformOptions, run_directive};
use crate::process::{Argv, Blocks, Call, Engine, Environment, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "multidefine",
    "substitutes several keys by parts of a value",
    run,
)
.usage("multidefine [ -0 ] [ -r ] [ -N | -n ] [ -C | -c ] [ -d delim ] value { vars... } prog...")
.options(&[
    flag(
        '0',
        "a key without a part has no value, instead of an empty one",
    ),
    flag('r', "the last key gets all parts that are left"),
    NOT_CHOMP,
    CHOMP,
    CRUNCH,
    NOT_CRUNCH,
    DELIMITERS,
])
.operands(&[
    Operand::Word("value"),
    Operand::Words("keys; an empty word passes a part over"),
    Operand::Rest(Rest::Required),
])
.reach(Reach::Words)
.examples(&[
    Example::new("multidefine \"a b c\" { x \"\" z }  echo $z $x", "c a\n"),
    Example::new(
        "multidefine -r \"a b c\" { x rest }  echo $x -${rest}",
        "a -b -c\n",
    ),
    Example::new(
        "multidefine -d : user:x:1000 { name password uid }  echo $name $uid",
        "user 1000\n",
    ),
    Example::new("multidefine \"a\" { x y }  echo -${x}- -${y}-", "-a- --\n"),
    Example::new("multidefine -0 \"a\" { x y }  echo -${x}- -${y}-", "-a-\n"),
    Example::new("multidefine a { }  echo", "")
        .complains("multidefine: fatal: empty block\n")
        .code(100),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    run_directive(engine, call, directive)
}

/// `multidefine` as a directive.
pub fn directive(
    engine: &mut Engine,
    argv: &mut Argv<'_>,
    blocks: &mut Blocks,
    _: &Environment<'_>,
    substitution: &mut Substitution,
) -> Result<(), Refusal> {
    let mut transform = TransformOptions::new(true);
    let (mut zero_values, mut rest_to_last) = (false, false);
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'0' => zero_values = true,
            b'r' => rest_to_last = true,
            _ => transform.take(letter, argument),
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Refusal::Syntax);
    }
    let value = argv.operand()?;
    let keys = blocks.take(engine, argv)?.ok_or(Refusal::Syntax)?;
    if keys.is_empty() {
        return Err(Refusal::EmptyBlock);
    }
    let parts = transform.apply(value.to_bytes())?;
    let mut last_named = None;
    for (place, key) in keys.words().iter().enumerate() {
        if key.is_empty() {
            continue;
        }
        let values = match parts.get(place) {
            Some(part) => Vec::from([part.clone()]),
            None if zero_values => Vec::new(),
            None => Vec::from([Vec::new()]),
        };
        substitution.add(key, values)?;
        last_named = Some(place);
    }
    // As many parts as are left, and one; where empty words end the block, they are not the
    // last ones.
    if rest_to_last
        && let Some(place) = last_named
        && let Some(left) = parts.len().checked_sub(keys.len()).filter(|&left| left > 0)
        && let Some(key) = substitution.keys.last_mut()
    {
        key.values = parts.iter().skip(place).take(left + 1).cloned().collect();
    }
    Ok(())
}
