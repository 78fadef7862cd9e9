//! `backtick`: runs a block, puts what it prints into a variable, and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/backtick.html>

use crate::block::{self, Word};
use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::engine::cannot_spawn;
use crate::process::environment::valid_name;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::importing::import_all;
use crate::process::number::Decimal;
use crate::process::outcome::Codes;
use crate::process::output::Output;
use crate::process::{
    Argv, Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Spawned, Start, Stop,
};
use crate::sys::fd;
use crate::sys::process::{Ending, FdChange, Preparation};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("backtick", "puts a block's output into a variable", run)
    .usage("backtick [ -i | -I | -x | -D default ] [ -N | -n ] [ -E | -e ] var { prog... } remainder...")
    .options(&[
        flag('i', "insists: exits as the block does, where it fails"),
        flag('I', "takes the output of a block that fails too"),
        flag('x', "removes the variable where the block fails"),
        value('D', "default", "the value where the block fails"),
        flag('N', "keeps a newline at the end"),
        flag('n', "drops a newline at the end"),
        flag('E', "substitutes the variable in the rest"),
        flag('e', "does not substitute it"),
    ])
    .operands(&[
        Operand::Variable("var"),
        Operand::Program("prog"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new("backtick GREETING { echo hello }  printenv GREETING", "hello\n"),
        Example::new("backtick -E word { echo hello }  echo ${word}!", "hello!\n"),
        Example::new("backtick word { false }  echo never", "")
            .complains("backtick: fatal: child process exited non-zero\n")
            .code(1),
        Example::new("backtick -E -D none word { false }  echo $word", "none\n"),
        Example::new("backtick word { printf a\\\\0b }  echo never", "")
            .complains("backtick: fatal: child process output contained a null character\n")
            .code(124),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// What counts where the block fails, or what it prints is no word.
#[derive(Clone, PartialEq, Eq)]
enum Otherwise<'a> {
    Exit,
    TakeAnyway,
    Default(Option<Word<'a>>),
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut otherwise = Otherwise::Exit;
    let (mut chomps, mut imports) = (true, false);
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'i' => otherwise = Otherwise::Exit,
            b'I' => otherwise = Otherwise::TakeAnyway,
            b'x' => otherwise = Otherwise::Default(None),
            b'D' => otherwise = Otherwise::Default(Some(argument)),
            b'N' => chomps = false,
            b'n' => chomps = true,
            b'E' => imports = true,
            _ => imports = false,
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let block = Blocks::new(&environment).take(engine, &mut argv)?;
    if block.as_ref().is_some_and(|block| block.is_empty()) {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let block = block.ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    if argv.is_empty() {
        let message = b"the command line after the block must not be empty";
        return Err(Failure::new(USAGE, &[message]).into());
    }
    let (output, ending) = capture(engine, &block, &environment)?;
    let insists = otherwise == Otherwise::Exit;
    let value = outcome_value(engine, output, ending, otherwise, chomps)?;
    Ok(go_on(
        argv,
        environment,
        variable,
        value,
        ending,
        insists,
        imports,
    ))
}

/// Runs the block and takes what it prints.
fn capture(
    engine: &mut Engine,
    block: &Argv<'_>,
    environment: &Environment<'_>,
) -> Result<(Output, Ending), Stop> {
    let failed = |errno| cannot_spawn(block.first(), errno, environment);
    let pipe = fd::pipe().map_err(failed)?;
    let changes = [
        FdChange::Close(pipe.read),
        FdChange::Move {
            to: 1,
            from: pipe.write,
        },
    ];
    let start = Start {
        preparation: Preparation::changing(changes).unblocking_signals(),
        concurrent: false,
    };
    let spawned = engine.start_block(block.borrowed(), environment.borrowed(), &start)?;
    fd::close(pipe.write);
    let mut output = Ok(Output::default());
    if let Spawned::Running(_) = spawned {
        output = Output::read(pipe.read);
    }
    fd::close(pipe.read);
    let output = output.map_err(|errno| Failure::system(SYSTEM, &[b"unable to slurp"], errno))?;
    let ending = engine
        .wait(spawned)
        .map_err(|trouble| trouble.failure(block.first(), false, environment))?;
    Ok((output, ending))
}

/// The variable's value; `None` where it is to be removed.
fn outcome_value<'a>(
    engine: &mut Engine,
    mut output: Output,
    ending: Ending,
    otherwise: Otherwise<'a>,
    chomps: bool,
) -> Result<Option<Word<'a>>, Stop> {
    if ending.status() != 0 {
        match otherwise {
            Otherwise::TakeAnyway => {}
            Otherwise::Default(default) => return Ok(default),
            Otherwise::Exit => {
                let message: &[u8] = match ending {
                    Ending::Killed(_) => b"child process crashed",
                    Ending::Exited(_) => b"child process exited non-zero",
                };
                return Err(Failure::new(ending.exit_code(), &[message]).into());
            }
        }
    } else if output.has_nul {
        let message = b"child process output contained a null character";
        match otherwise {
            // What stands before it.
            Otherwise::TakeAnyway => {
                let end = output.bytes.iter().position(|&byte| byte == 0);
                output.bytes.truncate(end.unwrap_or(output.bytes.len()));
            }
            Otherwise::Default(default) => {
                engine.warn(&[message])?;
                return Ok(default);
            }
            Otherwise::Exit => return Err(Failure::new(124, &[message]).into()),
        }
    }
    Ok(Some(if chomps {
        output.chomped()
    } else {
        block::word(output.bytes)
    }))
}

/// Puts the value into the variable and, where the block may have failed, what became of it
/// into `?`.
fn go_on<'a>(
    mut argv: Argv<'a>,
    mut environment: Environment<'a>,
    variable: Word<'a>,
    value: Option<Word<'a>>,
    ending: Ending,
    insists: bool,
    imports: bool,
) -> Outcome<'a> {
    let mut imported: Vec<Word> = Vec::new();
    match &value {
        Some(value) => {
            environment.set(variable.to_bytes(), value.to_bytes());
            imported.push(variable);
        }
        None => environment.unset(variable.to_bytes()),
    }
    if !insists {
        environment.set(b"?", Decimal::new(ending.status()).as_bytes());
        imported.push(Cow::Borrowed(c"?"));
    }
    if imports && !imported.is_empty() {
        argv = argv.preceded_by(import_all(imported));
    }
    Outcome::chain_if_any(argv, environment)
}
