//! A tree from a directory or a file on disk. Only names, modes and links are read here;
//! what files hold is read when somebody asks.

use super::entry::{Entry, Kind, Source, join};
use super::{NodeId, Tree, git};
use rayon::prelude::*;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

/// Where the modes of files come from.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Modes {
    /// From the files.
    #[default]
    Files,
    /// From the index of the git repository, where it knows the file: for checkouts on file
    /// systems that have no modes.
    Git,
}

/// Directories that are never part of an image.
const SKIPPED: [&[u8]; 4] = [b".git", b".hg", b".svn", b"node_modules"];

/// Deeper than this nothing is looked at.
const DEEPEST: usize = 200;

/// What is at `path`, called `shown` by people.
///
/// # Errors
///
/// Where the path itself cannot be looked at. What cannot be looked at below has a fault.
pub fn load(path: &Path, shown: &[u8], modes: Modes) -> io::Result<Tree> {
    let metadata = fs::metadata(path)?;
    // A file is looked at from its directory, so that reading it is the same for all.
    let (disk, called, below) = if metadata.is_dir() {
        (path.to_path_buf(), shown.to_vec(), Vec::new())
    } else {
        // Where the path is a link, the file that it leads to.
        let real = fs::canonicalize(path)?;
        let name = real.file_name().unwrap_or(OsStr::new("")).as_bytes();
        let parent = real.parent().unwrap_or(Path::new("/")).to_path_buf();
        let called = match shown.iter().rposition(|&byte| byte == b'/') {
            Some(place) => shown.get(..=place).unwrap_or_default().to_vec(),
            None => Vec::new(),
        };
        (parent, called, name.to_vec())
    };
    let directory = fs::File::open(&disk)?;
    let source = Arc::new(Source {
        disk,
        shown: called,
        directory: Some(directory.into()),
    });
    let index = match modes {
        Modes::Files => None,
        Modes::Git => git::modes(&source.disk)?,
    };
    let walk = Walk {
        source,
        device: metadata.dev(),
        index,
    };
    let mut tree = Tree::new(Arc::new(walk.entry(path, &below, &metadata)));
    if metadata.is_dir() {
        let listed = walk.list(path, &below, 0);
        plant(&mut tree, NodeId(0), listed);
        tree.finish();
    }
    Ok(tree)
}

struct Walk {
    source: Arc<Source>,
    /// The file system that is looked at; others are mounted into it and no part of an image.
    device: u64,
    index: Option<git::Index>,
}

struct Listed {
    name: Box<[u8]>,
    entry: Entry,
    children: Vec<Listed>,
}

impl Walk {
    fn entry(&self, path: &Path, below: &[u8], metadata: &Metadata) -> Entry {
        let kind = if metadata.is_dir() {
            Kind::Directory
        } else if metadata.is_file() {
            Kind::File
        } else if metadata.is_symlink() {
            match fs::read_link(path) {
                Ok(target) => Kind::Link(target.as_os_str().as_bytes().into()),
                Err(_) => Kind::Other,
            }
        } else {
            Kind::Other
        };
        let mut mode = metadata.mode();
        if let (Some(index), Kind::File) = (&self.index, &kind)
            && let Some(executable) = index.is_executable(below)
        {
            mode = if executable { 0o755 } else { 0o644 };
        }
        Entry {
            owner: metadata.uid(),
            group: metadata.gid(),
            size: metadata.size(),
            ..Entry::new(&self.source, below, kind, mode)
        }
    }

    fn list(&self, path: &Path, below: &[u8], depth: usize) -> Vec<Listed> {
        let Ok(entries) = fs::read_dir(path) else {
            return Vec::new();
        };
        let entries: Vec<fs::DirEntry> = entries.filter_map(Result::ok).collect();
        // Few entries are not worth a handing over.
        if entries.len() < 16 {
            return entries
                .iter()
                .filter_map(|entry| self.item(entry, below, depth))
                .collect();
        }
        entries
            .par_iter()
            .with_min_len(8)
            .filter_map(|entry| self.item(entry, below, depth))
            .collect()
    }

    fn item(&self, listed: &fs::DirEntry, below: &[u8], depth: usize) -> Option<Listed> {
        let name = listed.file_name();
        let below = if below.is_empty() {
            name.as_bytes().to_vec()
        } else {
            join(below, name.as_bytes())
        };
        let path = listed.path();
        let metadata = listed.metadata().ok()?;
        let mut entry = self.entry(&path, &below, &metadata);
        let mut children = Vec::new();
        if metadata.is_dir() {
            if SKIPPED.contains(&name.as_bytes()) {
                return None;
            }
            if metadata.dev() == self.device {
                if depth >= DEEPEST {
                    entry.fault = Some(format!("it lies deeper than {DEEPEST} directories"));
                } else if let Err(error) = fs::read_dir(&path) {
                    entry.fault = Some(error.to_string());
                } else {
                    children = self.list(&path, &below, depth + 1);
                }
            }
        }
        Some(Listed {
            name: name.as_bytes().into(),
            entry,
            children,
        })
    }
}

fn plant(tree: &mut Tree, at: NodeId, listed: Vec<Listed>) {
    for item in listed {
        let id = tree.add(at, &item.name, Arc::new(item.entry), true);
        plant(tree, id, item.children);
    }
}
