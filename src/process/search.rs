//! Looking a program up: which files to try, and what to say when none works.
//!
//! Two ways, as upstream's. Going on with a program skips empty elements of `PATH`; spawning
//! one takes them for the current directory, as `posix_spawnp` does. They also differ in
//! which error remains in the end.

use crate::sys::Errno;
use crate::sys::file::{self, Status};
use alloc::borrow::ToOwned;
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

/// What a program is looked up for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To take this process's place.
    Chain,
    /// To become a child.
    Spawn,
}

/// A file that may be the program.
pub struct Candidate {
    /// Its path.
    pub path: CString,
    /// What it is.
    pub status: Status,
}

/// A search, candidate by candidate.
pub struct Search<'s> {
    program: &'s CStr,
    /// What is left of `PATH`; `None` where all is searched.
    rest: Option<&'s [u8]>,
    /// Where the program has a slash, it is a path itself.
    is_path: bool,
    purpose: Purpose,
    failure: Errno,
}

impl<'s> Search<'s> {
    /// Looks `program` up in `path`, elements apart by colons.
    pub fn new(program: &'s CStr, path: &'s [u8], purpose: Purpose) -> Search<'s> {
        let nameless = program.is_empty() && purpose == Purpose::Spawn;
        Search {
            program,
            rest: Some(path).filter(|_| !nameless),
            is_path: program.to_bytes().contains(&b'/'),
            purpose,
            // Upstream says "Success" where no element of PATH was tried.
            failure: match purpose {
                Purpose::Chain => Errno(0),
                Purpose::Spawn => Errno::ENOENT,
            },
        }
    }

    /// The next file worth a try; an error where there is none.
    pub fn find(&mut self) -> Result<Candidate, Errno> {
        while let Some(path) = self.next_path() {
            let failure = match file::status(&path) {
                // What `execve` would say, without a child that finds it out.
                Ok(status) if !status.is(libc::S_IFREG) || status.mode & 0o111 == 0 => {
                    Errno::EACCES
                }
                Ok(status) => return Ok(Candidate { path, status }),
                Err(errno) => errno,
            };
            self.failed(failure);
        }
        Err(self.failure)
    }

    /// Takes notice that the last file could not be executed.
    pub fn failed(&mut self, errno: Errno) {
        if self.is_path {
            self.failure = errno;
            return;
        }
        let (goes_on, is_kept) = match self.purpose {
            Purpose::Chain => match errno {
                Errno::ENOENT => (true, self.failure == Errno(0)),
                Errno::EACCES | Errno::EPERM | Errno::EISDIR | Errno::ENOTDIR => (true, true),
                _ => (false, true),
            },
            Purpose::Spawn => match errno {
                Errno::EACCES => (true, true),
                Errno::ENOENT
                | Errno::ENOTDIR
                | Errno(libc::ESTALE)
                | Errno(libc::ENODEV)
                | Errno(libc::ETIMEDOUT) => (true, self.failure != Errno::EACCES),
                _ => (false, true),
            },
        };
        if is_kept {
            self.failure = errno;
        }
        if !goes_on {
            self.rest = None;
        }
    }

    fn next_path(&mut self) -> Option<CString> {
        let program = self.program.to_bytes();
        loop {
            let rest = self.rest?;
            if self.is_path {
                self.rest = None;
                return Some(self.program.to_owned());
            }
            let mut elements = rest.splitn(2, |&byte| byte == b':');
            let element = elements.next().unwrap_or_default();
            self.rest = elements.next();
            if element.is_empty() && self.purpose == Purpose::Chain {
                continue;
            }
            let mut path = Vec::with_capacity(element.len() + program.len() + 2);
            path.extend_from_slice(element);
            if !element.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(program);
            return CString::new(path).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_element_is_the_current_directory_for_children_only() {
        for (path, purpose, expected) in [
            ("/a:/b", Purpose::Chain, vec!["/a/x", "/b/x"]),
            ("/a::/b", Purpose::Chain, vec!["/a/x", "/b/x"]),
            ("/a::/b:", Purpose::Spawn, vec!["/a/x", "x", "/b/x", "x"]),
            ("", Purpose::Chain, vec![]),
            ("", Purpose::Spawn, vec!["x"]),
        ] {
            let mut search = Search::new(c"x", path.as_bytes(), purpose);
            let mut paths = Vec::new();
            while let Some(path) = search.next_path() {
                paths.push(path.into_string().unwrap_or_default());
            }
            assert_eq!(paths, expected, "{path}");
        }
    }

    #[test]
    fn error_that_remains_depends_on_the_purpose() {
        use Purpose::{Chain, Spawn};
        for (purpose, met, expected) in [
            (Chain, vec![Errno::ENOENT], Errno::ENOENT),
            (Chain, vec![Errno::EACCES, Errno::ENOENT], Errno::EACCES),
            (Chain, vec![Errno::ENOTDIR, Errno::ENOENT], Errno::ENOTDIR),
            (Spawn, vec![Errno::ENOTDIR, Errno::ENOENT], Errno::ENOENT),
            (Spawn, vec![Errno::EACCES, Errno::ENOTDIR], Errno::EACCES),
            (Spawn, vec![Errno::ENOEXEC], Errno::ENOEXEC),
        ] {
            let mut search = Search::new(c"x", b"/", purpose);
            met.iter().for_each(|&errno| search.failed(errno));
            assert_eq!(search.failure, expected, "{purpose:?} {met:?}");
        }
    }
}
