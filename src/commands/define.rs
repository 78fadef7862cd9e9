//! `define`: substitutes a key by a value in the rest.
//!
//! Reference: <https://skarnet.org/software/execline/define.html>

use crate::command::{Command, CommandOption, Example, Operand, Rest, flag, value};
use crate::process::directive::{Refusal, Substitution, TransformOptions, run_directive};
use crate::process::{Argv, Blocks, Call, Engine, Environment, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("define", "substitutes a key by a value", run)
    .usage("define [ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ] key value prog...")
    .options(&[NOT_CHOMP, CHOMP, SPLIT, CRUNCH, NOT_CRUNCH, DELIMITERS])
    .operands(&[
        Operand::Key("key"),
        Operand::Word("value"),
        Operand::Rest(Rest::Required),
    ])
    .reach(Reach::Words)
    .examples(&[
        Example::new("define name world  echo hello $name", "hello world\n"),
        Example::new("define -s words \"a b\"  echo x${words}y", "xay xby\n"),
        Example::new(
            "define -d : -s dirs /bin:/sbin  echo ${dirs}/sh",
            "/bin/sh /sbin/sh\n",
        ),
        Example::new(
            "define -Cs words \" a  b \"  echo -${words}-",
            "-- -a- -b-\n",
        ),
        Example::new("define -n line \"one\n\"  echo ${line}", "one\n"),
        Example::new("define x value  echo \\\\$x", "$x\n"),
        Example::new("define \"\" x  echo", "")
            .complains("define: fatal: bad substitution key\n")
            .code(111),
    ]);

/// `-N`, of every command that transforms values.
pub const NOT_CHOMP: CommandOption = flag('N', "keeps a delimiter at the end");
/// `-n`.
pub const CHOMP: CommandOption = flag('n', "drops one delimiter at the end");
/// `-s`.
pub const SPLIT: CommandOption = flag('s', "makes several values of one, at delimiters");
/// `-C`.
pub const CRUNCH: CommandOption = flag('C', "takes a run of delimiters for one");
/// `-c`.
pub const NOT_CRUNCH: CommandOption = flag('c', "takes each delimiter for itself");
/// `-d`.
pub const DELIMITERS: CommandOption = value(
    'd',
    "delim",
    "the delimiters, instead of white space; an empty word stands for netstrings",
);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    run_directive(engine, call, directive)
}

/// `define` as a directive.
pub fn directive(
    _: &mut Engine,
    argv: &mut Argv<'_>,
    _: &mut Blocks,
    _: &Environment<'_>,
    substitution: &mut Substitution,
) -> Result<(), Refusal> {
    let mut transform = TransformOptions::new(false);
    argv.options(LETTERS, &mut |letter, argument| {
        transform.take(letter, argument);
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Refusal::Syntax);
    }
    let (key, value) = (argv.operand()?, argv.operand()?);
    substitution.check(&key)?;
    substitution.add(&key, transform.apply(value.to_bytes())?)
}
