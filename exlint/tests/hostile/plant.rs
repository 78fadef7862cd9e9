//! Trees on disk out of descriptions, with all that a file system can hold and an unprivileged
//! user can make.

use nix::sys::stat::{Mode, SFlag, mknod};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is put somewhere.
#[derive(Clone, Debug)]
pub enum Thing {
    /// A file with this text and mode.
    File(Vec<u8>, u32),
    /// A directory with this mode.
    Directory(u32),
    /// A link to this.
    Link(Vec<u8>),
    /// A pipe.
    Pipe,
    /// A socket.
    Socket,
}

/// A file that may be read.
pub fn file(text: &str) -> Thing {
    Thing::File(text.into(), 0o644)
}

/// A file that may be executed.
pub fn program(text: &str) -> Thing {
    Thing::File(text.into(), 0o755)
}

/// A link.
pub fn link(target: &str) -> Thing {
    Thing::Link(target.into())
}

/// A tree that is removed in the end, whatever its modes are.
pub struct Planted {
    directory: TempDir,
    closed: Vec<PathBuf>,
}

impl Planted {
    /// Puts things below a new directory `given`. What is in the way of something stays, and
    /// that is left out.
    pub fn new(things: &[(Vec<u8>, Thing)]) -> Planted {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut planted = Planted {
            directory,
            closed: Vec::new(),
        };
        fs::create_dir(planted.given()).unwrap();
        let mut modes = Vec::new();
        for (path, thing) in things {
            let path = planted.given().join(OsStr::from_bytes(path));
            if let Some(parent) = path.parent() {
                let _ = fs::create_dir_all(parent);
            }
            if fs::symlink_metadata(&path).is_ok() {
                continue;
            }
            let mode = Mode::from_bits_truncate(0o644);
            let _ = match thing {
                Thing::File(text, mode) => {
                    modes.push((path.clone(), *mode));
                    fs::write(&path, text)
                }
                Thing::Directory(mode) => {
                    modes.push((path.clone(), *mode));
                    fs::create_dir(&path)
                }
                Thing::Link(target) => symlink(OsStr::from_bytes(target), &path),
                Thing::Pipe => mknod(&path, SFlag::S_IFIFO, mode, 0).map_err(Into::into),
                Thing::Socket => mknod(&path, SFlag::S_IFSOCK, mode, 0).map_err(Into::into),
            };
        }
        // The deepest first, lest a closed directory be in the way.
        modes.sort_by_key(|(path, _)| std::cmp::Reverse(path.as_os_str().len()));
        for (path, mode) in modes {
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                continue;
            };
            if metadata.is_symlink() {
                continue;
            }
            let _ = fs::set_permissions(&path, fs::Permissions::from_mode(mode));
            if metadata.is_dir() {
                planted.closed.push(path);
            }
        }
        planted
    }

    /// The directory around the tree.
    pub fn around(&self) -> &Path {
        self.directory.path()
    }

    /// The tree.
    pub fn given(&self) -> PathBuf {
        self.directory.path().join("given")
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        for path in self.closed.iter().rev() {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
        }
    }
}
