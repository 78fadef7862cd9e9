//! The names in a directory.
//!
//! # Safety
//!
//! The kernel writes records into a buffer of ours; they are read by bounds-checked
//! slicing, so a record that lied about its length would only be cut short.
#![allow(unsafe_code)]

use super::Errno;
use super::call::{Sysno, call3};
use super::fd;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::CStr;

/// The names in the directory `path` in the kernel's order, `.` and `..` among them.
pub fn names(path: &CStr) -> Result<Vec<Vec<u8>>, Errno> {
    let fd = fd::open(
        path,
        libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC,
        0,
    )?;
    let names = read_names(fd);
    fd::close(fd);
    names
}

fn read_names(fd: fd::Fd) -> Result<Vec<Vec<u8>>, Errno> {
    let mut names = Vec::new();
    let mut buffer = vec![0u8; 8192];
    loop {
        // SAFETY: the buffer is writable for its length.
        let filled = unsafe {
            call3(
                Sysno::getdents64,
                fd as usize,
                buffer.as_mut_ptr() as usize,
                buffer.len(),
            )
        }?;
        let Some(mut records) = buffer.get(..filled).filter(|records| !records.is_empty()) else {
            return Ok(names);
        };
        // A record: inode (8), offset (8), length (2), type (1), name, NUL.
        while let Some(&[low, high]) = records.get(16..18) {
            let length = usize::from(u16::from_ne_bytes([low, high]));
            let Some(name) = records.get(19..length) else {
                break;
            };
            let end = name
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(name.len());
            names.push(name.get(..end).unwrap_or_default().to_vec());
            records = records.get(length..).unwrap_or_default();
        }
    }
}
