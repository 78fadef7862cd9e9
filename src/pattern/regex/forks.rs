//! Which way a path takes where two ways lead on to a match.
//!
//! glibc takes the first way unless it has gone it already without consuming
//! anything, so that a loop around nothing is left again. Its rule alone can
//! still circle for ever; here the ways are then taken in turn.

use alloc::vec;
use alloc::vec::Vec;

use super::RegexError;
use super::program::{Address, Program};

/// The greatest number of visits to one instruction at one position.
const VISIT_LIMIT: u32 = 64;

pub(super) struct Forks {
    /// For each instruction the last position where the path went through it,
    /// plus one, and how often it did.
    visits: Vec<(usize, u32)>,
}

impl Forks {
    pub(super) fn new(program: &Program) -> Forks {
        Forks {
            visits: vec![(0, 0); program.instructions().len()],
        }
    }

    /// Records that the path goes through an instruction without consuming.
    pub(super) fn visit(&mut self, address: Address, position: usize) -> Result<(), RegexError> {
        let count = self.count(address, position) + 1;
        if count > VISIT_LIMIT {
            return Err(RegexError::Exhausted);
        }
        if let Some(visit) = self.visits.get_mut(address as usize) {
            *visit = (position + 1, count);
        }
        Ok(())
    }

    /// Whether the second way is taken, where both lead to a match.
    pub(super) fn takes_second(&self, first: Address, second: Address, position: usize) -> bool {
        let visits = self.count(first, position);
        visits > 0 && self.count(second, position) <= visits
    }

    fn count(&self, address: Address, position: usize) -> u32 {
        match self.visits.get(address as usize) {
            Some((stamp, count)) if *stamp == position + 1 => *count,
            _ => 0,
        }
    }
}
