//! `eltest` accepts what its grammar says, and finds true what that means; tests of files, of
//! terminals and of regular expressions are not judged, but must not fail. The input is the
//! words, a line each.

use super::before_nul;
use execline::block::{self, Word};
use execline::commands::eltest::truth;
use execline::process::Environment;
use std::borrow::Cow;
use std::ffi::CString;

/// The model recurses.
const MOST: usize = 300;

const VARIABLES: [&str; 3] = ["SET=1", "EMPTY=", "PATH=/bin"];

pub fn agrees(input: &[u8]) {
    let words: Vec<&[u8]> = before_nul(input).split(|&byte| byte == b'\n').collect();
    if words.len() > MOST {
        return;
    }
    let own: Vec<Word> = words
        .iter()
        .map(|word| block::word(word.to_vec()))
        .collect();
    let variables = VARIABLES
        .iter()
        .map(|it| CString::new(*it).expect("no NUL"));
    let environment = Environment::new(variables.map(Cow::Owned).collect());
    let found = truth(&own, &environment);
    let shown = words
        .iter()
        .map(|word| format!("[{}]", word.escape_ascii()));
    let shown: String = shown.collect();
    let tree = Reader::read(&words);
    match (tree.as_ref().map(Tree::truth), found) {
        (None, Ok(_)) => panic!("{shown} is no expression"),
        (None, Err(failure)) => assert_eq!(failure.code(), 100, "{shown}"),
        (Some(Truth::Known(expected)), Ok(found)) => assert_eq!(found, expected, "{shown}"),
        (Some(Truth::Known(_)), Err(failure)) => {
            panic!("{shown}: {}", failure.text("", "").escape_ascii())
        }
        (Some(Truth::Fails), Ok(_)) => panic!("{shown} compares what is no number"),
        (Some(Truth::Fails), Err(failure)) => assert_eq!(failure.code(), 100, "{shown}"),
        (Some(Truth::Elsewhere), _) => {}
    }
}

/// What an expression comes to.
#[derive(Clone, Copy, PartialEq)]
enum Truth {
    Known(bool),
    /// It cannot be said.
    Fails,
    /// It depends on the world.
    Elsewhere,
}

enum Tree<'w> {
    Word(&'w [u8]),
    Unary(&'w [u8], &'w [u8]),
    Binary(&'w [u8], &'w [u8], &'w [u8]),
    Not(Box<Tree<'w>>),
    And(Box<Tree<'w>>, Box<Tree<'w>>),
    Or(Box<Tree<'w>>, Box<Tree<'w>>),
}

impl Tree<'_> {
    fn truth(&self) -> Truth {
        match self {
            Tree::Word(word) => Truth::Known(!word.is_empty()),
            Tree::Unary(b"-n", word) => Truth::Known(!word.is_empty()),
            Tree::Unary(b"-z", word) => Truth::Known(word.is_empty()),
            Tree::Unary(b"-v", word) if !word.contains(&b'=') => {
                let names = VARIABLES.iter().filter_map(|it| it.split_once('='));
                let mut names = names.map(|(name, _)| name.as_bytes());
                Truth::Known(names.any(|name| name == *word))
            }
            Tree::Unary(..) | Tree::Binary(_, b"=~" | b"-nt" | b"-ot" | b"-ef", _) => {
                Truth::Elsewhere
            }
            Tree::Binary(left, operator, right) => compare(left, operator, right),
            Tree::Not(inner) => match inner.truth() {
                Truth::Known(truth) => Truth::Known(!truth),
                other => other,
            },
            Tree::And(left, right) => match left.truth() {
                Truth::Known(true) => right.truth(),
                other => other,
            },
            Tree::Or(left, right) => match left.truth() {
                Truth::Known(false) => right.truth(),
                other => other,
            },
        }
    }
}

fn compare(left: &[u8], operator: &[u8], right: &[u8]) -> Truth {
    let by_text = match operator {
        b"=" => Some(left == right),
        b"!=" => Some(left != right),
        b"<" => Some(left < right),
        b"<=" => Some(left <= right),
        b">" => Some(left > right),
        b">=" => Some(left >= right),
        _ => None,
    };
    if let Some(truth) = by_text {
        return Truth::Known(truth);
    }
    let (Some(left), Some(right)) = (number(left), number(right)) else {
        return Truth::Fails;
    };
    Truth::Known(match operator {
        b"-eq" => left == right,
        b"-ne" => left != right,
        b"-lt" => left < right,
        b"-le" => left <= right,
        b"-gt" => left > right,
        _ => left >= right,
    })
}

/// The longest number that begins a word and fits into 32 bits, which wrap around.
fn number(word: &[u8]) -> Option<i32> {
    let (is_negative, digits) = match word {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let count = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let most = (1u128 << 32) - u128::from(!is_negative);
    let value = (1..=count).rev().find_map(|length| {
        // Zeros before it do not count.
        let text = std::str::from_utf8(&digits[..length]).ok()?;
        let text = text.trim_start_matches('0');
        let value: u128 = if text.is_empty() {
            0
        } else {
            text.parse().ok()?
        };
        (value <= most).then_some(value)
    })?;
    let value = value as u32 as i32;
    Some(if is_negative {
        value.wrapping_neg()
    } else {
        value
    })
}

/// Reads what the grammar says: alternatives of conjunctions of negations.
struct Reader<'w> {
    words: &'w [&'w [u8]],
}

