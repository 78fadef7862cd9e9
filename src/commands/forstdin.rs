//! `forstdin`: runs the rest for each line of standard input, with the line in a variable.
//!
//! A last line that nothing ends is dropped, unless `-N` keeps delimiters; with `-C` too, a
//! last line of one character counts as empty.
//! Reference: <https://skarnet.org/software/execline/forstdin.html>

use crate::command::{Command, CommandOption, Example, Operand, Rest, flag, value};
use crate::process::each::{Breaks, Each, EachOptions};
use crate::process::environment::valid_name;
use crate::process::failure::SYSTEM;
use crate::process::number;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop};
use crate::sys::Errno;
use crate::sys::fd;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("forstdin", "runs the rest for each line of input", run)
    .usage(
        "forstdin [ -E | -e ] [ -p | -P maxpar | -o okcode,okcode,... | -x breakcode,breakcode,... ] \
         [ -N | -n ] [ -C | -c ] [ -0 | -d delim ] var command...",
    )
    .options(&LOOP_OPTIONS)
    .operands(&[Operand::Variable("var"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new("pipeline { printf a\\\\nb\\\\n }  forstdin -E line  echo -${line}-", "-a-\n-b-\n"),
        Example::new("pipeline { printf a:b: }  forstdin -E -d : word  echo $word", "a\nb\n"),
        Example::new("pipeline { printf a\\\\n\\\\nb\\\\n }  forstdin -E -C line  echo -${line}-", "-a-\n-b-\n"),
        Example::new("redirfd -r 0 /dev/null  forstdin line  echo", "").code(1),
    ]);

/// The options of the loops over input.
pub const LOOP_OPTIONS: [CommandOption; 12] = [
    flag('E', "substitutes the variable in the rest"),
    flag('e', "does not substitute it"),
    flag('p', "all at once"),
    value('P', "maxpar", "so many at once").since("2.9.7.0"),
    value(
        'o',
        "okcodes",
        "stops at an exit code that is none of these",
    ),
    value('x', "breakcodes", "stops at one of these exit codes"),
    flag('N', "keeps the delimiter"),
    flag('n', "drops the delimiter"),
    flag('C', "passes over empty lines"),
    flag('c', "does not pass over empty lines"),
    flag('0', "NUL is the delimiter"),
    value(
        'd',
        "delim",
        "each of these is a delimiter; an empty word stands for netstrings",
    ),
];

const LETTERS: Letters = COMMAND.letters();

/// The most children there are at once.
const MOST_AT_ONCE: u32 = 10_000;

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut at_once = 1;
    let (mut imports, mut chomps, mut crunches) = (false, true, false);
    let mut breaks = Breaks::default();
    let mut delimiters = b"\n".to_vec();
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'p' => at_once = MOST_AT_ONCE,
            b'P' => at_once = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?,
            b'N' => chomps = false,
            b'n' => chomps = true,
            b'C' => crunches = true,
            b'c' => crunches = false,
            b'0' => delimiters = b"\0".to_vec(),
            b'd' => delimiters = argument.to_bytes().to_vec(),
            b'E' => imports = true,
            b'e' => imports = false,
            _ => breaks = Breaks::list(argument.to_bytes(), letter == b'o')?,
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let variable = valid_name(argv.operand()?)?;
    let options = EachOptions {
        breaks,
        at_once: at_once.min(MOST_AT_ONCE) as usize,
        imports,
    };
    let mut each = Each::new(engine, variable, argv, environment, options);
    engine.take_name();
    let mut input = Input::default();
    let mut code = 1;
    loop {
        let value = if delimiters.is_empty() {
            input
                .netstring()
                .map_err(|errno| Failure::system(SYSTEM, &[b"unable to netstring_get"], errno))?
        } else {
            let line = input
                .line(&delimiters)
                .map_err(|errno| Failure::system(SYSTEM, &[b"unable to skagetlnsep"], errno))?;
            match line {
                Some(Line {
                    is_ended: false, ..
                }) if chomps => None,
                Some(Line { text, .. }) if crunches && text.len() == 1 => continue,
                Some(Line { mut text, .. }) => {
                    if chomps {
                        text.pop();
                    }
                    Some(text)
                }
                None => None,
            }
        };
        let Some(mut value) = value else {
            break;
        };
        code = 0;
        // A variable holds what stands before a NUL.
        let end = value.iter().position(|&byte| byte == 0);
        value.truncate(end.unwrap_or(value.len()));
        if let Some(code) = each.run(engine, &value)? {
            return Ok(Outcome::Exit(code));
        }
    }
    each.finish(engine)?;
    Ok(Outcome::Exit(code))
}

