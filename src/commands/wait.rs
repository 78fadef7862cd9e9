//! `wait`: waits for children.
//!
//! Without a value, `-t` at the end of the options is ignored.
//! Reference: <https://skarnet.org/software/execline/wait.html>

use crate::block;
use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::process::each::strike;
use crate::process::failure::SYSTEM;
use crate::process::long_options::LongOption;
use crate::process::number::{self, Decimal};
use crate::process::outcome::Codes;
use crate::process::{Argv, Blocks, Call, Engine, Failure, Outcome, Stop};
use crate::sys::process::{self, Ending, Pid};
use crate::sys::signal::{self, Signals};
use crate::sys::{Errno, time};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("wait", "waits for children", run)
    .usage("wait [ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { pids... } [ prog... ]")
    .options(&[
        flag('I', "goes on when the time is over").long("no-insist"),
        flag('i', "exits with 99 when the time is over").long("insist"),
        flag('a', "waits for all of them").long("all"),
        flag('o', "waits for one of them; its number and exit code go into ! and ?").long("one"),
        flag('r', "does not wait: only reaps").long("reap"),
        value('t', "timeout", "waits so many milliseconds at most").long("timeout"),
    ])
    .operands(&[
        Operand::Words("process numbers; none for all children"),
        Operand::Rest(Rest::Optional),
    ])
    .examples(&[
        Example::new("background { echo child }  wait { }  echo parent", "child\nparent\n"),
        Example::new(
            "background { exit 3 }  importas child !  wait -o { $child }  importas code ?  echo $code",
            "3\n",
        ),
        Example::new("wait { x }", "")
            .complains(
                "wait: usage: wait [ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { pids... } [ prog... ]\n",
            )
            .code(100),
    ]);

const OPTIONS: [LongOption; 6] = COMMAND.long_options();

/// The exit code where the time is over and that is an error.
const TIME_IS_OVER: u8 = 99;

/// Whom to wait for.
struct Wanted {
    /// Their numbers; with none, every child counts.
    pids: Vec<Pid>,
    /// The last number, which the exit code is of.
    last: Option<Pid>,
    /// One of them is enough.
    one: bool,
}

/// What the waiting came to.
#[derive(Default)]
struct Waited {
    pid: Option<Pid>,
    code: Option<u8>,
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let (mut insists, mut one, mut reaps) = (false, false, false);
    let mut timeout = None;
    argv.long_options(&OPTIONS, &mut |option, argument| match option.letter {
        b'I' => insists = false,
        b'i' => insists = true,
        b'a' => one = false,
        b'o' => one = true,
        b'r' => reaps = true,
        _ => timeout = Some(argument),
    })?;
    let milliseconds = match timeout {
        _ if reaps => Some(0),
        Some(timeout) => Some(number::whole(timeout.to_bytes()).ok_or(Failure::Usage)?),
        None => None,
    };
    // Without an end they are no block, but their quotes are taken off all the same.
    let words: Vec<_> = argv.words().iter().cloned().map(block::unquote).collect();
    let ended = Blocks::lenient().take(engine, &mut argv)?;
    let is_block = ended.is_some();
    let numbers = ended.unwrap_or_else(|| Argv::from(words));
    let pids = numbers
        .words()
        .iter()
        .map(|word| number::process(word.to_bytes()).ok_or(Failure::Usage))
        .collect::<Result<Vec<Pid>, Failure>>()?;
    let mut wanted = Wanted {
        last: pids.last().copied(),
        pids,
        one,
    };
    engine.take_name();
    let result = match milliseconds {
        Some(milliseconds) => wanted.wait_until(milliseconds, insists)?,
        None => wanted.wait()?,
    };
    if !is_block {
        return Ok(Outcome::Exit(result.code.unwrap_or(127)));
    }
    if one {
        match result.code {
            Some(code) => {
                environment.set(b"?", Decimal::new(code).as_bytes());
                match result.pid {
                    Some(pid) => environment.set(b"!", Decimal::of_id(pid).as_bytes()),
                    None => environment.set(b"!", b"-1"),
                }
            }
            None => {
                environment.unset(b"?");
                environment.unset(b"!");
            }
        }
    }
    Ok(Outcome::chain_if_any(argv, environment))
}

fn failed(errno: Errno) -> Failure {
    Failure::system(SYSTEM, &[b"unable to wait"], errno)
}

impl Wanted {
    /// Takes notice of a child's end. True where that one was wanted.
    fn strike(&mut self, pid: Pid) -> bool {
        self.last.is_none() || strike(&mut self.pids, pid)
    }

    /// True where nobody is left to wait for.
    fn is_over(&self) -> bool {
        self.last.is_some() && self.pids.is_empty()
    }

    /// What it comes to that this wanted child has ended.
    fn note(&self, result: &mut Waited, pid: Pid, ending: Ending) {
        if self.one || self.last == Some(pid) {
            *result = Waited {
                pid: Some(pid),
                code: Some(ending.exit_code()),
            };
        }
    }

    /// What it comes to before any child has ended: success, where all are waited for.
    fn nothing_yet(&self) -> Waited {
        Waited {
            pid: None,
            code: (self.last.is_none() && !self.one).then_some(0),
        }
    }

    fn wait(&mut self) -> Result<Waited, Failure> {
        let mut result = self.nothing_yet();
        while !self.is_over() {
            let (pid, ending) = match process::wait_any() {
                Ok(ended) => ended,
                Err(Errno::ECHILD) => break,
                Err(errno) => return Err(failed(errno)),
            };
            if self.strike(pid) {
                self.note(&mut result, pid, ending);
                if self.one {
                    break;
                }
            }
        }
        Ok(result)
    }

    fn wait_until(&mut self, milliseconds: u32, insists: bool) -> Result<Waited, Failure> {
        let child_ended = Signals::only(libc::SIGCHLD);
        signal::block(child_ended);
        let deadline = time::monotonic() + u64::from(milliseconds) * 1_000_000;
        let mut result = Waited {
            pid: None,
            // The reference takes the process number 0 at the end for none.
            code: matches!(self.last, None | Some(0)).then_some(0),
        };
        let outcome = loop {
            match process::ended_child() {
                Ok(Some((pid, ending))) => {
                    if self.strike(pid) {
                        self.note(&mut result, pid, ending);
                        if self.one || self.is_over() {
                            break Ok(result);
                        }
                    }
                    continue;
                }
                Ok(None) => {}
                Err(Errno::ECHILD) => break Ok(result),
                Err(errno) => break Err(failed(errno)),
            }
            let left = deadline.saturating_sub(time::monotonic());
            let waited = signal::wait_for(child_ended, left);
            match waited {
                Ok(Some(_)) | Err(Errno::EINTR) => {}
                Ok(None) if insists => {
                    break Err(Failure::system(
                        TIME_IS_OVER,
                        &[b"unable to wait"],
                        Errno::ETIMEDOUT,
                    ));
                }
                Ok(None) => {
                    break Ok(Waited {
                        code: None,
                        ..result
                    });
                }
                Err(errno) => break Err(failed(errno)),
            }
        };
        // Upstream's bookkeeping ends with no signal blocked, whatever was before.
        signal::set_blocked(Signals::NONE);
        outcome
    }
}
