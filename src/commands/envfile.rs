//! `envfile`: sets variables from a file and goes on.
//!
//! A backslash joins lines only before a newline, and outside of quotes stands only before a
//! blank, a quote, a backslash or a newline; inside quotes it starts an escape. `\0` and `\x00`
//! end an assignment, so that what follows is another one, or a removal: so it is in the reference.
//! Reference: <https://skarnet.org/software/execline/envfile.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::number::Decimal;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use crate::syntax::{Position, letter_escape};
use crate::sys::fd::{self, Fd};
use crate::sys::{Errno, file};
use alloc::vec::Vec;
use core::ffi::CStr;

/// The command.
pub const COMMAND: Command = Command::new("envfile", "sets variables from a file", run)
    .usage("envfile [ -i | -I ] file prog...")
    .options(&[
        flag('i', "fails where the file is not there"),
        flag('I', "goes on where the file is not there"),
    ])
    .operands(&[Operand::Path("file"), Operand::Rest(Rest::Required)])
    .reach(Reach::Process)
    .examples(&[
        Example::new(
            "heredoc 0 \"A=b\n# comment\nC = \\\"d e\\\" f\n\" envfile - printenv A C",
            "b\nd e f\n",
        ),
        Example::new("heredoc 0 \"A\" envfile - true", "")
            .complains("envfile: fatal: in standard input: syntax error line 1\n")
            .code(1),
        Example::new("envfile /no/such/file true", "")
            .complains("envfile: fatal: unable to open /no/such/file: No such file or directory\n")
            .code(111),
        Example::new("envfile -I /no/such/file echo anyway", "anyway\n"),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// The longest file, in bytes.
const LONGEST_FILE: usize = 64 * 1024 * 1024;

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut insists = true;
    argv.options(LETTERS, &mut |letter, _| {
        insists = letter == b'i';
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let path = argv.operand()?;
    let (opened, name) = match path.to_bytes() {
        b"-" => (Ok(0), &b"standard input"[..]),
        name => (open(&path), name),
    };
    let fd = match opened {
        Ok(fd) => fd,
        Err(Errno::ENOENT) if !insists => return Ok(Outcome::chain(argv, environment)),
        Err(errno) => {
            return Err(Failure::system(SYSTEM, &[b"unable to open ", name], errno).into());
        }
    };
    let mut text = Vec::new();
    let outcome = file::read_to_nul(fd, &mut text, LONGEST_FILE);
    fd::close(fd);
    outcome.map_err(|errno| Failure::system(SYSTEM, &[b"unable to read from ", name], errno))?;
    let assignments = assignments(&text).map_err(|wrong| syntax_failure(&text, name, &wrong))?;
    for assignment in assignments.split(|&byte| byte == 0) {
        // Behind the last one there is nothing, which is no assignment.
        if !assignment.is_empty() {
            environment.modify(assignment);
        }
    }
    Ok(Outcome::chain(argv, environment))
}

/// The assignments in the text of a file, each ended by NUL.
///
/// # Errors
///
/// Where the text is neither an assignment nor a comment.
pub fn assignments(text: &[u8]) -> Result<Vec<u8>, Wrong> {
    Parser::new(text).run()
}

/// Upstream's line, which does not count every line, and the place for people.
fn syntax_failure(text: &[u8], name: &[u8], wrong: &Wrong) -> Failure {
    let line = Decimal::new(wrong.line);
    let place = Position::of(text, wrong.at);
    let (row, column) = (
        Decimal::new(place.line as u64),
        Decimal::new(place.column as u64),
    );
    let says: &[u8] = b": neither NAME=VALUE nor a comment goes on like this";
    Failure::new(1, &[b"in ", name, b": syntax error line ", line.as_bytes()]).hint(&[
        name,
        b":",
        row.as_bytes(),
        b":",
        column.as_bytes(),
        says,
    ])
}

/// Opens a file without waiting: a fifo that nobody writes to is an empty file.
fn open(path: &CStr) -> Result<Fd, Errno> {
    let fd = fd::open(path, libc::O_RDONLY | libc::O_NONBLOCK, 0)?;
    fd::set_blocking(fd, true)?;
    Ok(fd)
}

/// A walk over the file's text.
struct Parser<'t> {
    text: &'t [u8],
    rest: &'t [u8],
    line: u64,
    /// The assignments, each ended by NUL.
    assignments: Vec<u8>,
}

/// Where a text is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The number of the line, as upstream counts.
    pub line: u64,
    /// The offset of the byte.
    pub at: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8]) -> Parser<'t> {
        Parser {
            text,
            rest: text,
            line: 1,
            assignments: Vec::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.line += u64::from(*byte == b'\n');
        Some(*byte)
    }

    fn run(mut self) -> Result<Vec<u8>, Wrong> {
        while let Some(byte) = self.peek() {
            match byte {
                byte if is_blank(byte) || byte == b'\n' => {
                    self.next();
                }
                b'#' => while self.next().is_some_and(|byte| byte != b'\n') {},
                _ => self.assignment()?,
            }
        }
        Ok(self.assignments)
    }

    /// Fails at the line that this byte stands in.
    fn wrong<T>(&self, byte: Option<u8>) -> Result<T, Wrong> {
        let behind = self.text.len() - self.rest.len();
        Err(Wrong {
            line: self.line - u64::from(byte == Some(b'\n')),
            at: behind - usize::from(byte.is_some()),
        })
    }

    /// A name, `=`, a value.
    fn assignment(&mut self) -> Result<(), Wrong> {
        let mut is_named = false;
        loop {
            let byte = self.next();
            match byte {
                Some(b'=') if is_named => break,
                Some(blank) if is_blank(blank) && is_named => {
                    let mut behind = Some(blank);
                    while behind.is_some_and(is_blank) {
                        behind = self.next();
                    }
                    match behind {
                        Some(b'=') => break,
                        behind => return self.wrong(behind),
                    }
                }
                None | Some(b'\n' | b'=' | b'\\' | b'"' | b'\'' | b'?') => return self.wrong(byte),
                Some(b'#') if !is_named => return self.wrong(byte),
                Some(byte) => self.assignments.push(byte),
            }
            is_named = true;
        }
        self.assignments.push(b'=');
        self.value()
    }

    /// A value: blanks before and behind it do not count.
    fn value(&mut self) -> Result<(), Wrong> {
        while self.peek().is_some_and(is_blank) {
            self.next();
        }
        // Where the blanks begin that may be the last ones.
        let mut blanks = None;
        loop {
            let byte = self.next();
            match byte {
                None | Some(b'\n') => {
                    // The reference does not count a line that ends in blanks.
                    if blanks.is_some() && byte.is_some() {
                        self.line -= 1;
                    }
                    break;
                }
                Some(byte) if is_blank(byte) => {
                    blanks.get_or_insert(self.assignments.len());
                    self.assignments.push(byte);
                    continue;
                }
                Some(b'"') => self.quoted()?,
                Some(b'\\') => match self.next() {
                    Some(b'\n') => {}
                    Some(byte) if is_blank(byte) || matches!(byte, b'\\' | b'"') => {
                        self.assignments.push(byte);
                    }
                    byte => return self.wrong(byte),
                },
                Some(byte) => self.assignments.push(byte),
            }
            blanks = None;
        }
        if let Some(blanks) = blanks {
            self.assignments.truncate(blanks);
        }
        self.assignments.push(0);
        Ok(())
    }

    /// Behind a quote, up to the next.
    fn quoted(&mut self) -> Result<(), Wrong> {
        loop {
            let byte = self.next();
            match byte {
                None | Some(b'\n') => return self.wrong(byte),
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                Some(byte) => self.assignments.push(byte),
            }
        }
    }

    /// Behind a backslash inside quotes.
    fn escape(&mut self) -> Result<(), Wrong> {
        let byte = self.next();
        match byte {
            None => return self.wrong(byte),
            Some(b'\n') => {}
            Some(b'x') => {
                let mut value = 0;
                for _ in 0..2 {
                    let digit = self.next();
                    let number = digit.and_then(|digit| char::from(digit).to_digit(16));
                    match number {
                        Some(number) => value = value << 4 | number as u8,
                        None => return self.wrong(digit),
                    }
                }
                self.assignments.push(value);
            }
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.next();
                    value = value << 3 | u32::from(digit - b'0');
                }
                self.assignments.push(value as u8);
            }
            Some(byte) => self.assignments.push(letter_escape(byte).unwrap_or(byte)),
        }
        Ok(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0c | b'\r')
}
