//! The first line of a script: which interpreter the kernel starts, and with what.

use crate::bytes::base_name;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::{IResult, Parser};
use std::ops::Range;

/// The first line of a script, as the kernel takes it apart: an interpreter, and at most one
/// argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shebang {
    /// The whole line, without its newline.
    pub span: Range<usize>,
    /// The interpreter's path. A carriage return that stands at its end is part of it.
    pub interpreter: Vec<u8>,
    /// Where that stands.
    pub interpreter_span: Range<usize>,
    /// All that follows, blanks inside included: one word. `None` where there is nothing.
    pub argument: Option<Vec<u8>>,
    /// Where that stands, or would stand.
    pub argument_span: Range<usize>,
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Blanks, the interpreter, blanks, and the rest of the line.
type Parts<'t> = (&'t [u8], &'t [u8], &'t [u8], &'t [u8]);

fn line(text: &[u8]) -> IResult<&[u8], Parts<'_>> {
    (
        tag(&b"#!"[..]).and(take_while(is_blank)).map(|(_, b)| b),
        take_till(|byte| is_blank(byte) || byte == b'\n'),
        take_while(is_blank),
        take_till(|byte| byte == b'\n'),
    )
        .parse(text)
}

impl Shebang {
    /// The first line of `text`, where it begins with `#!`.
    pub fn read(text: &[u8]) -> Option<Shebang> {
        let (_, (before, interpreter, blanks, argument)) = line(text).ok()?;
        let start = 2 + before.len();
        let end = start + interpreter.len();
        let argument_start = end + blanks.len();
        // The kernel drops blanks at the end.
        let length = argument
            .iter()
            .rposition(|&byte| !is_blank(byte))
            .map_or(0, |last| last + 1);
        let trimmed = argument.get(..length).unwrap_or_default();
        Some(Shebang {
            span: 0..argument_start + argument.len(),
            interpreter: interpreter.to_vec(),
            interpreter_span: start..end,
            argument: (!trimmed.is_empty()).then(|| trimmed.to_vec()),
            argument_span: argument_start..argument_start + length,
        })
    }

    /// The interpreter's name without directories, and without a carriage return.
    pub fn name(&self) -> &[u8] {
        let name = base_name(&self.interpreter);
        name.strip_suffix(b"\r").unwrap_or(name)
    }

    /// The words that whoever wrote the line meant as arguments.
    pub fn words(&self) -> Vec<&[u8]> {
        let argument = self.argument.as_deref().unwrap_or_default();
        argument
            .split(|&byte| is_blank(byte) || byte == b'\r')
            .filter(|word| !word.is_empty())
            .collect()
    }
}

/// What a script is written in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Language {
    /// execline.
    Execline(Positional),
    /// A shell; its name as in `sh`, `dash`, `bash`.
    Shell(Vec<u8>),
    /// Another interpreter, by its name.
    Other(Vec<u8>),
    /// It is a program, not a script.
    Binary,
    /// Nothing says what it is.
    Unknown,
}

/// What execlineb does with the words that a script is started with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Positional {
    /// It keeps them as variables `0`, `1`, `#`: without an option, and with `-p`.
    Variables,
    /// It ignores them: `-P`.
    Ignored,
    /// It substitutes `$0` to this one, `$#` and `$@`: `-S n`, `-s n`.
    Substituted(u32),
}

const SHELLS: [&[u8]; 10] = [
    b"sh", b"bash", b"dash", b"ash", b"ksh", b"mksh", b"zsh", b"yash", b"posh", b"bashio",
];

/// Programs that run the interpreter they are given; a script's first line names them first.
const CARRIERS: [&[u8]; 3] = [b"with-contenv", b"with-contenv-legacy", b"env"];

