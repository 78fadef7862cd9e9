//! What the file system says of a path, and where this process stands in it.
//!
//! # Safety
//!
//! Every path is a NUL-terminated string that outlives its call; every record the
//! kernel fills is a libc type of that call.
#![allow(unsafe_code)]

use super::Errno;
use super::call::{Sysno, call3, call4};
use super::fd::{self, Fd};
use alloc::ffi::CString;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::mem::MaybeUninit;

/// What `stat` tells of a file.
#[derive(Clone, Copy)]
pub struct Status {
    /// The number of the device it is on; with `inode` the file's identity.
    pub device: u64,
    /// Its number on that device.
    pub inode: u64,
    /// Type and permission bits (`libc::S_IF*`).
    pub mode: u32,
    /// The owner's number.
    pub owner: u32,
    /// The group's number.
    pub group: u32,
    /// Its length in bytes.
    pub size: i64,
    /// Last modification: seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
    /// Last access: seconds and nanoseconds since 1970.
    pub accessed: (i64, i64),
}

impl Status {
    /// True where the type bits are `kind` (`libc::S_IF*`).
    pub fn is(&self, kind: u32) -> bool {
        self.mode & libc::S_IFMT == kind
    }
}

/// The status of `path`, symbolic links followed.
pub fn status(path: &CStr) -> Result<Status, Errno> {
    status_at(path, 0)
}

/// The status of `path` itself, a symbolic link not followed.
pub fn link_status(path: &CStr) -> Result<Status, Errno> {
    status_at(path, libc::AT_SYMLINK_NOFOLLOW)
}

fn status_at(path: &CStr, flags: i32) -> Result<Status, Errno> {
    let mut record = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the kernel fills the record where it returns without error.
    let record = unsafe {
        call4(
            Sysno::newfstatat,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
            record.as_mut_ptr() as usize,
            flags as usize,
        )?;
        record.assume_init()
    };
    Ok(Status {
        device: record.st_dev,
        inode: record.st_ino,
        mode: record.st_mode,
        owner: record.st_uid,
        group: record.st_gid,
        size: record.st_size,
        modified: (record.st_mtime, record.st_mtime_nsec),
        accessed: (record.st_atime, record.st_atime_nsec),
    })
}

/// True where the real user may do `mode` (`libc::F_OK`, `R_OK`, `W_OK`, `X_OK`) with `path`.
pub fn accessible(path: &CStr, mode: i32) -> bool {
    // SAFETY: see the head of this file.
    unsafe {
        call3(
            Sysno::faccessat,
            libc::AT_FDCWD as usize,
            path.as_ptr() as usize,
            mode as usize,
        )
    }
    .is_ok()
}

/// Makes `path` the current directory.
pub fn change_directory(path: &CStr) -> Result<(), Errno> {
    // SAFETY: see the head of this file.
    unsafe { call3(Sysno::chdir, path.as_ptr() as usize, 0, 0) }.map(drop)
}

/// The path of the current directory.
pub fn current_directory() -> Result<CString, Errno> {
    let mut path = vec![0u8; libc::PATH_MAX as usize];
    // SAFETY: the buffer is writable for its length, which the kernel keeps to.
    let length = unsafe { call3(Sysno::getcwd, path.as_mut_ptr() as usize, path.len(), 0) }?;
    path.truncate(length.saturating_sub(1));
    // Outside of the root directory, the kernel says "(unreachable)" instead of a slash.
    if path.first() != Some(&b'/') {
        return Err(Errno::ENOENT);
    }
    CString::new(path).map_err(|_| Errno::EINVAL)
}

/// Sets the mask of permission bits that new files do not get, and returns the one before.
pub fn set_mask(mask: u32) -> u32 {
    // SAFETY: no pointer is passed; the call cannot fail.
    unsafe { call3(Sysno::umask, mask as usize, 0, 0) }.map_or(0, |before| before as u32)
}

/// How much is read at once, in bytes: as much as upstream reads, which whoever shares the
/// descriptor can see.
const AT_ONCE: usize = 8191;

/// Appends what can be read from `fd` to `content`, until its end or its first NUL, which is
/// not kept; `limit` bytes at most (`EFBIG`).
pub fn read_to_nul(fd: Fd, content: &mut Vec<u8>, limit: usize) -> Result<(), Errno> {
    // Most texts end in the first of these, and their end is met in the second.
    content
        .try_reserve(2 * AT_ONCE)
        .map_err(|_| Errno::ENOMEM)?;
    while content.len() < limit {
        let before = content.len();
        let read = fd::read_more(fd, content, AT_ONCE)?;
        let new = content.get(before..).unwrap_or_default();
        if let Some(end) = new.iter().position(|&byte| byte == 0) {
            content.truncate(before + end);
            return Ok(());
        }
        if read == 0 {
            return Ok(());
        }
    }
    Err(Errno::EFBIG)
}

/// Opens `path` for reading, closed across exec.
pub fn open_to_read(path: &CStr) -> Result<Fd, Errno> {
    fd::open(path, libc::O_RDONLY | libc::O_CLOEXEC, 0)
}
