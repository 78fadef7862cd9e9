//! The engine: fused chain loading.
//!
//! Upstream pays an `execve` for each command. Here a command of ours runs in this process,
//! and only programs that are not ours are executed. A block is walked through in this
//! process too, as long as its commands touch nothing but argv, environment and standard
//! error: it may end without there ever having been a process. Where it needs one, it gets
//! it at that moment.
//!
//! Blocks nest, so there are levels: level 0 is the program itself, level 1 a block of one
//! of its commands, and so on. Levels below `floor` have a process of their own; this
//! process is the one of level `floor - 1`. A level gets its process by a fork: the child
//! goes on where it stands, as that level, and the parent unwinds to the place that waits
//! for the block (`Stop::Elsewhere`). So there are never more processes than upstream, and
//! each has the parent it has there.
//!
//! `EXECLINE_FUSION=0` in the environment makes every step an `execve`.

use super::argv::Argv;
use super::environment::Environment;
use super::explain;
use super::failure::{Failure, SYSTEM, execution_code};
use super::outcome::{Call, Chain, Outcome, Stop};
use super::search::{Purpose, Search};
use super::size::{ALWAYS_TAKEN, LONGEST_ARGV, Size};
use super::stack::Stack;
use crate::block::{self, Word};
use crate::sys::process::{self, Ending, FdChange, Fork, Pid, Pointers, Preparation};
use crate::sys::{Errno, fd, file, signal};
use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ffi::CStr;

/// What a command touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Its words, the environment and standard error.
    Words,
    /// It also looks at files and descriptors.
    Files,
    /// It also runs blocks and waits for them.
    Blocks,
    /// It changes the process or asks who it is: it needs one of its own.
    Process,
}

/// A command, as far as the engine knows it.
pub struct Runnable {
    /// What it is called by.
    pub name: &'static str,
    /// What it calls itself in messages.
    pub program: &'static str,
    /// What it says of its usage.
    pub usage: &'static str,
    /// What it touches.
    pub reach: Reach,
    /// Its work.
    pub run: for<'a> fn(&mut Engine, Call<'a>) -> Result<Outcome<'a>, Stop>,
}

/// All commands, by name.
pub type Registry = &'static [Runnable];

/// The command of this name among `commands`.
pub fn find(commands: Registry, name: &[u8]) -> Option<&'static Runnable> {
    commands
        .binary_search_by(|command| command.name.as_bytes().cmp(name))
        .ok()
        .and_then(|place| commands.get(place))
}

/// How a block is started.
#[derive(Clone, Copy, Default, Debug)]
pub struct Start {
    /// What changes in its process before it begins.
    pub preparation: Preparation,
    /// True where it must have a process even if it does nothing, as nobody waits for it here.
    pub concurrent: bool,
}

/// What became of a block that was started.
#[derive(Debug)]
pub enum Spawned {
    /// It is over, and there was no process.
    Ended(Ending),
    /// It is this process.
    Running(Pid),
    /// Its first program could not be executed.
    Failed(Errno),
}

/// Why nothing is known of a block's end.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// Its first program could not be executed.
    NotSpawned(Errno),
    /// It could not be waited for.
    NotWaited(Errno),
}

impl Trouble {
    /// The failure of a command that runs `program`; one that says whom it waits for, or not.
    pub fn failure(
        self,
        program: &[u8],
        names_child: bool,
        environment: &Environment<'_>,
    ) -> Failure {
        match self {
            Trouble::NotSpawned(errno) => cannot_spawn(program, errno, environment),
            Trouble::NotWaited(errno) if names_child => {
                Failure::system(SYSTEM, &[b"unable to wait for ", program], errno)
            }
            Trouble::NotWaited(errno) => Failure::system(SYSTEM, &[b"unable to wait_pid"], errno),
        }
    }
}

/// How deep blocks may stand in blocks inside one process; deeper ones are executed, each with
/// a stack of its own.
const LEVELS: usize = 64;

