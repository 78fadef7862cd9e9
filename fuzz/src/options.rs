//! Options are taken off words as a plain walk over them would do it: those of `elgetopt`,
//! those of the commands, and those with long names. The input is a line with the letters, a
//! colon behind each that takes an argument, and the words, a line each.

use super::{before_nul, first_line};
use execline::block::{self, Word};
use execline::commands::elgetopt::{Found, Parser, Problem};
use execline::process::long_options::LongOption;
use execline::process::{Argv, Letters};

type Option_ = (u8, Vec<u8>);

pub fn agree(input: &[u8]) {
    let (letters, rest) = first_line(before_nul(input));
    let words: Vec<Vec<u8>> = rest
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    elgetopt(letters, &words);
    commands(letters, &words);
    long(&words);
}

/// The letters of an option string, and which take an argument; the first of a letter counts.
fn known(letters: &[u8]) -> Vec<(u8, bool)> {
    let mut known = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let takes_argument = letters.get(at + 1) == Some(&b':');
        known.push((letters[at], takes_argument));
        at += if takes_argument { 2 } else { 1 };
    }
    known
}

fn elgetopt(letters: &[u8], words: &[Vec<u8>]) {
    let (tolerated, known) = match letters {
        [b':', rest @ ..] => (true, self::known(rest)),
        _ => (false, self::known(letters)),
    };
    let mut parser = Parser::new(letters, words);
    let mut found = Vec::new();
    for item in parser.by_ref() {
        found.push(item);
        if item.is_err() {
            break;
        }
    }
    let (expected, behind) = walk(&known, tolerated, words);
    assert_eq!(found, expected, "{} {words:?}", letters.escape_ascii());
    if found.last().is_none_or(Result::is_ok) {
        assert_eq!(parser.behind(), behind);
    }
    assert!(parser.behind() <= words.len().max(1));
}

/// What `elgetopt` finds up to the first problem, and the word behind the options.
fn walk<'w>(
    known: &[(u8, bool)],
    tolerated: bool,
    words: &'w [Vec<u8>],
) -> (Vec<Result<Found<'w>, Problem>>, usize) {
    let mut found = Vec::new();
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if word == b"--" {
            return (found, at + 1);
        }
        if word.len() < 2 || word[0] != b'-' {
            break;
        }
        if word[1] == b'-' {
            found.push(Err(Problem::Unknown));
            return (found, at);
        }
        at += 1;
        for place in 1..word.len() {
            let letter = word[place];
            let option = known.iter().find(|(known, _)| *known == letter);
            let Some((_, takes_argument)) = option else {
                found.push(Err(Problem::Unknown));
                return (found, at);
            };
            let mut argument = None;
            if *takes_argument {
                argument = Some(&word[place + 1..]).filter(|joined| !joined.is_empty());
                if argument.is_none() {
                    let Some(next) = words.get(at) else {
                        found.push(Err(Problem::NoArgument { tolerated }));
                        return (found, at);
                    };
                    argument = Some(next);
                    at += 1;
                }
            }
            if letter == b'?' {
                // It is taken for the sign of an error, of which one is guessed by what is left.
                let is_inside = !takes_argument;
                let is_last = !is_inside && at >= words.len();
                found.push(Err(match is_last {
                    true => Problem::NoArgument { tolerated: false },
                    false => Problem::Unknown,
                }));
                return (found, at);
            }
            found.push(Ok(Found { letter, argument }));
            if *takes_argument {
                break;
            }
        }
    }
    (found, at.min(words.len().max(1)))
}

fn argv(words: &[Vec<u8>]) -> Argv<'static> {
    let words = words.iter().map(|word| block::word(word.clone()));
    Argv::from(words.collect::<Vec<Word>>())
}

fn commands(letters: &[u8], words: &[Vec<u8>]) {
    let mut known = self::known(letters);
    known.retain(|(letter, _)| letter.is_ascii_alphanumeric());
    known.sort_unstable();
    known.dedup_by_key(|(letter, _)| *letter);
    let set = known.iter().fold(Letters::NONE, |set, (letter, argument)| {
        set.with(*letter, *argument)
    });
    let mut found: Vec<Option_> = Vec::new();
    let mut rest = argv(words);
    let outcome = rest.options(set, &mut |letter, argument| {
        found.push((letter, argument.to_bytes().to_vec()));
        Ok(())
    });
    let mut expected: Vec<Option_> = Vec::new();
    let left = plain_walk(&known, words, &mut expected);
    assert_eq!(found, expected, "{} {words:?}", letters.escape_ascii());
    assert_eq!(outcome.is_ok(), left.is_some());
    if let Some(left) = left {
        let rest = rest.words().iter().map(|word| word.to_bytes());
        assert!(rest.eq(left.iter().map(Vec::as_slice)), "{words:?}");
    }
}

/// The words behind the options; `None` where one is wrong.
fn plain_walk<'w>(
    known: &[(u8, bool)],
    words: &'w [Vec<u8>],
    found: &mut Vec<Option_>,
) -> Option<&'w [Vec<u8>]> {
    let mut words = words;
    while let [word, rest @ ..] = words {
        if word == b"--" {
            return Some(rest);
        }
        if word.len() < 2 || word[0] != b'-' {
            break;
        }
        words = rest;
        for place in 1..word.len() {
            let (letter, takes_argument) =
                *known.iter().find(|(letter, _)| *letter == word[place])?;
            if !takes_argument {
                found.push((letter, Vec::new()));
                continue;
            }
            let joined = &word[place + 1..];
            if joined.is_empty() {
                let (argument, rest) = words.split_first()?;
                found.push((letter, argument.clone()));
                words = rest;
            } else {
                found.push((letter, joined.to_vec()));
            }
            break;
        }
    }
    Some(words)
}

const LONG: [LongOption; 3] = [
    LongOption {
        letter: b'a',
        name: "all",
        takes_argument: false,
    },
    LongOption {
        letter: b'n',
        name: "number",
        takes_argument: true,
    },
    LongOption {
        letter: 0,
        name: "only",
        takes_argument: true,
    },
];

/// What is left is the end of the words, and nothing is found that is not in them.
fn long(words: &[Vec<u8>]) {
    let mut rest = argv(words);
    let mut arguments = 0;
    let outcome = rest.long_options(&LONG, &mut |option, argument| {
        assert!(option.takes_argument || argument.is_empty());
        let has = |word: &Vec<u8>| word.ends_with(argument.to_bytes());
        assert!(words.iter().any(has), "{argument:?} is in no word");
        arguments += 1;
    });
    let left: Vec<&[u8]> = rest.words().iter().map(|word| word.to_bytes()).collect();
    let taken = words.len() - left.len();
    assert!(words[taken..].iter().map(Vec::as_slice).eq(left));
    let letters: usize = words[..taken].iter().map(Vec::len).sum();
    assert!(arguments <= letters);
    if outcome.is_ok() && taken < words.len() && (taken == 0 || words[taken - 1] != b"--") {
        let first = &words[taken];
        assert!(first.len() < 2 || first[0] != b'-', "{words:?}");
    }
}
