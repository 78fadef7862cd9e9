//! `trap`: runs the rest as a child, and a block for each signal that comes meanwhile.
//!
//! Deviation: a number beyond all signals is an unrecognized directive; the reference crashes.
//! Deviation: with SIGCHLD ignored, it ends when its child does; the reference waits forever.
//! Reference: <https://skarnet.org/software/execline/trap.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::engine::cannot_spawn;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::{self, Decimal};
use crate::process::outcome::Codes;
use crate::process::{
    Argv, Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Spawned, Start, Stop,
};
use crate::sys::process::{self, Pid, Preparation};
use crate::sys::signal::{self, Signals};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("trap", "runs blocks when signals come", run)
    .usage("trap [ -x ] { signal { cmdline } ... } prog...")
    .options(&[flag('x', "passes signals without a block on to the child")])
    .operands(&[Operand::Cases("signals"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new(
            "trap { TERM { echo caught } }  sh -c \"kill -TERM $PPID; sleep 1; echo done\"",
            "caught\ndone\n",
        ),
        Example::new("trap { USR1 { true } }  exit 3", "").code(3),
        Example::new("trap { KILL { true } }  true", "")
            .complains("trap: fatal: SIGKILL (9) cannot be trapped\n")
            .code(100),
        Example::new("trap { NOSUCH { true } }  true", "")
            .complains("trap: fatal: unrecognized directive: NOSUCH\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// One more than the highest signal.
const SIGNALS: usize = 65;

/// Names and numbers. Where a number has several names, the last one is shown.
const NAMES: [(&str, i32); 34] = [
    ("ABRT", libc::SIGABRT),
    ("ALRM", libc::SIGALRM),
    ("BUS", libc::SIGBUS),
    ("CHLD", libc::SIGCHLD),
    ("CLD", libc::SIGCHLD),
    ("CONT", libc::SIGCONT),
    ("FPE", libc::SIGFPE),
    ("HUP", libc::SIGHUP),
    ("ILL", libc::SIGILL),
    ("INT", libc::SIGINT),
    ("IOT", libc::SIGABRT),
    ("KILL", libc::SIGKILL),
    ("PIPE", libc::SIGPIPE),
    ("POLL", libc::SIGIO),
    ("IO", libc::SIGIO),
    ("PROF", libc::SIGPROF),
    ("PWR", libc::SIGPWR),
    ("QUIT", libc::SIGQUIT),
    ("SEGV", libc::SIGSEGV),
    ("STKFLT", libc::SIGSTKFLT),
    ("STOP", libc::SIGSTOP),
    ("SYS", libc::SIGSYS),
    ("TERM", libc::SIGTERM),
    ("TRAP", libc::SIGTRAP),
    ("TSTP", libc::SIGTSTP),
    ("TTIN", libc::SIGTTIN),
    ("TTOU", libc::SIGTTOU),
    ("URG", libc::SIGURG),
    ("USR1", libc::SIGUSR1),
    ("USR2", libc::SIGUSR2),
    ("VTALRM", libc::SIGVTALRM),
    ("WINCH", libc::SIGWINCH),
    ("XCPU", libc::SIGXCPU),
    ("XFSZ", libc::SIGXFSZ),
];

/// What is to be done for each signal; at 0, for those without a block of their own.
type Reactions<'a> = Vec<Option<Argv<'a>>>;

/// The signals that can be trapped. The two that glibc keeps for itself never arrive there.
fn trappable() -> Signals {
    let mut set = u64::MAX;
    for signal in [libc::SIGKILL, libc::SIGSTOP, 32, 33] {
        set &= !Signals::only(signal).0;
    }
    Signals(set)
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut passes_on = false;
    argv.options(LETTERS, &mut |_, _| {
        passes_on = true;
        Ok(())
    })?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let mut blocks = Blocks::new(&environment);
    let directives = blocks.take(engine, &mut argv)?;
    if directives.as_ref().is_some_and(|block| block.is_empty()) {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let directives = directives.ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let reactions = read_directives(engine, &mut blocks, directives)?;
    let trapped = if passes_on || reactions.first().is_some_and(Option::is_some) {
        trappable()
    } else {
        let mut set = Signals::only(libc::SIGCHLD).0;
        for (signal, reaction) in reactions.iter().enumerate().skip(1) {
            if reaction.is_some() {
                set |= Signals::only(signal as i32).0;
            }
        }
        Signals(set)
    };
    // An ignored SIGCHLD would never come; the reference waits for it forever.
    engine.mind_children();
    // Children are started with no signal blocked.
    signal::block(trapped);
    engine.take_name();
    let child = match engine.start_block(argv.borrowed(), environment.borrowed(), &UNBLOCKED)? {
        Spawned::Running(pid) => pid,
        Spawned::Failed(errno) => {
            return Err(cannot_spawn(argv.first(), errno, &environment).into());
        }
        Spawned::Ended(ending) => return Ok(Outcome::Exit(ending.exit_code())),
    };
    let mut watch = Watch {
        reactions,
        environment,
        child,
        running: Vec::from([None; SIGNALS]),
    };
    loop {
        let signal = signal::wait_forever(trapped)
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to iopause"], errno))?;
        if signal == libc::SIGCHLD {
            if let Some(code) = watch.reap()? {
                return Ok(Outcome::Exit(code));
            }
        } else {
            watch.act(engine, signal)?;
        }
    }
}

/// How the child and the blocks are started.
const UNBLOCKED: Start = Start {
    preparation: Preparation::NONE.unblocking_signals(),
    concurrent: true,
};

/// Reads `SIGNAL { BLOCK }` again and again.
fn read_directives<'a>(
    engine: &mut Engine,
    blocks: &mut Blocks,
    mut directives: Argv<'a>,
) -> Result<Reactions<'a>, Stop> {
    let mut reactions: Reactions = Vec::new();
    reactions.resize_with(SIGNALS, || None);
    while let Some(name) = directives.take() {
        let name = name.to_bytes();
        let signal = number_of(name)
            .ok_or_else(|| Failure::new(USAGE, &[b"unrecognized directive: ", name]))?;
        let block = blocks.take(engine, &mut directives)?.ok_or_else(|| {
            Failure::new(
                USAGE,
                &[b"unterminated internal block for directive ", name],
            )
        })?;
        let Some(reaction) = reactions.get_mut(signal as usize) else {
            return Err(Failure::new(USAGE, &[b"unrecognized directive: ", name]).into());
        };
        if reaction.is_some() {
            return Err(Failure::new(USAGE, &[b"duplicate directive: ", name]).into());
        }
        let is_trappable = signal == 0
            || (signal != libc::SIGCHLD && trappable().0 & Signals::only(signal).0 != 0);
        if !is_trappable {
            let number = Decimal::of_id(signal);
            let message: [&[u8]; 5] = [
                b"SIG",
                name_of(signal),
                b" (",
                number.as_bytes(),
                b") cannot be trapped",
            ];
            return Err(Failure::new(USAGE, &message).into());
        }
        *reaction = Some(block);
    }
    Ok(reactions)
}

/// The signal of a name, with or without `SIG`, or of a number; 0 is `default`.
fn number_of(name: &[u8]) -> Option<i32> {
    let plain = |name: &[u8]| {
        let named = NAMES
            .iter()
            .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name));
        match named {
            Some((_, signal)) => Some(*signal),
            None => number::whole(name)
                .and_then(|signal| i32::try_from(signal).ok())
                .filter(|&signal| (signal as usize) < SIGNALS),
        }
    };
    let behind_sig = || {
        let (sig, rest) = name.split_at_checked(3)?;
        sig.eq_ignore_ascii_case(b"SIG").then_some(rest)
    };
    plain(name)
        .or_else(|| behind_sig().and_then(plain))
        .or_else(|| name.eq_ignore_ascii_case(b"default").then_some(0))
}

fn name_of(signal: i32) -> &'static [u8] {
    let named = NAMES.iter().rev().find(|(_, number)| *number == signal);
    named.map_or(b"???", |(name, _)| name.as_bytes())
}

