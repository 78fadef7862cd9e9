//! Processes: fork, execute, spawn, wait, and what a process knows of itself.
//!
//! # Safety
//!
//! The program is single-threaded and installs no signal handler, so a forked child
//! may go on with everything its parent had. A spawned child shares the parent's memory
//! until it has executed a program: until then it makes system calls and writes one
//! error number, nothing else. Argument lists are built by `Pointers`, which borrows
//! the strings and ends the list with a null pointer.
#![allow(unsafe_code)]

use super::arch::clone_and_call;
use super::call::{Sysno, call3, call4, call6, uninterrupted};
use super::fd::{self, Fd};
use super::signal::{self, Signals};
use super::{Errno, errno};
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ptr;

/// A process's number.
pub type Pid = i32;

/// A null-terminated list of C strings, as `execve` takes it.
pub struct Pointers<'a> {
    list: Vec<*const c_char>,
    strings: PhantomData<&'a CStr>,
}

impl<'a> Pointers<'a> {
    /// The list of `strings`.
    pub fn new(strings: impl ExactSizeIterator<Item = &'a CStr>) -> Self {
        let mut list = Vec::with_capacity(strings.len() + 1);
        list.extend(strings.map(CStr::as_ptr));
        list.push(ptr::null());
        Pointers {
            list,
            strings: PhantomData,
        }
    }
}

/// Replaces this process by the program in the file `path`. Returns only with an error.
pub fn execute(path: &CStr, argv: &Pointers, environment: &Pointers) -> Errno {
    // SAFETY: the three are NUL- or null-terminated and outlive the call.
    let outcome = unsafe {
        call3(
            Sysno::execve,
            path.as_ptr() as usize,
            argv.list.as_ptr() as usize,
            environment.list.as_ptr() as usize,
        )
    };
    outcome.err().unwrap_or(errno::Errno::EINVAL)
}

/// Which side of a fork this is.
pub enum Fork {
    /// The new process.
    Child,
    /// The process that forked; the child's number.
    Parent(Pid),
}

/// Makes a copy of this process.
pub fn fork() -> Result<Fork, Errno> {
    // SAFETY: without CLONE_VM the child has its own copy of the memory and stack.
    let child = unsafe { call6(Sysno::clone, [libc::SIGCHLD as usize, 0, 0, 0, 0, 0]) }?;
    Ok(match child {
        0 => Fork::Child,
        pid => Fork::Parent(pid as Pid),
    })
}

/// A change to a child's file descriptors, made before it executes its program.
#[derive(Clone, Copy, Debug)]
pub enum FdChange {
    /// Closes it.
    Close(Fd),
    /// Moves `from` to `to`.
    Move {
        /// The number it gets.
        to: Fd,
        /// The number it has.
        from: Fd,
    },
}

impl FdChange {
    /// Makes the change in this process.
    pub fn apply(self) -> Result<(), Errno> {
        match self {
            FdChange::Close(fd) => {
                fd::close(fd);
                Ok(())
            }
            FdChange::Move { to, from } => fd::relocate(to, from),
        }
    }
}

/// What a child does before it is itself.
#[derive(Clone, Copy, Default, Debug)]
pub struct Preparation {
    /// Changes to its file descriptors, in this order.
    fds: [Option<FdChange>; Preparation::MOST_CHANGES],
    /// True where no signal is to be blocked in it.
    unblocks_signals: bool,
}

impl Preparation {
    const MOST_CHANGES: usize = 3;

    /// Nothing.
    pub const NONE: Preparation = Preparation {
        fds: [None; Preparation::MOST_CHANGES],
        unblocks_signals: false,
    };

    /// These changes, up to three.
    pub fn changing(changes: impl IntoIterator<Item = FdChange>) -> Preparation {
        let mut preparation = Preparation::NONE;
        for (place, change) in preparation.fds.iter_mut().zip(changes) {
            *place = Some(change);
        }
        preparation
    }

    /// And no signal blocked.
    pub const fn unblocking_signals(mut self) -> Preparation {
        self.unblocks_signals = true;
        self
    }

    /// True where file descriptors change.
    pub fn changes_fds(&self) -> bool {
        self.fds.iter().any(Option::is_some)
    }

    /// Makes the changes in this process.
    pub fn apply(&self) -> Result<(), Errno> {
        if self.unblocks_signals {
            signal::set_blocked(Signals::NONE);
        }
        self.fds
            .iter()
            .flatten()
            .try_for_each(|change| change.apply())
    }
}

/// What the child needs, in the parent's memory; it answers there with its error number.
struct Request<'a> {
    path: *const c_char,
    argv: *const *const c_char,
    environment: *const *const c_char,
    preparation: &'a Preparation,
    failure: i32,
}

/// The child's whole life in shared memory.
///
/// # Safety
/// `request` points to a `Request` that outlives the child's stay.
unsafe extern "C" fn become_program(request: *mut c_void) -> ! {
    // SAFETY: `spawn` passes its own request and stands still meanwhile.
    let request = unsafe { &mut *request.cast::<Request>() };
    let failure = match request.preparation.apply() {
        Err(errno) => errno,
        // SAFETY: the pointers come from a `CStr` and two `Pointers` of the parent.
        Ok(()) => unsafe {
            call3(
                Sysno::execve,
                request.path as usize,
                request.argv as usize,
                request.environment as usize,
            )
        }
        .err()
        .unwrap_or(Errno::EINVAL),
    };
    request.failure = failure.0;
    exit(127)
}

