//! The program: one file for all commands, without libc and std.
//!
//! It finds out which command it is, runs it, and exits with its code; nothing here knows
//! what a command does.
#![no_std]
#![no_main]

extern crate alloc;

mod allocator;
mod dispatch;
mod memory;
mod start;

use core::panic::PanicInfo;
use execline::sys::{fd, process};

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator::new();

/// Nothing here panics on purpose; without memory, the allocator's callers do.
/// The exit code is upstream's for a system failure.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    let _ = fd::write_all(2, b"execline: fatal: out of memory, or an internal error\n");
    process::exit(111)
}
