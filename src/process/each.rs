//! Running a command line once for each of several values: what the loops share.
//!
//! `-o` and `-x` are obeyed only one child at a time; the exit code that the pages promise for
//! several at once is not there in the reference since 2.9.9.0.

use super::argv::Argv;
use super::engine::{Engine, Spawned, Start};
use super::environment::Environment;
use super::failure::{Failure, SYSTEM};
use super::importing::import_one;
use super::number;
use super::outcome::{Codes, Stop};
use crate::block::Word;
use crate::sys::process::{self, Pid, Preparation};
use alloc::vec::Vec;

/// Which exit codes end a loop.
#[derive(Default)]
pub struct Breaks {
    listed: Vec<u16>,
    others: bool,
}

impl Breaks {
    /// These exit codes end it, or with `others`, all but these.
    pub fn list(text: &[u8], others: bool) -> Result<Breaks, Failure> {
        let listed = number::short_list(text).ok_or(Failure::Usage)?;
        Ok(Breaks { listed, others })
    }

    fn at(&self, code: u8) -> bool {
        self.listed.contains(&u16::from(code)) != self.others
    }
}

/// Takes a process out of a list, once. True where it was there.
pub fn strike(pids: &mut Vec<Pid>, pid: Pid) -> bool {
    let place = pids.iter().position(|&it| it == pid);
    if let Some(place) = place
        && let Some(last) = pids.pop()
        && let Some(freed) = pids.get_mut(place)
    {
        *freed = last;
    }
    place.is_some()
}

/// A loop.
pub struct Each<'a> {
    variable: Word<'a>,
    body: Argv<'a>,
    /// The program that failures name.
    program: Word<'a>,
    /// The environment without that variable.
    environment: Environment<'a>,
    breaks: Breaks,
    /// How many children there are at once.
    at_once: usize,
    /// Those that are running.
    running: Vec<Pid>,
}

/// What loops are asked for by options that they share.
pub struct EachOptions {
    /// Which exit codes end it.
    pub breaks: Breaks,
    /// How many children there are at once; at least one is.
    pub at_once: usize,
    /// Whether the variable is substituted in what is run.
    pub imports: bool,
}

impl<'a> Each<'a> {
    /// A loop that runs `program` with a variable that holds the value.
    pub fn new(
        engine: &mut Engine,
        variable: Word<'a>,
        program: Argv<'a>,
        environment: Environment<'a>,
        options: EachOptions,
    ) -> Each<'a> {
        // Upstream catches this signal, so that its children have it at its default.
        engine.mind_children();
        Each {
            program: program.words().first().cloned().unwrap_or_default(),
            body: if options.imports {
                import_one(program, variable.clone())
            } else {
                program
            },
            variable,
            environment,
            breaks: options.breaks,
            at_once: options.at_once.max(1),
            running: Vec::new(),
        }
    }

    /// Runs the body with this value. An exit code is the end of the loop.
    pub fn run(&mut self, engine: &mut Engine, value: &[u8]) -> Result<Option<u8>, Stop> {
        let mut environment = self.environment.borrowed();
        environment.set(self.variable.to_bytes(), value);
        let start = Start {
            preparation: Preparation::NONE.unblocking_signals(),
            concurrent: self.at_once > 1,
        };
        let spawned = engine.start_block(self.body.borrowed(), environment, &start)?;
        if let (true, Spawned::Running(pid)) = (start.concurrent, &spawned) {
            self.running.push(*pid);
            while self.running.len() >= self.at_once {
                self.wait_for_one(engine)?;
            }
            return Ok(None);
        }
        let ending = engine.wait(spawned).map_err(|trouble| {
            trouble.failure(self.program.to_bytes(), false, &self.environment)
        })?;
        let code = ending.exit_code();
        Ok(self.breaks.at(code).then_some(code))
    }

    /// Waits for those that are still running.
    pub fn finish(&mut self, engine: &mut Engine) -> Result<(), Stop> {
        while !self.running.is_empty() {
            self.wait_for_one(engine)?;
        }
        Ok(())
    }

    fn wait_for_one(&mut self, engine: &mut Engine) -> Result<(), Stop> {
        engine.take_name();
        loop {
            let (ended, _) = process::wait_any()
                .map_err(|errno| Failure::system(SYSTEM, &[b"unable to wait"], errno))?;
            if strike(&mut self.running, ended) {
                return Ok(());
            }
        }
    }
}