/// The state of this process that commands share.
pub struct Engine {
    registry: Registry,
    /// The command that runs.
    current: &'static Runnable,
    level: usize,
    floor: usize,
    /// The absolute path this program was executed by, as far as that is known; or an empty one.
    origin: &'static CStr,
    /// Device and inode of what is there; `None` until it is asked for.
    identity: Option<Option<(u64, u64)>>,
    /// The same by `/proc`, which always knows, but takes the kernel ten times as long.
    identity_of_proc: Option<Option<(u64, u64)>>,
    /// What `ps` shows.
    named: &'static str,
    /// The levels above the first, which is the program itself.
    levels: Vec<Level>,
    /// Whether SIGCHLD is ignored; `None` until it is asked for.
    ignores_children: Option<bool>,
    stack: Stack,
}

/// A block that is being walked through.
#[derive(Clone, Copy)]
struct Level {
    /// The command that waits for it, or goes on beside it.
    starter: &'static str,
    /// How its process begins, if it gets one.
    start: Start,
}

/// Which process a level's own is.
enum Own {
    /// This one.
    This,
    /// A child.
    Child(Pid),
    /// It cannot have one.
    None(Errno),
}

/// Where a program was found.
enum Found {
    /// It is a command of ours.
    Ours(&'static Runnable),
    /// It has become a child.
    Running(Pid),
    /// There is none that can be executed.
    Nowhere(Errno),
    /// There is no child that could execute it.
    NoProcess(Errno),
}

impl Engine {
    /// An engine whose first command is `first`, of the program that was executed by the path
    /// `origin`. A relative path is taken for none: it means another file in another directory.
    /// `stack` is the address where the stack begins.
    pub fn new(
        registry: Registry,
        first: &'static Runnable,
        origin: &'static CStr,
        stack: usize,
    ) -> Engine {
        let is_absolute = origin.to_bytes().starts_with(b"/");
        Engine {
            registry,
            current: first,
            level: 0,
            floor: 1,
            origin: if is_absolute { origin } else { c"" },
            identity: None,
            identity_of_proc: None,
            named: "",
            levels: Vec::new(),
            ignores_children: None,
            stack: Stack::new(stack),
        }
    }

    /// All commands, by name.
    pub fn commands(&self) -> Registry {
        self.registry
    }

    /// The command of this name.
    pub fn command(&self, name: &[u8]) -> Option<&'static Runnable> {
        find(self.registry, name)
    }

    /// Runs the first command and all that follows. Returns this process's exit code, unless
    /// it becomes another program.
    pub fn run(&mut self, call: Call<'_>) -> u8 {
        if !self.stack.is_enough() {
            let failure = Failure::system(SYSTEM, &[b"no room on the stack"], Errno::ENOMEM);
            self.say(&failure.text(self.current.program, ""));
            return SYSTEM;
        }
        let first = Next::Call(self.current, call);
        match self.walk(0, first) {
            Err(Stop::Leave(code)) => code,
            Ok(Spawned::Ended(Ending::Exited(code))) => code,
            // Level 0 is this process: there is no other end to it.
            _ => SYSTEM,
        }
    }

    /// Says something that does not end the command: `NAME: warning: MESSAGE`. As it is the
    /// command's own process that says it, there is one from here on.
    pub fn warn(&mut self, message: &[&[u8]]) -> Result<(), Stop> {
        self.be_real()?;
        let program = self.current.program.as_bytes();
        self.say(&[program, b": warning: ", &message.concat(), b"\n"].concat());
        Ok(())
    }

    /// As `warn`, with a line for people where there is one.
    pub fn warn_with_reason(
        &mut self,
        message: &[&[u8]],
        reason: Option<Vec<u8>>,
    ) -> Result<(), Stop> {
        self.warn(message)?;
        if let Some(reason) = reason {
            self.say(&[b"  ", reason.as_slice(), b"\n"].concat());
        }
        Ok(())
    }

