//! `forx`: runs the rest for each word of a block, with the word in a variable.
//!
//! Reference: <https://skarnet.org/software/execline/forx.html>

use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::each::{Breaks, Each, EachOptions};
use crate::process::environment::valid_name;
use crate::process::number;
use crate::process::{Blocks, Call, Engine, Failure, Letters, Outcome, Stop};

/// The command.
pub const COMMAND: Command = Command::new("forx", "runs the rest for each word of a block", run)
    .usage(
        "forx [ -E | -e ] [ -p | -P maxpar ] [ -o okcode,okcode,... | -x breakcode,breakcode,... ] \
         var { values... } command...",
    )
    .options(&[
        flag('p', "all at once"),
        value('P', "maxpar", "so many at once").since("2.9.7.0"),
        value(
            'o',
            "okcodes",
            "stops at an exit code that is none of these",
        ),
        value('x', "breakcodes", "stops at one of these exit codes"),
        flag('E', "substitutes the variable in the rest"),
        flag('e', "does not substitute it"),
    ])
    .operands(&[
        Operand::Variable("var"),
        Operand::Words("values"),
        Operand::Rest(Rest::Optional),
    ])
    .examples(&[
        Example::new("forx -E i { a b }  echo $i", "a\nb\n"),
        Example::new("forx i { a b }  importas -u i i  echo $i", "a\nb\n"),
        Example::new(
            "forx -E -x 3 code { 0 3 5 }  foreground { echo $code }  exit $code",
            "0\n3\n",
        )
        .code(3),
        Example::new("forx i { }  echo never", ""),
        Example::new("forx A=B { x }  true", "")
            .complains("forx: fatal: invalid variable name\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut at_once = 1;
    let mut imports = false;
    let mut breaks = Breaks::default();
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'p' => at_once = u32::MAX,
            b'P' => at_once = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?,
            b'E' => imports = true,
            b'e' => imports = false,
            _ => breaks = Breaks::list(argument.to_bytes(), letter == b'o')?,
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let values = Blocks::new(&environment).need(engine, &mut argv, b"unterminated block")?;
    if values.is_empty() || argv.is_empty() {
        return Ok(Outcome::Exit(0));
    }
    let options = EachOptions {
        breaks,
        at_once: (at_once as usize).min(values.len()),
        imports,
    };
    let mut each = Each::new(engine, variable, argv, environment, options);
    for value in values.words() {
        if let Some(code) = each.run(engine, value.to_bytes())? {
            return Ok(Outcome::Exit(code));
        }
    }
    each.finish(engine)?;
    Ok(Outcome::Exit(0))
}
