//! Memory from the kernel, in whole pages.
//!
//! # Safety
//!
//! `map` returns memory of nobody's; the other two are called by the allocator alone, with
//! blocks that came from `map` and their sizes.
#![allow(unsafe_code)]

use super::call::{Sysno, call3, call6};
use core::ptr;

/// Maps `size` zeroed bytes; null where there is no memory.
pub fn map(size: usize) -> *mut u8 {
    let arguments = [
        0,
        size,
        (libc::PROT_READ | libc::PROT_WRITE) as usize,
        (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as usize,
        usize::MAX,
        0,
    ];
    // SAFETY: the kernel chooses a place that is free.
    match unsafe { call6(Sysno::mmap, arguments) } {
        Ok(address) => address as *mut u8,
        Err(_) => ptr::null_mut(),
    }
}

/// Gives a block back.
pub fn unmap(block: *mut u8, size: usize) {
    // SAFETY: the allocator's own block.
    let _ = unsafe { call3(Sysno::munmap, block as usize, size, 0) };
}

/// Makes a block larger or smaller, wherever it then lies; null where there is no memory.
pub fn remap(block: *mut u8, size: usize, wanted: usize) -> *mut u8 {
    let arguments = [
        block as usize,
        size,
        wanted,
        libc::MREMAP_MAYMOVE as usize,
        0,
        0,
    ];
    // SAFETY: the allocator's own block.
    match unsafe { call6(Sysno::mremap, arguments) } {
        Ok(address) => address as *mut u8,
        Err(_) => ptr::null_mut(),
    }
}