    /// Says something of no fixed form in the command's own process.
    pub fn complain(&mut self, text: &[u8]) -> Result<(), Stop> {
        self.be_real()?;
        self.say(text);
        Ok(())
    }

    /// Writes to standard error.
    pub fn say(&self, text: &[u8]) {
        // There is nobody to tell where standard error is closed or full.
        let _ = fd::write_all(2, text);
    }

    /// Runs a block to its end.
    pub fn run_block(
        &mut self,
        argv: Argv<'_>,
        environment: Environment<'_>,
    ) -> Result<Result<Ending, Trouble>, Stop> {
        let spawned = self.start_block(argv, environment, &Start::default())?;
        Ok(self.wait(spawned))
    }

    /// Waits for a block to end.
    pub fn wait(&mut self, spawned: Spawned) -> Result<Ending, Trouble> {
        match spawned {
            Spawned::Running(pid) => process::wait(pid).map_err(Trouble::NotWaited),
            Spawned::Failed(errno) => Err(Trouble::NotSpawned(errno)),
            // The kernel would keep a child's exit code from us: so it must be without a child.
            Spawned::Ended(_) if self.forgets_children() => Err(Trouble::NotWaited(Errno::ECHILD)),
            Spawned::Ended(ending) => Ok(ending),
        }
    }

    /// True where this process ignores SIGCHLD, which makes children end without a trace.
    fn forgets_children(&mut self) -> bool {
        *self
            .ignores_children
            .get_or_insert_with(|| signal::is_ignored(libc::SIGCHLD))
    }

    /// Gives SIGCHLD its default disposition.
    pub fn mind_children(&mut self) {
        self.ignores_children = Some(false);
        signal::set_default(libc::SIGCHLD);
    }

    /// Names this process after the command that runs in it: it is about to wait.
    pub fn take_name(&mut self) {
        self.be_named(self.current.name);
    }

    fn be_named(&mut self, name: &'static str) {
        if self.named != name {
            self.named = name;
            process::set_name(name);
        }
    }

    /// Names this process before it gets its first child, which may look who its parent is.
    fn be_parent_of(&mut self, level: usize) {
        if let Some(level) = self.block(level) {
            self.be_named(level.starter);
        }
    }

    /// What is known of the block at `level`; nothing of the program itself.
    fn block(&self, level: usize) -> Option<Level> {
        self.levels.get(level.checked_sub(1)?).copied()
    }

    fn start_of(&self, level: usize) -> Start {
        self.block(level)
            .map(|level| level.start)
            .unwrap_or_default()
    }

    /// Starts a block.
    pub fn start_block(
        &mut self,
        argv: Argv<'_>,
        environment: Environment<'_>,
        start: &Start,
    ) -> Result<Spawned, Stop> {
        if argv.is_empty() && !start.concurrent {
            return Ok(Spawned::Ended(Ending::Exited(0)));
        }
        let (level, current) = (self.level + 1, self.current);
        self.level = level;
        self.levels.push(Level {
            starter: current.name,
            start: *start,
        });
        let chain = Chain {
            program: None,
            argv,
            environment,
        };
        let spawned = match self.walk(level, Next::Chain(chain)) {
            // Somebody will want to wait for it.
            Ok(Spawned::Ended(Ending::Exited(code))) if start.concurrent => {
                self.own_process(level).and_then(|own| match own {
                    Own::Child(pid) => Ok(Spawned::Running(pid)),
                    Own::This => Err(Stop::Leave(code)),
                    Own::None(errno) => Ok(Spawned::Failed(errno)),
                })
            }
            spawned => spawned,
        };
        (self.level, self.current) = (level - 1, current);
        self.levels.pop();
        spawned
    }

