//! Regular expressions are accepted and refused as in glibc, with the same message, and match
//! what they match by definition, where they keep to what a plain model knows. glibc is not
//! asked what matches: it contradicts itself, and sometimes never answers (see
//! `execline::pattern::regex`). The input is a line of the letters `b` (basic), `i` (ignore
//! case) and `n` (newlines), one with the pattern, and the text.

use super::oracle::glibc;
use super::{before_nul, first_line};
use execline::pattern::regex::{Options, Regex, Syntax};
use std::collections::BTreeSet;

/// glibc copies what an interval repeats, and the model tries everything.
const LONGEST: usize = 48;
const MOST_COPIES: u32 = 500;
const MOST_REPEATED: usize = 99;

pub fn agrees(input: &[u8]) {
    let (letters, rest) = first_line(before_nul(input));
    let (pattern, text) = first_line(rest);
    let syntax = match letters.contains(&b'b') {
        true => Syntax::Basic,
        false => Syntax::Extended,
    };
    let options = Options {
        ignore_case: letters.contains(&b'i'),
        newline: letters.contains(&b'n'),
    };
    let found = Regex::new(pattern, syntax, options);
    let shown = format!(
        "{} on {} with {syntax:?} {options:?}",
        pattern.escape_ascii(),
        text.escape_ascii()
    );
    let is_short = pattern.len() <= LONGEST && text.len() <= LONGEST;
    let is_exhausted = matches!(&found, Err(error) if error.is_exhausted());
    if is_short && !is_exhausted && !has_many_copies(pattern) {
        let message = found.as_ref().err().map(|error| error.message().to_owned());
        assert_eq!(
            message,
            glibc::fault(pattern, flags(syntax, options)),
            "{shown}"
        );
    }
    let Ok(regex) = found else { return };
    let whole = consistent(&regex, text, &shown);
    if let Some(whole) = whole
        && is_short
        && syntax == Syntax::Extended
        && !options.newline
        && let Some(tree) = Reader::read(pattern, options.ignore_case)
    {
        assert_eq!(whole, tree.longest(text), "{shown}");
    }
}

fn flags(syntax: Syntax, options: Options) -> i32 {
    let of = |wanted, flag| if wanted { flag } else { 0 };
    of(syntax == Syntax::Extended, libc::REG_EXTENDED)
        | of(options.ignore_case, libc::REG_ICASE)
        | of(options.newline, libc::REG_NEWLINE)
}

/// Whether glibc would make many copies: as many as an interval says, and two for each `+`. What
/// repeats a repetition counts for eight: there glibc goes through all ways to repeat nothing.
fn has_many_copies(pattern: &[u8]) -> bool {
    let repeats = |byte: &u8| matches!(byte, b'+' | b'*' | b'?');
    let behind = pattern.iter().skip(1);
    let stacked = (pattern.iter().zip(behind)).filter(|(first, second)| {
        let is_behind = repeats(first) || **first == b'}';
        is_behind && repeats(second)
    });
    let doubled = pattern.iter().filter(|&&byte| byte == b'+').count();
    let copies = pattern
        .split(|byte| !byte.is_ascii_digit())
        .filter_map(|number| std::str::from_utf8(number).ok()?.parse::<u32>().ok())
        .chain(std::iter::repeat_n(2, doubled))
        .chain(std::iter::repeat_n(8, stacked.count()))
        .fold(1u32, |copies, number| copies.saturating_mul(number.max(1)));
    copies > MOST_COPIES
}

/// What the ways to ask agree on: the span of the whole match, or that there is none. `None`
/// where a limit was reached.
fn consistent(regex: &Regex, text: &[u8], shown: &str) -> Option<Option<(usize, usize)>> {
    let matches = regex.is_match(text).ok()?;
    let captures = regex.captures(text).ok()?;
    assert_eq!(matches, captures.is_some(), "{shown}");
    let Some(spans) = captures else {
        return Some(None);
    };
    assert_eq!(spans.len(), regex.groups() + 1, "{shown}");
    let (start, end) = spans[0].expect("the whole match has a span");
    assert!(start <= end && end <= text.len(), "{shown}");
    for span in spans.iter().flatten() {
        assert!(
            start <= span.0 && span.0 <= span.1 && span.1 <= end,
            "{shown}"
        );
    }
    Some(Some((start, end)))
}

/// What an extended expression is by definition.
enum Tree {
    /// One of these bytes.
    Set(Box<[bool; 256]>),
    /// One behind the other.
    Sequence(Vec<Tree>),
    /// One of them.
    Choice(Vec<Tree>),
    /// So often at least, and at most.
    Repeated(Box<Tree>, usize, Option<usize>),
    /// The beginning of the text.
    Begin,
    /// Its end.
    End,
}

