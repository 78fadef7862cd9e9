//! A command line taken apart: a chain of programs, each with its options, operands and
//! blocks, as their signatures say. What is wrong with it is noted, not judged.

mod reading;

pub use reading::Reader;

use super::items::{Item, Word};
use crate::bytes::base_name;
use crate::programs::{OperandKind, Signature};
use std::ops::Range;
use std::sync::Arc;

/// A command line: programs that run the next one, and the one that it ends with.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The programs in order.
    pub invocations: Vec<Invocation>,
    /// How it ends.
    pub end: End,
}

/// How a chain ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// There is no program at all.
    Empty,
    /// With a program that runs no other one.
    Program,
    /// With one that could run another one, but need not.
    Optional,
    /// With one that must run another one, which is not there.
    Missing,
    /// With a word that may become any number of words, or a program of which nothing is
    /// known: what follows is in the arguments of the last invocation.
    Unknown,
}

/// A program with what it is given.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The word that names the program.
    pub program: Word,
    /// What is known of the program.
    pub signature: Option<Arc<Signature>>,
    /// Its options.
    pub options: Vec<GivenOption>,
    /// Its operands, as its signature names them.
    pub operands: Vec<Operand>,
    /// What follows the operands and is no program: of one that runs no other, or of which
    /// nothing is known.
    pub arguments: Vec<Item>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// An option that a program is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenOption {
    /// Its letter, or 0 for one that only has a long name.
    pub letter: u8,
    /// Its long name, where that was used.
    pub long: Option<Vec<u8>>,
    /// The word it stands in.
    pub span: Range<usize>,
    /// Its argument, where it takes one.
    pub argument: Option<Word>,
}

/// An operand that a program is given.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What the signature calls it.
    pub name: String,
    /// What the signature wants it to be.
    pub kind: OperandKind,
    /// What it is.
    pub value: Value,
}

/// What an operand is.
#[derive(Clone, Debug)]
pub enum Value {
    /// A word.
    Word(Word),
    /// A block that is a command line.
    Program(Braces, Chain),
    /// A block that is a list of words.
    Words(Braces, Vec<Item>),
    /// A block that is a list of cases: a word and a command line each.
    Cases(Braces, Vec<(Word, Braces, Chain)>),
    /// The block of `multisubstitute`: commands that bind keys.
    Directives(Braces, Vec<Invocation>),
}

/// Where the braces of a block are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Braces {
    /// The opening one.
    pub open: Range<usize>,
    /// The closing one.
    pub close: Range<usize>,
}

/// What is wrong with an invocation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// It has no such option.
    UnknownOption {
        /// The option as it was written.
        option: String,
        /// The word.
        span: Range<usize>,
    },
    /// The option wants an argument, and nothing follows.
    MissingArgument {
        /// The option as it was written.
        option: String,
        /// The word.
        span: Range<usize>,
    },
    /// An operand is missing; the words end.
    MissingOperand {
        /// What the signature calls it.
        operand: String,
    },
    /// A block is missing; a word stands in its place, or nothing.
    MissingBlock {
        /// What the signature calls it.
        operand: String,
        /// What stands in its place.
        found: Option<Range<usize>>,
    },
    /// A block stands where a word or a program is wanted.
    SuperfluousBlock {
        /// The operand in whose place it stands; `None` in the place of the next program.
        operand: Option<String>,
        /// The block.
        span: Range<usize>,
    },
    /// Words follow, though it neither takes them nor runs anything.
    DeadWords {
        /// The words.
        span: Range<usize>,
    },
    /// No program follows, though it must run one.
    NoProgram,
    /// A case is not a word and a block.
    BadCase {
        /// What stands there.
        span: Range<usize>,
    },
}

/// The kernel takes no longer path.
const LONGEST_PATH: usize = 4096;

impl Invocation {
    /// The program's name without directories.
    pub fn name(&self) -> &[u8] {
        // What no path can be is no program's; to search all of it, each time, would take long.
        if self.program.value.len() > LONGEST_PATH {
            return &self.program.value;
        }
        base_name(&self.program.value)
    }

    /// True where the program has this name, in whatever directory.
    pub fn is(&self, name: &str) -> bool {
        self.name() == name.as_bytes()
    }

    /// True where it has one of these names.
    pub fn is_one_of(&self, names: &[&str]) -> bool {
        let own = self.name();
        names.iter().any(|name| own == name.as_bytes())
    }

    /// The option with this letter; the last one, where it is given twice.
    pub fn option(&self, letter: char) -> Option<&GivenOption> {
        self.options
            .iter()
            .rfind(|option| char::from(option.letter) == letter && option.letter != 0)
    }

    /// True where the option with this letter is given.
    pub fn has(&self, letter: char) -> bool {
        self.option(letter).is_some()
    }

    /// The operand with this place, where it is a word.
    pub fn operand(&self, place: usize) -> Option<&Word> {
        match &self.operands.get(place)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The operand of this name, where it is a word.
    pub fn operand_named(&self, name: &str) -> Option<&Word> {
        let operand = self.operands.iter().find(|operand| operand.name == name)?;
        match &operand.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The chains in its blocks.
    pub fn chains(&self) -> Vec<&Chain> {
        let mut chains = Vec::new();
        for operand in &self.operands {
            match &operand.value {
                Value::Program(_, chain) => chains.push(chain),
                Value::Cases(_, cases) => chains.extend(cases.iter().map(|(_, _, chain)| chain)),
                _ => {}
            }
        }
        chains
    }

    /// The words of its arguments at the outermost level.
    pub fn argument_words(&self) -> impl Iterator<Item = &Word> {
        self.arguments.iter().filter_map(Item::word)
    }

    /// Where it begins and where its own words end; the next program's are not counted.
    pub fn span(&self) -> Range<usize> {
        let mut end = self.program.span.end;
        for option in &self.options {
            end = end.max(option.span.end);
            if let Some(argument) = &option.argument {
                end = end.max(argument.span.end);
            }
        }
        for operand in &self.operands {
            end = end.max(match &operand.value {
                Value::Word(word) => word.span.end,
                Value::Program(braces, _)
                | Value::Words(braces, _)
                | Value::Cases(braces, _)
                | Value::Directives(braces, _) => braces.close.end,
            });
        }
        if let Some(last) = self.arguments.last() {
            end = end.max(last.span().end);
        }
        self.program.span.start..end
    }
}

#[cfg(test)]
mod tests;
