//! The pathnames that match a pattern, as glob(3).
//!
//! It is glibc's expansion in the C locale. It makes no system call: what is in
//! a directory, and what a path is, it asks of [`Directories`]. Of glibc's
//! extensions it has none: no braces, no tildes, no appending to earlier results.

use alloc::vec::Vec;

use super::fnmatch::{self, fnmatch};

/// The depth of nested directory patterns beyond which glob gives up. No path
/// that a person has made has more components.
const DEPTH_LIMIT: usize = 1024;

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

/// Why the names in a directory cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The path is no directory.
    NoDirectory,
    /// The directory cannot be opened, for an error of this number.
    Error(i32),
}

/// What glob needs to know of the file system.
pub trait Directories {
    /// The names in a directory, in its own order, including `.` and `..`.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable>;

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
    .paths(pattern, options)
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

/// Pathnames, or why there are none.
type Found = Result<Vec<Vec<u8>>, GlobError>;

/// A pattern that is looked at once the directories are known that its names may be in.
struct Waiting<'a> {
    pattern: &'a [u8],
    options: Options,
    only_directories: bool,
    /// What its names match; nothing where the pattern ends in a slash.
    name: Option<&'a [u8]>,
}

impl Search<'_> {
    /// A pattern's directories are found before what is in them. Those that wait for theirs
    /// stand in a list: a word has more slashes than a small stack has room.
    fn paths(&mut self, mut pattern: &[u8], mut options: Options) -> Found {
        let mut only_directories = false;
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut found = loop {
            if waiting.len() > DEPTH_LIMIT {
                return Err(GlobError::Exhausted);
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
            let waits = Waiting {
                pattern,
                options,
                only_directories,
                name: Some(name),
            };
            let paths = match directory {
                None if name.is_empty() => Vec::new(),
                None => self.names(name, b".", options.no_check, only_directories)?,
                Some(directory) if name.is_empty() && directory.len() > 1 => {
                    // A pattern that ends in a slash matches directories, which get their slash as a
                    // mark. Without a match, the pattern is left without its slash, unless escaped.
                    let unescaped = strip_escape(directory, options.no_escape);
                    let escaped = unescaped.len() < directory.len();
                    waiting.push(Waiting {
                        name: None,
                        ..waits
                    });
                    options.mark = true;
                    options.no_check &= !escaped;
                    (pattern, only_directories) = (unescaped, true);
                    continue;
                }
                Some(directory) if Magic::of(directory, options.no_escape).is_pattern() => {
                    waiting.push(waits);
                    pattern = strip_escape(directory, options.no_escape);
                    (options.no_sort, options.mark, options.no_check) = (true, false, false);
                    only_directories = true;
                    continue;
                }
                Some(directory) => {
                    let literal = unescape(directory, options.no_escape);
                    let no_check = options.no_check && literal == directory;
                    let names = self.names(name, &literal, no_check, only_directories)?;
                    names.iter().map(|name| joined(&literal, name)).collect()
                }
            };
            break self.listed(&waits, paths);
        };
        while let Some(waits) = waiting.pop() {
            let parents = match found {
                Err(GlobError::NoMatch) => Vec::new(),
                Ok(_) if waits.name.is_none() => continue,
                found => found?,
            };
            let mut paths = Vec::new();
            for parent in &parents {
                let name = waits.name.unwrap_or_default();
                let names = self.names(name, parent, false, waits.only_directories)?;
                paths.extend(names.iter().map(|name| joined(parent, name)));
            }
            found = self.listed(&waits, paths);
        }
        found
    }

    /// What a pattern comes to whose paths these are.
    fn listed(&mut self, of: &Waiting<'_>, mut paths: Vec<Vec<u8>>) -> Found {
        if paths.is_empty() {
            if !of.options.no_check {
                return Err(GlobError::NoMatch);
            }
            paths.push(of.pattern.to_vec());
        }
        if of.options.mark {
            for path in &mut paths {
                if self.directories.kind(path) == Some(Kind::Directory) {
                    path.push(b'/');
                }
            }
        }
        if !of.options.no_sort {
            sort(&mut paths);
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
                Err(Unreadable::NoDirectory) => {}
                Err(Unreadable::Error(errno)) => {
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

/// Sorts by heap. The standard sorts are faster, but their code is as large as
/// all the rest of glob and fnmatch.
fn sort(paths: &mut [Vec<u8>]) {
    for root in (0..paths.len() / 2).rev() {
        sift_down(paths, root);
    }
    for end in (1..paths.len()).rev() {
        exchange(paths, 0, end);
        if let Some(heap) = paths.get_mut(..end) {
            sift_down(heap, 0);
        }
    }
}

fn sift_down(heap: &mut [Vec<u8>], mut parent: usize) {
    loop {
        let left = 2 * parent + 1;
        let greater = if heap.get(left) < heap.get(left + 1) {
            left + 1
        } else {
            left
        };
        if heap.get(parent) >= heap.get(greater) {
            return;
        }
        exchange(heap, parent, greater);
        parent = greater;
    }
}

fn exchange(paths: &mut [Vec<u8>], first: usize, second: usize) {
    if let Ok([first, second]) = paths.get_disjoint_mut([first, second]) {
        core::mem::swap(first, second);
    }
}

/// A name with its directory in front.
fn joined(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::new();
    if directory != b"/" {
        path.extend_from_slice(directory);
    }
    path.push(b'/');
    path.extend_from_slice(name);
    path
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Directories, GlobError, Kind, Options, Unreadable, glob};
    use crate::pattern::{glibc, random::Random};
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::os::unix::fs::symlink;
    use std::path::Path;

    struct Disk;

    impl Directories for Disk {
        fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
            let entries = fs::read_dir(OsStr::from_bytes(path)).map_err(|error| {
                match error.raw_os_error().unwrap() {
                    libc::ENOTDIR => Unreadable::NoDirectory,
                    errno => Unreadable::Error(errno),
                }
            })?;
            let mut names = vec![b".".to_vec(), b"..".to_vec()];
            names.extend(entries.map(|entry| entry.unwrap().file_name().into_vec()));
            Ok(names)
        }

        fn kind(&mut self, path: &[u8]) -> Option<Kind> {
            let path = OsStr::from_bytes(path);
            if fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
                return Some(Kind::Directory);
            }
            fs::symlink_metadata(path).ok().map(|_| Kind::Other)
        }

        fn read_error(&mut self, _: &[u8], _: i32) -> bool {
            false
        }
    }

    fn populate(root: &Path) {
        let directories = [
            "a/b/a", "a/c", "ab/c", "b", ".h", "c\\", "[a]", "a*", "dd", "dd/e",
        ];
        let files = [
            "x", "xy", ".x", "\\x", "[x", "a/x", "a/.y", "a/b/x", "ab/c/x", "c\\/x", "[a]/b",
            "a*/x", "dd/\\", "dd/x",
        ];
        let links = [
            ("a", "la"),
            ("nowhere", "lx"),
            ("nowhere", "a/lx"),
            ("x", "a/ly"),
            ("x", "lf"),
        ];
        for directory in directories {
            fs::create_dir_all(root.join(directory)).unwrap();
        }
        for file in files {
            fs::write(root.join(file), "").unwrap();
        }
        for (target, link) in links {
            symlink(target, root.join(link)).unwrap();
        }
    }

    /// Unsorted results are in the order of the directory, which two searches
    /// need not agree on.
    fn check(pattern: &[u8], options: Options) {
        let mut expected = glibc::glob(pattern, options);
        let mut found = glob(pattern, options, &mut Disk);
        if options.no_sort {
            expected.iter_mut().for_each(|paths| paths.sort());
            found.iter_mut().for_each(|paths| paths.sort());
        }
        assert_eq!(
            found,
            expected,
            "{} with {options:?}",
            pattern.escape_ascii()
        );
    }

    fn all_options() -> impl Iterator<Item = Options> {
        (0..32).map(|bits| Options {
            mark: bits & 1 != 0,
            no_sort: bits & 2 != 0,
            no_check: bits & 4 != 0,
            no_escape: bits & 8 != 0,
            stop_on_error: bits & 16 != 0,
        })
    }

    #[test]
    fn tricky_patterns_expand_as_in_glibc() {
        let root = tempfile::tempdir().unwrap();
        populate(root.path());
        let names = [
            "",
            "*",
            ".*",
            "a",
            "q",
            "x",
            "lx",
            "lf/",
            "lx/",
            "x/",
            "*/",
            "*//",
            "a*/",
            "a*//",
            "q/",
            "qq/",
            "q*/",
            "q*/x",
            "*/x",
            "*/*",
            "*/*/",
            "*/*/*",
            "*/lx",
            "la/*",
            "a/./*",
            "a//x",
            "a\\*",
            "a\\*/x",
            "\\a",
            "\\a/",
            "\\q",
            "\\q/",
            "a\\/x",
            "a\\/",
            "aa\\/",
            "dd\\/",
            "*\\/",
            "q*\\/",
            "q\\/x",
            "dd\\/x",
            "c\\\\/x",
            "c\\/x",
            "c\\/",
            "c\\",
            "[a]",
            "[a]/b",
            "[x",
            "[",
            "[a",
            "[",
            "\\[x",
            "[[]x",
            "d?/?",
            "dd/\\",
            "dd/\\\\",
            "x/*",
            "*/nothing",
            "[!a]*",
            "lx/*",
        ];
        for options in all_options() {
            for name in names {
                check(root.path().join(name).as_os_str().as_bytes(), options);
            }
            // The rest is relative, or at the root.
            for pattern in [
                "",
                "/",
                "//",
                "\\/",
                "src/pattern/re*",
                "src/pat*/mod.rs",
                "./src/p*/",
            ] {
                check(pattern.as_bytes(), options);
            }
        }
    }

    #[test]
    fn random_patterns_expand_as_in_glibc() {
        let root = tempfile::tempdir().unwrap();
        populate(root.path());
        let tokens = [
            "a", "b", "c", "x", "l", "y", "dd", "*", "*", "?", "[", "]", "[ab]", "[a-x]*", "!",
            "/", "/", "/", "\\", "./", ".h", "a/", "*/",
        ];
        let mut random = Random::new(2);
        for _ in 0..3_000 {
            let mut pattern = root.path().as_os_str().as_bytes().to_vec();
            pattern.push(b'/');
            pattern.extend(random.concatenation(&tokens, 6));
            let bits = random.below(32);
            check(&pattern, all_options().nth(bits).unwrap());
        }
    }

    #[test]
    fn unreadable_directories_are_reported_and_can_end_the_search() {
        struct Closed(Vec<(Vec<u8>, i32)>, bool);
        impl Directories for Closed {
            fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
                match path {
                    b"." => Ok(vec![b"a".to_vec(), b"f".to_vec()]),
                    b"f" => Err(Unreadable::NoDirectory),
                    _ => Err(Unreadable::Error(libc::EACCES)),
                }
            }
            fn kind(&mut self, _: &[u8]) -> Option<Kind> {
                Some(Kind::Directory)
            }
            fn read_error(&mut self, path: &[u8], errno: i32) -> bool {
                self.0.push((path.to_vec(), errno));
                self.1
            }
        }
        let stop = Options {
            stop_on_error: true,
            ..Options::default()
        };
        for (options, ends, expected) in [
            (Options::default(), false, GlobError::NoMatch),
            (Options::default(), true, GlobError::Aborted),
            (stop, false, GlobError::Aborted),
        ] {
            let mut directories = Closed(Vec::new(), ends);
            assert_eq!(glob(b"*/*", options, &mut directories), Err(expected));
            assert_eq!(directories.0, [(b"a".to_vec(), libc::EACCES)]);
        }
    }

    #[test]
    fn sorted_paths_are_in_the_order_of_their_bytes() {
        let mut random = Random::new(12);
        for length in 0..60 {
            let mut paths: Vec<_> = (0..length).map(|_| random.bytes(b"a\xffZ", 4)).collect();
            let mut expected = paths.clone();
            expected.sort();
            super::sort(&mut paths);
            assert_eq!(paths, expected);
        }
    }

    #[test]
    fn a_pattern_deeper_than_any_path_is_refused() {
        let pattern = b"*/".repeat(100_000);
        let found = glob(&pattern, Options::default(), &mut Disk);
        assert_eq!(found, Err(GlobError::Exhausted));
    }
}