impl Tree {
    /// The longest of the leftmost matches.
    fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        (0..=text.len()).find_map(|start| {
            let ends = self.ends(text, &BTreeSet::from([start]));
            Some((start, *ends.last()?))
        })
    }

    /// Where what begins at one of the `starts` may end.
    fn ends(&self, text: &[u8], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
        let at = |start: &&usize| **start;
        match self {
            Tree::Set(set) => starts
                .iter()
                .filter(|start| text.get(at(start)).is_some_and(|&b| set[usize::from(b)]))
                .map(|start| start + 1)
                .collect(),
            Tree::Sequence(parts) => parts
                .iter()
                .fold(starts.clone(), |starts, part| part.ends(text, &starts)),
            Tree::Choice(ways) => ways.iter().flat_map(|way| way.ends(text, starts)).collect(),
            Tree::Repeated(inner, least, most) => {
                let mut ends = starts.clone();
                for _ in 0..*least {
                    ends = inner.ends(text, &ends);
                }
                let mut all = ends.clone();
                let more = most.map_or(text.len() + 1, |most| most - least);
                for _ in 0..more {
                    ends = inner.ends(text, &ends).difference(&all).copied().collect();
                    if ends.is_empty() {
                        break;
                    }
                    all.extend(&ends);
                }
                all
            }
            Tree::Begin => starts.iter().filter(|it| at(it) == 0).copied().collect(),
            Tree::End => starts
                .iter()
                .filter(|it| at(it) == text.len())
                .copied()
                .collect(),
        }
    }
}

/// Reads what is plain; what is not has no tree.
struct Reader<'p> {
    rest: &'p [u8],
    ignore_case: bool,
}

impl Reader<'_> {
    fn read(pattern: &[u8], ignore_case: bool) -> Option<Tree> {
        let (begin, rest) = match pattern {
            [b'^', rest @ ..] => (true, rest),
            _ => (false, pattern),
        };
        let (end, rest) = match rest {
            [rest @ .., b'$'] => (true, rest),
            _ => (false, rest),
        };
        // An anchor would belong to one of the ways only.
        if (begin || end) && rest.contains(&b'|') || rest.ends_with(b"\\") {
            return None;
        }
        let mut reader = Reader { rest, ignore_case };
        let tree = reader.choice(0)?;
        if !reader.rest.is_empty() {
            return None;
        }
        let mut parts = vec![tree];
        if begin {
            parts.insert(0, Tree::Begin);
        }
        if end {
            parts.push(Tree::End);
        }
        Some(Tree::Sequence(parts))
    }

    fn take(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn choice(&mut self, depth: usize) -> Option<Tree> {
        let mut ways = vec![self.sequence(depth)?];
        while self.rest.first() == Some(&b'|') {
            self.take();
            ways.push(self.sequence(depth)?);
        }
        Some(Tree::Choice(ways))
    }

    fn sequence(&mut self, depth: usize) -> Option<Tree> {
        let mut parts = Vec::new();
        while let Some(&byte) = self.rest.first() {
            if byte == b'|' || byte == b')' && depth > 0 {
                break;
            }
            let mut part = self.atom(depth)?;
            while let Some((least, most)) = self.repetition()? {
                part = Tree::Repeated(Box::new(part), least, most);
            }
            parts.push(part);
        }
        Some(Tree::Sequence(parts))
    }

    fn atom(&mut self, depth: usize) -> Option<Tree> {
        Some(match self.take()? {
            b'.' => Tree::Set(Box::new([true; 256])),
            b'(' => {
                let inner = self.choice(depth + 1)?;
                (self.take()? == b')').then_some(inner)?
            }
            b'[' => {
                let mut set = [false; 256];
                let mut length = 0;
                loop {
                    match self.take()? {
                        b']' if length > 0 => break,
                        byte if byte.is_ascii_alphanumeric() || byte >= 0x80 => {
                            self.insert(&mut set, byte);
                        }
                        _ => return None,
                    }
                    length += 1;
                }
                Tree::Set(Box::new(set))
            }
            b'\\' => {
                let byte = self.take()?;
                b".*+?()[]{}|^$\\".contains(&byte).then(|| self.one(byte))?
            }
            b'*' | b'+' | b'?' | b'{' | b'}' | b')' | b'^' | b'$' => return None,
            byte => self.one(byte),
        })
    }

    fn one(&self, byte: u8) -> Tree {
        let mut set = [false; 256];
        self.insert(&mut set, byte);
        Tree::Set(Box::new(set))
    }

    fn insert(&self, set: &mut [bool; 256], byte: u8) {
        set[usize::from(byte)] = true;
        if self.ignore_case {
            set[usize::from(byte.to_ascii_lowercase())] = true;
            set[usize::from(byte.to_ascii_uppercase())] = true;
        }
    }

    /// How often, where that is said here; `None` where it is not plain.
    #[allow(clippy::type_complexity)]
    fn repetition(&mut self) -> Option<Option<(usize, Option<usize>)>> {
        let bounds = match self.rest.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                let end = self.rest.iter().position(|&byte| byte == b'}')?;
                let inside = std::str::from_utf8(&self.rest[1..end]).ok()?;
                self.rest = &self.rest[end..];
                let number = |text: &str| {
                    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
                    let number = is_plain.then(|| text.parse().ok())??;
                    (number <= MOST_REPEATED).then_some(number)
                };
                match inside.split_once(',') {
                    None => (number(inside)?, Some(number(inside)?)),
                    Some((least, "")) => (number(least)?, None),
                    Some((least, most)) => (number(least)?, Some(number(most)?)),
                }
            }
            _ => return Some(None),
        };
        self.take();
        (bounds.1.is_none_or(|most| bounds.0 <= most)).then_some(Some(bounds))
    }
}