/// The child, and the blocks that run beside it.
struct Watch<'a> {
    reactions: Reactions<'a>,
    environment: Environment<'a>,
    child: Pid,
    /// For each signal, the block that runs for it.
    running: Vec<Option<Pid>>,
}

impl Watch<'_> {
    /// Runs a signal's block, unless it is running already, or passes the signal on.
    fn act(&mut self, engine: &mut Engine, signal: i32) -> Result<(), Stop> {
        let own = self.reactions.get(signal as usize).and_then(Option::as_ref);
        let Some(block) = own.or_else(|| self.reactions.first()?.as_ref()) else {
            process::send_signal(self.child, signal);
            return Ok(());
        };
        let Some(running) = self.running.get_mut(signal as usize) else {
            return Ok(());
        };
        // An empty block is a signal that nothing comes of.
        if running.is_some() || block.is_empty() {
            return Ok(());
        }
        let mut environment = self.environment.borrowed();
        environment.set(b"!", Decimal::of_id(self.child).as_bytes());
        environment.set(b"SIGNAL", Decimal::of_id(signal).as_bytes());
        match engine.start_block(block.borrowed(), environment, &UNBLOCKED)? {
            Spawned::Running(pid) => *running = Some(pid),
            Spawned::Failed(errno) => {
                return Err(cannot_spawn(block.first(), errno, &self.environment).into());
            }
            Spawned::Ended(_) => {}
        }
        Ok(())
    }

    /// Takes notice of the children that have ended. The child's exit code is the end.
    fn reap(&mut self) -> Result<Option<u8>, Failure> {
        loop {
            let (pid, ending) = match process::ended_child() {
                Ok(Some(ended)) => ended,
                Ok(None) => return Ok(None),
                // Without the child there is nothing to wait for any more.
                Err(errno) => return Err(Failure::system(SYSTEM, &[b"unable to wait"], errno)),
            };
            if pid == self.child {
                return Ok(Some(ending.exit_code()));
            }
            for running in &mut self.running {
                if *running == Some(pid) {
                    *running = None;
                }
            }
        }
    }
}
