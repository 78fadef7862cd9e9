//! A file, directory or link: what it is, where it came from, and what it holds.

use super::beneath;
use super::budget::Budget;
use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// What an entry of a directory is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, with what it says.
    Link(Box<[u8]>),
    /// A fifo, a socket, a device.
    Other,
}

/// Where entries came from.
#[derive(Debug)]
pub struct Source {
    /// The directory or file on disk.
    pub disk: PathBuf,
    /// The same, as people call it.
    pub shown: Vec<u8>,
    /// The directory, open, so that nothing outside of it can be read. `None` for a sample.
    pub directory: Option<OwnedFd>,
    /// What is kept of it, and of what is looked at together with it.
    pub(super) budget: Arc<Budget>,
}

impl Source {
    /// What is in a directory that is open already.
    pub fn opened(
        disk: PathBuf,
        shown: Vec<u8>,
        directory: OwnedFd,
        budget: &Arc<Budget>,
    ) -> Source {
        Source {
            disk,
            shown,
            directory: Some(directory),
            budget: Arc::clone(budget),
        }
    }

    /// What is only said, and on no disk.
    pub fn said(disk: &str, shown: &str) -> Source {
        Source {
            disk: disk.into(),
            shown: shown.into(),
            directory: None,
            budget: Arc::default(),
        }
    }
}

/// A file, directory or link.
#[derive(Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The permission bits of its mode, with set-uid, set-gid and sticky bit.
    pub mode: u32,
    /// Its owner's number.
    pub owner: u32,
    /// Its group's number.
    pub group: u32,
    /// How many bytes a regular file has.
    pub size: u64,
    /// Why it could not be looked at, where it could not.
    pub fault: Option<String>,
    /// Where it came from.
    pub source: Arc<Source>,
    /// Its path below the source; empty for the source itself.
    pub below: Box<[u8]>,
    /// What a regular file holds, once somebody asked.
    pub(super) content: OnceLock<Result<Arc<[u8]>, String>>,
}

/// Files beyond this size are not read: no script and no service's file is so long.
pub const LARGEST: u64 = 1 << 20;

impl Entry {
    /// An entry whose content is not known yet.
    pub fn new(source: &Arc<Source>, below: &[u8], kind: Kind, mode: u32) -> Entry {
        Entry {
            kind,
            mode: mode & 0o7777,
            owner: 0,
            group: 0,
            size: 0,
            fault: None,
            source: Arc::clone(source),
            below: below.into(),
            content: OnceLock::new(),
        }
    }

    /// What a regular file holds. It is read when it is first asked for, and kept.
    ///
    /// # Errors
    ///
    /// Says why it cannot be read, for people.
    pub fn bytes(&self) -> Result<&Arc<[u8]>, &str> {
        self.content
            .get_or_init(|| self.read())
            .as_ref()
            .map_err(String::as_str)
    }

    fn read(&self) -> Result<Arc<[u8]>, String> {
        if self.kind != Kind::File {
            return Err("it is no regular file".to_owned());
        }
        if self.size > LARGEST {
            return Err(format!("it is longer than {LARGEST} bytes"));
        }
        let Some(directory) = &self.source.directory else {
            return Err("it is only a name".to_owned());
        };
        let too_much = "too much was read of other files";
        if self.source.budget.suffices().is_err() {
            return Err(too_much.to_owned());
        }
        let text = beneath::read(directory, &self.below, LARGEST).map_err(|e| e.to_string())?;
        if self.source.budget.has_room_for_text(text.len() as u64) {
            Ok(Arc::from(text))
        } else {
            Err(too_much.to_owned())
        }
    }

    /// The first bytes of a regular file, at most `count`: without reading all of a large one.
    pub fn beginning(&self, count: usize) -> Vec<u8> {
        if let Some(content) = self.content.get() {
            let content = content.as_ref().map_or(&[][..], |content| &content[..]);
            return content.get(..count).unwrap_or(content).to_vec();
        }
        match &self.source.directory {
            Some(directory) if self.kind == Kind::File => {
                beneath::read_beginning(directory, &self.below, count).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// Where it is on disk.
    pub fn disk(&self) -> PathBuf {
        if self.below.is_empty() {
            return self.source.disk.clone();
        }
        self.source.disk.join(OsStr::from_bytes(&self.below))
    }

    /// What people call it: what they gave, joined with the path inside.
    pub fn shown(&self) -> Vec<u8> {
        join(&self.source.shown, &self.below)
    }

    /// True where somebody may execute it.
    pub fn is_executable(&self) -> bool {
        self.mode & 0o111 != 0
    }
}

/// A path in a directory. In `.` it is called without it.
pub fn join(directory: &[u8], below: &[u8]) -> Vec<u8> {
    match (directory, below) {
        (b"." | b"", below) if !below.is_empty() => below.to_vec(),
        (directory, b"") => directory.to_vec(),
        (directory, below) if directory.ends_with(b"/") => [directory, below].concat(),
        (directory, below) => [directory, b"/", below].concat(),
    }
}
