//! One system call, with its result as a `Result`.
//!
//! # Safety
//!
//! The functions are unsafe because a system call may write through its arguments:
//! the caller vouches that each pointer it passes is valid for what that call does.
#![allow(unsafe_code)]

use super::Errno;
pub use syscalls::Sysno;
use syscalls::raw;

fn result(value: usize) -> Result<usize, Errno> {
    // The kernel returns errors as -4095..=-1.
    if value > -4096isize as usize {
        Err(Errno((value as isize).wrapping_neg() as i32))
    } else {
        Ok(value)
    }
}

/// Makes the call `number` with three arguments.
///
/// # Safety
/// See the head of this file.
#[inline]
pub unsafe fn call3(number: Sysno, a: usize, b: usize, c: usize) -> Result<usize, Errno> {
    // SAFETY: passed on to the caller.
    result(unsafe { raw::syscall3(number as usize, a, b, c) })
}

/// Makes the call `number` with four arguments.
///
/// # Safety
/// See the head of this file.
#[inline]
pub unsafe fn call4(number: Sysno, a: usize, b: usize, c: usize, d: usize) -> Result<usize, Errno> {
    // SAFETY: passed on to the caller.
    result(unsafe { raw::syscall4(number as usize, a, b, c, d) })
}

/// Makes the call `number` with six arguments.
///
/// # Safety
/// See the head of this file.
#[inline]
pub unsafe fn call6(number: Sysno, arguments: [usize; 6]) -> Result<usize, Errno> {
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: passed on to the caller.
    result(unsafe { raw::syscall6(number as usize, a, b, c, d, e, f) })
}

/// Repeats `call` while a signal interrupts it.
pub fn uninterrupted<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}
