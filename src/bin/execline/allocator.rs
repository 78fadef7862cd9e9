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
//! The first blocks are part of the cell: its other fields are reached by pointers, as a
//! reference to all of it would claim the blocks that others use.
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
struct First(#[expect(dead_code, reason = "only its address is taken")] [u8; FIRST]);

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
        let state = self.0.get();
        // SAFETY: nobody else has it now.
        unsafe {
            (*state).at = (&raw mut (*state).first) as usize;
            (*state).end = (*state).at + FIRST;
        }
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

    /// Where the list of the free blocks of a size begins.
    fn list(&self, number: usize) -> *mut *mut u8 {
        // SAFETY: `class` numbers no size beyond the last.
        unsafe {
            (&raw mut (*self.0.get()).free)
                .cast::<*mut u8>()
                .add(number)
        }
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
        let (state, list) = (self.0.get(), self.list(number));
        // SAFETY: nobody else has the fields now; a free block holds the address of the next.
        unsafe {
            let block = *list;
            if !block.is_null() {
                *list = block.cast::<*mut u8>().read();
                return block;
            }
            if (*state).end - (*state).at < size {
                let chunk = memory::map(CHUNK);
                if chunk.is_null() {
                    return chunk;
                }
                (*state).at = chunk as usize;
                (*state).end = chunk as usize + CHUNK;
            }
            let block = (*state).at;
            (*state).at = block + size;
            block as *mut u8
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_large(layout) {
            memory::unmap(block, layout.size());
            return;
        }
        let (_, number) = class(layout.size());
        let list = self.list(number);
        // SAFETY: nobody else has the list now; the block is at least `GRAIN` bytes and nobody's
        // any more.
        unsafe {
            block.cast::<*mut u8>().write(*list);
            *list = block;
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
                let state = self.0.get();
                let (start, until) = (block as usize, block as usize + new);
                // The block that was given last changes its size where it is.
                // SAFETY: nobody else has the fields now.
                unsafe {
                    if start + old == (*state).at && until <= (*state).end {
                        (*state).at = until;
                        return block;
                    }
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
