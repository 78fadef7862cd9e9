//! `execline`: all commands in one program.
//!
//! `--help` prints a file, `share/execline/commands/NAME.md`. It is looked for beside the
//! directory that the program is in and two directories further up, then below `usr/local` and
//! `usr` beside it. Nothing of it is in the program, so an image may go without it.
//! Reference: <https://skarnet.org/software/execline/>; `--list`, `--install` with its two
//! options, `--help` and `--version` are ours.

use crate::block;
use crate::command::{Command, CommandOption, Effect, Example, Operand, Rest, long_flag};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::{Argv, Call, Engine, Failure, Outcome, Reach, Stop};
use crate::sys::{Errno, fd, file, link};
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

/// The longest page, in bytes.
const LONGEST_PAGE: usize = 1 << 20;

/// Where the pages may be, seen from the directory that the program is in: beside `bin`, beside
/// `lib/execline/bin`, and for `/command` where the system has such files.
const SHARES: [&[u8]; 4] = [
    b"/../share",
    b"/../../../share",
    b"/../usr/local/share",
    b"/../usr/share",
];

/// The command.
pub const COMMAND: Command = Command::new("execline", "is all commands in one program", run)
    .usage("execline subcommand [ arguments... ]")
    .options(&[
        long_flag("list", "prints the names of all commands").effect(Effect::Ends),
        CommandOption {
            argument: Some("dir"),
            effect: Effect::Ends,
            ..long_flag("install", "makes a link for each command in a directory")
        },
        long_flag(
            "force",
            "behind --install: replaces what is in the way, unless it is a directory",
        )
        .effect(Effect::Ends),
        long_flag(
            "without-posix-names",
            "behind --install: no links for the names of POSIX's shell and utilities",
        )
        .effect(Effect::Ends),
        long_flag(
            "help",
            "prints the page of the command that follows, or this one",
        )
        .effect(Effect::Ends),
        long_flag("version", "prints the version").effect(Effect::Ends),
    ])
    .operands(&[Operand::Rest(Rest::Required)])
    .reach(Reach::Files)
    .examples(&[
        Example::new("execline echo-is-no-command", "")
            .complains("execline: fatal: unknown subcommand: echo-is-no-command\n")
            .code(100)
            .since("ours"),
        Example::new("execline if { true }  echo done", "done\n").since("ours"),
    ]);

/// The names of commands that POSIX gives to reserved words, special built-ins and utilities of
/// the shell. Some systems have files of these names; a script of ours finds the commands
/// without links too.
const POSIX_NAMES: [&str; 10] = [
    "case", "cd", "exec", "exit", "export", "if", "shift", "trap", "umask", "wait",
];

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let subcommand = argv.operand()?;
    match subcommand.to_bytes() {
        b"--list" => print(&names(engine))?,
        b"--install" => install(engine, &mut argv)?,
        b"--help" => match argv.take() {
            Some(name) => print(&page(engine, name.to_bytes())?)?,
            None => print(&page(engine, COMMAND.name.as_bytes())?)?,
        },
        b"--version" => {
            let version = concat!(
                "execline ",
                env!("CARGO_PKG_VERSION"),
                ", compatible with execline 2.9.9.2\n"
            );
            print(version.as_bytes())?;
        }
        name => {
            let command = engine.command(name).ok_or_else(|| unknown(name))?;
            let call = Call {
                name: subcommand,
                argv,
                environment: call.environment,
            };
            return Ok(Outcome::Become(command, call));
        }
    }
    Ok(Outcome::Exit(0))
}

fn print(text: &[u8]) -> Result<(), Failure> {
    fd::write_all(1, text)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to write to stdout"], errno))
}

/// The names, a line each.
fn names(engine: &Engine) -> Vec<u8> {
    let mut names = Vec::new();
    for command in engine.commands() {
        names.extend_from_slice(command.name.as_bytes());
        names.push(b'\n');
    }
    names
}

fn unknown(name: &[u8]) -> Failure {
    Failure::new(USAGE, &[b"unknown subcommand: ", name]).hint(&[b"for the names: execline --list"])
}

