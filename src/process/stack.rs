//! How much stack there is for blocks in blocks. A stack that is too small is never met as a
//! signal that kills: what does not fit is executed, with a stack of its own, or fails.
//!
//! It is measured on the stack itself; it is no guess from the number of blocks.

use crate::sys::process;

/// What a command and one block need at most, in bytes, whatever they do.
const NEEDED: usize = if cfg!(debug_assertions) { 48 } else { 16 } * 1024;

/// The least limit that is thought of, in bytes.
const LEAST_LIMIT: usize = 64 * 1024;

/// What the kernel maps below the words from the start, in bytes, where the limit allows it.
/// The rest it maps when it is met, if there is memory then.
const MAPPED: usize = 128 * 1024;

/// What is known of this process's stack.
pub struct Stack {
    /// Where it begins; words and environment follow.
    top: usize,
    /// Where the first frame is.
    first: usize,
    /// How large it may be, in bytes, words and environment included; `None` until asked for.
    limit: Option<usize>,
}

impl Stack {
    /// So many bytes of words and environment leave enough of any stack.
    pub const ALWAYS_HOLDS: usize = LEAST_LIMIT - NEEDED;

    /// The stack that begins at the address `top`. It is asked for near its first frame.
    pub fn new(top: usize) -> Stack {
        Stack {
            top,
            first: here(),
            limit: None,
        }
    }

    /// Its limit in bytes.
    pub fn limit(&mut self) -> usize {
        *self
            .limit
            .get_or_insert_with(|| usize::try_from(process::stack_limit()).unwrap_or(usize::MAX))
    }

    /// True where there is enough for a command and a block. Few stacks are small, so the
    /// limit is asked for late.
    pub fn is_enough(&mut self) -> bool {
        let here = here();
        let frames = self.first.saturating_sub(here);
        let all = self.top.saturating_sub(here);
        // The kernel begins the stack at a place that it draws by lot. The builds that tests look
        // into make the same system calls all the same.
        let is_certain = !cfg!(debug_assertions) && all <= LEAST_LIMIT - NEEDED;
        frames <= MAPPED - NEEDED && (is_certain || all.saturating_add(NEEDED) <= self.limit())
    }

    /// How many bytes of words and environment leave enough to a program.
    pub fn room_for_words(&mut self) -> usize {
        self.limit().saturating_sub(NEEDED)
    }
}

/// The address where the stack is in use down to.
#[inline(never)]
fn here() -> usize {
    let here = 0u8;
    core::ptr::from_ref(&here).addr()
}
