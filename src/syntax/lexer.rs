//! The lexer: one walk over the text of a script.
//!
//! It follows the reference where that is peculiar:
//! every control character but NUL is white space; NUL ends the script;
//! `{` and `}` are braces only as words of their own, and `{` as the last byte is an error;
//! a backslash joins lines only between words, inside one it keeps the newline;
//! a backslash behind a lone brace starts a word that holds the brace, and the spaces that
//! quote the word stand twice in it, or, where a newline follows the backslash, the brace
//! begins the next word;
//! a numeric escape right before the end of the script ends its string.

use super::class::{is_white_space, letter_escape};
use super::error::{SyntaxError, SyntaxErrorKind};
use super::token::{Span, Token, TokenKind};
use alloc::vec::Vec;

/// The tokens of a text, and what is wrong with it.
#[derive(Default, Debug)]
pub struct Script {
    /// The tokens in order.
    pub tokens: Vec<Token>,
    /// The errors in the order in which they are met. A block that is never closed comes last.
    pub errors: Vec<SyntaxError>,
    /// Where the script ended: at the end of the text, or at its first NUL.
    pub end: usize,
    /// True where the words were longer than the limit: then the last ones are missing.
    pub too_long: bool,
}

/// What is known of a text when it has been walked over.
#[derive(Default, Debug)]
pub struct Walk {
    /// As `Script`'s.
    pub errors: Vec<SyntaxError>,
    /// As `Script`'s.
    pub end: usize,
    /// As `Script`'s.
    pub too_long: bool,
}

/// Splits `text` into tokens. Their words may hold `limit` bytes in all, the quoting included,
/// which grows with the square of the depth: past it only errors are looked for.
pub fn parse(text: &[u8], limit: usize) -> Script {
    let mut tokens = Vec::new();
    let Walk {
        errors,
        end,
        too_long,
    } = walk(text, limit, &mut |token| tokens.push(token.kept()));
    Script {
        tokens,
        errors,
        end,
        too_long,
    }
}

/// As `parse`, with each token given to `each`: nothing is kept of comments and braces.
pub fn walk(text: &[u8], limit: usize, each: &mut dyn FnMut(Token<&[u8]>)) -> Walk {
    let mut lexer = Lexer {
        text,
        at: 0,
        opened: Vec::new(),
        word: Vec::new(),
        room: limit,
        each,
        walk: Walk::default(),
    };
    lexer.run();
    lexer.walk
}

/// How a word goes on.
enum Next {
    /// Outside quotes.
    Bare,
    /// Inside quotes.
    Quoted,
    /// It is complete.
    Done,
}

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    /// Offsets of the braces that are open here.
    opened: Vec<usize>,
    /// The word being built. Not empty between words where a brace waits for the next one.
    word: Vec<u8>,
    /// How many bytes the words may still hold.
    room: usize,
    each: &'t mut dyn FnMut(Token<&[u8]>),
    walk: Walk,
}

