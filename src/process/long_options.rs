//! Options with letters and long names, as the newer commands take them.
//!
//! Where the reference is peculiar it is followed: a long option that takes an argument takes
//! it only behind `=`, a letter that takes one is ignored where none follows.

use super::argv::Argv;
use super::failure::{Failure, USAGE};
use crate::block::{self, Word};

/// An option by its letter or its long name.
#[derive(Clone, Copy, Debug)]
pub struct LongOption {
    /// Its letter; 0 where it has only a long name.
    pub letter: u8,
    /// Its long name; empty where it has only a letter.
    pub name: &'static str,
    /// True where it takes an argument.
    pub takes_argument: bool,
}

impl LongOption {
    /// No option.
    pub const NONE: LongOption = LongOption {
        letter: 0,
        name: "",
        takes_argument: false,
    };
}

impl<'a> Argv<'a> {
    /// Gives each of the `options` it finds to `each`, with its argument if it takes one;
    /// stops at the first word that is none, or behind `--`.
    pub fn long_options(
        &mut self,
        options: &[LongOption],
        each: &mut dyn FnMut(&LongOption, Word<'a>),
    ) -> Result<(), Failure> {
        loop {
            match self.first() {
                b"--" => {
                    self.take();
                    return Ok(());
                }
                [b'-', _, ..] => {}
                _ => return Ok(()),
            }
            let Some(word) = self.take() else {
                return Ok(());
            };
            match word.to_bytes() {
                [b'-', b'-', long @ ..] => by_name(options, long, word.to_bytes(), each)?,
                letters => {
                    let letters = letters.get(1..).unwrap_or_default();
                    self.by_letter(options, letters, each)?;
                }
            }
        }
    }

    fn by_letter(
        &mut self,
        options: &[LongOption],
        letters: &[u8],
        each: &mut dyn FnMut(&LongOption, Word<'a>),
    ) -> Result<(), Failure> {
        for (place, &letter) in letters.iter().enumerate() {
            let Some(option) = options.iter().find(|option| option.letter == letter) else {
                return Err(Failure::new(
                    USAGE,
                    &[b"unrecognized short option: ", &[letter]],
                ));
            };
            if !option.takes_argument {
                each(option, Word::Borrowed(c""));
                continue;
            }
            let behind = letters.get(place + 1..).unwrap_or_default();
            if !behind.is_empty() {
                each(option, block::word(behind.to_vec()));
            } else if !self.is_empty()
                && self.first() != b"--"
                && let Some(argument) = self.take()
            {
                each(option, argument);
            }
            break;
        }
        Ok(())
    }
}

fn by_name<'a>(
    options: &[LongOption],
    long: &[u8],
    word: &[u8],
    each: &mut dyn FnMut(&LongOption, Word<'a>),
) -> Result<(), Failure> {
    let mut parts = long.splitn(2, |&byte| byte == b'=');
    let (name, argument) = (parts.next().unwrap_or_default(), parts.next());
    let option = options.iter().find(|option| {
        !name.is_empty()
            && option.name.as_bytes() == name
            && option.takes_argument == argument.is_some()
    });
    match (option, argument) {
        (Some(option), None) => each(option, Word::Borrowed(c"")),
        (Some(option), Some(argument)) => each(option, block::word(argument)),
        (None, None) => {
            return Err(Failure::new(
                USAGE,
                &[b"unrecognized boolean option: ", word],
            ));
        }
        (None, Some(_)) if name.is_empty() => {
            return Err(Failure::new(USAGE, &[b"invalid option: ", word]));
        }
        (None, Some(_)) => {
            return Err(Failure::new(
                USAGE,
                &[b"unrecognized option with argument: ", word],
            ));
        }
    }
    Ok(())
}
