//! The clock that deadlines are measured with.
//!
//! # Safety
//!
//! The kernel fills one `timespec` of ours.
#![allow(unsafe_code)]

use super::call::{Sysno, call3};

/// Nanoseconds of a clock that never goes back; its zero has no meaning.
pub fn monotonic() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the record is writable. This clock always exists.
    let _ = unsafe {
        call3(
            Sysno::clock_gettime,
            libc::CLOCK_MONOTONIC as usize,
            &raw mut now as usize,
            0,
        )
    };
    (now.tv_sec as u64)
        .wrapping_mul(1_000_000_000)
        .wrapping_add(now.tv_nsec as u64)
}
