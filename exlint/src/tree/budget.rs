//! How much is held in memory of what is looked at together: a path with its root and bases.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// As many files, directories and links are looked at together at most: several times what the
/// largest images have, and little enough for their names to be held in memory.
const MOST_ENTRIES: usize = 4_000_000;

/// As many bytes of texts are kept together at most.
const MOST_TEXT: u64 = 256 << 20;

/// What was looked at of how much may be.
#[derive(Debug)]
pub struct Budget {
    entries: AtomicUsize,
    most_entries: usize,
    text: AtomicU64,
    most_text: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MOST_ENTRIES, MOST_TEXT)
    }
}

impl Budget {
    /// So many entries, and so many bytes of texts.
    pub(super) fn new(most_entries: usize, most_text: u64) -> Budget {
        Budget {
            entries: AtomicUsize::new(0),
            most_entries,
            text: AtomicU64::new(0),
            most_text,
        }
    }

    /// One entry more; false where that is one too many.
    pub(super) fn has_room_for_entry(&self) -> bool {
        self.entries.fetch_add(1, Ordering::Relaxed) < self.most_entries
    }

    /// So many bytes of text more; false where they are too many.
    pub(super) fn has_room_for_text(&self, length: u64) -> bool {
        self.text.fetch_add(length, Ordering::Relaxed) + length <= self.most_text
    }

    /// Fails where it did not suffice. What did not fit in was left out, so nothing that was
    /// found counts.
    ///
    /// # Errors
    ///
    /// Says of what there is too much, for people.
    pub fn suffices(&self) -> Result<(), String> {
        let too_much = if self.entries.load(Ordering::Relaxed) > self.most_entries {
            format!("more than {} files", self.most_entries)
        } else if self.text.load(Ordering::Relaxed) > self.most_text {
            format!("texts of more than {} bytes", self.most_text)
        } else {
            return Ok(());
        };
        Err(format!(
            "there are {too_much}, with the root and the bases; give a part of it"
        ))
    }
}