    /// Starts a block in a process that goes on beside this one; as an orphan, where wanted.
    pub fn start_beside(
        &mut self,
        argv: Argv<'_>,
        environment: Environment<'_>,
        changes: &[FdChange],
        orphaned: bool,
    ) -> Result<Result<Pid, Errno>, Stop> {
        if orphaned {
            return self.start_orphan(argv, environment, changes);
        }
        let start = Start {
            preparation: Preparation::changing(changes.iter().copied()),
            concurrent: true,
        };
        Ok(match self.start_block(argv, environment, &start)? {
            Spawned::Running(pid) => Ok(pid),
            Spawned::Failed(errno) => Err(errno),
            // It was to have a process in any case.
            Spawned::Ended(_) => Err(Errno::ECHILD),
        })
    }

    /// Starts a block in a process whose parent does not wait for it: it belongs to whoever
    /// adopts orphans.
    fn start_orphan(
        &mut self,
        argv: Argv<'_>,
        environment: Environment<'_>,
        changes: &[FdChange],
    ) -> Result<Result<Pid, Errno>, Stop> {
        let report = match fd::pipe_beyond_standard() {
            Ok(report) => report,
            Err(errno) => return Ok(Err(errno)),
        };
        match process::fork() {
            Err(errno) => {
                fd::close(report.read);
                fd::close(report.write);
                Ok(Err(errno))
            }
            Ok(Fork::Child) => {
                fd::close(report.read);
                self.floor = self.level + 1;
                let mut all = alloc::vec![FdChange::Close(report.write)];
                all.extend_from_slice(changes);
                let answer = match self.start_beside(argv, environment, &all, false)? {
                    Ok(pid) => pid,
                    Err(errno) => errno.0.wrapping_neg(),
                };
                let outcome = fd::write_all(report.write, &answer.to_ne_bytes());
                // As an exit code, an error number is not cut.
                Err(Stop::Leave(
                    outcome.map_or_else(|errno| errno.0 as u8, |()| 0),
                ))
            }
            Ok(Fork::Parent(pid)) => {
                fd::close(report.write);
                let mut answer = [0; 4];
                let outcome = fd::read_exact(report.read, &mut answer);
                fd::close(report.read);
                let ending = process::wait(pid);
                Ok(match (outcome, i32::from_ne_bytes(answer), ending) {
                    (Ok(true), pid @ 1.., _) => Ok(pid),
                    (Ok(true), errno, _) => Err(Errno(errno.wrapping_neg())),
                    (Err(errno), ..) => Err(errno),
                    (Ok(false), _, Ok(Ending::Exited(code @ 1..))) => Err(Errno(code.into())),
                    (Ok(false), ..) => Err(Errno::EINTR),
                })
            }
        }
    }

