//! Symbolic links and the directories they are made in.
//!
//! # Safety
//!
//! Every path is a NUL-terminated string that outlives its call; the buffer is passed with
//! its length.
#![allow(unsafe_code)]

use super::Errno;
use super::call::{Sysno, call3, call4};
use super::file;
use alloc::ffi::CString;
use alloc::vec;
use core::ffi::CStr;

/// What the symbolic link `path` leads to.
pub fn read(path: &CStr) -> Result<CString, Errno> {
    let mut target = vec![0u8; libc::PATH_MAX as usize];
    // SAFETY: see the head of this file.
    let length = unsafe {
        call4(
            Sysno::readlinkat,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
            target.as_mut_ptr() as usize,
            target.len(),
        )
    }?;
    target.truncate(length);
    CString::new(target).map_err(|_| Errno::EINVAL)
}

/// Makes a directory; one that is there already is no error.
pub fn make_directory(path: &CStr) -> Result<(), Errno> {
    // SAFETY: see the head of this file.
    let made = unsafe {
        call3(
            Sysno::mkdirat,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
            0o755,
        )
    };
    match made {
        Err(Errno(libc::EEXIST)) if file::status(path)?.is(libc::S_IFDIR) => Ok(()),
        made => made.map(drop),
    }
}

/// Makes the symbolic link `path` to `target`, in the place of whatever is there but a
/// directory. It is made as `next`, in the same directory, and then renamed: whoever looks at
/// `path` meanwhile sees what was there before, or the link.
pub fn replace(target: &CStr, next: &CStr, path: &CStr) -> Result<(), Errno> {
    make(target, next).or_else(|errno| match errno {
        // Left behind by one that was killed.
        Errno(libc::EEXIST) => remove(next).and_then(|()| make(target, next)),
        _ => Err(errno),
    })?;
    rename(next, path).inspect_err(|_| {
        // What is left behind then hurts nobody, and the first error is the one to tell.
        let _ = remove(next);
    })
}

fn make(target: &CStr, path: &CStr) -> Result<(), Errno> {
    // SAFETY: see the head of this file.
    unsafe {
        call3(
            Sysno::symlinkat,
            target.as_ptr() as usize,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
        )
    }
    .map(drop)
}

fn rename(from: &CStr, to: &CStr) -> Result<(), Errno> {
    // SAFETY: see the head of this file.
    unsafe {
        call4(
            Sysno::renameat,
            libc::AT_FDCWD as usize,
            from.as_ptr() as usize,
            libc::AT_FDCWD as usize,
            to.as_ptr() as usize,
        )
    }
    .map(drop)
}

/// True where both paths lead to one file, and neither is a link.
pub fn is_same_file(path: &CStr, other: &CStr) -> bool {
    match (file::link_status(path), file::link_status(other)) {
        (Ok(path), Ok(other)) => (path.device, path.inode) == (other.device, other.inode),
        _ => false,
    }
}

fn remove(path: &CStr) -> Result<(), Errno> {
    // SAFETY: see the head of this file.
    unsafe {
        call3(
            Sysno::unlinkat,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
            0,
        )
    }
    .map(drop)
}
