//! Memory for a process that lives for microseconds, or for weeks in a loop.
//!
//! Blocks come from the program's own zeroed memory first, then from the kernel in chunks.
//! Sizes are rounded up to four steps for each power of two; a freed block waits in the list
//! of its size for the next one of that size, so a loop that gives back what an iteration
//! took goes on forever in the same place. Large blocks are the kernel's own affair.
//!
//! # Safety
//!
//! The program is single-threaded and no signal handler allocates, so a plain cell serves.
//! A child that shares memory until it executes a program allocates nothing.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;
use execline::sys::memory;

/// How much is in the program from the start, in bytes. It costs only what is touched.
const FIRST: usize = 64 * 1024;

/// How much is asked of the kernel at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// From this size on, in bytes, a block is mapped for itself.
const LARGE: usize = 128 * 1024;

/// Every block begins at a multiple of this.
const GRAIN: usize = 16;

/// The number of sizes below `LARGE`.
const SIZES: usize = 64;

#[repr(align(16))]
struct First([u8; FIRST]);

#[repr(C)]
// In this order, what every start writes to shares a page with the first blocks.
struct State {
    /// The free part of the present chunk.
    at: usize,
    end: usize,
    /// For each size, the first free block; each holds the address of the next.
    free: [*mut u8; SIZES],
    first: First,
}

/// The allocator.
pub struct Allocator(UnsafeCell<State>);

// SAFETY: see the head of this file.
unsafe impl Sync for Allocator {}

impl Allocator {
    /// Gives it its first memory. Writing to a page before reading it saves a fault.
    pub fn begin(&self) {
        // SAFETY: nobody else has it now.
        let state = unsafe { &mut *self.0.get() };
        state.at = state.first.0.as_mut_ptr() as usize;
        state.end = state.at + FIRST;
    }

    /// An allocator that has given nothing yet.
    pub const fn new() -> Allocator {
        Allocator(UnsafeCell::new(State {
            at: 0,
            end: 0,
            free: [ptr::null_mut(); SIZES],
            first: First([0; FIRST]),
        }))
    }
}

/// The size a block of `size` bytes gets, and its number.
fn class(size: usize) -> (usize, usize) {
    let size = size.max(GRAIN).next_multiple_of(GRAIN);
    if size <= 4 * GRAIN {
        return (size, size / GRAIN - 1);
    }
    // Four steps for each power of two.
    let power = (size - 1).ilog2();
    let step = 1usize << (power - 2);
    let rounded = size.next_multiple_of(step);
    let steps = rounded / step - 4;
    let number = 4 * (power as usize - 6) + 3 + steps;
    (rounded, number.min(SIZES - 1))
}

fn is_large(layout: Layout) -> bool {
    layout.size() >= LARGE || layout.align() > GRAIN
}

// SAFETY: blocks are disjoint, aligned to `GRAIN` or mapped, and as long as their class says.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(layout) {
            return memory::map(layout.size());
        }
        let (size, number) = class(layout.size());
        // SAFETY: nobody else has it now.
        let state = unsafe { &mut *self.0.get() };
        if let Some(free) = state.free.get_mut(number)
            && !free.is_null()
        {
            let block = *free;
            // SAFETY: a free block holds the address of the next.
            *free = unsafe { block.cast::<*mut u8>().read() };
            return block;
        }
        if state.end - state.at < size {
            let chunk = memory::map(CHUNK);
            if chunk.is_null() {
                return chunk;
            }
            (state.at, state.end) = (chunk as usize, chunk as usize + CHUNK);
        }
        let block = state.at;
        state.at += size;
        block as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_large(layout) {
            memory::unmap(block, layout.size());
            return;
        }
        let (_, number) = class(layout.size());
        // SAFETY: nobody else has it now.
        let state = unsafe { &mut *self.0.get() };
        if let Some(free) = state.free.get_mut(number) {
            // SAFETY: the block is at least `GRAIN` bytes and nobody's any more.
            unsafe { block.cast::<*mut u8>().write(*free) };
            *free = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the size was checked by the caller.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (is_large(layout), is_large(wanted)) {
            (true, true) => return memory::remap(block, layout.size(), size),
            (false, false) => {
                let ((old, _), (new, _)) = (class(layout.size()), class(size));
                if old == new {
                    return block;
                }
                // SAFETY: nobody else has it now.
                let state = unsafe { &mut *self.0.get() };
                // The block that was given last changes its size where it is.
                if block as usize + old == state.at && block as usize + new <= state.end {
                    state.at = block as usize + new;
                    return block;
                }
            }
            _ => {}
        }
        // SAFETY: as the caller's.
        let new = unsafe { self.alloc(wanted) };
        if !new.is_null() {
            // SAFETY: both blocks hold the smaller size, and they are disjoint.
            unsafe {
                ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        new
    }
}
