//! The execline language and its commands, without std and without libc.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod pattern;