    /// Goes from program to program until the block of `level` ends or leaves this process.
    fn walk<'a>(&mut self, level: usize, mut next: Next<'a>) -> Result<Spawned, Stop> {
        let mut is_first = true;
        loop {
            let (command, call) = match next {
                Next::Call(command, call) => (command, call),
                Next::Chain(chain) => match self.find_for(level, &chain, is_first)? {
                    Found::Ours(command) => (command, into_call(chain)),
                    Found::NoProcess(errno) => return self.never_began(level, errno),
                    Found::Running(pid) => return Ok(Spawned::Running(pid)),
                    Found::Nowhere(errno) if is_first && level > 0 => {
                        return self.never_began(level, errno);
                    }
                    Found::Nowhere(errno) => {
                        let failure = cannot_execute(&chain, errno);
                        return self.failed(level, &failure);
                    }
                },
                Next::Try(chains) => {
                    let [chain, otherwise] = *chains;
                    match self.find_for(level, &chain, is_first)? {
                        Found::Ours(command) => (command, into_call(chain)),
                        Found::NoProcess(errno) => return self.never_began(level, errno),
                        Found::Running(pid) => return Ok(Spawned::Running(pid)),
                        Found::Nowhere(_) if otherwise.argv.is_empty() => {
                            return self.ended(level, 0);
                        }
                        Found::Nowhere(_) => {
                            next = Next::Chain(otherwise);
                            continue;
                        }
                    }
                }
            };
            if !self.may_run_here(level, command.reach) {
                match self.own_process(level)? {
                    Own::This => {}
                    Own::Child(pid) => return Ok(Spawned::Running(pid)),
                    Own::None(errno) => return self.never_began(level, errno),
                }
            }
            is_first = false;
            self.current = command;
            next = match (command.run)(self, call) {
                Ok(Outcome::Exit(code)) => return self.ended(level, code),
                Ok(Outcome::Chain(chain)) => Next::Chain(chain),
                Ok(Outcome::Try(chains)) => Next::Try(chains),
                Ok(Outcome::Become(command, call)) => Next::Call(command, call),
                Err(Stop::Failed(failure)) => return self.failed(level, &failure),
                Err(Stop::Elsewhere {
                    level: elsewhere,
                    pid,
                }) if elsewhere == level => {
                    return Ok(Spawned::Running(pid));
                }
                Err(Stop::NoProcess {
                    level: nowhere,
                    errno,
                }) if nowhere == level => return self.never_began(level, errno),
                Err(stop) => return Err(stop),
            };
        }
    }

    /// True where a command of this reach may run in this process on behalf of `level`.
    fn may_run_here(&self, level: usize, reach: Reach) -> bool {
        if self.floor > level {
            return true;
        }
        let start = self.start_of(level);
        match reach {
            Reach::Words => true,
            // What it looks at, or how long it waits, must be as in its own process.
            Reach::Files | Reach::Blocks => !start.concurrent && !start.preparation.changes_fds(),
            Reach::Process => false,
        }
    }

    /// The end of the level's command by a failure. What it says, its own process says: it may
    /// die of that, or have another standard error.
    fn failed(&mut self, level: usize, failure: &Failure) -> Result<Spawned, Stop> {
        if self.floor <= level {
            match self.own_process(level)? {
                Own::This => {}
                Own::Child(pid) => return Ok(Spawned::Running(pid)),
                Own::None(errno) => return self.never_began(level, errno),
            }
        }
        self.say(&failure.text(self.current.program, self.current.usage));
        self.ended(level, failure.code())
    }

    /// As `find`, for the level that would get the child.
    fn find_for(&mut self, level: usize, chain: &Chain<'_>, is_first: bool) -> Result<Found, Stop> {
        match self.find(level, chain, is_first) {
            Err(Stop::NoProcess {
                level: nowhere,
                errno,
            }) if nowhere == level => Ok(Found::NoProcess(errno)),
            found => found,
        }
    }

    /// Looks a program up, and executes it where it is not ours.
    fn find(&mut self, level: usize, chain: &Chain<'_>, is_first: bool) -> Result<Found, Stop> {
        let program = program_of(chain);
        if self.is_too_long(chain) {
            return Ok(Found::Nowhere(Errno::E2BIG));
        }
        // Whatever is found has this name: only a command's may be met in this process.
        let command = self.command(base_name(program));
        let is_path = program.to_bytes().contains(&b'/');
        if command.is_none() && is_path && self.floor > level {
            // The kernel tells what there is to know of the one file it can be.
            return Ok(match self.execute(level, program, chain)? {
                Ok(pid) => Found::Running(pid),
                Err(errno) => Found::Nowhere(errno),
            });
        }
        let has_room = level == 0 || level < LEVELS && self.stack.is_enough();
        let is_fused = command.is_some()
            && has_room
            && chain.environment.get(b"EXECLINE_FUSION") != Some(b"0");
        let purpose = if is_first && level > 0 {
            Purpose::Spawn
        } else {
            Purpose::Chain
        };
        let path = if is_path {
            b""
        } else {
            chain.environment.search_path()
        };
        let mut search = Search::new(program, path, purpose);
        let failure = loop {
            let candidate = match search.find() {
                Ok(candidate) => candidate,
                Err(errno) => break errno,
            };
            if is_fused
                && self.is_this_program(&candidate.status)
                && let Some(command) = command
            {
                return Ok(Found::Ours(command));
            }
            match self.execute(level, &candidate.path, chain)? {
                Ok(pid) => return Ok(Found::Running(pid)),
                Err(errno) => search.failed(errno),
            }
        };
        // Commands of ours work where no PATH leads to them; a path is taken at its word.
        let is_missing = matches!(
            failure,
            Errno(0) | Errno::ENOENT | Errno::ENOTDIR | Errno::EACCES
        );
        let Some(command) = command.filter(|_| is_missing && !is_path) else {
            return Ok(Found::Nowhere(failure));
        };
        // This very file knows by argv[0] which command it is to be.
        if !is_fused
            && chain.program.is_none()
            && let Ok(pid) = self.execute(level, c"/proc/self/exe", chain)?
        {
            return Ok(Found::Running(pid));
        }
        Ok(if has_room {
            Found::Ours(command)
        } else {
            Found::Nowhere(failure)
        })
    }

    /// True where `execve` would refuse these words and this environment for their length. The
    /// commands that run in this process are given no more than upstream's can be given.
    fn is_too_long(&mut self, chain: &Chain<'_>) -> bool {
        let bound = chain.argv.size().and(chain.environment.size());
        if bound.fits(Stack::ALWAYS_HOLDS) {
            return false;
        }
        // The kernel also takes what leaves nothing of a small stack.
        let limit = (self.stack.limit() / 4)
            .clamp(ALWAYS_TAKEN, LONGEST_ARGV)
            .min(self.stack.room_for_words());
        let size = || Size::of(chain.argv.words()).and(Size::of(chain.environment.entries()));
        !bound.fits(limit) && !size().fits(limit)
    }

    /// Executes the file `path` as the process of `level`: this one, or a child.
    fn execute(
        &mut self,
        level: usize,
        path: &CStr,
        chain: &Chain<'_>,
    ) -> Result<Result<Pid, Errno>, Stop> {
        let argv = Pointers::new(chain.argv.strings());
        let environment = Pointers::new(chain.environment.strings());
        if self.floor > level {
            return Ok(Err(process::execute(path, &argv, &environment)));
        }
        self.real_until(level)?;
        self.be_parent_of(level);
        let preparation = self.start_of(level).preparation;
        process::spawn(path, &argv, &environment, &preparation)
            .map_err(|errno| Stop::NoProcess { level, errno })
    }

    /// Gives a process to `level`.
    fn own_process(&mut self, level: usize) -> Result<Own, Stop> {
        self.real_until(level)?;
        self.be_parent_of(level);
        match process::fork() {
            Err(errno) => Ok(Own::None(errno)),
            Ok(Fork::Parent(pid)) => Ok(Own::Child(pid)),
            Ok(Fork::Child) => self.be(level).map(|()| Own::This),
        }
    }

    /// Gives a process to each level below `level` that has none.
    fn real_until(&mut self, level: usize) -> Result<(), Stop> {
        while self.floor < level {
            let level = self.floor;
            self.be_parent_of(level);
            match process::fork().map_err(|errno| Stop::NoProcess { level, errno })? {
                Fork::Parent(pid) => return Err(Stop::Elsewhere { level, pid }),
                Fork::Child => self.be(level)?,
            }
        }
        Ok(())
    }

    /// From now on this process is the one of `level`.
    fn be(&mut self, level: usize) -> Result<(), Stop> {
        self.floor = level + 1;
        let preparation = self.start_of(level).preparation;
        preparation.apply().map_err(|errno| {
            // Upstream's parent says it, which has gone on here.
            let starter = self.block(level).map_or("", |level| level.starter);
            let failure = Failure::system(SYSTEM, &[b"unable to fd_move"], errno);
            self.say(&failure.text(starter, ""));
            Stop::Leave(SYSTEM)
        })
    }

    /// Gives the running command a process of its own, if it has none.
    fn be_real(&mut self) -> Result<(), Stop> {
        if self.floor > self.level {
            return Ok(());
        }
        let level = self.level;
        match self.own_process(level)? {
            Own::This => Ok(()),
            Own::Child(pid) => Err(Stop::Elsewhere { level, pid }),
            Own::None(errno) => Err(Stop::NoProcess { level, errno }),
        }
    }

    /// The end of a level by itself.
    fn ended(&self, level: usize, code: u8) -> Result<Spawned, Stop> {
        if self.floor > level {
            Err(Stop::Leave(code))
        } else {
            Ok(Spawned::Ended(Ending::Exited(code)))
        }
    }

    fn never_began(&self, level: usize, errno: Errno) -> Result<Spawned, Stop> {
        if self.floor > level {
            Err(Stop::Leave(execution_code(errno)))
        } else {
            Ok(Spawned::Failed(errno))
        }
    }

    /// True where the file is the one this process was executed from.
    fn is_this_program(&mut self, status: &file::Status) -> bool {
        let identity = |path: &CStr| {
            let status = file::status(path).ok()?;
            Some((status.device, status.inode))
        };
        let file = Some((status.device, status.inode));
        let origin = self.origin;
        if *self.identity.get_or_insert_with(|| identity(origin)) == file {
            return true;
        }
        // The path may be relative, or lead elsewhere by now.
        let proc = *self
            .identity_of_proc
            .get_or_insert_with(|| identity(c"/proc/self/exe"));
        proc == file
    }
}

