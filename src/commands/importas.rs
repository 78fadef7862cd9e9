//! `importas`: substitutes a key by the value of a variable in the rest.
//!
//! Reference: <https://skarnet.org/software/execline/importas.html>

use super::define::{CHOMP, CRUNCH, DELIMITERS, NOT_CHOMP, NOT_CRUNCH, SPLIT};
use crate::command::{Command, Effect, Example, Operand, Rest, flag, value};
use crate::process::directive::{Refusal, Substitution, TransformOptions, run_directive};
use crate::process::failure::USAGE;
use crate::process::{
    Argv, Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop,
};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command =
    Command::new("importas", "substitutes a key by a variable's value", run)
        .usage(
            "importas [ -i | -D default ] [ -u ] [ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ] \
         key var prog...",
        )
        .options(&[
            flag('S', "the key and the variable have one name, given once")
                .since("2.9.6.0")
                .effect(Effect::Omits),
            flag('i', "insists: exits with 100 where the variable is not set"),
            flag('u', "removes the variable from the environment"),
            value('D', "default", "the value where the variable is not set"),
            NOT_CHOMP,
            CHOMP,
            SPLIT,
            CRUNCH,
            NOT_CRUNCH,
            DELIMITERS,
        ])
        .operands(&[
            Operand::Key("key"),
            Operand::Variable("var"),
            Operand::Rest(Rest::Required),
        ])
        .reach(Reach::Words)
        .examples(&[
            Example::new(
                "export GREETING hello  importas g GREETING  echo $g",
                "hello\n",
            ),
            Example::new(
                "importas -D nobody who NO_SUCH_VARIABLE  echo $who",
                "nobody\n",
            ),
            Example::new("importas who NO_SUCH_VARIABLE  echo \"x$who\" y", "y\n"),
            Example::new("importas -i who NO_SUCH_VARIABLE  echo $who", "")
                .complains("importas: fatal: NO_SUCH_VARIABLE not set\n")
                .code(100),
            Example::new("export A b  importas -u a A  printenv A", "").code(1),
            Example::new(
                "export DIRS /a:/b  importas -s -d : dir DIRS  echo ${dir}/c",
                "/a/c /b/c\n",
            ),
            Example::new("export A b  importas -S A  echo $A", "b\n").since("2.9.6.0"),
        ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    run_directive(engine, call, directive)
}

/// `importas` as a directive.
pub fn directive(
    _: &mut Engine,
    argv: &mut Argv<'_>,
    _: &mut Blocks,
    environment: &Environment<'_>,
    substitution: &mut Substitution,
) -> Result<(), Refusal> {
    let mut transform = TransformOptions::new(false);
    let (mut same_name, mut insists, mut removes) = (false, false, false);
    let mut default = None;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'S' => same_name = true,
            b'i' => insists = true,
            b'u' => removes = true,
            b'D' => default = Some(argument),
            _ => transform.take(letter, argument),
        }
        Ok(())
    })?;
    if argv.len() < if same_name { 1 } else { 2 } {
        return Err(Refusal::Syntax);
    }
    let key = argv.operand()?;
    let variable = if same_name {
        key.clone()
    } else {
        argv.operand()?
    };
    substitution.check(&key)?;
    let value = environment.get(variable.to_bytes());
    if value.is_none() && insists {
        return Err(Failure::new(USAGE, &[variable.to_bytes(), b" not set"]).into());
    }
    if value.is_some() && removes {
        substitution
            .removed
            .push(Cow::Owned(variable.clone().into_owned()));
    }
    let value = value.or_else(|| default.as_ref().map(|default| default.to_bytes()));
    let values = match value {
        Some(value) => transform.apply(value)?,
        None => Vec::new(),
    };
    substitution.add(&key, values)
}
