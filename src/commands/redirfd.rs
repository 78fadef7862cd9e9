//! `redirfd`: opens a file at a file descriptor and goes on.
//!
//! Where a fifo that nobody reads cannot be opened for writing, it is opened for reading
//! during the attempt, so that it can. With `-f`, any variable name is accepted.
//! Reference: <https://skarnet.org/software/execline/redirfd.html>

use crate::command::{Command, Effect, Example, Operand, Rest, flag, long_flag};
use crate::process::failure::SYSTEM;
use crate::process::importing::import_one;
use crate::process::long_options::LongOption;
use crate::process::number::{self, Decimal};
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::Errno;
use crate::sys::fd::{self, Fd};
use core::ffi::CStr;

/// The command.
pub const COMMAND: Command = Command::new("redirfd", "opens a file at a file descriptor", run)
    .usage(
        "redirfd -[ r | w | u | a | x ] [ -N | -n ] [ -b ] [ -f ] [ -E | -e ] fd|var file prog...",
    )
    .options(&[
        flag('r', "for reading"),
        flag('w', "for writing; creates or empties it"),
        flag('u', "for reading and writing"),
        flag('a', "for appending; creates it"),
        flag('x', "for writing; it must not be there"),
        flag('N', "blocking").long("block").since("2.9.9.0"),
        flag('n', "non-blocking").long("nonblock"),
        flag(
            'b',
            "switches between blocking and non-blocking once it is open",
        )
        .long("switch-block"),
        flag('f', "at any number, which is put into the variable")
            .long("open")
            .since("2.9.9.0")
            .effect(Effect::Makes(Operand::Variable("variable"))),
        flag('e', "does not substitute that variable")
            .long("no-autoimport")
            .since("2.9.9.0"),
        flag('E', "substitutes that variable in the rest")
            .long("autoimport")
            .since("2.9.9.0"),
        long_flag("no-read", "not for reading").since("2.9.9.0"),
        long_flag("read", "for reading").since("2.9.9.0"),
        long_flag("no-write", "not for writing").since("2.9.9.0"),
        long_flag("write", "for writing").since("2.9.9.0"),
        long_flag("no-create", "does not create it").since("2.9.9.0"),
        long_flag("create", "creates it").since("2.9.9.0"),
        long_flag("no-append", "writes where it stands").since("2.9.9.0"),
        long_flag("append", "writes at the end").since("2.9.9.0"),
        long_flag("no-trunc", "keeps what it holds").since("2.9.9.0"),
        long_flag("trunc", "empties it").since("2.9.9.0"),
        long_flag("no-excl", "it may be there").since("2.9.9.0"),
        long_flag("excl", "it must not be there").since("2.9.9.0"),
    ])
    .operands(&[
        Operand::Fd("fd"),
        Operand::Path("file"),
        Operand::Rest(Rest::Required),
    ])
    .examples(&[
        Example::new("redirfd -r 0 /dev/null  cat", ""),
        Example::new("redirfd -w 1 /dev/null  echo gone", ""),
        Example::new("redirfd -r 0 /no/such/file  cat", "")
            .complains("redirfd: fatal: unable to open /no/such/file: No such file or directory\n")
            .code(111),
        Example::new(
            "redirfd -f -E --read FD /dev/null  sh -c \"readlink /proc/self/fd/${FD}\"",
            "/dev/null\n",
        )
        .since("2.9.9.0"),
    ]);

const OPTIONS: [LongOption; 23] = COMMAND.long_options();

/// What the options ask for.
#[derive(Default)]
struct Mode {
    read: bool,
    write: bool,
    create: bool,
    append: bool,
    truncate: bool,
    exclusive: bool,
    nonblocking: bool,
    switches: bool,
    any_number: bool,
    imports: bool,
}

