//! Opening files and directories below an open directory, and nothing else: no link is followed
//! on the way, so that no tree leads a reader out of it, whoever changes it meanwhile.

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, open, openat, openat2};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a directory is opened with, besides the way to it.
const DIRECTORY: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_CLOEXEC);

/// The directory that a path from people leads to; here links count.
///
/// # Errors
///
/// Those of the system.
pub fn given(path: &Path) -> io::Result<OwnedFd> {
    Ok(open(path, DIRECTORY, Mode::empty())?)
}

/// A directory below another one, which is itself where `below` is empty.
///
/// # Errors
///
/// Those of the system, and where a link is on the way.
pub fn directory(above: &OwnedFd, below: &[u8]) -> io::Result<OwnedFd> {
    if below.is_empty() {
        return Ok(openat(above, ".", DIRECTORY, Mode::empty())?);
    }
    reach(above, below, DIRECTORY | OFlag::O_NOFOLLOW)
}

/// True for what these are, as far as the format of a mode tells it.
pub fn is(stat: &FileStat, kind: SFlag) -> bool {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == kind
}

/// What a file is opened with: a pipe would make us wait for its other end before we know that
/// it is one.
const FILE: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_NONBLOCK)
    .union(OFlag::O_CLOEXEC);

/// What was opened may have become something else since it was listed.
fn regular(file: OwnedFd) -> io::Result<File> {
    if is(&fstat(&file)?, SFlag::S_IFREG) {
        Ok(File::from(file))
    } else {
        Err(io::Error::other("it is no regular file"))
    }
}

fn all(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is longer than {most} bytes")));
    }
    Ok(bytes)
}

fn reach(above: &OwnedFd, below: &[u8], flags: OFlag) -> io::Result<OwnedFd> {
    let path = Path::new(OsStr::from_bytes(below));
    let how = OpenHow::new()
        .flags(flags)
        .mode(Mode::empty())
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS);
    match openat2(above, path, how) {
        // Kernels before 5.6, and sandboxes that know no better; paths too long for one call.
        Err(Errno::ENOSYS | Errno::EPERM | Errno::ENAMETOOLONG) => step_by_step(above, path, flags),
        opened => Ok(opened?),
    }
}

fn step_by_step(above: &OwnedFd, path: &Path, flags: OFlag) -> io::Result<OwnedFd> {
    let names: Vec<_> = path.iter().collect();
    let Some((last, parents)) = names.split_last() else {
        return Err(io::Error::from(Errno::ENOENT));
    };
    let mut at = above.try_clone()?;
    for name in parents {
        let descent = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        at = openat(&at, *name, descent, Mode::empty())?;
    }
    Ok(openat(&at, *last, flags, Mode::empty())?)
}

/// All of a regular file below a directory, at most `most` bytes.
///
/// # Errors
///
/// Those of the system, and where the file is longer.
pub fn read(above: &OwnedFd, below: &[u8], most: u64) -> io::Result<Vec<u8>> {
    all(regular(reach(above, below, FILE)?)?, most)
}

/// All of a file that was found by its path, at most `most` bytes. Directories of the path may
/// be links; the file is none.
///
/// # Errors
///
/// Those of the system, and where it is longer, or no regular file.
pub fn read_found(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    all(regular(open(path, FILE, Mode::empty())?)?, most)
}

/// The first bytes of a regular file below a directory.
///
/// # Errors
///
/// Those of the system.
pub fn read_beginning(above: &OwnedFd, below: &[u8], count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular(reach(above, below, FILE)?)?
        .take(count as u64)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    type Way = fn(&OwnedFd, &[u8], OFlag) -> io::Result<OwnedFd>;

    /// The system's way, and ours for where it has none.
    const WAYS: [Way; 2] = [reach, |above, below, flags| {
        step_by_step(above, Path::new(OsStr::from_bytes(below)), flags)
    }];

    #[test]
    fn no_link_is_followed_on_any_way() {
        let around = tempfile::tempdir().unwrap();
        let given_path = around.path().join("given");
        fs::create_dir_all(given_path.join("a/b")).unwrap();
        fs::write(given_path.join("a/b/file"), "text").unwrap();
        fs::write(around.path().join("outside"), "secret").unwrap();
        for (target, name) in [
            ("../outside", "out"),
            ("a/b/file", "in"),
            ("..", "up"),
            ("a", "directory"),
            ("loop", "loop"),
        ] {
            symlink(target, given_path.join(name)).unwrap();
        }
        let above = given(&given_path).unwrap();
        for way in WAYS {
            assert!(way(&above, b"a/b/file", OFlag::O_RDONLY).is_ok());
            assert!(way(&above, b"a/b", DIRECTORY | OFlag::O_NOFOLLOW).is_ok());
            for path in [
                "out",
                "in",
                "up/outside",
                "directory/b/file",
                "loop",
                "loop/x",
            ] {
                for flags in [OFlag::O_RDONLY, DIRECTORY] {
                    let opened = way(&above, path.as_bytes(), flags | OFlag::O_NOFOLLOW);
                    assert!(opened.is_err(), "{path}");
                }
            }
        }
    }

    #[test]
    fn a_path_may_be_longer_than_the_system_takes_at_once() {
        let around = tempfile::tempdir().unwrap();
        let name = "d".repeat(250);
        let mut at = given(around.path()).unwrap();
        let mut below = Vec::new();
        for _ in 0..20 {
            nix::sys::stat::mkdirat(&at, &*name, Mode::S_IRWXU).unwrap();
            at = directory(&at, name.as_bytes()).unwrap();
            below.push(name.as_bytes());
        }
        nix::fcntl::openat(&at, "file", OFlag::O_CREAT | OFlag::O_WRONLY, Mode::S_IRUSR).unwrap();
        let above = given(around.path()).unwrap();
        assert!(directory(&above, &below.join(&b'/')).is_ok());
        below.push(b"file");
        assert_eq!(read(&above, &below.join(&b'/'), 10).unwrap(), b"");
    }
}
