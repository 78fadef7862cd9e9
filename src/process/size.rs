//! How much strings take of the room that `execve` gives to argv and environment: a bound, kept
//! with them, so that a long chain need not count the same words again at every step.

use crate::block::Word;
use core::ffi::CStr;

/// The most bytes that `execve` takes in one word, its NUL included.
const LONGEST_WORD: usize = 128 * 1024;

/// What `execve` takes whatever the limits are, in bytes.
pub const ALWAYS_TAKEN: usize = 128 * 1024;

/// The most that `execve` ever takes, in bytes.
pub const LONGEST_ARGV: usize = 6 * 1024 * 1024;

/// What strings take, or more: bytes, with a NUL and a pointer for each string. One that is too
/// long for itself makes it infinite.
#[derive(Clone, Copy, Default, Debug)]
pub struct Size(usize);

impl Size {
    /// What these take, exactly.
    // Not at every place that makes words: they are many.
    #[inline(never)]
    pub fn of(words: &[Word<'_>]) -> Size {
        let sizes = words.iter().map(|word| Size::of_one(word).0);
        Size(sizes.fold(0, usize::saturating_add))
    }

    /// What one string takes.
    pub fn of_one(string: &CStr) -> Size {
        let length = string.count_bytes() + 1;
        if length > LONGEST_WORD {
            return Size(usize::MAX);
        }
        Size(length + size_of::<usize>())
    }

    /// What both take.
    pub fn and(self, other: Size) -> Size {
        Size(self.0.saturating_add(other.0))
    }

    /// True where that fits into `limit` bytes.
    pub fn fits(self, limit: usize) -> bool {
        self.0 <= limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_counted_with_their_ends_and_pointers() {
        let size = Size::of(&[c"a", c"", c"four"].map(Word::Borrowed));
        assert!(size.fits(2 + 1 + 5 + 3 * 8) && !size.fits(2 + 1 + 5 + 3 * 8 - 1));
        assert!(size.and(Size::of_one(c"12345")).fits(2 + 1 + 5 + 6 + 4 * 8));
    }

    #[test]
    fn no_string_is_longer_than_one_may_be() {
        for (length, fits) in [(LONGEST_WORD - 1, true), (LONGEST_WORD, false)] {
            let word = crate::block::word("x".repeat(length).into_bytes());
            assert_eq!(Size::of(&[word]).fits(LONGEST_ARGV), fits, "{length}");
        }
    }
}
