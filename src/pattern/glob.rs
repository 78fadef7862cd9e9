//! The pathnames that match a pattern, as glob(3).
//!
//! It is glibc's expansion in the C locale. It makes no system call: what is in
//! a directory, and what a path is, it asks of [`Directories`]. Of glibc's
//! extensions it has none: no braces, no tildes, no appending to earlier results.

use alloc::vec::Vec;

use super::fnmatch::{self, fnmatch};

/// The depth of nested directory patterns beyond which glob gives up. No path
/// that the kernel takes has more components.
const DEPTH_LIMIT: usize = 2048;

/// How pathnames are searched and presented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A slash is appended to each directory, as with `GLOB_MARK`.
    pub mark: bool,
    /// Pathnames stay in the order of their directories, as with `GLOB_NOSORT`.
    pub no_sort: bool,
    /// A pattern that matches nothing is its own result, as with `GLOB_NOCHECK`.
    pub no_check: bool,
    /// A backslash is an ordinary character, as with `GLOB_NOESCAPE`.
    pub no_escape: bool,
    /// A directory that cannot be read ends the search, as with `GLOB_ERR`.
    pub stop_on_error: bool,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory, or a symbolic link to one.
    Directory,
    /// Anything else that exists, including a symbolic link to nothing.
    Other,
}

/// What glob needs to know of the file system.
pub trait Directories {
    /// The names in a directory, in its own order, including `.` and `..`.
    ///
    /// # Errors
    ///
    /// The number of the error if the directory cannot be opened.
    fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, i32>;

    /// What a path leads to, if it exists.
    fn kind(&mut self, path: &[u8]) -> Option<Kind>;

    /// Told of each directory that cannot be opened, except for paths that are
    /// no directories. The search ends if it returns true.
    fn read_error(&mut self, path: &[u8], errno: i32) -> bool;
}

/// Why there is no list of pathnames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobError {
    /// Nothing matches.
    NoMatch,
    /// A directory could not be read, and that was to end the search.
    Aborted,
    /// The pattern has more components than any path.
    Exhausted,
}

/// Finds the pathnames that match a pattern.
///
/// # Errors
///
/// See [`GlobError`]. With [`Options::no_check`] there is always a match.
pub fn glob(
    pattern: &[u8],
    options: Options,
    directories: &mut dyn Directories,
) -> Result<Vec<Vec<u8>>, GlobError> {
    Search {
        no_escape: options.no_escape,
        stop_on_error: options.stop_on_error,
        directories,
    }
    .paths(pattern, options, false, 0)
}

/// What of a pattern is not literal.
#[derive(Clone, Copy, Default)]
struct Magic {
    special: bool,
    bracket: bool,
    backslash: bool,
}

impl Magic {
    fn of(pattern: &[u8], no_escape: bool) -> Magic {
        let mut magic = Magic::default();
        let mut bytes = pattern.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'?' | b'*' => magic.special = true,
                b'[' => magic.bracket = true,
                b'\\' if !no_escape => {
                    bytes.next();
                    magic.backslash = true;
                }
                _ => {}
            }
        }
        magic
    }

    fn is_pattern(self) -> bool {
        self.special || self.bracket
    }
}

struct Search<'a> {
    no_escape: bool,
    stop_on_error: bool,
    directories: &'a mut dyn Directories,
}