/// What a level goes on with.
enum Next<'a> {
    /// This command, which needs not be looked for.
    Call(&'static Runnable, Call<'a>),
    /// This program.
    Chain(Chain<'a>),
    /// The first of two that can be executed.
    Try(alloc::boxed::Box<[Chain<'a>; 2]>),
}

fn into_call(chain: Chain<'_>) -> Call<'_> {
    let Chain {
        mut argv,
        mut environment,
        ..
    } = chain;
    environment.hand_over();
    Call {
        name: argv.take().unwrap_or(Cow::Borrowed(c"")),
        argv,
        environment,
    }
}

/// The failure to go on with a program.
fn cannot_execute(chain: &Chain<'_>, errno: Errno) -> Failure {
    let program = program_of(chain);
    let message: [&[u8]; 2] = [b"unable to exec ", program.to_bytes()];
    Failure::system(execution_code(errno), &message, errno).maybe_hint(explain::failure(
        program,
        errno,
        &chain.environment,
    ))
}

/// What is to be looked up.
fn program_of<'c>(chain: &'c Chain<'_>) -> &'c CStr {
    match (&chain.program, chain.argv.words().first()) {
        (Some(program), _) | (None, Some(program)) => program,
        (None, None) => c"",
    }
}

/// The failure to spawn `program`: upstream's words, and the reason where it can be found.
pub fn cannot_spawn(program: &[u8], errno: Errno, environment: &Environment<'_>) -> Failure {
    Failure::system(SYSTEM, &[b"unable to spawn ", program], errno).maybe_hint(cannot_spawn_reason(
        program,
        errno,
        environment,
    ))
}

/// A line for people on why `program` could not be spawned, where a reason can be found.
pub fn cannot_spawn_reason(
    program: &[u8],
    errno: Errno,
    environment: &Environment<'_>,
) -> Option<Vec<u8>> {
    let word: Word = block::word(program.to_vec());
    explain::failure(&word, errno, environment)
}

/// What stands behind the last slash.
pub fn base_name(path: &CStr) -> &[u8] {
    let path = path.to_bytes();
    let start = path
        .iter()
        .rposition(|&byte| byte == b'/')
        .map_or(0, |slash| slash + 1);
    path.get(start..).unwrap_or_default()
}
