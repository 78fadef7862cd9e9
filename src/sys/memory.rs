//! Memory from the kernel, in whole pages.
//!
//! # Safety
//!
//! `map` returns memory of nobody's; the other two are called by the allocator alone, with
//! blocks that came from `map` and their sizes.
//!
//! Miri knows no such calls: there, the memory is the global allocator's.
#![allow(unsafe_code)]

#[cfg(miri)]
pub use model::{map, remap, unmap};

#[cfg(not(miri))]
use super::call::{Sysno, call3, call6};
#[cfg(not(miri))]
use core::ptr;

/// Maps `size` zeroed bytes; null where there is no memory.
#[cfg(not(miri))]
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
#[cfg(not(miri))]
pub fn unmap(block: *mut u8, size: usize) {
    // SAFETY: the allocator's own block.
    let _ = unsafe { call3(Sysno::munmap, block as usize, size, 0) };
}

/// Makes a block larger or smaller, wherever it then lies; null where there is no memory.
#[cfg(not(miri))]
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

#[cfg(miri)]
mod model {
    use alloc::alloc::{Layout, alloc_zeroed, dealloc, realloc};
    use core::ptr;

    const PAGE: usize = 4096;

    /// As the kernel's.
    pub fn map(size: usize) -> *mut u8 {
        match Layout::from_size_align(size, PAGE) {
            // SAFETY: the program's allocator maps no block of no bytes.
            Ok(layout) => unsafe { alloc_zeroed(layout) },
            Err(_) => ptr::null_mut(),
        }
    }

    /// As the kernel's.
    pub fn unmap(block: *mut u8, size: usize) {
        if let Ok(layout) = Layout::from_size_align(size, PAGE) {
            // SAFETY: the block came from `map` with this size.
            unsafe { dealloc(block, layout) }
        }
    }

    /// As the kernel's.
    pub fn remap(block: *mut u8, size: usize, wanted: usize) -> *mut u8 {
        match Layout::from_size_align(size, PAGE) {
            // SAFETY: the block came from `map` with this size.
            Ok(layout) => unsafe { realloc(block, layout, wanted) },
            Err(_) => ptr::null_mut(),
        }
    }
}
