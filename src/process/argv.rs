//! The words a command is given, taken from the front: options, operands, blocks, the rest.

use super::engine::Engine;
use super::environment::Environment;
use super::failure::{Failure, USAGE};
use super::letters::Letters;
use super::number::{self, Decimal};
use super::outcome::Stop;
use super::size::Size;
use crate::block::{self, Part, Word};
use alloc::vec::{self, Vec};
use core::ffi::CStr;

/// Words, first to last.
pub struct Argv<'a> {
    words: vec::IntoIter<Word<'a>>,
    /// Of the words there were at first; those that are left take less.
    size: Size,
}

impl<'a> From<Vec<Word<'a>>> for Argv<'a> {
    fn from(words: Vec<Word<'a>>) -> Self {
        Argv {
            size: Size::of(&words),
            words: words.into_iter(),
        }
    }
}

impl<'a> Argv<'a> {
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.words.len() == 0
    }

    /// The words.
    pub fn words(&self) -> &[Word<'a>] {
        self.words.as_slice()
    }

    /// What the words take of `execve`'s room, or more.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The words as `execve` wants them.
    pub fn strings(&self) -> impl ExactSizeIterator<Item = &CStr> {
        self.words().iter().map(|word| &**word)
    }

    /// The bytes of the first word; none where there is none.
    pub fn first(&self) -> &[u8] {
        self.words().first().map_or(&[], |word| word.to_bytes())
    }

    /// The same words, borrowed.
    pub fn borrowed(&self) -> Argv<'_> {
        Argv::from(self.words().iter().map(block::borrow).collect::<Vec<_>>())
    }

    /// Takes the first word.
    pub fn take(&mut self) -> Option<Word<'a>> {
        self.words.next()
    }

    /// Takes the first word; without one the usage is wrong.
    pub fn operand(&mut self) -> Result<Word<'a>, Failure> {
        self.take().ok_or(Failure::Usage)
    }

    /// Takes the first word, which must be a number; else the usage is wrong.
    pub fn number(&mut self) -> Result<u32, Failure> {
        let word = self.operand()?;
        number::whole(word.to_bytes()).ok_or(Failure::Usage)
    }

    /// All of the words that are left.
    pub fn into_words(self) -> Vec<Word<'a>> {
        self.words.collect()
    }

    /// The words with `first` before them.
    pub fn preceded_by(self, first: impl IntoIterator<Item = Word<'a>>) -> Argv<'a> {
        let mut words: Vec<Word> = first.into_iter().collect();
        words.extend(self.words);
        Argv::from(words)
    }

    /// Gives each option to `each`, with its argument if it takes one; stops at the first
    /// word that is none, or behind `--`.
    pub fn options(
        &mut self,
        letters: Letters,
        // Not generic: one copy of this serves every command.
        each: &mut dyn FnMut(u8, Word<'a>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        loop {
            let cluster = match self.first() {
                [b'-', cluster @ ..] if !cluster.is_empty() => cluster,
                _ => return Ok(()),
            };
            if cluster == b"-" {
                self.take();
                return Ok(());
            }
            let length = cluster.len();
            let Some(word) = self.take() else {
                return Ok(());
            };
            for place in 1..=length {
                let letter = word.to_bytes().get(place).copied().unwrap_or_default();
                if !letters.contains(letter) {
                    return Err(Failure::Usage.into());
                }
                if !letters.takes_argument(letter) {
                    each(letter, Word::Borrowed(c""))?;
                    continue;
                }
                let argument = if place < length {
                    block::word(
                        word.to_bytes()
                            .get(place + 1..)
                            .unwrap_or_default()
                            .to_vec(),
                    )
                } else {
                    self.operand()?
                };
                each(letter, argument)?;
                break;
            }
        }
    }
}

/// Takes the blocks of one command. With `EXECLINE_STRICT` it minds words without their quote:
/// they hint at a brace that was forgotten.
pub struct Blocks {
    strict: u32,
    taken: u32,
}

impl Blocks {
    /// As strict as the command's environment says.
    pub fn new(environment: &Environment) -> Blocks {
        Blocks {
            strict: strictness(environment),
            taken: 0,
        }
    }

    /// As for the commands that never mind.
    pub fn lenient() -> Blocks {
        Blocks {
            strict: 0,
            taken: 0,
        }
    }

    /// Takes a block off the front of `argv`, its end included, and one quote off each word.
    /// `None` where no word ends it: then all words are gone.
    pub fn take<'a>(
        &mut self,
        engine: &mut Engine,
        argv: &mut Argv<'a>,
    ) -> Result<Option<Argv<'a>>, Stop> {
        self.taken += 1;
        let end = argv.words().iter().position(|word| word.is_empty());
        let mut words = Vec::with_capacity(end.unwrap_or(argv.len()));
        while let Some(word) = argv.take() {
            match block::part(&word) {
                Part::End => return Ok(Some(words.into())),
                Part::Quoted => {}
                Part::Unquoted if self.strict == 0 => {}
                Part::Unquoted => self.mind(engine, &word, words.len() as u32)?,
            }
            words.push(block::unquote(word));
        }
        Ok(None)
    }

    /// Takes a block that must be ended: else the command fails, saying that it is not.
    pub fn need<'a>(
        &mut self,
        engine: &mut Engine,
        argv: &mut Argv<'a>,
        unterminated: &[u8],
    ) -> Result<Argv<'a>, Stop> {
        self.take(engine, argv)?
            .ok_or_else(|| Failure::new(USAGE, &[unterminated]).into())
    }

    fn mind(&self, engine: &mut Engine, word: &CStr, place: u32) -> Result<(), Stop> {
        let (block, place) = (Decimal::new(self.taken), Decimal::new(place));
        let message: [&[u8]; 6] = [
            b"unquoted argument ",
            word.to_bytes(),
            b" at block ",
            block.as_bytes(),
            b" position ",
            place.as_bytes(),
        ];
        if self.strict >= 2 {
            return Err(Failure::new(USAGE, &message).into());
        }
        engine.warn(&message)
    }
}

/// The number that `EXECLINE_STRICT` begins with; 0 where it begins with none.
pub fn strictness(environment: &Environment) -> u32 {
    environment
        .get(b"EXECLINE_STRICT")
        .and_then(number::prefix)
        .map_or(0, |(strict, _)| strict)
}
