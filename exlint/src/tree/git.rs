//! The modes that a git repository's index has for its files. Nothing of git is executed, as
//! a repository can name programs that would then be run.

use super::beneath;
use super::git_index;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An index with a million files has about this size.
const LARGEST: u64 = 128 << 20;

/// The text of a `.git` that is a file is one path.
const LONGEST: u64 = 4096;

/// Whether files are executable for the index of the repository around `directory`, by their
/// paths below it; `None` without a repository.
///
/// # Errors
///
/// Where there is a repository, but its index cannot be read.
pub fn modes(directory: &Path) -> io::Result<Option<git_index::Index>> {
    let directory = fs::canonicalize(directory)?;
    let Some((work_tree, repository)) = directory
        .ancestors()
        .find_map(|ancestor| Some((ancestor, repository(ancestor)?)))
    else {
        return Ok(None);
    };
    let prefix = directory.strip_prefix(work_tree).unwrap_or(Path::new(""));
    let mut prefix = prefix.as_os_str().as_bytes().to_vec();
    if !prefix.is_empty() {
        prefix.push(b'/');
    }
    let index = beneath::read_found(&repository.join("index"), LARGEST);
    let index = index
        .map_err(|error| error.to_string())
        .and_then(|index| git_index::read(&index, &prefix));
    index.map(Some).map_err(|error| {
        io::Error::other(format!(
            "the index of the git repository: {error}; `--modes fs` takes the modes of the files"
        ))
    })
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
