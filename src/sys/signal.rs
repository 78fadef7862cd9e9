//! Signals: what is blocked, what is done, and waiting for one.
//!
//! No handler is ever installed: commands that need to know of a signal block it and
//! wait for it, so nothing runs behind the program's back.
//!
//! # Safety
//!
//! The kernel's signal set is one 64-bit word; every pointer is to such a word, or to
//! the kernel's own `sigaction` record laid out below.
#![allow(unsafe_code)]

use super::Errno;
use super::call::{Sysno, call4, uninterrupted};
use core::ptr;

/// A set of signals: bit 0 is signal 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signals(pub u64);

impl Signals {
    /// No signal.
    pub const NONE: Signals = Signals(0);

    /// The set of this one signal, 1 to 64.
    pub const fn only(signal: i32) -> Signals {
        Signals(1 << (signal - 1))
    }
}

const SET_SIZE: usize = size_of::<u64>();

/// Replaces the set of blocked signals and returns the one before.
pub fn set_blocked(blocked: Signals) -> Signals {
    change_blocked(libc::SIG_SETMASK, blocked)
}

/// Blocks `signals` too, and returns the set before.
pub fn block(signals: Signals) -> Signals {
    change_blocked(libc::SIG_BLOCK, signals)
}

fn change_blocked(how: i32, signals: Signals) -> Signals {
    let mut before = Signals::NONE;
    // SAFETY: both words outlive the call. It cannot fail with these arguments.
    let _ = unsafe {
        call4(
            Sysno::rt_sigprocmask,
            how as usize,
            &raw const signals.0 as usize,
            &raw mut before.0 as usize,
            SET_SIZE,
        )
    };
    before
}

/// The kernel's `struct sigaction`; glibc's is laid out differently.
#[repr(C)]
struct Action {
    handler: usize,
    flags: usize,
    restorer: usize,
    mask: u64,
}

const DEFAULT: Action = Action {
    handler: libc::SIG_DFL,
    flags: 0,
    restorer: 0,
    mask: 0,
};

/// Gives `signal` its default disposition.
pub fn set_default(signal: i32) {
    let action = DEFAULT;
    // SAFETY: the record outlives the call.
    let _ = unsafe {
        call4(
            Sysno::rt_sigaction,
            signal as usize,
            &raw const action as usize,
            ptr::null::<Action>() as usize,
            SET_SIZE,
        )
    };
}

/// True where `signal` is ignored.
pub fn is_ignored(signal: i32) -> bool {
    let mut action = DEFAULT;
    // SAFETY: the record is writable.
    let _ = unsafe {
        call4(
            Sysno::rt_sigaction,
            signal as usize,
            ptr::null::<Action>() as usize,
            &raw mut action as usize,
            SET_SIZE,
        )
    };
    action.handler == libc::SIG_IGN
}

/// Waits for one of the blocked `signals`.
pub fn wait_forever(signals: Signals) -> Result<i32, Errno> {
    uninterrupted(|| {
        // SAFETY: the set outlives the call; no information and no time are given.
        unsafe {
            call4(
                Sysno::rt_sigtimedwait,
                &raw const signals.0 as usize,
                0,
                0,
                SET_SIZE,
            )
        }
    })
    .map(|signal| signal as i32)
}

/// Waits for one of the blocked `signals`, for `nanoseconds` at most. `None` is the time's end.
pub fn wait_for(signals: Signals, nanoseconds: u64) -> Result<Option<i32>, Errno> {
    let timeout = libc::timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as i64,
        tv_nsec: (nanoseconds % 1_000_000_000) as i64,
    };
    // SAFETY: both records outlive the call; no information on the signal is asked for.
    let outcome = unsafe {
        call4(
            Sysno::rt_sigtimedwait,
            &raw const signals.0 as usize,
            0,
            &raw const timeout as usize,
            SET_SIZE,
        )
    };
    match outcome {
        Ok(signal) => Ok(Some(signal as i32)),
        Err(Errno::EAGAIN) => Ok(None),
        Err(errno) => Err(errno),
    }
}