impl Mode {
    fn set(&mut self, option: &LongOption) {
        match (option.letter, option.name) {
            (b'r', _) => {
                *self = Mode {
                    read: true,
                    ..self.only_behaviour()
                }
            }
            (b'w', _) => {
                *self = Mode {
                    write: true,
                    create: true,
                    truncate: true,
                    ..self.only_behaviour()
                };
            }
            (b'u', _) => {
                *self = Mode {
                    read: true,
                    write: true,
                    ..self.only_behaviour()
                };
            }
            (b'a', _) => {
                *self = Mode {
                    write: true,
                    create: true,
                    append: true,
                    ..self.only_behaviour()
                };
            }
            (b'x', _) => {
                *self = Mode {
                    write: true,
                    create: true,
                    exclusive: true,
                    ..self.only_behaviour()
                };
            }
            (_, "block") => self.nonblocking = false,
            (_, "nonblock") => self.nonblocking = true,
            (_, "switch-block") => self.switches = true,
            (_, "open") => self.any_number = true,
            (_, "no-autoimport") => self.imports = false,
            (_, "autoimport") => self.imports = true,
            (_, "no-read") => self.read = false,
            (_, "read") => self.read = true,
            (_, "no-write") => self.write = false,
            (_, "write") => self.write = true,
            (_, "no-create") => self.create = false,
            (_, "create") => self.create = true,
            (_, "no-append") => self.append = false,
            (_, "append") => self.append = true,
            (_, "no-trunc") => self.truncate = false,
            (_, "trunc") => self.truncate = true,
            (_, "no-excl") => self.exclusive = false,
            _ => self.exclusive = true,
        }
    }

    /// The options that say nothing of how the file is opened.
    fn only_behaviour(&self) -> Mode {
        Mode {
            nonblocking: self.nonblocking,
            switches: self.switches,
            any_number: self.any_number,
            imports: self.imports,
            ..Mode::default()
        }
    }

    fn flags(&self) -> i32 {
        let access = match (self.read, self.write) {
            (true, true) => libc::O_RDWR,
            (false, true) => libc::O_WRONLY,
            _ => libc::O_RDONLY,
        };
        let bit = |wanted, flag| if wanted { flag } else { 0 };
        access
            | bit(self.create, libc::O_CREAT)
            | bit(self.append, libc::O_APPEND)
            | bit(self.truncate, libc::O_TRUNC)
            | bit(self.exclusive, libc::O_EXCL)
            | bit(self.nonblocking, libc::O_NONBLOCK)
    }

    fn open(&self, path: &CStr) -> Result<Fd, Failure> {
        let open = || fd::open(path, self.flags(), 0o666);
        let opened = match open() {
            Err(Errno::ENXIO) if self.write => {
                let reader = fd::open(path, libc::O_RDONLY | libc::O_NONBLOCK, 0)
                    .map_err(|errno| cannot(b"unable to open_read ", path, errno))?;
                let opened = open();
                fd::close(reader);
                opened
            }
            opened => opened,
        };
        opened.map_err(|errno| cannot(b"unable to open ", path, errno))
    }
}

fn cannot(what: &[u8], path: &CStr, errno: Errno) -> Failure {
    Failure::system(SYSTEM, &[what, path.to_bytes()], errno)
}

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut mode = Mode::default();
    argv.long_options(&OPTIONS, &mut |option, _| mode.set(option))?;
    if argv.len() < 3 || !(mode.read || mode.write) {
        return Err(Failure::Usage.into());
    }
    let (target, path) = (argv.operand()?, argv.operand()?);
    let number = if mode.any_number {
        0
    } else {
        number::whole(target.to_bytes()).ok_or(Failure::Usage)?
    };
    let opened = mode.open(&path)?;
    if mode.switches {
        fd::set_blocking(opened, mode.nonblocking).map_err(|errno| {
            Failure::system(SYSTEM, &[b"unable to change blocking mode"], errno)
        })?;
    }
    if mode.any_number {
        environment.set(target.to_bytes(), Decimal::of_id(opened).as_bytes());
        if mode.imports {
            argv = import_one(argv, target);
        }
    } else {
        fd::relocate(number as Fd, opened)
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to fd_move"], errno))?;
    }
    Ok(Outcome::chain(argv, environment))
}
