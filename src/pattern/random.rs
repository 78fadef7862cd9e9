//! Pseudo-random patterns and texts that are the same in every run.
//!
//! glibc overflows its stack or never returns on some patterns, so that the
//! tests that compare with it cannot draw fresh ones. It exists only in test
//! builds.
#![allow(clippy::indexing_slicing)]

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    /// At least one and at most `limit` tokens in a row.
    pub(crate) fn concatenation(&mut self, tokens: &[&str], limit: usize) -> Vec<u8> {
        let mut pattern = Vec::new();
        for _ in 0..=self.below(limit) {
            pattern.extend_from_slice(tokens[self.below(tokens.len())].as_bytes());
        }
        pattern
    }

    /// At most `limit` bytes of an alphabet.
    pub(crate) fn bytes(&mut self, alphabet: &[u8], limit: usize) -> Vec<u8> {
        (0..self.below(limit + 1))
            .map(|_| alphabet[self.below(alphabet.len())])
            .collect()
    }
}
