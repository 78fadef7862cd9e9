//! The few things done to the disk, each of them whole or not at all. Paths are walked by
//! directory descriptors, so that what was checked is what is changed.

use super::Reason;
use crate::tree::TEMPORARY;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, open, openat, renameat};
use nix::sys::stat::{FileStat, Mode, SFlag, fchmod, fstat, fstatat, mkdirat};
use nix::unistd::{Gid, LinkatFlags, Uid, UnlinkatFlags, fchown, fsync, linkat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

impl From<Errno> for Reason {
    fn from(errno: Errno) -> Reason {
        match errno {
            Errno::ENOENT => Reason::Missing,
            Errno::ELOOP => Reason::Link,
            Errno::EEXIST => Reason::Exists,
            other => Reason::Failed(other.into()),
        }
    }
}

/// An entry of a directory, there or not.
pub(super) struct Place {
    directory: OwnedFd,
    name: OsString,
}

/// What is somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Nothing,
    File,
    Directory,
    Link,
    Other,
}

/// Without `.`: two ways to write a path become one.
fn plain(path: &Path) -> PathBuf {
    path.components()
        .filter(|it| *it != Component::CurDir)
        .collect()
}

impl Place {
    /// The place of a path below one of the roots, if there are any. Directories above it
    /// are made if `make`.
    pub(super) fn of(path: &Path, roots: &[PathBuf], make: bool) -> Result<Place, Reason> {
        let path = plain(path);
        let name = path.file_name().ok_or(Reason::Outside)?.to_owned();
        let below = roots.iter().map(|root| plain(root)).find_map(|root| {
            let relative = root.as_os_str().is_empty() && path.is_relative();
            let rest = match relative {
                true => path.clone(),
                false => path.strip_prefix(&root).ok()?.to_owned(),
            };
            Some((root, rest))
        });
        let parent = path.parent().unwrap_or(Path::new(""));
        let (base, walked) = match below {
            None if !roots.is_empty() => return Err(Reason::Outside),
            Some((root, rest)) if !rest.as_os_str().is_empty() => {
                (root, rest.parent().map(Path::to_owned).unwrap_or_default())
            }
            _ => {
                if make {
                    std::fs::create_dir_all(here(parent)).map_err(Reason::Failed)?;
                }
                (parent.to_owned(), PathBuf::new())
            }
        };
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let mut directory = open(here(&base), flags, Mode::empty())?;
        for component in walked.components() {
            let Component::Normal(name) = component else {
                return Err(Reason::Outside);
            };
            let place = Place {
                directory,
                name: name.to_owned(),
            };
            if make && place.kind()? == Kind::Nothing {
                match mkdirat(&place.directory, name, Mode::from_bits_truncate(0o755)) {
                    Ok(()) | Err(Errno::EEXIST) => {}
                    Err(errno) => return Err(errno.into()),
                }
            }
            if place.kind()? == Kind::Link {
                return Err(Reason::Link);
            }
            let flags = flags | OFlag::O_NOFOLLOW;
            directory = openat(&place.directory, name, flags, Mode::empty())?;
        }
        Ok(Place { directory, name })
    }

