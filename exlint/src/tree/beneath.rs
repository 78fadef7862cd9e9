//! Reading files below an open directory, and nothing else: no link is followed on the way,
//! so that no tree leads a reader out of it.

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::{Mode, SFlag, fstat};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

fn open(directory: &OwnedFd, below: &[u8]) -> io::Result<File> {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(below));
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    let how = OpenHow::new()
        .flags(flags)
        .mode(Mode::empty())
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS);
    let file = match openat2(directory, path, how) {
        // Kernels before 5.6, and sandboxes that know no better: step by step.
        Err(Errno::ENOSYS | Errno::EPERM) => step_by_step(directory, path, flags)?,
        opened => opened?,
    };
    // It may have become something else since it was listed.
    if SFlag::from_bits_truncate(fstat(&file)?.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
        return Err(io::Error::other("it is no regular file"));
    }
    Ok(File::from(file))
}

fn step_by_step(directory: &OwnedFd, path: &Path, flags: OFlag) -> io::Result<OwnedFd> {
    let names: Vec<_> = path.iter().collect();
    let Some((last, parents)) = names.split_last() else {
        return Err(io::Error::from(Errno::ENOENT));
    };
    let mut at = directory.try_clone()?;
    for name in parents {
        let descent = flags | OFlag::O_DIRECTORY;
        at = nix::fcntl::openat(&at, *name, descent, Mode::empty())?;
    }
    Ok(nix::fcntl::openat(&at, *last, flags, Mode::empty())?)
}

/// All of a file, at most `most` bytes.
///
/// # Errors
///
/// Those of the system, and where the file is longer.
pub fn read(directory: &OwnedFd, below: &[u8], most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(directory, below)?
        .take(most + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is longer than {most} bytes")));
    }
    Ok(bytes)
}

/// The first bytes of a file.
///
/// # Errors
///
/// Those of the system.
pub fn read_beginning(directory: &OwnedFd, below: &[u8], count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(directory, below)?
        .take(count as u64)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