impl Language {
    /// What a file is written in, by its first bytes.
    pub fn of(text: &[u8], shebang: Option<&Shebang>) -> Language {
        let Some(shebang) = shebang else {
            return if text.starts_with(b"\x7fELF") {
                Language::Binary
            } else {
                Language::Unknown
            };
        };
        let words = shebang.words();
        let mut words = words.into_iter().peekable();
        let mut name = shebang.name();
        while CARRIERS.contains(&name) {
            // Options of `env`, such as -S, and variables it sets.
            while words
                .peek()
                .is_some_and(|word| word.starts_with(b"-") || word.contains(&b'='))
            {
                words.next();
            }
            match words.next() {
                Some(next) => name = base_name(next),
                None => return Language::Other(name.to_vec()),
            }
        }
        if name == b"execlineb" {
            Language::Execline(Positional::of(words))
        } else if Language::is_shell(name) {
            Language::Shell(name.to_vec())
        } else {
            Language::Other(name.to_vec())
        }
    }

    /// True for the name of a shell.
    pub fn is_shell(name: &[u8]) -> bool {
        SHELLS.contains(&name)
    }

    /// True for execline.
    pub fn is_execline(&self) -> bool {
        matches!(self, Self::Execline(_))
    }
}

impl Positional {
    /// What these options of execlineb ask for; the last one counts.
    pub fn of<'w>(words: impl Iterator<Item = &'w [u8]>) -> Positional {
        let mut positional = Positional::Variables;
        let mut words = words;
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix(b"-") else {
                break;
            };
            for (place, letter) in letters.iter().enumerate() {
                match letter {
                    b'P' => positional = Positional::Ignored,
                    b'p' => positional = Positional::Variables,
                    b'S' | b's' => {
                        let attached = letters.get(place + 1..).unwrap_or_default();
                        let number = if attached.is_empty() {
                            words.next().unwrap_or_default()
                        } else {
                            attached
                        };
                        let number = std::str::from_utf8(number).ok();
                        let number = number.and_then(|n| n.parse().ok()).unwrap_or(0);
                        positional = Positional::Substituted(number);
                        break;
                    }
                    _ => {}
                }
            }
        }
        positional
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, interpreter: &str, argument: Option<&str>, language: Language) {
        let shebang = Shebang::read(text.as_bytes()).unwrap();
        let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
        assert_eq!(shown(&shebang.interpreter), interpreter, "{text}");
        assert_eq!(shebang.argument.as_deref().map(shown).as_deref(), argument);
        let found = Language::of(text.as_bytes(), Some(&shebang));
        assert_eq!(found, language, "{text}");
    }

    #[test]
    fn the_kernel_passes_one_argument() {
        let shell = |name: &str| Language::Shell(name.into());
        for (text, interpreter, argument, language) in [
            ("#!/bin/sh\n", "/bin/sh", None, shell("sh")),
            (
                "#! /bin/bash -e \nx",
                "/bin/bash",
                Some("-e"),
                shell("bash"),
            ),
            (
                "#!/command/with-contenv bash -e\n",
                "/command/with-contenv",
                Some("bash -e"),
                shell("bash"),
            ),
            (
                "#!/usr/bin/env -S sh\n",
                "/usr/bin/env",
                Some("-S sh"),
                shell("sh"),
            ),
            ("#!/bin/sh\r\n", "/bin/sh\\r", None, shell("sh")),
            (
                "#!/command/execlineb -P\r\n",
                "/command/execlineb",
                Some("-P\\r"),
                Language::Execline(Positional::Ignored),
            ),
            (
                "#!/command/execlineb",
                "/command/execlineb",
                None,
                Language::Execline(Positional::Variables),
            ),
            (
                "#!/command/execlineb -WS2\n",
                "/command/execlineb",
                Some("-WS2"),
                Language::Execline(Positional::Substituted(2)),
            ),
            (
                "#!/usr/bin/python3\n",
                "/usr/bin/python3",
                None,
                Language::Other(b"python3".to_vec()),
            ),
        ] {
            check(text, interpreter, argument, language);
        }
        assert_eq!(Shebang::read(b"echo\n#!/bin/sh\n"), None);
        assert_eq!(Language::of(b"\x7fELF\x02", None), Language::Binary);
    }
}
