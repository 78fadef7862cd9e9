//! Lexing never fails, and what it returns lies in the text: tokens in order, between them
//! nothing but what separates words, and every error at a place of the text. A limit takes
//! words away from the end and nothing else. The input is a script.

use execline::syntax::{Position, Script, SyntaxErrorKind, TokenKind, parse, position};

/// More than any input's words come to.
const UNLIMITED: usize = 64 << 20;

pub fn tiles(text: &[u8]) {
    let script = parse(text, UNLIMITED);
    assert!(!script.too_long || text.len() > 4000, "a limit is reached");
    let nul = text.iter().position(|&byte| byte == 0);
    assert_eq!(script.end, nul.unwrap_or(text.len()), "it ends at a NUL");
    if !script.too_long {
        tokens(text, &script);
    }
    errors(text, &script);
    for limit in [0, 1, 10, text.len() / 2, text.len()] {
        limited(text, limit, &script);
    }
}

fn tokens(text: &[u8], script: &Script) {
    let mut at = 0;
    let mut depth = 0;
    for token in &script.tokens {
        let (start, end) = (token.span.start, token.span.end);
        assert!(at <= start && start < end && end <= script.end, "{token:?}");
        gap(text, at..start, script);
        let written = &text[start..end];
        match token.kind {
            TokenKind::Open => {
                assert_eq!(written, b"{");
                assert_eq!(token.level, depth);
                depth += 1;
            }
            TokenKind::Close => {
                assert_eq!(written, b"}");
                depth -= 1;
                assert_eq!(token.level, depth);
                assert!(brace_waits(text) || token.value().is_empty(), "{token:?}");
            }
            TokenKind::Comment => {
                assert!(written.starts_with(b"#") && !written.contains(&b'\n'));
            }
            TokenKind::Word => assert_eq!(token.level, depth),
        }
        if matches!(token.kind, TokenKind::Open | TokenKind::Comment) {
            assert!(token.word.is_empty());
        } else if !brace_waits(text) {
            assert_eq!(
                token.word[..token.level],
                b" ".repeat(token.level),
                "a word has a space for each block"
            );
        }
        assert!(!token.word.contains(&0));
        at = end;
    }
    gap(text, at..script.end, script);
    let unclosed = of_kind(script, SyntaxErrorKind::UnmatchedOpen);
    assert_eq!(depth, unclosed, "each open block is told of");
}

/// Where a line ends in a brace and a backslash, the brace begins the next word, whatever that
/// is: the word of the end of a block, or one inside of a block that the brace is not in. So it
/// is in the reference, and such words are not what they look like.
pub(super) fn brace_waits(text: &[u8]) -> bool {
    let is_one = |at: &[u8]| matches!(at, b"{\\\n" | b"}\\\n");
    text.windows(3).any(is_one)
}

fn of_kind(script: &Script, kind: SyntaxErrorKind) -> usize {
    let errors = script.errors.iter();
    errors.filter(|error| error.kind == kind).count()
}

/// Between words: white space, joined lines, and braces that begin the word of the next line
/// or are errors.
fn gap(text: &[u8], gap: std::ops::Range<usize>, script: &Script) {
    let mut at = gap.start;
    while at < gap.end {
        match text[at] {
            1..=b' ' => {}
            b'\\' => {
                let behind = text[..script.end].get(at + 1);
                assert!(matches!(behind, None | Some(b'\n')), "a backslash at {at}");
            }
            b'{' | b'}' => {
                let is_error = script
                    .errors
                    .iter()
                    .any(|error| error.span.start <= at && at < error.span.end);
                let waits = text.get(at + 1) == Some(&b'\\');
                assert!(is_error || waits, "a brace at {at} is lost");
            }
            byte => panic!("{:?} at {at} is lost", char::from(byte)),
        }
        at += 1;
    }
}

fn errors(text: &[u8], script: &Script) {
    for error in &script.errors {
        assert!(error.span.start <= error.span.end && error.span.end <= script.end);
        assert!(!error.kind.explanation().is_empty());
        if let Some(opened) = error.opened {
            assert!(matches!(text[opened], b'{' | b'"'), "{error:?}");
            assert!(opened < error.span.end);
        }
        let place = Position::of(text, error.span.start);
        assert!(place.line >= 1 && place.column >= 1);
        assert!(place.line + place.column <= error.span.start + 2);
        let line = position::line_at(text, error.span.start);
        assert!(!line.contains(&b'\n') && line.len() <= text.len());
    }
}

fn limited(text: &[u8], limit: usize, whole: &Script) {
    let script = parse(text, limit);
    assert_eq!(script.errors, whole.errors, "errors do not depend on it");
    assert_eq!(script.end, whole.end);
    assert!(whole.tokens.starts_with(&script.tokens));
    assert!(script.too_long || script.tokens.len() == whole.tokens.len());
    let size: usize = script.tokens.iter().map(|it| it.word.len() + 1).sum();
    assert!(size <= limit, "{size} bytes with a limit of {limit}");
}
