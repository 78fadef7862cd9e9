//! File descriptors: open, read, write, duplicate, close, pipes.
//!
//! # Safety
//!
//! Every pointer passed to the kernel comes from a reference that outlives the call,
//! with the length of its slice.
#![allow(unsafe_code)]

use super::Errno;
use super::call::{Sysno, call3, call4, uninterrupted};
use alloc::vec::Vec;
use core::ffi::CStr;

/// A file descriptor's number.
pub type Fd = i32;

/// Opens `path` with `flags` (`libc::O_*`), creating with `mode`. Interrupted calls are repeated.
pub fn open(path: &CStr, flags: i32, mode: u32) -> Result<Fd, Errno> {
    uninterrupted(|| {
        // SAFETY: the path is a NUL-terminated string that outlives the call.
        unsafe {
            call4(
                Sysno::openat,
                libc::AT_FDCWD as usize,
                path.as_ptr() as usize,
                flags as usize,
                mode as usize,
            )
        }
    })
    .map(|fd| fd as Fd)
}

/// Closes `fd`. An error has no consequence: the descriptor is gone, or never was.
pub fn close(fd: Fd) {
    // SAFETY: no pointer is passed.
    let _ = unsafe { call3(Sysno::close, fd as usize, 0, 0) };
}

/// Reads at most `buffer.len()` bytes; 0 is the end.
pub fn read(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    uninterrupted(|| {
        // SAFETY: the buffer is writable for its length.
        unsafe {
            call3(
                Sysno::read,
                fd as usize,
                buffer.as_mut_ptr() as usize,
                buffer.len(),
            )
        }
    })
}

/// Fills `buffer`. False where the end comes before.
pub fn read_exact(fd: Fd, mut buffer: &mut [u8]) -> Result<bool, Errno> {
    while !buffer.is_empty() {
        match read(fd, buffer)? {
            0 => return Ok(false),
            length => buffer = buffer.get_mut(length..).unwrap_or_default(),
        }
    }
    Ok(true)
}

/// Appends at most `at_once` bytes to `content`; 0 is the end. `ENOMEM` where it cannot grow.
pub fn read_more(fd: Fd, content: &mut Vec<u8>, at_once: usize) -> Result<usize, Errno> {
    content.try_reserve(at_once).map_err(|_| Errno::ENOMEM)?;
    let length = uninterrupted(|| {
        let room = content.spare_capacity_mut();
        // SAFETY: the spare capacity is writable, and at least `at_once` bytes.
        unsafe {
            call3(
                Sysno::read,
                fd as usize,
                room.as_mut_ptr() as usize,
                at_once,
            )
        }
    })?;
    // SAFETY: the kernel has written so many bytes behind the content.
    unsafe { content.set_len(content.len() + length) };
    Ok(length)
}

/// Writes all of `bytes`.
pub fn write_all(fd: Fd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let written = uninterrupted(|| {
            // SAFETY: the bytes are readable for their length.
            unsafe {
                call3(
                    Sysno::write,
                    fd as usize,
                    bytes.as_ptr() as usize,
                    bytes.len(),
                )
            }
        })?;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// Makes `to` a copy of `from`, open across exec. Fails with `EINVAL` where they are the same number.
pub fn copy(to: Fd, from: Fd) -> Result<(), Errno> {
    if to == from {
        return Err(Errno::EINVAL);
    }
    // SAFETY: no pointer is passed.
    uninterrupted(|| unsafe { call3(Sysno::dup3, from as usize, to as usize, 0) }).map(drop)
}

/// Copies `fd` to the lowest number that is free, open across exec.
pub fn duplicate(fd: Fd) -> Result<Fd, Errno> {
    // SAFETY: no pointer is passed.
    unsafe { call3(Sysno::dup, fd as usize, 0, 0) }.map(|fd| fd as Fd)
}

/// Moves `from` to `to`, open across exec. Where they are the same number, only that flag changes.
pub fn relocate(to: Fd, from: Fd) -> Result<(), Errno> {
    if to == from {
        return keep_across_exec(to);
    }
    copy(to, from)?;
    close(from);
    Ok(())
}

/// Clears close-on-exec.
pub fn keep_across_exec(fd: Fd) -> Result<(), Errno> {
    let flags = control(fd, libc::F_GETFD, 0)?;
    if flags & libc::FD_CLOEXEC != 0 {
        control(fd, libc::F_SETFD, flags & !libc::FD_CLOEXEC)?;
    }
    Ok(())
}

/// Switches blocking of the open file behind `fd` on or off, for everyone who has it open.
pub fn set_blocking(fd: Fd, blocking: bool) -> Result<(), Errno> {
    let flags = control(fd, libc::F_GETFL, 0)?;
    let wanted = if blocking {
        flags & !libc::O_NONBLOCK
    } else {
        flags | libc::O_NONBLOCK
    };
    if wanted != flags {
        control(fd, libc::F_SETFL, wanted)?;
    }
    Ok(())
}

/// The ends of a new pipe.
#[derive(Clone, Copy, Debug)]
pub struct Pipe {
    /// The end to read from.
    pub read: Fd,
    /// The end to write to.
    pub write: Fd,
}

/// Makes a pipe that stays open across exec.
pub fn pipe() -> Result<Pipe, Errno> {
    let mut ends: [Fd; 2] = [-1; 2];
    // SAFETY: the kernel writes two descriptors into the array.
    unsafe { call3(Sysno::pipe2, ends.as_mut_ptr() as usize, 0, 0) }?;
    let [read, write] = ends;
    Ok(Pipe { read, write })
}

/// As `pipe`, but neither end gets the number of a standard descriptor that is closed.
pub fn pipe_beyond_standard() -> Result<Pipe, Errno> {
    const STANDARD: Fd = 2;
    let mut pipe = pipe()?;
    for end in [&mut pipe.read, &mut pipe.write] {
        if *end <= STANDARD {
            let moved = control(*end, libc::F_DUPFD, STANDARD + 1)?;
            close(*end);
            *end = moved;
        }
    }
    Ok(pipe)
}

/// True where `fd` is a terminal.
pub fn is_terminal(fd: Fd) -> bool {
    let mut settings = core::mem::MaybeUninit::<libc::termios>::uninit();
    // SAFETY: the kernel writes a `termios`, which is no larger than libc's.
    unsafe {
        call3(
            Sysno::ioctl,
            fd as usize,
            libc::TCGETS as usize,
            settings.as_mut_ptr() as usize,
        )
    }
    .is_ok()
}

fn control(fd: Fd, command: i32, argument: i32) -> Result<i32, Errno> {
    // SAFETY: the commands used here take an integer.
    unsafe {
        call3(
            Sysno::fcntl,
            fd as usize,
            command as usize,
            argument as usize,
        )
    }
    .map(|value| value as i32)
}
