//! Patterns expand to the paths to which they expand in glibc, in a small tree that is made for
//! it. The input is a line of the letters `m` (mark), `u` (unsorted), `c` (no check), `e` (no
//! escape) and `s` (stop on errors), and the pattern, which is taken relative to the tree.

use super::oracle::glibc;
use super::{before_nul, first_line};
use execline::pattern::glob::{Directories, Kind, Options, Unreadable, glob};
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::{fs, process};

/// So deep that no pattern of `DEEPEST` components leads out of what is made here.
const BELOW: &str = "1/2/3/4/5/6/7";
const DEEPEST: usize = 5;
const LONGEST: usize = 80;
const ASTERISKS: usize = 6;

const DIRECTORIES: [&str; 9] = [
    "a/b/a", "a/c", "ab/c", "b", ".h", "c\\", "[a]", "a*", "dd/e",
];
const FILES: [&str; 14] = [
    "x", "xy", ".x", "\\x", "[x", "a/x", "a/.y", "a/b/x", "ab/c/x", "c\\/x", "[a]/b", "a*/x",
    "dd/\\", "\u{e9}\t",
];
const LINKS: [(&str, &str); 4] = [("a", "la"), ("nowhere", "lx"), ("x", "a/ly"), ("x", "lf")];

pub fn agrees(input: &[u8]) {
    let (letters, pattern) = first_line(before_nul(input));
    let has = |letter: u8| letters.contains(&letter);
    let options = Options {
        mark: has(b'm'),
        no_sort: has(b'u'),
        no_check: has(b'c'),
        no_escape: has(b'e'),
        stop_on_error: has(b's'),
    };
    let slashes = pattern.iter().filter(|&&byte| byte == b'/').count();
    let asterisks = pattern.iter().filter(|&&byte| byte == b'*').count();
    if slashes >= DEEPEST || asterisks > ASTERISKS || pattern.len() > LONGEST {
        return;
    }
    let whole = [tree().as_os_str().as_bytes(), b"/", pattern].concat();
    let mut expected = glibc::glob(&whole, options);
    let mut found = glob(&whole, options, &mut Disk);
    // The order of a directory is not always the same.
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

/// The tree. It stays where it is for the next run: it is always the same.
fn tree() -> &'static PathBuf {
    static TREE: OnceLock<PathBuf> = OnceLock::new();
    TREE.get_or_init(|| {
        let above = std::env::temp_dir().join("execline-globbing");
        if !above.is_dir() {
            let new = std::env::temp_dir().join(format!("execline-globbing.{}", process::id()));
            plant(&new.join(BELOW));
            // Another process may have been faster.
            if fs::rename(&new, &above).is_err() {
                let _ = fs::remove_dir_all(&new);
            }
        }
        above.join(BELOW)
    })
}

fn plant(root: &std::path::Path) {
    for directory in DIRECTORIES {
        fs::create_dir_all(root.join(directory)).expect("a directory");
    }
    for file in FILES {
        fs::write(root.join(file), "").expect("a file");
    }
    for (target, link) in LINKS {
        std::os::unix::fs::symlink(target, root.join(link)).expect("a link");
    }
}

struct Disk;

impl Directories for Disk {
    fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
        let entries = match fs::read_dir(OsStr::from_bytes(path)) {
            Ok(entries) => entries,
            Err(error) => {
                return Err(match error.raw_os_error() {
                    Some(libc::ENOTDIR) => Unreadable::NoDirectory,
                    errno => Unreadable::Error(errno.unwrap_or_default()),
                });
            }
        };
        let mut names = vec![b".".to_vec(), b"..".to_vec()];
        names.extend(entries.flatten().map(|entry| entry.file_name().into_vec()));
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