/// The page of a command, from its file.
fn page(engine: &Engine, name: &[u8]) -> Result<Vec<u8>, Failure> {
    engine.command(name).ok_or_else(|| unknown(name))?;
    let this = this()?;
    let directory = this.to_bytes().iter().rposition(|&byte| byte == b'/');
    let directory = this.to_bytes().get(..directory.unwrap_or(0));
    let directory = directory.unwrap_or_default();
    let inside = |share: &[u8]| {
        block::word([directory, share, b"/execline/commands/", name, b".md"].concat())
    };
    let mut pages = SHARES.iter().map(|share| inside(share));
    // Where there is none at all, the first place is complained about.
    let path = pages
        .find(|path| file::link_status(path).is_ok())
        .unwrap_or_else(|| inside(SHARES[0]));
    let mut page = Vec::new();
    file::open_to_read(&path)
        .and_then(|fd| file::read_to_nul(fd, &mut page, LONGEST_PAGE))
        .map_err(|errno| {
            Failure::system(SYSTEM, &[b"unable to read ", path.to_bytes()], errno)
                .hint(&[b"the pages are docs/commands of the sources"])
        })?;
    Ok(page)
}

/// The file that this program is.
fn this() -> Result<CString, Failure> {
    link::read(c"/proc/self/exe")
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to read /proc/self/exe"], errno))
}

/// What `--install` is told besides the directory.
#[derive(Default)]
struct Manner {
    /// Replace what is in the way.
    force: bool,
    /// Leave out the names that POSIX gives to utilities and to the shell's own words.
    without_posix_names: bool,
}

/// Makes `directory`, if it is not there, and in it a symbolic link to this program for each
/// command. Links to a program of this name are replaced; where anything else is in the way,
/// nothing is made at all, unless it is to be replaced too.
fn install(engine: &Engine, argv: &mut Argv) -> Result<(), Failure> {
    let mut manner = Manner::default();
    let directory = loop {
        let word = argv.operand()?;
        match word.to_bytes() {
            b"--force" => manner.force = true,
            b"--without-posix-names" => manner.without_posix_names = true,
            _ => break word,
        }
    };
    let this = this()?;
    let name = last_component(&this);
    link::make_directory(&directory).map_err(|errno| {
        Failure::system(SYSTEM, &[b"unable to create ", directory.to_bytes()], errno)
    })?;
    let inside =
        |name: &[u8]| block::word([directory.to_bytes(), b"/", name].concat()).into_owned();
    // Links beside the program name nothing but it: so the directory may be moved, copied into
    // an image, or be looked at below another root.
    let target = if link::is_same_file(&inside(name), &this) {
        CString::new(name).unwrap_or_default()
    } else {
        this.clone()
    };
    let mut missing = Vec::new();
    for command in engine.commands() {
        if manner.without_posix_names && POSIX_NAMES.contains(&command.name) {
            continue;
        }
        let path = inside(command.name.as_bytes());
        // The program may live there itself, under the name of one of its commands.
        if link::is_same_file(&path, &this) {
            continue;
        }
        match at(&path, &target, name) {
            There::Done => continue,
            There::Directory => return Err(unable_to_link(&path, Errno(libc::EISDIR))),
            There::Foreign if !manner.force => {
                return Err(unable_to_link(&path, Errno(libc::EEXIST)).hint(&[
                    b"nothing was changed: --install --force replaces what is not a link to ",
                    name,
                ]));
            }
            There::Nothing | There::Foreign | There::Older => missing.push(path),
        }
    }
    // Renamed into their places: at no moment is a command missing that was there.
    let next = inside(b".execline-next");
    for path in &missing {
        link::replace(&target, &next, path).map_err(|errno| unable_to_link(path, errno))?;
    }
    Ok(())
}

/// What is where a link is to be.
enum There {
    Nothing,
    /// The link that would be made.
    Done,
    /// A link to another program of this name.
    Older,
    Directory,
    Foreign,
}

fn at(path: &CStr, target: &CStr, name: &[u8]) -> There {
    match (file::link_status(path), link::read(path)) {
        (Err(_), _) => There::Nothing,
        (Ok(_), Ok(there)) if *there == *target => There::Done,
        (Ok(_), Ok(there)) if last_component(&there) == name => There::Older,
        (Ok(status), _) if status.is(libc::S_IFDIR) => There::Directory,
        _ => There::Foreign,
    }
}

fn unable_to_link(path: &CStr, errno: Errno) -> Failure {
    Failure::system(SYSTEM, &[b"unable to link ", path.to_bytes()], errno)
}

/// The path's part behind its last slash.
fn last_component(path: &CStr) -> &[u8] {
    let path = path.to_bytes();
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}