    /// What is there.
    pub(super) fn kind(&self) -> Result<Kind, Reason> {
        let name = self.name.as_os_str();
        match fstatat(&self.directory, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(kind_of(&stat)),
            Err(Errno::ENOENT) => Ok(Kind::Nothing),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Opens the file or directory; no other kind, and no link.
    pub(super) fn open(&self) -> Result<Opened, Reason> {
        // Non-blocking, lest a pipe make us wait before we know that it is one.
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        match self.kind()? {
            Kind::File | Kind::Directory => {}
            Kind::Nothing => return Err(Reason::Missing),
            Kind::Link => return Err(Reason::Link),
            Kind::Other => return Err(Reason::Kind),
        }
        let descriptor = openat(&self.directory, self.name.as_os_str(), flags, Mode::empty())?;
        let stat = fstat(&descriptor)?;
        Ok(Opened {
            kind: kind_of(&stat),
            stat,
            file: File::from(descriptor),
        })
    }

    /// Puts a new file in the place of an opened one, with its owner, and its mode unless another
    /// is given.
    pub(super) fn rewrite(
        &self,
        old: &Opened,
        text: &[u8],
        mode: Option<u32>,
    ) -> Result<(), Reason> {
        let temporary = Temporary::new(self, text)?;
        let owner = (
            Uid::from_raw(old.stat.st_uid),
            Gid::from_raw(old.stat.st_gid),
        );
        let made = fstat(&temporary.file)?;
        let mode = mode.unwrap_or(old.stat.st_mode & 0o7777);
        if (made.st_uid, made.st_gid) != (old.stat.st_uid, old.stat.st_gid) {
            match fchown(&temporary.file, Some(owner.0), Some(owner.1)) {
                Err(Errno::EPERM) => return Err(Reason::Owner),
                changed => changed?,
            }
        }
        fchmod(&temporary.file, Mode::from_bits_truncate(mode))?;
        fsync(&temporary.file)?;
        let name = self.name.as_os_str();
        let now = fstatat(&self.directory, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        if identity(&now) != identity(&old.stat) {
            return Err(Reason::Changed);
        }
        renameat(
            &self.directory,
            temporary.name.as_os_str(),
            &self.directory,
            name,
        )?;
        temporary.keep();
        self.sync_directory();
        Ok(())
    }

    /// Makes a new file where nothing is.
    pub(super) fn create(&self, text: &[u8], mode: u32) -> Result<(), Reason> {
        let temporary = Temporary::new(self, text)?;
        fchmod(&temporary.file, Mode::from_bits_truncate(mode))?;
        fsync(&temporary.file)?;
        let from = Place {
            directory: self.directory.try_clone().map_err(Reason::Failed)?,
            name: temporary.name.clone(),
        };
        from.move_to(self)?;
        temporary.keep();
        Ok(())
    }

    /// Moves what is here to where nothing is.
    pub(super) fn move_to(&self, to: &Place) -> Result<(), Reason> {
        let (from_name, to_name) = (self.name.as_os_str(), to.name.as_os_str());
        match rename_without_replacing(self, to) {
            Err(Errno::ENOSYS | Errno::EINVAL | Errno::EOPNOTSUPP) => {}
            Err(errno) => return Err(errno.into()),
            Ok(()) => {
                to.sync_directory();
                return Ok(());
            }
        }
        if self.kind()? == Kind::File {
            linkat(
                &self.directory,
                from_name,
                &to.directory,
                to_name,
                LinkatFlags::empty(),
            )?;
            unlinkat(&self.directory, from_name, UnlinkatFlags::NoRemoveDir)?;
        } else if to.kind()? == Kind::Nothing {
            // A directory replaces nothing but an empty directory.
            renameat(&self.directory, from_name, &to.directory, to_name)?;
        } else {
            return Err(Reason::Exists);
        }
        to.sync_directory();
        Ok(())
    }

    /// The name is safe when the directory is; a file system that cannot do it is believed.
    fn sync_directory(&self) {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        if let Ok(directory) = openat(&self.directory, ".", flags, Mode::empty()) {
            let _ = fsync(&directory);
        }
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn rename_without_replacing(from: &Place, to: &Place) -> Result<(), Errno> {
    nix::fcntl::renameat2(
        &from.directory,
        from.name.as_os_str(),
        &to.directory,
        to.name.as_os_str(),
        nix::fcntl::RenameFlags::RENAME_NOREPLACE,
    )
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn rename_without_replacing(_: &Place, _: &Place) -> Result<(), Errno> {
    Err(Errno::ENOSYS)
}

/// The current directory has a name.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

fn kind_of(stat: &FileStat) -> Kind {
    match SFlag::from_bits_truncate(stat.st_mode & SFlag::S_IFMT.bits()) {
        SFlag::S_IFREG => Kind::File,
        SFlag::S_IFDIR => Kind::Directory,
        SFlag::S_IFLNK => Kind::Link,
        _ => Kind::Other,
    }
}

/// What tells that a file is still the one that was read.
fn identity(stat: &FileStat) -> impl PartialEq + use<> {
    (
        (stat.st_dev, stat.st_ino, stat.st_size),
        (stat.st_mtime, stat.st_mtime_nsec),
        (stat.st_ctime, stat.st_ctime_nsec),
    )
}

/// A file or directory that is open.
pub(super) struct Opened {
    pub(super) kind: Kind,
    stat: FileStat,
    file: File,
}

impl Opened {
    /// Its mode with the bits of its kind.
    pub(super) fn mode(&self) -> u32 {
        self.stat.st_mode
    }

    /// True where other names lead to it.
    pub(super) fn is_linked(&self) -> bool {
        self.stat.st_nlink > 1
    }

    /// Reads it, if it is as long as expected, and compares.
    pub(super) fn holds(&mut self, text: &[u8]) -> Result<bool, Reason> {
        if usize::try_from(self.stat.st_size) != Ok(text.len()) {
            return Ok(false);
        }
        let mut found = Vec::with_capacity(text.len());
        self.file.read_to_end(&mut found).map_err(Reason::Failed)?;
        Ok(found == text)
    }

    /// Gives it other permissions.
    pub(super) fn change_mode(&self, mode: u32) -> Result<(), Reason> {
        Ok(fchmod(&self.file, Mode::from_bits_truncate(mode))?)
    }
}

/// A new file under a name of its own, gone unless it is kept.
struct Temporary<'a> {
    place: &'a Place,
    name: OsString,
    file: File,
    kept: bool,
}

impl<'a> Temporary<'a> {
    fn new(place: &'a Place, text: &[u8]) -> Result<Temporary<'a>, Reason> {
        let flags =
            OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mut last = Errno::EEXIST;
        // One that was left by a process with the same id is not in the way.
        for number in 0..1000 {
            let name = OsString::from(format!("{TEMPORARY}{}-{number}", std::process::id()));
            let mode = Mode::from_bits_truncate(0o600);
            match openat(&place.directory, name.as_os_str(), flags, mode) {
                Ok(descriptor) => {
                    let mut temporary = Temporary {
                        place,
                        name,
                        file: File::from(descriptor),
                        kept: false,
                    };
                    temporary.file.write_all(text).map_err(Reason::Failed)?;
                    return Ok(temporary);
                }
                Err(Errno::EEXIST) => {}
                Err(errno) => {
                    last = errno;
                    break;
                }
            }
        }
        Err(Reason::Failed(last.into()))
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.kept {
            let name: &OsStr = &self.name;
            let _ = unlinkat(&self.place.directory, name, UnlinkatFlags::NoRemoveDir);
        }
    }
}
