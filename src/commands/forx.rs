//! `forx`: runs the rest for each word of a block, with the word in a variable.
//!
//! `-o` and `-x` are obeyed only one child at a time; the exit code that the page promises for
//! several at once is not there in the reference since 2.9.9.0.
//! Reference: <https://skarnet.org/software/execline/forx.html>

use super::importas;
use crate::block::Word;
use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::engine::cannot_spawn;
use crate::process::environment::valid_name;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number;
use crate::process::outcome::Codes;
use crate::process::{
    Argv, Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Spawned, Start, Stop,
};
use crate::sys::process::{self, Pid, Preparation};
use alloc::vec::Vec;

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

/// What is to be done for each word.
struct Loop<'a> {
    variable: Word<'a>,
    body: Argv<'a>,
    environment: Environment<'a>,
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut at_once = 1;
    let (mut imports, mut stops_at_listed) = (false, true);
    let mut listed: Vec<u16> = Vec::new();
    argv.options(LETTERS, |letter, argument| {
        match letter {
            b'p' => at_once = u32::MAX,
            b'P' => at_once = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?,
            b'E' => imports = true,
            b'e' => imports = false,
            _ => {
                stops_at_listed = letter == b'x';
                listed = number::short_list(argument.to_bytes()).ok_or(Failure::Usage)?;
            }
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let values = Blocks::new(&environment)
        .take(engine, &mut argv)?
        .ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    if values.is_empty() || argv.is_empty() {
        return Ok(Outcome::Exit(0));
    }
    let body = if imports {
        importas::importing(argv, variable.clone())
    } else {
        argv
    };
    let each = Loop {
        variable,
        body,
        environment,
    };
    // Upstream catches this signal, so that its children have it at its default.
    engine.mind_children();
    if at_once > 1 && values.len() > 1 {
        each.run_at_once(engine, &values, at_once)?;
        return Ok(Outcome::Exit(0));
    }
    for value in values.words() {
        let spawned = each.start(engine, value, false)?;
        let ending = engine
            .wait(spawned)
            .map_err(|trouble| trouble.failure(each.body.first(), false, &each.environment))?;
        let code = ending.exit_code();
        if listed.contains(&u16::from(code)) == stops_at_listed {
            return Ok(Outcome::Exit(code));
        }
    }
    Ok(Outcome::Exit(0))
}

impl Loop<'_> {
    fn start(
        &self,
        engine: &mut Engine,
        value: &Word<'_>,
        concurrent: bool,
    ) -> Result<Spawned, Stop> {
        let mut environment = self.environment.borrowed();
        environment.set(self.variable.to_bytes(), value.to_bytes());
        let start = Start {
            preparation: Preparation {
                fds: &[],
                unblock_signals: true,
            },
            concurrent,
        };
        engine.start_block(self.body.borrowed(), environment, &start)
    }

    fn run_at_once(
        &self,
        engine: &mut Engine,
        values: &Argv<'_>,
        at_once: u32,
    ) -> Result<(), Stop> {
        let mut running: Vec<Pid> = Vec::new();
        for value in values.words() {
            match self.start(engine, value, true)? {
                Spawned::Running(pid) => running.push(pid),
                Spawned::Failed(errno) => return Err(self.cannot_spawn(errno).into()),
                Spawned::Ended(_) => {}
            }
            if running.len() >= at_once as usize {
                wait_for_one(engine, &mut running)?;
            }
        }
        while !running.is_empty() {
            wait_for_one(engine, &mut running)?;
        }
        Ok(())
    }

    fn cannot_spawn(&self, errno: crate::sys::Errno) -> Failure {
        cannot_spawn(self.body.first(), errno, &self.environment)
    }
}

/// Waits until one of the children has ended.
fn wait_for_one(engine: &mut Engine, running: &mut Vec<Pid>) -> Result<(), Stop> {
    engine.take_name();
    loop {
        let (ended, _) = process::wait_any()
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to wait"], errno))?;
        if let Some(place) = running.iter().position(|&pid| pid == ended) {
            running.swap_remove(place);
            return Ok(());
        }
    }
}
