//! A tree from a directory or a file on disk. Only names, modes and links are read here;
//! what files hold is read when somebody asks.
//!
//! Every directory is opened below the one that was given, without following a link, and must
//! then be the one that was listed: a tree that changes meanwhile has faults, and leads nowhere.

use super::beneath;
use super::budget::Budget;
use super::entry::{Entry, Kind, Source, join};
use super::{NodeId, Tree, git, git_index};
use nix::dir::Dir;
use nix::fcntl::{AtFlags, readlinkat};
use nix::sys::stat::{FileStat, SFlag, fstat, fstatat};
use rayon::prelude::*;
use std::ffi::{CString, OsStr};
use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
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

/// What the names of files begin with that a fix is about to put in the place of others; a
/// process's number and another one follow, with a `-` between them.
pub const TEMPORARY: &str = ".exlint-";

/// Deeper than this nothing is looked at.
const DEEPEST: usize = 200;

/// What is at `path`, called `shown` by people, as far as the budget goes.
///
/// # Errors
///
/// Where the path itself cannot be looked at, and where more is below it than in any image.
/// What cannot be looked at below has a fault.
pub fn load(path: &Path, shown: &[u8], modes: Modes, budget: &Arc<Budget>) -> io::Result<Tree> {
    let is_directory = fs::metadata(path)?.is_dir();
    // A file is looked at from its directory, so that reading it is the same for all.
    let (disk, called, below) = if is_directory {
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
    let directory = beneath::given(&disk)?;
    let stat = if is_directory {
        fstat(&directory)?
    } else {
        fstatat(&directory, &*below, AtFlags::AT_SYMLINK_NOFOLLOW)?
    };
    let index = match modes {
        Modes::Files => None,
        Modes::Git => git::modes(&disk)?,
    };
    let source = Arc::new(Source::opened(disk, called, directory, budget));
    let walk = Walk {
        source,
        device: stat.st_dev,
        index,
    };
    let root = walk.source.directory.as_ref().map(AsFd::as_fd);
    let root = root.map(|root| walk.entry(root, &CString::default(), &below, &stat));
    let root = root.ok_or_else(|| io::Error::other("it is no directory"))?;
    let mut tree = Tree::new(Arc::new(root));
    if is_directory {
        let listed = walk.list(&below, identity(&stat), 0)?;
        budget.suffices().map_err(io::Error::other)?;
        plant(&mut tree, NodeId(0), listed);
        tree.finish();
    }
    Ok(tree)
}

/// True for the name of a file that a fix was writing when it was killed.
fn is_left_over(name: &[u8]) -> bool {
    let numbers = name.strip_prefix(TEMPORARY.as_bytes());
    numbers.is_some_and(|numbers| {
        let mut parts = numbers.split(|&byte| byte == b'-');
        let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        parts.clone().count() == 2 && parts.all(is_number)
    })
}

/// What tells that something is still what it was.
fn identity(stat: &FileStat) -> (u64, u64) {
    (stat.st_dev, stat.st_ino)
}

struct Walk {
    source: Arc<Source>,
    /// The file system that is looked at; others are mounted into it and no part of an image.
    device: u64,
    index: Option<git_index::Index>,
}

/// What a directory holds, as it was when the directory was listed.
struct Item {
    name: Box<[u8]>,
    entry: Entry,
    /// For a directory that is to be looked into: what it must be when that is done.
    directory: Option<(u64, u64)>,
}

struct Listed {
    name: Box<[u8]>,
    entry: Entry,
    children: Vec<Listed>,
}

/// As many are not worth a handing over to another thread.
const FEW: usize = 16;

impl Walk {
    fn entry(
        &self,
        directory: BorrowedFd<'_>,
        name: &CString,
        below: &[u8],
        stat: &FileStat,
    ) -> Entry {
        let kind = if beneath::is(stat, SFlag::S_IFDIR) {
            Kind::Directory
        } else if beneath::is(stat, SFlag::S_IFREG) {
            Kind::File
        } else if beneath::is(stat, SFlag::S_IFLNK) {
            match readlinkat(directory, name.as_c_str()) {
                Ok(target) => Kind::Link(target.as_bytes().into()),
                Err(_) => Kind::Other,
            }
        } else {
            Kind::Other
        };
        let mut mode = stat.st_mode;
        if let (Some(index), Kind::File) = (&self.index, &kind)
            && let Some(&executable) = index.get(below)
        {
            mode = if executable { 0o755 } else { 0o644 };
        }
        Entry {
            owner: stat.st_uid,
            group: stat.st_gid,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            ..Entry::new(&self.source, below, kind, mode)
        }
    }

    /// What the directory holds, which must be the one that it was: all below it.
    fn list(&self, below: &[u8], was: (u64, u64), depth: usize) -> io::Result<Vec<Listed>> {
        let items = self.items(below, was, depth)?;
        let descend = |item: Item| self.descend(item, depth);
        // Nothing is open here: what lies deep takes no more descriptors than what does not.
        if items.len() < FEW {
            return Ok(items.into_iter().map(descend).collect());
        }
        let items = items.into_par_iter().with_min_len(FEW / 2);
        Ok(items.map(descend).collect())
    }

    /// What the directory itself holds.
    fn items(&self, below: &[u8], was: (u64, u64), depth: usize) -> io::Result<Vec<Item>> {
        let Some(above) = &self.source.directory else {
            return Ok(Vec::new());
        };
        let directory = beneath::directory(above, below)?;
        if identity(&fstat(&directory)?) != was {
            return Err(io::Error::other("it was replaced while it was looked at"));
        }
        let mut directory = Dir::from_fd(directory)?;
        let mut names = Vec::new();
        for entry in directory.iter() {
            let name = entry?.file_name().to_owned();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            if !self.source.budget.has_room_for_entry() {
                break;
            }
            names.push(name);
        }
        let directory = directory.as_fd();
        let item = |name: &CString| self.item(directory, name, below, depth);
        if names.len() < FEW {
            return Ok(names.iter().filter_map(item).collect());
        }
        let names = names.par_iter().with_min_len(FEW / 2);
        Ok(names.filter_map(item).collect())
    }

    /// `None` for what is not looked at, and for what is not there any more.
    fn item(
        &self,
        directory: BorrowedFd<'_>,
        name: &CString,
        above: &[u8],
        depth: usize,
    ) -> Option<Item> {
        let stat = fstatat(directory, name.as_c_str(), AtFlags::AT_SYMLINK_NOFOLLOW).ok()?;
        let is_directory = beneath::is(&stat, SFlag::S_IFDIR);
        if beneath::is(&stat, SFlag::S_IFREG) && is_left_over(name.to_bytes()) {
            return None;
        }
        if is_directory && SKIPPED.contains(&name.to_bytes()) {
            return None;
        }
        let below = if above.is_empty() {
            name.to_bytes().to_vec()
        } else {
            join(above, name.to_bytes())
        };
        let mut item = Item {
            name: name.to_bytes().into(),
            entry: self.entry(directory, name, &below, &stat),
            directory: None,
        };
        if is_directory && stat.st_dev == self.device {
            if depth >= DEEPEST {
                let fault = format!("it lies deeper than {DEEPEST} directories");
                item.entry.fault = Some(fault);
            } else {
                item.directory = Some(identity(&stat));
            }
        }
        Some(item)
    }

    fn descend(&self, item: Item, depth: usize) -> Listed {
        let Item {
            name,
            mut entry,
            directory,
        } = item;
        let mut children = Vec::new();
        if let Some(was) = directory {
            match self.list(&entry.below, was, depth + 1) {
                Ok(listed) => children = listed,
                Err(error) => entry.fault = Some(error.to_string()),
            }
        }
        Listed {
            name,
            entry,
            children,
        }
    }
}

fn plant(tree: &mut Tree, at: NodeId, listed: Vec<Listed>) {
    for item in listed {
        let id = tree.add(at, &item.name, Arc::new(item.entry), true);
        plant(tree, id, item.children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn walk(root: &Path) -> (Walk, (u64, u64)) {
        let directory = beneath::given(root).unwrap();
        let stat = fstat(&directory).unwrap();
        let walk = Walk {
            source: Arc::new(Source::opened(
                root.to_path_buf(),
                b"given".to_vec(),
                directory,
                &Arc::default(),
            )),
            device: stat.st_dev,
            index: None,
        };
        (walk, identity(&stat))
    }

    /// What becomes of a directory that is replaced after it was listed, before it is opened.
    fn fault_of_replaced(replace: impl Fn(&Path)) -> String {
        let around = tempfile::tempdir().unwrap();
        let given = around.path().join("given");
        fs::create_dir_all(given.join("d")).unwrap();
        fs::create_dir(around.path().join("outside")).unwrap();
        fs::write(around.path().join("outside/secret"), "").unwrap();
        let (walk, root) = walk(&given);
        let mut items = walk.items(b"", root, 0).unwrap();
        fs::remove_dir(given.join("d")).unwrap();
        replace(&given.join("d"));
        let listed = walk.descend(items.pop().unwrap(), 0);
        assert_eq!(listed.children.len(), 0);
        listed.entry.fault.unwrap()
    }

    #[test]
    fn a_directory_that_is_replaced_meanwhile_leads_nowhere() {
        let link = |target: &'static str| {
            move |place: &Path| {
                symlink(target, place).unwrap();
            }
        };
        fault_of_replaced(link("../outside"));
        fault_of_replaced(link("."));
        fault_of_replaced(|place| fs::write(place, "").unwrap());
        let other = fault_of_replaced(|place| {
            // The first may have the number of the one that is gone.
            fs::create_dir(place.with_file_name("first")).unwrap();
            fs::create_dir(place).unwrap();
            fs::write(place.join("x"), "").unwrap();
        });
        assert_eq!(other, "it was replaced while it was looked at");
    }

    #[test]
    fn a_file_that_is_replaced_meanwhile_is_not_read() {
        let around = tempfile::tempdir().unwrap();
        let given = around.path().join("given");
        fs::create_dir(&given).unwrap();
        fs::write(given.join("run"), "text").unwrap();
        fs::write(around.path().join("secret"), "secret").unwrap();
        let tree = load(&given, b"given", Modes::Files, &Arc::default()).unwrap();
        fs::remove_file(given.join("run")).unwrap();
        symlink("../secret", given.join("run")).unwrap();
        let node = tree.child(tree.root(), b"run").unwrap();
        assert!(tree.entry(node).bytes().is_err());
        assert_eq!(tree.entry(node).beginning(4), b"");
    }

    #[test]
    fn more_entries_than_any_image_has_are_refused() {
        let around = tempfile::tempdir().unwrap();
        for name in ["a/1", "a/2", "b/1", "b/2"] {
            fs::create_dir_all(around.path().join(name)).unwrap();
        }
        let load = |budget: &Arc<Budget>| load(around.path(), b"given", Modes::Files, budget);
        for (most, is_enough) in [(6, true), (5, false), (1, false)] {
            let tree = load(&Arc::new(Budget::new(most, 0)));
            assert_eq!(tree.is_ok(), is_enough, "{most}");
        }
        // A base that is named again is looked at again.
        let budget = Arc::new(Budget::new(17, 0));
        assert!(load(&budget).is_ok() && load(&budget).is_ok());
        let error = load(&budget).unwrap_err().to_string();
        assert!(error.contains("more than 17 files"), "{error}");
    }

    #[test]
    fn more_text_than_any_image_has_is_not_kept() {
        let around = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(around.path().join(name), "four").unwrap();
        }
        let budget = Arc::new(Budget::new(100, 16));
        for (round, is_enough) in [(0, true), (1, false)] {
            let tree = load(around.path(), b"given", Modes::Files, &budget).unwrap();
            let kept = tree.all().filter(|&node| tree.entry(node).bytes().is_ok());
            assert_eq!(kept.count(), if is_enough { 3 } else { 1 }, "{round}");
            assert_eq!(budget.suffices().is_ok(), is_enough, "{round}");
        }
    }
}