impl Search<'_> {
    fn paths(
        &mut self,
        pattern: &[u8],
        options: Options,
        only_directories: bool,
        depth: usize,
    ) -> Result<Vec<Vec<u8>>, GlobError> {
        if depth > DEPTH_LIMIT {
            return Err(GlobError::Exhausted);
        }
        let no_match = || {
            if options.no_check {
                Ok(Vec::from([pattern.to_vec()]))
            } else {
                Err(GlobError::NoMatch)
            }
        };
        if pattern.is_empty() {
            return no_match();
        }
        let (directory, name) = match pattern.iter().rposition(|byte| *byte == b'/') {
            None => (None, pattern),
            Some(slash) => {
                let (directory, name) = pattern.split_at_checked(slash).unwrap_or_default();
                let name = name.strip_prefix(b"/").unwrap_or_default();
                let root = directory.is_empty() || directory == b"\\" && !options.no_escape;
                (Some(if root { b"/" } else { directory }), name)
            }
        };
        let mut paths = match directory {
            Some(directory) if name.is_empty() && directory.len() > 1 => {
                // A pattern that ends in a slash matches directories, which get
                // their slash as a mark. Without a match what is left is the
                // pattern without its slash, unless the slash was escaped.
                let unescaped = strip_escape(directory, options.no_escape);
                let escaped = unescaped.len() < directory.len();
                let marked = Options {
                    mark: true,
                    no_check: options.no_check && !escaped,
                    ..options
                };
                return match self.paths(unescaped, marked, true, depth + 1) {
                    Err(GlobError::NoMatch) => no_match(),
                    result => result,
                };
            }
            Some(directory) if Magic::of(directory, options.no_escape).is_pattern() => {
                let parents = Options {
                    no_sort: true,
                    mark: false,
                    no_check: false,
                    ..options
                };
                let directory = strip_escape(directory, options.no_escape);
                let parents = match self.paths(directory, parents, true, depth + 1) {
                    Ok(parents) => parents,
                    Err(GlobError::NoMatch) => return no_match(),
                    Err(error) => return Err(error),
                };
                let mut paths = Vec::new();
                for parent in &parents {
                    paths.extend(prefixed(
                        parent,
                        self.names(name, parent, false, only_directories)?,
                    ));
                }
                paths
            }
            Some(directory) => {
                let literal = unescape(directory, options.no_escape);
                let unchanged = literal == directory;
                let names = self.names(
                    name,
                    &literal,
                    options.no_check && unchanged,
                    only_directories,
                )?;
                prefixed(&literal, names).collect()
            }
            None => self.names(name, b".", options.no_check, only_directories)?,
        };
        if paths.is_empty() {
            return no_match();
        }
        if options.mark {
            for path in &mut paths {
                if self.directories.kind(path) == Some(Kind::Directory) {
                    path.push(b'/');
                }
            }
        }
        if !options.no_sort {
            paths.sort_unstable();
        }
        Ok(paths)
    }

    /// The names in a directory that match a pattern without slashes.
    fn names(
        &mut self,
        pattern: &[u8],
        directory: &[u8],
        no_check: bool,
        only_directories: bool,
    ) -> Result<Vec<Vec<u8>>, GlobError> {
        let no_escape = self.no_escape;
        let magic = Magic::of(pattern, no_escape);
        let mut names = Vec::new();
        let mut keep = no_check;
        if magic.is_pattern() || magic.backslash {
            match self.directories.entries(directory) {
                Ok(entries) => {
                    let options = fnmatch::Options {
                        no_escape,
                        period: true,
                        pathname: false,
                    };
                    names = entries;
                    names.retain(|name| {
                        fnmatch(pattern, name, options)
                            && (!only_directories
                                || self.directories.kind(&joined(directory, name))
                                    == Some(Kind::Directory))
                    });
                }
                Err(libc::ENOTDIR) => {}
                Err(errno) => {
                    if self.directories.read_error(directory, errno) || self.stop_on_error {
                        return Err(GlobError::Aborted);
                    }
                }
            }
        } else if !keep {
            keep = self.directories.kind(&joined(directory, pattern)).is_some();
        }
        if names.is_empty() && keep {
            names.push(pattern.to_vec());
        }
        Ok(names)
    }
}

fn joined(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::new();
    if directory != b"/" {
        path.extend_from_slice(directory);
    }
    path.push(b'/');
    path.extend_from_slice(name);
    path
}

/// Puts a directory in front of names.
fn prefixed(directory: &[u8], names: Vec<Vec<u8>>) -> impl Iterator<Item = Vec<u8>> {
    names.into_iter().map(move |name| joined(directory, &name))
}

/// Removes a last backslash that would have escaped the slash after it.
fn strip_escape(directory: &[u8], no_escape: bool) -> &[u8] {
    let escapes = directory.iter().rev().take_while(|byte| **byte == b'\\');
    match directory.split_last() {
        Some((_, stripped)) if !no_escape && escapes.count() % 2 == 1 => stripped,
        _ => directory,
    }
}

