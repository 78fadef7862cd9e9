//! `execline`: all commands in one program.
//!
//! `--help` prints a file: `../share/execline/commands/NAME.md`, seen from the directory that the
//! program is in. Nothing of it is in the program, so an image may go without it.
//! Reference: <https://skarnet.org/software/execline/>; `--list`, `--install`, `--help` and
//! `--version` are ours.

use crate::block;
use crate::command::{Command, CommandOption, Effect, Example, Operand, Rest, long_flag};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::{Call, Engine, Failure, Outcome, Reach, Stop};
use crate::sys::{Errno, fd, file, link};
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

/// The longest page, in bytes.
const LONGEST_PAGE: usize = 1 << 20;

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

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let subcommand = argv.operand()?;
    match subcommand.to_bytes() {
        b"--list" => print(&names(engine))?,
        b"--install" => install(engine, &argv.operand()?)?,
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
    let path = block::word(
        [
            directory.unwrap_or_default(),
            b"/../share/execline/commands/",
            name,
            b".md",
        ]
        .concat(),
    );
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

/// Makes `directory`, if it is not there, and in it a symbolic link to this program for each
/// command. A link that is there already is replaced; anything else is left alone, and an error.
fn install(engine: &Engine, directory: &CStr) -> Result<(), Failure> {
    let this = this()?;
    link::make_directory(directory).map_err(|errno| {
        Failure::system(SYSTEM, &[b"unable to create ", directory.to_bytes()], errno)
    })?;
    for command in engine.commands() {
        let path = block::word([directory.to_bytes(), b"/", command.name.as_bytes()].concat());
        // The program may live there itself, under the name of one of its commands.
        if link::is_same_file(&path, &this) {
            continue;
        }
        link::replace(&this, &path).map_err(|errno| {
            let failure = Failure::system(SYSTEM, &[b"unable to link ", path.to_bytes()], errno);
            match errno {
                Errno(libc::EEXIST) => failure
                    .hint(&[b"only symbolic links are replaced: remove it if it is not needed"]),
                _ => failure,
            }
        })?;
    }
    Ok(())
}
