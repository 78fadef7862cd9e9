//! What an editor should show of a text, byte by byte, from the runtime's own lexer. The parts
//! of words, which the lexer does not give, are read here; that they are read right is shown by
//! the word that comes of them, which must be the lexer's.

use execline::commands::COMMANDS;
use execline::syntax::{SyntaxErrorKind, TokenKind, parse};
use exlint::script::binding::references;
use std::ops::Range;

/// What is known of a byte.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Shown {
    pub comment: bool,
    pub word: bool,
    pub quoted: bool,
    pub open: bool,
    pub close: bool,
    pub command: bool,
    pub substitution: bool,
    pub invalid: bool,
    /// Behind the NUL that ends the script.
    pub ignored: bool,
}

/// The bytes of a text, and those of which nothing is claimed to be a substitution or not.
pub struct Expected {
    pub bytes: Vec<Shown>,
    pub undecided: Vec<bool>,
}

/// A byte of a word, and the bytes of the text that stand for it.
struct Made {
    byte: u8,
    from: Range<usize>,
}

/// The parts of a word.
#[derive(Default)]
struct Parts {
    made: Vec<Made>,
    quoted: Vec<usize>,
}

/// Reads the word that stands here.
fn parts(text: &[u8], span: Range<usize>) -> Parts {
    let mut parts = Parts::default();
    let mut is_quoted = false;
    let mut at = span.start;
    while at < span.end {
        let start = at;
        let (byte, length) = match (text[at], is_quoted) {
            (b'"', _) => {
                is_quoted = !is_quoted;
                parts.quoted.push(at);
                at += 1;
                continue;
            }
            (b'\\', false) => (text[at + 1..span.end].first().copied(), 2),
            (b'\\', true) => escape(&text[at + 1..span.end]),
            (byte, _) => (Some(byte), 1),
        };
        at = (at + length).min(span.end);
        if is_quoted {
            parts.quoted.extend(start..at);
        }
        if let Some(byte) = byte {
            let from = start..at;
            parts.made.push(Made { byte, from });
        }
    }
    parts
}

/// The byte that an escape inside quotes stands for, if any, and how long it is.
fn escape(behind: &[u8]) -> (Option<u8>, usize) {
    let number = |skipped: usize, base: u32, most: usize| {
        let digits = behind[skipped..].iter().take(most);
        let digits = digits.map_while(|&byte| char::from(byte).to_digit(base));
        let (value, count) = digits.fold((0, 0), |(value, count), digit| {
            (value * base + digit, count + 1)
        });
        let byte = u8::try_from(value).ok().filter(|&byte| byte != 0);
        (byte, 1 + skipped + count)
    };
    match behind {
        [] => (None, 1),
        [b'\n', ..] => (None, 2),
        [b'0', b'0'..=b'7', ..] => number(1, 8, 3),
        [b'0', b'x', digit, ..] if digit.is_ascii_hexdigit() => number(2, 16, 2),
        [b'0', ..] => (None, 2),
        [b'1'..=b'9', ..] => number(0, 10, 3),
        [letter, ..] => {
            let control = execline::syntax::letter_escape(*letter);
            (Some(control.unwrap_or(*letter)), 2)
        }
    }
}