fn unescape(directory: &[u8], no_escape: bool) -> Vec<u8> {
    let mut literal = Vec::new();
    let mut bytes = directory.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && !no_escape {
            literal.extend(bytes.next());
        } else {
            literal.push(byte);
        }
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::{Directories, GlobError, Kind, Options, glob};
    use crate::pattern::glibc;
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    struct Disk;

    impl Directories for Disk {
        fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, i32> {
            let entries =
                fs::read_dir(OsStr::from_bytes(path)).map_err(|e| e.raw_os_error().unwrap())?;
            let mut names = vec![b".".to_vec(), b"..".to_vec()];
            names.extend(entries.map(|e| e.unwrap().file_name().into_vec()));
            Ok(names)
        }
        fn kind(&mut self, path: &[u8]) -> Option<Kind> {
            let path = OsStr::from_bytes(path);
            if fs::metadata(path).is_ok_and(|m| m.is_dir()) {
                return Some(Kind::Directory);
            }
            fs::symlink_metadata(path).ok().map(|_| Kind::Other)
        }
        fn read_error(&mut self, _: &[u8], _: i32) -> bool {
            false
        }
    }

    #[test]
    fn explore() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for d in [
            "a", "ab", "b", "a/b", "a/c", "ab/c", ".h", "a/b/a", "c\\", "[a]", "a*",
        ] {
            fs::create_dir_all(root.join(d)).unwrap();
        }
        for f in [
            "x", "a/x", "a/b/x", "ab/c/x", ".x", "a/.y", "xy", "c\\/x", "[a]/b", "\\x", "a*/x",
            "[x", "[b/",
        ] {
            let p = root.join(f);
            if !f.ends_with('/') {
                fs::write(p, "").unwrap();
            }
        }
        std::os::unix::fs::symlink("a", root.join("la")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("lx")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("a/lx")).unwrap();
        std::os::unix::fs::symlink("x", root.join("a/ly")).unwrap();
        std::env::set_current_dir(root).unwrap();
        let mut seed = 0x1234_5678_9abc_def1u64;
        let mut next = |n: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            ((seed >> 11) % n as u64) as usize
        };
        let tokens = [
            "a", "b", "c", "x", "l", "*", "*", "?", "[", "]", "[ab]", "/", "/", "/", "\\", ".",
            "..", "./", "a/", "*/", "[a-x]*", "y", "!",
        ];
        let n: usize = std::env::var("N")
            .ok()
            .and_then(|x| x.parse().ok())
            .unwrap_or(20000);
        let mut bad = 0;
        let mut hits = 0;
        for _ in 0..n {
            let mut pattern = Vec::new();
            if next(12) == 0 {
                pattern.extend_from_slice(root.as_os_str().as_bytes());
                pattern.push(b'/');
            }
            for _ in 0..next(7) {
                pattern.extend_from_slice(tokens[next(tokens.len())].as_bytes());
            }
            if pattern.starts_with(b"/*")
                || pattern.starts_with(b"//")
                || pattern.starts_with(b"/?")
                || pattern.starts_with(b"..")
                || pattern.starts_with(b"*/..")
                || pattern.starts_with(b"\\/")
                || pattern.starts_with(b"/[")
                || pattern.starts_with(b"./..")
            {
                continue;
            }
            if pattern.windows(2).any(|w| w == b"..") {
                continue;
            }
            let options = Options {
                mark: next(3) == 0,
                no_sort: next(3) == 0,
                no_check: next(3) == 0,
                no_escape: next(3) == 0,
                stop_on_error: next(3) == 0,
            };
            let mut expected = glibc::glob(&pattern, options);
            let mut ours = glob(&pattern, options, &mut Disk);
            if options.no_sort {
                if let Ok(e) = &mut expected {
                    e.sort();
                }
                if let Ok(e) = &mut ours {
                    e.sort();
                }
            }
            if ours.is_ok() {
                hits += 1;
            }
            if expected != ours {
                bad += 1;
                if bad < 30 {
                    let s = |r: &Result<Vec<Vec<u8>>, GlobError>| {
                        format!(
                            "{:?}",
                            r.as_ref().map(|v| v
                                .iter()
                                .map(|x| String::from_utf8_lossy(x).into_owned())
                                .collect::<Vec<_>>())
                        )
                    };
                    println!(
                        "{:?} {options:?}\n  glibc {}\n  ours {}",
                        String::from_utf8_lossy(&pattern),
                        s(&expected),
                        s(&ours)
                    );
                }
            }
        }
        println!("bad {bad} hits {hits}");
    }
}
