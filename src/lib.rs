//! The execline language and its commands, without std and without libc.
//!
//! What is here, in reading order: `syntax` turns the text of a script into tokens,
//! `block` knows how blocks lie in an argv, `substitution` puts values into words,
//! `pattern` matches, `sys` makes system calls, `process` chain-loads and runs blocks,
//! `command` is the shape of a command and `commands` are the commands.
//!
//! What is not: an entry point, an allocator, an exit. Those are the program's.
#![cfg_attr(not(test), no_std)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a test that cannot go on has failed"
    )
)]

extern crate alloc;

pub mod syntax;

pub mod block;

pub mod substitution;

pub mod pattern;

pub mod sys;

pub mod process;

pub mod command;
pub mod commands;