impl Lexer<'_> {
    /// The byte at the present place; `None` at the end of the script.
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied().filter(|&byte| byte != 0)
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// What stands here before the first byte that is special, or the end of the script.
    fn run_until(&self, is_special: impl Fn(u8) -> bool) -> &[u8] {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == 0 || is_special(byte));
        rest.get(..length.unwrap_or(rest.len())).unwrap_or_default()
    }

    /// Adds that to the word.
    fn take_run(&mut self, is_special: impl Fn(u8) -> bool) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = self.run_until(is_special).len();
        self.word
            .extend_from_slice(rest.get(..length).unwrap_or_default());
        self.at += length;
    }

    fn run(&mut self) {
        loop {
            let start = self.at;
            match self.next() {
                None => break,
                Some(byte) if is_white_space(byte) => {}
                Some(b'#') => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    self.at += line_length(rest);
                    self.push(TokenKind::Comment, start);
                }
                Some(brace @ (b'{' | b'}')) => self.brace(start, brace),
                Some(b'\\') => self.backslash_between_words(start),
                Some(b'"') => {
                    self.quote_word();
                    self.word(start, Next::Quoted, start);
                }
                Some(_) => {
                    self.quote_word();
                    self.at = start;
                    self.word(start, Next::Bare, start);
                }
            }
        }
        self.walk.end = self.at;
        for opened in core::mem::take(&mut self.opened).into_iter().rev() {
            self.walk.errors.push(SyntaxError {
                kind: SyntaxErrorKind::UnmatchedOpen,
                span: Span {
                    start: self.at,
                    end: self.at,
                },
                opened: Some(opened),
            });
        }
    }

    /// Behind a brace that begins a word.
    fn brace(&mut self, start: usize, brace: u8) {
        match self.peek() {
            Some(byte) if !is_white_space(byte) => {
                self.quote_word();
                self.word.push(brace);
                if byte == b'\\' {
                    self.at += 1;
                    self.backslash_between_words(start);
                } else {
                    self.word(start, Next::Bare, start);
                }
            }
            end if brace == b'{' => {
                if end.is_none() {
                    self.error(SyntaxErrorKind::OpenAtEnd, start, None);
                } else {
                    self.push(TokenKind::Open, start);
                    self.opened.push(start);
                }
            }
            _ => {
                if self.opened.pop().is_some() {
                    self.quote_word();
                    self.push(TokenKind::Close, start);
                } else {
                    self.error(SyntaxErrorKind::UnmatchedClose, start, None);
                }
            }
        }
    }

    /// Behind a backslash that no character of a word precedes.
    fn backslash_between_words(&mut self, start: usize) {
        match self.next() {
            // The reference drops a backslash at the very end without a word.
            None => self.word.clear(),
            Some(b'\n') => {}
            Some(byte) => {
                self.quote_word();
                self.word.push(byte);
                self.word(start, Next::Bare, start);
            }
        }
    }

    /// The rest of the word that began at `start`; a quote it stands in began at `opened`.
    fn word(&mut self, start: usize, mut next: Next, mut opened: usize) {
        loop {
            next = match next {
                Next::Bare => {
                    let next = self.bare(start);
                    // Where that met a quote, it is the last byte that was taken.
                    opened = self.at.saturating_sub(1);
                    next
                }
                Next::Quoted => self.quoted(opened),
                Next::Done => break,
            };
        }
        self.push(TokenKind::Word, start);
    }

    fn bare(&mut self, start: usize) -> Next {
        self.take_run(|byte| is_white_space(byte) || byte == b'"' || byte == b'\\');
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                return Next::Quoted;
            }
            Some(b'\\') => self.at += 1,
            // White space, or the end.
            _ => return Next::Done,
        }
        match self.next() {
            Some(byte) => {
                self.word.push(byte);
                Next::Bare
            }
            None => {
                self.error(SyntaxErrorKind::TrailingBackslash, start, None);
                Next::Done
            }
        }
    }

    fn quoted(&mut self, opened: usize) -> Next {
        self.take_run(|byte| byte == b'"' || byte == b'\\');
        match self.next() {
            Some(b'"') => Next::Bare,
            Some(_) => self.escape(opened),
            None => {
                self.error(SyntaxErrorKind::UnterminatedQuote, self.at, Some(opened));
                Next::Done
            }
        }
    }

    /// Behind a backslash inside quotes.
    fn escape(&mut self, opened: usize) -> Next {
        let start = self.at - 1;
        match self.next() {
            None => {
                self.error(SyntaxErrorKind::UnterminatedQuote, self.at, Some(opened));
                Next::Done
            }
            Some(b'\n') => Next::Quoted,
            Some(b'0') => match self.peek() {
                Some(b'0'..=b'7') => self.number(start, 8, 3),
                Some(b'x')
                    if self
                        .text
                        .get(self.at + 1)
                        .is_some_and(u8::is_ascii_hexdigit) =>
                {
                    self.at += 1;
                    self.number(start, 16, 2)
                }
                _ => {
                    self.error(SyntaxErrorKind::BadEscape, start, None);
                    Next::Quoted
                }
            },
            Some(b'1'..=b'9') => {
                self.at -= 1;
                self.number(start, 10, 3)
            }
            Some(byte) => {
                self.word.push(letter_escape(byte).unwrap_or(byte));
                Next::Quoted
            }
        }
    }

    /// A number of at most `digits` digits to `base`.
    fn number(&mut self, start: usize, base: u32, digits: usize) -> Next {
        let mut value = 0u32;
        for _ in 0..digits {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(base)) else {
                break;
            };
            self.at += 1;
            value = value * base + digit;
        }
        match u8::try_from(value) {
            Ok(byte @ 1..) => self.word.push(byte),
            _ => self.error(SyntaxErrorKind::EscapeOutOfRange, start, None),
        }
        if self.peek().is_none() {
            return Next::Done;
        }
        Next::Quoted
    }

    /// Writes the spaces that quote a word here.
    fn quote_word(&mut self) {
        let level = self.opened.len();
        if level + self.word.len() > self.room {
            self.walk.too_long = true;
        }
        if !self.walk.too_long {
            self.word.resize(self.word.len() + level, b' ');
        }
    }

    /// Ends the token that began at `start`.
    fn push(&mut self, kind: TokenKind, start: usize) {
        let has_word = matches!(kind, TokenKind::Word | TokenKind::Close);
        let length = if has_word { self.word.len() } else { 0 };
        match self.room.checked_sub(length + 1) {
            Some(room) => self.room = room,
            None => self.walk.too_long = true,
        }
        if !self.walk.too_long {
            (self.each)(Token {
                kind,
                span: Span {
                    start,
                    end: self.at,
                },
                level: self.opened.len(),
                word: self.word.get(..length).unwrap_or_default(),
            });
        }
        if has_word {
            self.word.clear();
        }
    }

    fn error(&mut self, kind: SyntaxErrorKind, start: usize, opened: Option<usize>) {
        self.walk.errors.push(SyntaxError {
            kind,
            span: Span {
                start,
                end: self.at,
            },
            opened,
        });
    }
}