/// A line with its delimiter.
struct Line {
    text: Vec<u8>,
    /// False where the input ended before a delimiter.
    is_ended: bool,
}

/// Standard input, read ahead as far as upstream reads: the children see what is left.
#[derive(Default)]
struct Input {
    ahead: Vec<u8>,
    /// How much of that is used up.
    used: usize,
}

/// How much upstream holds at the most, in bytes.
const READ_AHEAD: usize = 8191;

/// The longest netstring's length, in digits, and its colon.
const LONGEST_LENGTH: usize = 21;

impl Input {
    fn rest(&self) -> &[u8] {
        self.ahead.get(self.used..).unwrap_or_default()
    }

    /// Reads more. False at the end.
    fn fill(&mut self) -> Result<bool, Errno> {
        match self.rest() {
            [] => self.ahead.clear(),
            rest => self.ahead = rest.to_vec(),
        }
        self.used = 0;
        let held = self.ahead.len();
        let mut buffer = [0; READ_AHEAD];
        let room = buffer.get_mut(held..).unwrap_or_default();
        let read = fd::read(0, room)?;
        self.ahead
            .extend_from_slice(room.get(..read).unwrap_or_default());
        Ok(read > 0)
    }

    /// Takes `length` bytes, or all there is.
    fn take(&mut self, length: usize, taken: &mut Vec<u8>) {
        let rest = self.rest();
        let part = rest.get(..length).unwrap_or(rest);
        taken.extend_from_slice(part);
        self.used += part.len();
    }

    /// The next line; `None` at the end.
    fn line(&mut self, delimiters: &[u8]) -> Result<Option<Line>, Errno> {
        let mut text = Vec::new();
        loop {
            let place = self
                .rest()
                .iter()
                .position(|byte| delimiters.contains(byte));
            self.take(place.map_or(usize::MAX, |place| place + 1), &mut text);
            if place.is_some() {
                let is_ended = true;
                return Ok(Some(Line { text, is_ended }));
            }
            if !self.fill()? {
                let is_ended = false;
                return Ok((!text.is_empty()).then_some(Line { text, is_ended }));
            }
        }
    }

    /// What the next netstring holds; `None` at the end.
    fn netstring(&mut self) -> Result<Option<Vec<u8>>, Errno> {
        const NOT_ONE: Errno = Errno(libc::EPROTO);
        const CUT_SHORT: Errno = Errno(libc::EPIPE);
        let digits = loop {
            let rest = self.rest();
            let head = rest.get(..LONGEST_LENGTH).unwrap_or(rest);
            match head.iter().position(|&byte| byte == b':') {
                Some(colon) => break colon,
                None if head.len() >= LONGEST_LENGTH => return Err(NOT_ONE),
                None => {}
            }
            let is_empty = rest.is_empty();
            if !self.fill()? {
                return if is_empty { Ok(None) } else { Err(CUT_SHORT) };
            }
        };
        let length = self.rest().get(..digits).unwrap_or_default();
        let length = (!length.is_empty())
            .then(|| core::str::from_utf8(length).ok()?.parse::<usize>().ok())
            .flatten()
            .filter(|_| length.iter().all(u8::is_ascii_digit))
            .ok_or(NOT_ONE)?;
        self.used += digits + 1;
        let mut text = Vec::new();
        loop {
            self.take(length.saturating_add(1) - text.len(), &mut text);
            if text.len() > length {
                break;
            }
            if !self.fill()? {
                return Err(CUT_SHORT);
            }
        }
        match text.pop() {
            Some(b',') => Ok(Some(text)),
            _ => Err(NOT_ONE),
        }
    }
}
