//! Git's index: which files it calls executable, by path.
//!
//! It is read here and not by a library, because whoever has made a tree may have made an index,
//! too: of version 4, where each path says how much of the one before it begins with, a few
//! megabytes can mean terabytes of paths; and the trees and caches behind the entries, which are
//! of no use here, nest as deeply as one likes. Here they are passed over.
//!
//! Format: <https://git-scm.com/docs/gitformat-index>

use std::collections::HashMap;

/// Executable or not, by path, of all regular files. Where a merge left several of one path, the
/// last counts.
pub type Index = HashMap<Box<[u8]>, bool>;

/// As many bytes all paths may have together.
const MOST_PATHS: usize = 128 << 20;

/// The modes of the files below `prefix`, a directory's path with its `/` or nothing, by their
/// paths below it.
///
/// # Errors
///
/// Says what is wrong with the index, for people.
pub fn read(index: &[u8], prefix: &[u8]) -> Result<Index, String> {
    // Which one it is stands elsewhere. One is not taken for the other, as the last hash has to
    // be what is left.
    let (sha1, sha256) = (20, 32);
    let read = read_hashed(index, prefix, sha1).or_else(|wrong| {
        let again = read_hashed(index, prefix, sha256);
        again.map_err(|also| match wrong {
            Wrong::Ends => also,
            Wrong::Other(_) => wrong,
        })
    });
    read.map_err(|wrong| match wrong {
        Wrong::Ends => "it ends too early, or is none".to_owned(),
        Wrong::Other(what) => what,
    })
}

/// What is wrong with an index.
enum Wrong {
    /// It does not end where it should, as with hashes of another length.
    Ends,
    /// This.
    Other(String),
}

fn other(what: impl Into<String>) -> Result<Index, Wrong> {
    Err(Wrong::Other(what.into()))
}

fn read_hashed(index: &[u8], prefix: &[u8], hash: usize) -> Result<Index, Wrong> {
    let mut rest = Rest(index);
    if rest.take(4) != Some(b"DIRC") {
        return other("it does not begin as an index does");
    }
    let (version, count) = rest.number().zip(rest.number()).ok_or(Wrong::Ends)?;
    if !(2..=4).contains(&version) {
        return other(format!("its version is {version}, which is not known"));
    }
    let mut modes = Index::new();
    let mut path = Vec::new();
    let mut paths = 0;
    for _ in 0..count {
        let mode = rest.entry(version, hash, &mut path).ok_or(Wrong::Ends)?;
        paths += path.len();
        if paths > MOST_PATHS {
            return other(format!("its paths have more than {MOST_PATHS} bytes"));
        }
        if let (Some(below), REGULAR) = (path.strip_prefix(prefix), mode & KIND) {
            modes.insert(below.into(), mode & OWNER_EXECUTES != 0);
        }
    }
    while rest.0.len() > hash {
        let (name, length) = rest.take(4).zip(rest.number()).ok_or(Wrong::Ends)?;
        rest.take(length as usize).ok_or(Wrong::Ends)?;
        match name {
            b"link" => {
                return other(
                    "it is split, which is not read; `git update-index --no-split-index` joins it",
                );
            }
            // It only says that there may be directories among the entries.
            b"sdir" => {}
            [first, ..] if !first.is_ascii_uppercase() => {
                let name = name.escape_ascii();
                return other(format!("it has an extension that is not known: {name}"));
            }
            _ => {}
        }
    }
    if rest.0.len() == hash {
        Ok(modes)
    } else {
        Err(Wrong::Ends)
    }
}

/// The bits of a mode that say what kind of file it is, and what they are for a regular one.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const OWNER_EXECUTES: u32 = 0o100;

/// The flag of an entry that has further flags.
const EXTENDED: u16 = 0x4000;

/// What was not read yet.
struct Rest<'i>(&'i [u8]);

impl<'i> Rest<'i> {
    fn take(&mut self, count: usize) -> Option<&'i [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// What stands before the next NUL, which is taken too.
    fn until_nul(&mut self) -> Option<&'i [u8]> {
        let end = self.0.iter().position(|&byte| byte == 0)?;
        let taken = self.take(end + 1)?;
        taken.get(..end)
    }

    /// Seven bits in each byte, the highest first, and one more for each byte behind the first.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0usize;
        loop {
            let &[byte] = self.take(1)? else { return None };
            value = value
                .checked_mul(128)?
                .checked_add(usize::from(byte & 127))?;
            if byte & 128 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }

    /// The mode of an entry; its path takes the place of the one before it.
    fn entry(&mut self, version: u32, hash: usize, path: &mut Vec<u8>) -> Option<u32> {
        let before = self.0.len();
        // Times, device and inode; behind the mode are owner, group, size, and the hash.
        self.take(24)?;
        let mode = self.number()?;
        self.take(12 + hash)?;
        let flags = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        if version >= 3 && flags & EXTENDED != 0 {
            self.take(2)?;
        }
        if version == 4 {
            let kept = path.len().checked_sub(self.varint()?)?;
            path.truncate(kept);
            path.extend_from_slice(self.until_nul()?);
            return Some(mode);
        }
        path.clear();
        path.extend_from_slice(self.until_nul()?);
        // One NUL or more, up to a multiple of eight.
        let length = before - self.0.len();
        self.take(length.next_multiple_of(8) - length)?;
        Some(mode)
    }
}