/// Reads a text.
pub fn read(text: &[u8]) -> Expected {
    let script = parse(text, 1 << 20);
    assert!(!script.too_long, "the text is too long to be compared");
    let mut expected = Expected {
        bytes: vec![Shown::default(); text.len()],
        undecided: vec![false; text.len()],
    };
    let bytes = &mut expected.bytes;
    for token in &script.tokens {
        let span = token.span.start..token.span.end;
        for shown in &mut bytes[span.clone()] {
            match token.kind {
                TokenKind::Comment => shown.comment = true,
                TokenKind::Open => shown.open = true,
                TokenKind::Close => shown.close = true,
                TokenKind::Word => shown.word = true,
            }
        }
        if token.kind != TokenKind::Word {
            continue;
        }
        let is_command = is_command(&text[span.clone()]);
        bytes[span.clone()]
            .iter_mut()
            .for_each(|shown| shown.command = is_command);
        let parts = parts(text, span.clone());
        let value: Vec<u8> = parts.made.iter().map(|made| made.byte).collect();
        // A brace that waits for the word behind a backslash and a newline is in the word, but
        // not in its span.
        let mut lexed = token.value().to_vec();
        if matches!(text[span.clone()], [b'{' | b'}', b'\\', _, ..]) {
            // Behind a brace and a backslash the spaces that quote the word stand once more.
            lexed.drain(1..=token.level);
        }
        let before = lexed.strip_suffix(&*value);
        let is_read = before.is_some_and(|before| before.iter().all(|byte| b"{} ".contains(byte)));
        assert!(is_read, "{lexed:?} is read as {value:?}");
        parts.quoted.iter().for_each(|&at| bytes[at].quoted = true);
        for (name, place) in all_references(&value) {
            let made = &parts.made[place.clone()];
            let is_quoted = bytes[made[0].from.start].quoted;
            let backslashes = backslashes(&value[..place.start]);
            let run = &parts.made[place.start - backslashes..place.end];
            let range = made[0].from.start..made[made.len() - 1].from.end;
            if !is_plain(text, &parts.made[place.start - backslashes..=place.start]) {
                expected.undecided[run[0].from.start..range.end].fill(true);
            } else if backslashes.is_multiple_of(2)
                && (is_name(&name) || value.get(place.start + 1) == Some(&b'{'))
                && name.iter().all(|&byte| byte >= b' ')
                && is_plain(text, made)
                && made[1..].iter().all(|made| made.from.len() == 1)
                && ends_here(text, &parts.made, &place, span.end, is_quoted)
            {
                // A backslash of the lexer's may stand before the dollar.
                for shown in &mut bytes[made[0].from.end - 1..range.end] {
                    shown.substitution = true;
                }
            }
        }
    }
    for error in &script.errors {
        let span = &mut bytes[error.span.start..error.span.end];
        match error.kind {
            // The newline that an editor sees behind the last line makes it a brace.
            SyntaxErrorKind::OpenAtEnd => span[0].open = true,
            SyntaxErrorKind::UnmatchedClose
            | SyntaxErrorKind::BadEscape
            | SyntaxErrorKind::EscapeOutOfRange => {
                span.iter_mut().for_each(|shown| shown.invalid = true);
            }
            _ => {}
        }
    }
    bytes[script.end..]
        .iter_mut()
        .for_each(|shown| shown.ignored = true);
    expected
}

/// True for the name of a command, with the directory that may stand before it.
fn is_command(word: &[u8]) -> bool {
    let directories: [&[u8]; 4] = [b"/command/", b"/bin/", b"/usr/bin/", b""];
    let name = directories.iter().find_map(|it| word.strip_prefix(*it));
    COMMANDS
        .iter()
        .any(|command| Some(command.name.as_bytes()) == name)
}

fn backslashes(before: &[u8]) -> usize {
    before
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'\\')
        .count()
}

/// A name, and where it is referred to, dollar and braces included.
type Named = (Vec<u8>, Range<usize>);

/// What a word refers to, as if no backslash stood before a dollar.
fn all_references(word: &[u8]) -> Vec<Named> {
    let dollars = (0..word.len()).filter(|&at| word[at] == b'$');
    let found = dollars.filter_map(|at| {
        let (name, place) = references(&word[at..]).next()?;
        (place.start == 0).then(|| (name.to_vec(), at..at + place.end))
    });
    found.collect()
}

/// True where the bytes stand side by side in the text: as themselves, or behind a backslash.
fn is_plain(text: &[u8], made: &[Made]) -> bool {
    let is_itself = |made: &Made| match &text[made.from.clone()] {
        [byte] => *byte == made.byte,
        [b'\\', byte] => *byte == made.byte,
        _ => false,
    };
    let is_beside = |pair: &[Made]| pair[0].from.end == pair[1].from.start;
    made.iter().all(is_itself) && made.windows(2).all(is_beside)
}

/// True where the text shows that the name ends: a brace, a special character or the end of
/// the word follows. A quote that is never closed does not end it.
fn ends_here(text: &[u8], all: &[Made], place: &Range<usize>, end: usize, is_quoted: bool) -> bool {
    let last = &all[place.end - 1];
    let behind = last.from.end;
    last.byte == b'}'
        || match all.get(place.end) {
            Some(next) => next.from.start == behind && is_plain(text, std::slice::from_ref(next)),
            None => &text[behind..end] == if is_quoted { &b"\""[..] } else { b"" },
        }
}

/// True for the names that are shown without braces: of `$a b`, in quotes, hardly anybody means
/// `a b`, and of `$a/b` nobody `a/b`.
fn is_name(name: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let is_word = |byte: &u8| is_letter(byte) || byte.is_ascii_digit();
    name.first().is_some_and(is_letter) && name.iter().all(is_word)
        || name.iter().all(u8::is_ascii_digit)
        || matches!(name, b"#" | b"@" | b"?" | b"!")
}