/// Runs the program in the file `path` as a child, without copying this process's memory.
/// An error is `clone`'s. Inside, it is the preparation's or `execve`'s; then there is no
/// child any more.
pub fn spawn(
    path: &CStr,
    argv: &Pointers,
    environment: &Pointers,
    preparation: &Preparation,
) -> Result<Result<Pid, Errno>, Errno> {
    let mut request = Request {
        path: path.as_ptr(),
        argv: argv.list.as_ptr(),
        environment: environment.list.as_ptr(),
        preparation,
        failure: 0,
    };
    let flags = (libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD) as usize;
    // SAFETY: the flags are those `clone_and_call` demands; `become_program` never returns
    // and keeps to system calls and `failure`.
    let child = unsafe { clone_and_call(flags, become_program, (&raw mut request).cast()) };
    if child < 0 {
        return Err(Errno(child.wrapping_neg() as i32));
    }
    let pid = child as Pid;
    // The compiler cannot know that the child wrote there.
    // SAFETY: the request is alive.
    Ok(
        match unsafe { ptr::read_volatile(&raw const request.failure) } {
            0 => Ok(pid),
            failure => {
                let _ = wait(pid);
                Err(Errno(failure))
            }
        },
    )
}

/// How a child ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It exited with this code.
    Exited(u8),
    /// This signal killed it.
    Killed(u8),
}

impl Ending {
    fn of(status: i32) -> Ending {
        match status & 0x7f {
            0 => Ending::Exited((status >> 8) as u8),
            signal => Ending::Killed(signal as u8),
        }
    }
}

/// Waits for the child `pid` to end.
pub fn wait(pid: Pid) -> Result<Ending, Errno> {
    uninterrupted(|| wait4(pid, 0)).map(|(_, ending)| ending)
}

/// Waits for any child to end.
pub fn wait_any() -> Result<(Pid, Ending), Errno> {
    uninterrupted(|| wait4(-1, 0))
}

/// A child that has ended, if there is one. `ECHILD` where there are no children.
pub fn ended_child() -> Result<Option<(Pid, Ending)>, Errno> {
    let (pid, ending) = uninterrupted(|| wait4(-1, libc::WNOHANG))?;
    Ok((pid != 0).then_some((pid, ending)))
}

fn wait4(pid: Pid, options: i32) -> Result<(Pid, Ending), Errno> {
    let mut status = 0i32;
    // SAFETY: the status is writable; no resource usage is asked for.
    let pid = unsafe {
        call4(
            Sysno::wait4,
            pid as usize,
            &raw mut status as usize,
            options as usize,
            0,
        )
    }?;
    Ok((pid as Pid, Ending::of(status)))
}

/// This process's number.
pub fn id() -> Pid {
    // SAFETY: no pointer is passed; the call cannot fail.
    unsafe { call3(Sysno::getpid, 0, 0, 0) }.map_or(0, |pid| pid as Pid)
}

/// The parent's number.
pub fn parent_id() -> Pid {
    // SAFETY: no pointer is passed; the call cannot fail.
    unsafe { call3(Sysno::getppid, 0, 0, 0) }.map_or(0, |pid| pid as Pid)
}

/// The effective user's number.
pub fn effective_user() -> u32 {
    // SAFETY: no pointer is passed; the call cannot fail.
    unsafe { call3(Sysno::geteuid, 0, 0, 0) }.map_or(0, |id| id as u32)
}

/// The effective group's number.
pub fn effective_group() -> u32 {
    // SAFETY: no pointer is passed; the call cannot fail.
    unsafe { call3(Sysno::getegid, 0, 0, 0) }.map_or(0, |id| id as u32)
}

/// Names this process, as `ps` shows it: by the first 15 bytes, as `execve` would.
pub fn set_name(name: &str) {
    let mut terminated = [0u8; 16];
    for (to, from) in terminated.iter_mut().zip(name.bytes().take(15)) {
        *to = from;
    }
    // SAFETY: the kernel reads 16 bytes at most.
    let _ = unsafe {
        call3(
            Sysno::prctl,
            libc::PR_SET_NAME as usize,
            terminated.as_ptr() as usize,
            0,
        )
    };
}

/// The soft limit on the stack in bytes, from which `execve` derives how much it takes. None
/// where the kernel does not tell.
pub fn stack_limit() -> u64 {
    soft_limit(libc::RLIMIT_STACK as usize, libc::RLIM_INFINITY)
}

/// The soft limit on the numbers of file descriptors.
pub fn open_files_limit() -> u64 {
    soft_limit(libc::RLIMIT_NOFILE as usize, 0)
}

fn soft_limit(resource: usize, otherwise: u64) -> u64 {
    let mut limit = libc::rlimit {
        rlim_cur: otherwise,
        rlim_max: 0,
    };
    // SAFETY: the kernel fills the record.
    let _ = unsafe { call4(Sysno::prlimit64, 0, resource, 0, &raw mut limit as usize) };
    limit.rlim_cur
}

/// Sends `signal` to the process `pid`.
pub fn send_signal(pid: Pid, signal: i32) {
    // A process that is gone needs no signal.
    // SAFETY: no pointer is passed.
    let _ = unsafe { call3(Sysno::kill, pid as usize, signal as usize, 0) };
}

/// Ends this process.
pub fn exit(code: u8) -> ! {
    loop {
        // SAFETY: no pointer is passed; the call does not return.
        let _ = unsafe { call3(Sysno::exit_group, usize::from(code), 0, 0) };
    }
}
