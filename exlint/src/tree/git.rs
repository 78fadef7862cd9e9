//! The modes that a git repository's index has for its files. Nothing of git is executed, as
//! a repository can name programs that would then be run.

use super::beneath;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Which files the index calls executable, by their path below the directory asked for.
#[derive(Debug)]
pub struct Index {
    executable: HashMap<Vec<u8>, bool>,
}

impl Index {
    /// What the index says of a file; `None` where it does not know it.
    pub fn is_executable(&self, below: &[u8]) -> Option<bool> {
        self.executable.get(below).copied()
    }
}

/// What the index of the repository around `directory` says; `None` without a repository.
///
/// # Errors
///
/// Where there is a repository, but its index cannot be read.
pub fn modes(directory: &Path) -> io::Result<Option<Index>> {
    let directory = fs::canonicalize(directory)?;
    let Some((work_tree, repository)) = directory
        .ancestors()
        .find_map(|ancestor| Some((ancestor, repository(ancestor)?)))
    else {
        return Ok(None);
    };
    let index = read(&repository.join("index"))
        .map_err(|error| io::Error::other(format!("the index of the git repository: {error}")))?;
    let prefix = directory
        .strip_prefix(work_tree)
        .map(|prefix| prefix.as_os_str().as_bytes().to_vec())
        .unwrap_or_default();
    let mut executable = HashMap::new();
    for entry in index.entries() {
        let path: &[u8] = entry.path(&index);
        let below = if prefix.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(&*prefix)
                .and_then(|rest| rest.strip_prefix(b"/"))
        };
        if let Some(below) = below
            && entry.mode.contains(gix_index::entry::Mode::FILE)
        {
            let is_executable = entry.mode == gix_index::entry::Mode::FILE_EXECUTABLE;
            executable.insert(below.to_vec(), is_executable);
        }
    }
    Ok(Some(Index { executable }))
}

/// An index with a million files has about this size.
const LARGEST: u64 = 128 << 20;

/// The text of a `.git` that is a file is one path.
const LONGEST: u64 = 4096;

fn read(file: &Path) -> io::Result<gix_index::State> {
    let bytes = beneath::read_found(file, LARGEST)?;
    let options = gix_index::decode::Options {
        thread_limit: Some(1),
        alloc_limit_bytes: usize::try_from(4 * LARGEST).ok(),
        ..Default::default()
    };
    let time = filetime::FileTime::zero();
    let sha1 = gix_index::hash::Kind::Sha1;
    let (index, _) = gix_index::State::from_bytes(&bytes, time, sha1, options)
        .map_err(|error| io::Error::other(error.to_string()))?;
    if index.link().is_some() {
        return Err(io::Error::other(
            "it is split, which is not read; `git update-index --no-split-index` joins it",
        ));
    }
    Ok(index)
}

/// Where the repository of a work tree is: `.git`, or where the file of that name points.
fn repository(work_tree: &Path) -> Option<PathBuf> {
    let place = work_tree.join(".git");
    if place.is_dir() {
        return Some(place);
    }
    let text = beneath::read_found(&place, LONGEST).ok()?;
    let target = text.strip_prefix(b"gitdir:")?.trim_ascii();
    Some(work_tree.join(std::ffi::OsStr::from_bytes(target)))
}
