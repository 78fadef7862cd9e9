//! What the kernel has put on the stack: lists of addresses. Nothing of it is copied.
//!
//! # Safety
//!
//! The kernel lays argv, environment and auxiliary vector one behind the other, each ended by a
//! null pointer, and all of it stays as it is for the life of the process:
//! <https://man7.org/linux/man-pages/man3/getauxval.3.html>.
#![allow(unsafe_code)]

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use execline::block::Word;

/// The strings of a null-terminated list, and what stands behind it.
///
/// # Safety
/// `list` is one, of strings that live as long as the process.
pub unsafe fn strings(list: *const usize) -> (Vec<Word<'static>>, *const usize) {
    // No more room than is needed: what follows in memory is on the same page then.
    let mut count = 0;
    // SAFETY: the list is not at its end yet.
    while unsafe { *list.add(count) } != 0 {
        count += 1;
    }
    let mut words = Vec::with_capacity(count);
    words.extend((0..count).map(|place| {
        // SAFETY: the place is before the end of the list.
        let string = unsafe { *list.add(place) } as *const c_char;
        // SAFETY: the kernel terminates each string.
        Cow::Borrowed(unsafe { CStr::from_ptr(string) })
    }));
    // SAFETY: behind the null pointer something follows in every case.
    (words, unsafe { list.add(count + 1) })
}

/// The path this process was executed by; for a script, the script's.
///
/// # Safety
/// `entry` is the auxiliary vector: pairs of a kind and a value, ended by the kind 0.
pub unsafe fn executed_file(mut entry: *const usize) -> &'static CStr {
    loop {
        // SAFETY: the vector is not at its end yet.
        let (kind, value) = unsafe { (entry.read(), entry.add(1).read()) };
        match kind as u64 {
            0 => return c"",
            // SAFETY: the kernel's own string.
            libc::AT_EXECFN => return unsafe { CStr::from_ptr(value as *const c_char) },
            // SAFETY: another pair follows.
            _ => entry = unsafe { entry.add(2) },
        }
    }
}
