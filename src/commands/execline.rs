//! `execline`: all commands in one program.
//!
//! Reference: <https://skarnet.org/software/execline/>; `--list`, `--install` and `--version`
//! are ours.

use crate::block;
use crate::command::{Command, CommandOption, Effect, Example, Operand, Rest, long_flag};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::{Call, Engine, Failure, Outcome, Reach, Stop};
use crate::sys::{Errno, fd, link};
use alloc::vec::Vec;
use core::ffi::CStr;

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
        b"--version" => {
            let version = concat!(
                "execline ",
                env!("CARGO_PKG_VERSION"),
                ", compatible with execline 2.9.9.2\n"
            );
            print(version.as_bytes())?;
        }
        name => {
            let command = engine.command(name).ok_or_else(|| {
                Failure::new(USAGE, &[b"unknown subcommand: ", name])
                    .hint(&[b"for the names: execline --list"])
            })?;
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

/// Makes `directory`, if it is not there, and in it a symbolic link to this program for each
/// command. A link that is there already is replaced; anything else is left alone, and an error.
fn install(engine: &Engine, directory: &CStr) -> Result<(), Failure> {
    let this = link::read(c"/proc/self/exe")
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to read /proc/self/exe"], errno))?;
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
