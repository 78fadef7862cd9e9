//! What a rule found: where, what, and what to do about it. How it is shown is `report`.

use crate::level::Level;
use std::ops::Range;
use std::path::PathBuf;

/// What was found, with all that a report or a fix needs; it borrows nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// The file or directory as people call it: what they gave, joined with the path inside.
    pub path: Vec<u8>,
    /// The bytes it is about; `None` for a finding about a whole file or directory.
    pub span: Option<Range<usize>>,
    /// What is wrong: a clause, lower case, no full stop.
    pub message: String,
    /// What to do next; empty where the message says it all.
    pub help: String,
    /// Other places that explain it: a brace that was opened, the other end of a cycle.
    pub related: Vec<Related>,
    /// A change that settles it and that cannot do harm.
    pub fix: Option<Fix>,
}

/// A place that explains a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file or directory as people call it.
    pub path: Vec<u8>,
    /// The bytes in it.
    pub span: Option<Range<usize>>,
    /// What there is to see: a clause.
    pub message: String,
}

/// A change that is safe to make without asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, in the imperative: `make the file executable`.
    pub title: String,
    /// Its parts; they are made together or not at all.
    pub edits: Vec<Edit>,
}

/// A part of a fix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edit {
    /// Other bytes in place of a span.
    Replace {
        /// The file on disk.
        file: PathBuf,
        /// What goes.
        span: Range<usize>,
        /// What comes.
        text: Vec<u8>,
    },
    /// Other permissions.
    Mode {
        /// The file on disk.
        file: PathBuf,
        /// The new mode's permission bits.
        mode: u32,
    },
    /// A new file; it is an error where there is one already.
    Create {
        /// The file on disk. Directories above it are made where they are missing.
        file: PathBuf,
        /// What it holds.
        text: Vec<u8>,
        /// Its mode's permission bits.
        mode: u32,
    },
    /// A file or directory goes to another place; it is an error where there is one already.
    Move {
        /// Where it is.
        from: PathBuf,
        /// Where it goes. Directories above it are made where they are missing.
        to: PathBuf,
    },
}
