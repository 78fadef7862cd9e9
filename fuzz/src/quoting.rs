//! Words become the text of a script and again the same words; and blocks, encoded in an argv
//! as execlineb encodes them, come out of it as they went in. The input is a script: its words
//! are the ones that are written down.

use super::lexing::brace_waits;
use execline::block::{self, Part, Word};
use execline::syntax::{Script, Token, TokenKind, parse};
use std::borrow::Cow;
use std::ffi::CString;

const LIMIT: usize = 16 << 20;

pub fn survives(text: &[u8]) {
    let script = parse(text, LIMIT);
    if !script.errors.is_empty() || script.too_long || brace_waits(text) {
        return;
    }
    for style in 0..4 {
        let written = write(&script, style);
        let again = parse(&written, LIMIT);
        let shown = written.escape_ascii();
        assert!(again.errors.is_empty(), "{:?} in {shown}", again.errors);
        assert_eq!(argv(&script), argv(&again), "{shown}");
        let levels = |script: &Script| shape(script).map(|it| (it.kind, it.level)).collect();
        let (before, after): (Vec<_>, Vec<_>) = (levels(&script), levels(&again));
        assert_eq!(before, after, "{shown}");
    }
    let words = argv(&script).into_iter();
    let words = words.map(|word| Cow::Owned(CString::new(word).expect("a word without NUL")));
    let mut tokens = shape(&script);
    unquoted(&mut tokens, words.collect());
    assert!(tokens.next().is_none(), "tokens are left");
}

/// What leaves a trace in an argv, and what opens it.
fn shape(script: &Script) -> impl Iterator<Item = &Token> {
    let tokens = script.tokens.iter();
    tokens.filter(|token| token.kind != TokenKind::Comment)
}

fn argv(script: &Script) -> Vec<Vec<u8>> {
    let tokens = shape(script).filter(|token| token.kind != TokenKind::Open);
    tokens.map(|token| token.word.clone()).collect()
}

fn write(script: &Script, style: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for token in shape(script) {
        match token.kind {
            TokenKind::Open => text.push(b'{'),
            TokenKind::Close => text.push(b'}'),
            _ => word(token.value(), style, &mut text),
        }
        text.extend_from_slice([&b" "[..], b"\n", b" # {\n", b" \\\n"][style]);
    }
    text
}

/// A word in one of the ways in which any word can be written.
fn word(word: &[u8], style: usize, text: &mut Vec<u8>) {
    let is_bare = style == 3 && !word.is_empty() && word[0] != b'\n';
    if is_bare {
        for &byte in word {
            text.extend_from_slice(&[b'\\', byte]);
        }
        return;
    }
    text.push(b'"');
    for &byte in word {
        match style {
            0 | 3 if matches!(byte, b'"' | b'\\') => text.extend_from_slice(&[b'\\', byte]),
            1 => text.extend_from_slice(format!("\\0x{byte:02x}").as_bytes()),
            2 => text.extend_from_slice(format!("\\0{byte:03o}").as_bytes()),
            _ => text.push(byte),
        }
    }
    text.push(b'"');
}

/// Takes the words of one block apart as commands do, and compares them with its tokens.
fn unquoted<'t>(tokens: &mut impl Iterator<Item = &'t Token>, words: Vec<Word<'_>>) {
    let mut blocks = vec![words.into_iter()];
    for token in tokens {
        let Some(words) = blocks.last_mut() else {
            panic!("no block is open");
        };
        match token.kind {
            TokenKind::Open => {
                let mut block = Vec::new();
                loop {
                    let word = words.next().expect("a word of the block, or its end");
                    match block::part(&word) {
                        Part::End => break,
                        Part::Quoted => block.push(block::unquote(word)),
                        Part::Unquoted => panic!("{word:?} has no quote"),
                    }
                }
                let again = block.iter().map(|word| block::quote(word.to_bytes()));
                assert!(again.zip(&block).all(|(quoted, word)| {
                    block::part(&quoted) == Part::Quoted && block::unquote(quoted) == *word
                }));
                blocks.push(block.into_iter());
            }
            TokenKind::Close => {
                assert!(words.next().is_none(), "words are left in a block");
                blocks.pop();
            }
            _ => {
                let word = words.next().expect("a word");
                assert_eq!(word.to_bytes(), token.value());
            }
        }
    }
}
