//! The positional parameters in an environment: `#`, and variables named by numbers.

use super::engine::Engine;
use super::environment::Environment;
use super::failure::{Failure, USAGE};
use super::number::{self, Decimal};
use super::outcome::Stop;

/// What the names of positional parameters begin with, and of their number.
pub const POSITIONALS: [&[u8]; 11] = [
    b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"#",
];

/// How many positional parameters the variable `#` says there are.
pub fn argument_count(environment: &Environment) -> Result<u32, Failure> {
    let count = environment
        .get(b"#")
        .ok_or_else(|| Failure::new(USAGE, &[b"# not set"]))?;
    number::whole(count).ok_or_else(|| Failure::new(USAGE, &[b"invalid $#"]))
}

/// The value of a positional parameter, which must be set.
pub fn positional<'e>(environment: &'e Environment, number: u32) -> Result<&'e [u8], Failure> {
    let number = Decimal::new(number);
    environment
        .get(number.as_bytes())
        .ok_or_else(|| Failure::new(USAGE, &[number.as_bytes(), b" not set"]))
}

/// What `EXECLINE_STRICT` wants said of a parameter that should be quoted.
pub fn mind_unquoted(
    engine: &mut Engine,
    strict: u32,
    parameter: &[u8],
    block: &[u8],
    place: &[u8],
) -> Result<(), Stop> {
    let message: [&[u8]; 6] = [
        b"unquoted positional ",
        parameter,
        b" at block ",
        block,
        b" position ",
        place,
    ];
    match strict {
        0 => {}
        1 => engine.warn(&message)?,
        _ => return Err(Failure::new(USAGE, &message).into()),
    }
    Ok(())
}