/// How many bytes of `text` stand before its first newline or NUL: eight are looked at in one
/// step, as most of a script's text is comments.
fn line_length(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    const NEWLINES: u64 = ONES * b'\n' as u64;
    // The high bit of a byte is set where it was zero, or follows a byte that was.
    let zeros = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes & HIGH;
    let (words, _) = text.as_chunks::<8>();
    let passed = words
        .iter()
        .take_while(|&&bytes| {
            let bytes = u64::from_ne_bytes(bytes);
            zeros(bytes) | zeros(bytes ^ NEWLINES) == 0
        })
        .count()
        * 8;
    let rest = text.get(passed..).unwrap_or_default();
    let length = rest.iter().position(|&byte| matches!(byte, 0 | b'\n'));
    passed + length.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::error::SyntaxErrorKind::*;

    #[test]
    fn line_ends_at_newline_nul_or_end() {
        for length in 0..40 {
            for (end, behind) in [(&b""[..], &b""[..]), (b"\n", b"b\n"), (b"\0", b"\n\0\n")] {
                let mut text = b"a\x01\x0b\x8a\xff# \x80\t".repeat(5);
                text.truncate(length);
                text.extend_from_slice(end);
                text.extend_from_slice(behind);
                assert_eq!(line_length(&text), length, "{}", text.escape_ascii());
            }
        }
    }

    /// The words in brackets, or the first error.
    fn check(text: &[u8], expected: Result<&str, SyntaxErrorKind>) {
        let script = parse(text, 1 << 20);
        let outcome = match script.errors.first() {
            Some(error) => Err(error.kind),
            None => Ok(script
                .tokens
                .iter()
                .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Close))
                .map(|token| format!("[{}]", token.word.escape_ascii()))
                .collect::<String>()),
        };
        let text = text.escape_ascii();
        assert_eq!(outcome, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn text_becomes_words() {
        for (text, words) in [
            ("", ""),
            ("a b", "[a][b]"),
            ("a\tb\x01c\r\nd", "[a][b][c][d]"),
            ("a # b\nc", "[a][c]"),
            ("a#b #", "[a#b]"),
            ("\"a b\"c", "[a bc]"),
            ("\"\"", "[]"),
            ("a\"\"b", "[ab]"),
            ("\"#\" \"{\"", "[#][{]"),
            ("a\0b", "[a]"),
        ] {
            check(text.as_bytes(), Ok(words));
        }
    }

    #[test]
    fn braces_are_braces_only_alone() {
        for (text, words) in [
            ("a { b } c", "[a][ b][][c]"),
            ("a { b { c } } d", "[a][ b][  c][ ][][d]"),
            ("{ }", "[]"),
            ("a{b} {c d}", "[a{b}][{c][d}]"),
            ("{}", "[{}]"),
            ("\\{ \\}", "[{][}]"),
            ("{ {a }", "[ {a][]"),
        ] {
            check(text.as_bytes(), Ok(words));
        }
    }

    #[test]
    fn backslash_joins_lines_only_between_words() {
        for (text, words) in [
            ("a\\ b", "[a b]"),
            ("a \\\n b", "[a][b]"),
            ("a\\\nb", "[a\\nb]"),
            ("\"a\\\nb\"", "[ab]"),
            ("\\a", "[a]"),
            ("a \\", "[a]"),
            ("{ {\\a }", "[ { a][]"),
            ("{ {\\\nb }", "[ { b][]"),
            ("{\\", ""),
        ] {
            check(text.as_bytes(), Ok(words));
        }
    }

    #[test]
    fn escapes_stand_for_bytes_inside_quotes() {
        for (text, words) in [
            (r#""\n\t\a\q\"""#.replace("\\\\", "\\"), r#"[\n\t\x07q\"]"#),
            (r#""\65\0101\0x41\0x4a7""#.replace("\\\\", "\\"), "[AAAJ7]"),
            (r#""\1234""#.replace("\\\\", "\\"), "[{4]"),
            (r#""\65"#.replace("\\\\", "\\"), "[A]"),
            (r"a\n".replace("\\\\", "\\"), "[an]"),
        ] {
            check(text.as_bytes(), Ok(words));
        }
    }

    #[test]
    fn errors_are_told_apart() {
        for (text, kind) in [
            ("a }", UnmatchedClose),
            ("{ a", UnmatchedOpen),
            ("a {", OpenAtEnd),
            ("\"a", UnterminatedQuote),
            ("a\\", TrailingBackslash),
            ("\"\\0q\"", BadEscape),
            ("\"\\0xg\"", BadEscape),
            ("\"\\256\"", EscapeOutOfRange),
            ("\"\\00\"", EscapeOutOfRange),
        ] {
            check(text.as_bytes(), Err(kind));
        }
    }

    #[test]
    fn all_errors_are_found_with_their_places() {
        let script = parse(b"a }\n{ b { c\n\"\\0q\"\n", 1 << 20);
        let found: Vec<_> = script
            .errors
            .iter()
            .map(|error| (error.kind, error.span.start, error.opened))
            .collect();
        assert_eq!(
            found,
            [
                (UnmatchedClose, 2, None),
                (BadEscape, 13, None),
                (UnmatchedOpen, 18, Some(8)),
                (UnmatchedOpen, 18, Some(4)),
            ]
        );
    }

    #[test]
    fn quote_that_is_not_closed_was_opened_at_its_quotation_mark() {
        for (text, opened) in [("a \"b", 2), ("a b\"", 3), ("echo abc\"d\"ef\"g", 13)] {
            let found = parse(text.as_bytes(), 1 << 20).errors;
            let found = found.first().map(|error| (error.kind, error.opened));
            assert_eq!(found, Some((UnterminatedQuote, Some(opened))), "{text}");
        }
    }

    #[test]
    fn words_beyond_the_limit_are_left_out() {
        let deep = "{ ".repeat(3000) + &"} ".repeat(3000);
        let script = parse(deep.as_bytes(), 1 << 20);
        assert!(script.too_long && script.errors.is_empty());
        assert!(!parse(deep.as_bytes(), 5 << 20).too_long);
    }
}
