//! `export-array`: puts several words into one variable and goes on.
//!
//! An empty block is an error, as it is in the reference, though its page allows it.
//! Reference: <https://skarnet.org/software/execline/export-array.html>

use crate::command::{Command, Example, Operand, Rest, value};
use crate::process::failure::USAGE;
use crate::process::number::Decimal;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "export-array",
    "puts several words into one variable",
    run,
)
.usage("export-array [ -d delim ] variable { value-list } prog...")
.options(&[value(
    'd',
    "delim",
    "puts this behind each word, instead of making netstrings",
)])
.operands(&[
    Operand::Variable("variable"),
    Operand::Words("values"),
    Operand::Rest(Rest::Required),
])
.reach(Reach::Words)
.examples(&[
    Example::new("export-array WORDS { a bc }  printenv WORDS", "1:a,2:bc,\n").since("2.9.9.0"),
    Example::new(
        "export-array -d : WORDS { a bc }  printenv WORDS",
        "a:bc:\n",
    )
    .since("2.9.9.0"),
    Example::new(
        "export-array WORDS { a \"b c\" }  importas -s -d \"\" w WORDS  forx -E i { $w }  echo $i",
        "a\nb c\n",
    )
    .since("2.9.9.0"),
    Example::new("export-array WORDS { }  true", "")
        .complains("export-array: fatal: empty block\n")
        .code(100)
        .since("2.9.9.0"),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut delimiter = None;
    argv.options(LETTERS, &mut |_, argument| {
        delimiter = argument.to_bytes().first().copied();
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = argv.operand()?;
    if variable.to_bytes().contains(&b'=') {
        return Err(Failure::new(USAGE, &[b"invalid variable name: ", variable.to_bytes()]).into());
    }
    let block = Blocks::new(&environment).take(engine, &mut argv)?;
    if block.as_ref().is_some_and(|block| block.is_empty()) {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let block = block.ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let mut all = Vec::new();
    for word in block.words() {
        if delimiter.is_none() {
            all.extend_from_slice(Decimal::new(word.count_bytes() as u64).as_bytes());
            all.push(b':');
        }
        all.extend_from_slice(word.to_bytes());
        all.push(delimiter.unwrap_or(b','));
    }
    environment.set(variable.to_bytes(), &all);
    Ok(Outcome::chain(argv, environment))
}