impl<'w> Reader<'w> {
    fn read(words: &'w [&'w [u8]]) -> Option<Tree<'w>> {
        let mut reader = Reader { words };
        let tree = reader.alternatives()?;
        reader.words.is_empty().then_some(tree)
    }

    fn take_if(&mut self, wanted: &[u8]) -> bool {
        let is_there = self.words.first().is_some_and(|word| *word == wanted);
        if is_there {
            self.words = &self.words[1..];
        }
        is_there
    }

    fn alternatives(&mut self) -> Option<Tree<'w>> {
        let mut tree = self.conjunction()?;
        while self.take_if(b"-o") {
            tree = Tree::Or(Box::new(tree), Box::new(self.conjunction()?));
        }
        Some(tree)
    }

    fn conjunction(&mut self) -> Option<Tree<'w>> {
        let mut tree = self.negation()?;
        while self.take_if(b"-a") {
            tree = Tree::And(Box::new(tree), Box::new(self.negation()?));
        }
        Some(tree)
    }

    fn negation(&mut self) -> Option<Tree<'w>> {
        if self.take_if(b"!") {
            return Some(Tree::Not(Box::new(self.negation()?)));
        }
        if self.take_if(b"(") {
            let tree = self.alternatives()?;
            return self.take_if(b")").then_some(tree);
        }
        match *self.words {
            [operator, word, ..] if is_unary(operator) => {
                self.words = &self.words[2..];
                Some(Tree::Unary(operator, plain(word)?))
            }
            [left, operator, right, ..] if is_binary(operator) => {
                self.words = &self.words[3..];
                Some(Tree::Binary(plain(left)?, operator, plain(right)?))
            }
            [word, ..] => {
                self.words = &self.words[1..];
                Some(Tree::Word(plain(word)?))
            }
            [] => None,
        }
    }
}

/// A word that is no operator, without the backslash that makes it none.
fn plain(word: &[u8]) -> Option<&[u8]> {
    let is_operator =
        is_unary(word) || is_binary(word) || matches!(word, b"(" | b")" | b"!" | b"-a" | b"-o");
    (!is_operator).then_some(word.strip_prefix(b"\\").unwrap_or(word))
}

fn is_unary(word: &[u8]) -> bool {
    matches!(word, [b'-', letter] if b"nzvtfhLekbcdgprsuwxOUGSN".contains(letter))
}

fn is_binary(word: &[u8]) -> bool {
    let all: [&[u8]; 16] = [
        b"=", b"!=", b"<", b"<=", b">", b">=", b"=~", b"-eq", b"-ne", b"-gt", b"-ge", b"-lt",
        b"-le", b"-nt", b"-ot", b"-ef",
    ];
    all.contains(&word)
}
