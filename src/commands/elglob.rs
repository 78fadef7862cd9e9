//! `elglob`: substitutes a key by the paths that match a pattern.
//!
//! Deviation: with `-0 -n -d` and no match, the value is empty; the reference fails.
//! Reference: <https://skarnet.org/software/execline/elglob.html>

use crate::block;
use crate::command::{Command, Example, Operand, Rest, flag, value};
use crate::pattern::glob::{Directories, GlobError, Kind, Options, Unreadable, glob};
use crate::process::directive::{Refusal, Substitution, run_directive};
use crate::process::number::Decimal;
use crate::process::{Argv, Blocks, Call, Engine, Environment, Letters, Outcome, Reach, Stop};
use crate::sys::{Errno, directory, file};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("elglob", "substitutes a key by matching paths", run)
    .usage(
        "elglob [ -v ] [ -w ] [ -s ] [ -m ] [ -e ] [ -0 ] [ -n ] [ -d delim ] key pattern prog...",
    )
    .options(&[
        flag('v', "warns of directories that cannot be read"),
        flag('w', "fails at a directory that cannot be read"),
        flag('s', "sorts the paths"),
        flag('m', "puts a slash behind directories"),
        flag('e', "takes a backslash for itself"),
        flag(
            '0',
            "has no value where nothing matches, instead of the pattern",
        ),
        flag('n', "has no delimiter behind the last path").since("2.9.6.0"),
        value(
            'd',
            "delim",
            "makes one value of all paths, each with this behind it; \
                             an empty word stands for netstrings",
        )
        .since("2.9.6.0"),
    ])
    .operands(&[
        Operand::Key("key"),
        Operand::Word("pattern"),
        Operand::Rest(Rest::Required),
    ])
    .reach(Reach::Files)
    .examples(&[
        Example::new(
            "elglob -s dirs /proc/self/stat[mu]*  echo $dirs",
            "/proc/self/statm /proc/self/status\n",
        ),
        Example::new("elglob none /no/such/*  echo $none", "/no/such/*\n"),
        Example::new("elglob -0 none /no/such/*  echo x$none y", "y\n"),
        Example::new(
            "elglob -s -n -d : path /proc/self/stat[mu]*  echo $path",
            "/proc/self/statm:/proc/self/status\n",
        )
        .since("2.9.6.0"),
    ]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    run_directive(engine, call, directive)
}

/// How the paths become values.
enum Form {
    /// A value each.
    Words,
    /// One value, with this byte behind each path.
    Delimited(u8),
    /// One value, of netstrings.
    Netstrings,
}

/// `elglob` as a directive.
pub fn directive(
    engine: &mut Engine,
    argv: &mut Argv<'_>,
    _: &mut Blocks,
    _: &Environment<'_>,
    substitution: &mut Substitution,
) -> Result<(), Refusal> {
    let mut options = Options {
        no_sort: true,
        no_check: true,
        ..Options::default()
    };
    let (mut warns, mut chomps) = (false, false);
    let mut form = Form::Words;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'v' => warns = true,
            b'w' => options.stop_on_error = true,
            b's' => options.no_sort = false,
            b'm' => options.mark = true,
            b'e' => options.no_escape = true,
            b'0' => options.no_check = false,
            b'n' => chomps = true,
            _ => {
                form = match argument.to_bytes().first() {
                    Some(&byte) => Form::Delimited(byte),
                    None => Form::Netstrings,
                };
            }
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Refusal::Syntax);
    }
    let (key, pattern) = (argv.operand()?, argv.operand()?);
    substitution.check(&key)?;
    let mut files = Files {
        engine,
        warns,
        failure: Errno::ENOMEM,
        stop: None,
    };
    let paths = match glob(pattern.to_bytes(), options, &mut files) {
        Ok(paths) => paths,
        Err(GlobError::NoMatch) => Vec::new(),
        Err(GlobError::Aborted | GlobError::Exhausted) => {
            return Err(match files.stop {
                Some(stop) => Refusal::Stopped(stop),
                None => Refusal::Value(files.failure),
            });
        }
    };
    substitution.add(&key, form.values(paths, chomps))
}

impl Form {
    fn values(&self, paths: Vec<Vec<u8>>, chomps: bool) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        match self {
            Form::Words => return paths,
            Form::Delimited(delimiter) => {
                for path in paths {
                    all.extend_from_slice(&path);
                    all.push(*delimiter);
                }
                if chomps {
                    all.pop();
                }
            }
            Form::Netstrings => {
                for path in paths {
                    all.extend_from_slice(Decimal::new(path.len() as u64).as_bytes());
                    all.push(b':');
                    all.extend_from_slice(&path);
                    all.push(b',');
                }
            }
        }
        Vec::from([all])
    }
}

/// The file system, as `glob` asks for it.
struct Files<'e> {
    engine: &'e mut Engine,
    warns: bool,
    failure: Errno,
    /// Why the command does not go on in this process.
    stop: Option<Stop>,
}

impl Directories for Files<'_> {
    fn entries(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
        directory::names(&block::word(path.to_vec())).map_err(|errno| match errno {
            Errno::ENOTDIR => Unreadable::NoDirectory,
            Errno(number) => Unreadable::Error(number),
        })
    }

    fn kind(&mut self, path: &[u8]) -> Option<Kind> {
        let path = block::word(path.to_vec());
        match file::status(&path) {
            Ok(status) if status.is(libc::S_IFDIR) => Some(Kind::Directory),
            Ok(_) => Some(Kind::Other),
            Err(_) => file::link_status(&path).ok().map(|_| Kind::Other),
        }
    }

    fn read_error(&mut self, path: &[u8], errno: i32) -> bool {
        self.failure = Errno(errno);
        if self.warns {
            let message = self.failure.message().as_bytes();
            let warning: [&[u8]; 4] = [b"while globbing, error reading ", path, b": ", message];
            self.stop = self.engine.warn(&warning).err();
        }
        self.stop.is_some()
    }
}
