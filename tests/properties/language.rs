//! Text becomes words, and words blocks: the lexer and the quoting, against what is written
//! here and against the reference. Substitution is not looked at.

use std::borrow::Cow;
use std::ffi::CString;

use execline::block::{self, Part, Word};
use execline::syntax::{self, TokenKind};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::agreement::{Input, Sides, cases, holds};

/// What a script is made of.
#[derive(Clone, Debug)]
enum Node {
    /// A word, and how each of its bytes is written.
    Word(Vec<(u8, Style)>),
    Block(Vec<Node>),
}

/// How a byte is written.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// Outside quotes, behind a backslash where it needs one.
    Bare,
    /// Outside quotes, behind a backslash.
    Escaped,
    /// Inside quotes, behind a backslash where it needs one.
    Quoted,
    Octal,
    Hexadecimal,
    Decimal,
    /// Inside quotes, behind a line that goes on.
    Joined,
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let style = prop_oneof![
        4 => Just(Style::Bare),
        1 => Just(Style::Escaped),
        2 => Just(Style::Quoted),
        1 => Just(Style::Octal),
        1 => Just(Style::Hexadecimal),
        1 => Just(Style::Decimal),
        1 => Just(Style::Joined),
    ];
    let byte = prop_oneof![
        prop::sample::select(b"ab0x7{}#\"\\ \n\t\r\x01$nrt".to_vec()),
        1..=255_u8,
    ];
    let word = prop::collection::vec((byte, style), 0..6).prop_map(Node::Word);
    let node = word.prop_recursive(4, 40, 5, |inner| {
        prop::collection::vec(inner, 0..5).prop_map(Node::Block)
    });
    prop::collection::vec(node, 0..6)
}

/// What may stand between two words. Each begins with white space, as a brace needs it.
const GAPS: [&str; 8] = [
    " ",
    "\n",
    "\t ",
    "\r\n",
    "\x01",
    " # { \"comment\\\n",
    " \\\n",
    "\n#\n\n# }\n",
];

/// The nodes as the text of a script; `gaps` say what is between the words, again and again.
fn text(nodes: &[Node], gaps: &mut impl Iterator<Item = usize>, text: &mut Vec<u8>) {
    for node in nodes {
        match node {
            Node::Word(word) => write_word(word, text),
            Node::Block(nodes) => {
                text.push(b'{');
                text.extend_from_slice(GAPS[gaps.next().unwrap()].as_bytes());
                self::text(nodes, gaps, text);
                text.push(b'}');
            }
        }
        text.extend_from_slice(GAPS[gaps.next().unwrap()].as_bytes());
    }
}

fn write_word(word: &[(u8, Style)], text: &mut Vec<u8>) {
    let mut in_quotes = false;
    let mut quotes = |wanted: bool, text: &mut Vec<u8>| {
        if in_quotes != wanted {
            text.push(b'"');
            in_quotes = wanted;
        }
    };
    if word.is_empty() {
        text.extend_from_slice(b"\"\"");
    }
    for (place, &(byte, style)) in word.iter().enumerate() {
        // A backslash before a newline that begins a word would join lines.
        let style = match style {
            Style::Bare | Style::Escaped if place == 0 && byte == b'\n' => Style::Quoted,
            Style::Decimal if byte < 100 => Style::Hexadecimal,
            style => style,
        };
        let is_bare = matches!(style, Style::Bare | Style::Escaped);
        quotes(!is_bare, text);
        match style {
            Style::Bare if byte <= b' ' || b"\"\\{}#".contains(&byte) => {
                text.extend_from_slice(&[b'\\', byte]);
            }
            Style::Bare => text.push(byte),
            Style::Escaped => text.extend_from_slice(&[b'\\', byte]),
            Style::Octal => text.extend_from_slice(format!("\\0{byte:03o}").as_bytes()),
            Style::Hexadecimal => text.extend_from_slice(format!("\\0x{byte:02x}").as_bytes()),
            Style::Decimal => text.extend_from_slice(format!("\\{byte}").as_bytes()),
            Style::Quoted | Style::Joined => {
                if matches!(style, Style::Joined) {
                    text.extend_from_slice(b"\\\n");
                }
                if b"\"\\".contains(&byte) {
                    text.push(b'\\');
                }
                text.push(byte);
            }
        }
    }
    quotes(false, text);
}

/// The argv, by the rule alone: a space for each block around, the empty word at each end.
fn argv(nodes: &[Node], depth: usize, words: &mut Vec<Vec<u8>>) {
    for node in nodes {
        let mut word = b" ".repeat(depth);
        match node {
            Node::Word(bytes) => word.extend(bytes.iter().map(|(byte, _)| byte)),
            Node::Block(nodes) => argv(nodes, depth + 1, words),
        }
        words.push(word);
    }
}

/// Takes the words apart again as a command would that knows what it expects.
fn unquoted_again(nodes: &[Node], words: Vec<Word<'_>>) -> TestCaseResult {
    let mut words = words.into_iter();
    for node in nodes {
        match node {
            Node::Word(bytes) => {
                let bytes: Vec<u8> = bytes.iter().map(|(byte, _)| *byte).collect();
                let word = words.next().expect("a word");
                prop_assert_eq!(word.to_bytes(), &bytes[..]);
            }
            Node::Block(nodes) => {
                let mut block = Vec::new();
                loop {
                    let word = words.next().expect("a word of the block, or its end");
                    match block::part(&word) {
                        Part::End => break,
                        Part::Quoted => block.push(block::unquote(word)),
                        Part::Unquoted => prop_assert!(false, "{word:?} has no quote"),
                    }
                }
                unquoted_again(nodes, block)?;
            }
        }
    }
    prop_assert!(words.next().is_none(), "words are left");
    Ok(())
}

#[test]
fn blocks_survive_being_written_and_read() {
    let inputs = (nodes(), prop::collection::vec(0..GAPS.len(), 1..12));
    holds(cases(1000), &inputs, |(nodes, gaps)| {
        let mut script = Vec::new();
        text(&nodes, &mut gaps.iter().copied().cycle(), &mut script);
        let parsed = syntax::parse(&script, 1 << 20);
        prop_assert!(parsed.errors.is_empty() && !parsed.too_long);
        let found: Vec<Vec<u8>> = parsed
            .tokens
            .into_iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Close))
            .map(|token| token.word)
            .collect();
        let mut expected = Vec::new();
        argv(&nodes, 0, &mut expected);
        prop_assert_eq!(&found, &expected, "{}", script.escape_ascii());
        let words = found
            .into_iter()
            .map(|word| Cow::Owned(CString::new(word).expect("no NUL")))
            .collect();
        unquoted_again(&nodes, words)
    });
}

#[test]
fn the_lexer_agrees_with_the_reference() {
    let byte = prop::sample::select(b"aa  \n\t\r\"\"\\\\\\{{}}##0x789fn$\x01\x7f\xff".to_vec());
    let sides = Sides::new();
    holds(cases(256), &prop::collection::vec(byte, 0..20), |text| {
        let mut script = b"printf [%s] - ".to_vec();
        script.extend_from_slice(&text);
        sides.agree_fused(&Input::new([
            b"execlineb".to_vec(),
            b"-Pc".to_vec(),
            script,
        ]))
    });
}
