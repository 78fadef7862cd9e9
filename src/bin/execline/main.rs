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
use execline::sys::process;

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator::new();

/// There is no panic to tell of: this is what the compiler needs in the place of one.
/// The exit code is upstream's for a system failure.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    process::exit(111)
}
