//! Where the kernel enters.
//!
//! # Safety
//!
//! The kernel lays argv, environment and auxiliary vector behind the initial stack pointer:
//! see `lists.rs`.
#![allow(unsafe_code)]

mod lists;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use crate::{ALLOCATOR, dispatch};
use execline::sys::process;
use lists::{executed_file, strings};

/// Behind the entry point.
///
/// # Safety
/// `stack` is the initial stack pointer.
unsafe extern "C" fn enter(stack: *const usize) -> ! {
    ALLOCATOR.begin();
    // SAFETY: the count stands first, argv behind it.
    let (count, argv) = unsafe { (*stack, stack.add(1)) };
    // SAFETY: a null pointer ends argv; the environment follows.
    let environment = unsafe { argv.add(count + 1) };
    // SAFETY: both are lists of strings.
    let (argv, (environment, auxiliary)) = unsafe { (strings(argv).0, strings(environment)) };
    // SAFETY: the auxiliary vector follows the environment.
    let file = unsafe { executed_file(auxiliary) };
    process::exit(dispatch::run(argv, environment, file))
}
