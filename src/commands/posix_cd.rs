//! `posix-cd`: changes the current directory as POSIX's `cd` does, and goes on.
//!
//! Where no element of `CDPATH` holds the directory, it is not looked for in the current one:
//! so it is in the reference.
//! Reference: <https://skarnet.org/software/execline/posix-cd.html>

use crate::block::{self, Word};
use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Environment, Failure, Letters, Outcome, Stop};
use crate::sys::{Errno, fd, file};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "posix-cd",
    "changes the current directory as POSIX has it",
    run,
)
.usage("posix-cd [ -L | -P ] [ - | path ] [ prog... ]")
.options(&[
    flag('L', "takes a/b/.. for a, even where b is a symbolic link"),
    flag('P', "follows symbolic links"),
])
.operands(&[
    Operand::Optional(&Operand::Path("path")),
    Operand::Rest(Rest::Optional),
])
.examples(&[
    Example::new("posix-cd /usr/bin/../lib printenv PWD", "/usr/lib\n"),
    Example::new("export HOME /etc posix-cd", ""),
    Example::new("export CDPATH / posix-cd etc pwd", "/etc\n/etc\n"),
    Example::new("posix-cd /no/such/directory true", "")
        .complains(
            "posix-cd: fatal: unable to chdir to /no/such/directory: No such file or directory\n",
        )
        .code(111),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut follows_links = false;
    argv.options(LETTERS, &mut |letter, _| {
        follows_links = letter == b'P';
        Ok(())
    })?;
    let mut prints = false;
    let target = match argv.take() {
        None => environment.get(b"HOME").map(<[u8]>::to_vec),
        Some(word) if word.to_bytes() == b"-" => {
            prints = true;
            environment.get(b"OLDPWD").map(<[u8]>::to_vec)
        }
        Some(word) => Some(word.to_bytes().to_vec()),
    };
    let target = target
        .filter(|target| !target.is_empty())
        .ok_or(Failure::Usage)?;
    let (mut path, is_found) = in_cdpath(&target, &environment);
    prints |= is_found;
    let before = current_directory()?;
    environment.set(b"OLDPWD", before.to_bytes());
    if !follows_links {
        path = canonical(path, target.len(), &mut environment)?;
    }
    file::change_directory(&word(&path))
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to chdir to ", &target], errno))?;
    if follows_links {
        path = current_directory()?.to_bytes().to_vec();
        environment.set(b"PWD", &path);
    }
    if prints {
        path.push(b'\n');
        fd::write_all(1, &path)
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to write to stdout"], errno))?;
    }
    Ok(Outcome::chain_if_any(argv, environment))
}

fn word(path: &[u8]) -> Word<'static> {
    block::word(path.to_vec())
}

fn current_directory() -> Result<Word<'static>, Failure> {
    file::current_directory()
        .map(Word::Owned)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to getcwd"], errno))
}

/// The directory that `target` names in one of the elements of `CDPATH`, and whether it is
/// there: where it is in none, the reference goes on with the last one it has tried.
fn in_cdpath(target: &[u8], environment: &Environment<'_>) -> (Vec<u8>, bool) {
    let first = target
        .split(|&byte| byte == b'/')
        .next()
        .unwrap_or_default();
    let elements = environment.get(b"CDPATH").unwrap_or_default();
    let mut path = target.to_vec();
    if matches!(first, b"" | b"." | b"..") || elements.is_empty() {
        return (path, false);
    }
    // An empty element at the very end is none.
    let elements = elements.strip_suffix(b":").unwrap_or(elements);
    for element in elements.split(|&byte| byte == b':') {
        let separator: &[u8] = match element.last() {
            None => b"./",
            Some(b'/') => b"",
            Some(_) => b"/",
        };
        path = [element, separator, target].concat();
        if file::status(&word(&path)).is_ok_and(|status| status.is(libc::S_IFDIR)) {
            return (path, true);
        }
    }
    (path, false)
}

/// The path without `.` and `..`, which becomes `PWD`.
fn canonical(
    path: Vec<u8>,
    target_length: usize,
    environment: &mut Environment<'_>,
) -> Result<Vec<u8>, Failure> {
    let present = environment.get(b"PWD").map(<[u8]>::to_vec);
    let mut path = path;
    if let Some(present) = &present
        && path.first() != Some(&b'/')
        && let Some(last) = present.last()
    {
        let separator: &[u8] = if *last == b'/' { b"" } else { b"/" };
        path = [present, separator, &path].concat();
    }
    let mut clean = canonicalize(&path).map_err(|(problem, errno)| {
        let message: [&[u8]; 4] = [
            b"unable to canonicalize ",
            &path,
            b": problem with ",
            &problem,
        ];
        Failure::system(SYSTEM, &message, errno)
    })?;
    environment.set(b"PWD", &clean);
    // Where the whole path is too long for the kernel, what is behind the present directory is not.
    let longest = libc::PATH_MAX as usize;
    if let Some(present) = present
        && clean.len() + 1 > longest
        && target_length < longest
        && let Some(rest) = clean.strip_prefix(present.as_slice())
        && let Some(rest) = if present.ends_with(b"/") {
            Some(rest)
        } else {
            rest.strip_prefix(b"/")
        }
        && !present.is_empty()
    {
        clean = rest.to_vec();
    }
    Ok(clean)
}

/// Takes `.`, `..` and doubled slashes out of a path. What stands before a `..` must be a
/// directory; else it is returned with the error.
fn canonicalize(path: &[u8]) -> Result<Vec<u8>, (Vec<u8>, Errno)> {
    let is_absolute = path.first() == Some(&b'/');
    let root: &[u8] = if is_absolute { b"/" } else { b"" };
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut above = 0;
    for component in path.split(|&byte| byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." if kept.len() > above => {
                let before = [root, &kept.join(&b'/')].concat();
                match file::status(&word(&before)) {
                    Ok(status) if status.is(libc::S_IFDIR) => {}
                    Ok(_) => return Err((before, Errno::ENOTDIR)),
                    Err(errno) => return Err((before, errno)),
                }
                kept.pop();
            }
            b".." if is_absolute => {}
            b".." => {
                above += 1;
                kept.push(component);
            }
            _ => kept.push(component),
        }
    }
    let clean = [root, &kept.join(&b'/')].concat();
    Ok(if clean.is_empty() {
        b".".to_vec()
    } else {
        clean
    })
}
