//! The words and blocks of an execline text, as a tree with places.

use execline::syntax::{Token, TokenKind};
use std::ops::Range;
use std::sync::Arc;

/// A word, or a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// A word.
    Word(Word),
    /// A block.
    Block(Block),
}

impl Item {
    /// Where it stands; a block with its braces.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Word(word) => word.span.clone(),
            Self::Block(block) => block.span(),
        }
    }

    /// The word, where it is one.
    pub fn word(&self) -> Option<&Word> {
        match self {
            Self::Word(word) => Some(word),
            Self::Block(_) => None,
        }
    }
}

/// More of a word would not be read. A word may have thousands of findings that show it.
const MOST_SHOWN: usize = 200;

/// A word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Its bytes, before any substitution. A chain shares them with the items it is made of.
    pub value: Arc<[u8]>,
    /// Where it stands in the text, quotes included.
    pub span: Range<usize>,
    /// True where no quote and no backslash stands in it: the text is the value.
    pub is_bare: bool,
}

impl Word {
    /// True where its value is this.
    pub fn is(&self, value: &[u8]) -> bool {
        *self.value == *value
    }

    /// True where a `$` could be replaced in it before a program sees it.
    pub fn may_change(&self) -> bool {
        self.value.contains(&b'$')
    }

    /// For people: bytes that are no UTF-8 are replaced, and a long word is cut.
    pub fn shown(&self) -> String {
        match self.value.get(..MOST_SHOWN) {
            Some(beginning) if self.value.len() > MOST_SHOWN => {
                format!("{}...", String::from_utf8_lossy(beginning))
            }
            _ => String::from_utf8_lossy(&self.value).into_owned(),
        }
    }
}

/// A block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Its opening brace.
    pub open: Range<usize>,
    /// Its closing brace; at the end of the text where it has none.
    pub close: Range<usize>,
    /// What it holds.
    pub items: Vec<Item>,
}

impl Block {
    /// Where it stands, braces included.
    pub fn span(&self) -> Range<usize> {
        self.open.start..self.close.end
    }
}

/// Deeper than this, blocks are taken to be empty: nobody writes that, and what walks over
/// them may use the stack.
const DEEPEST: usize = 100;

/// The items of a text, from its tokens.
pub fn items(tokens: &[Token], text: &[u8]) -> Vec<Item> {
    let mut opened: Vec<(Range<usize>, Vec<Item>)> = Vec::new();
    let mut items = Vec::new();
    let mut skipped = 0usize;
    for token in tokens {
        let span = token.span.start..token.span.end;
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Open if opened.len() >= DEEPEST => skipped += 1,
            TokenKind::Close if skipped > 0 => skipped -= 1,
            TokenKind::Word if skipped > 0 => {}
            TokenKind::Open => opened.push((span, std::mem::take(&mut items))),
            TokenKind::Close => {
                if let Some((open, before)) = opened.pop() {
                    let inside = std::mem::replace(&mut items, before);
                    items.push(Item::Block(Block {
                        open,
                        close: span,
                        items: inside,
                    }));
                }
            }
            TokenKind::Word => {
                let raw = text.get(span.clone()).unwrap_or_default();
                items.push(Item::Word(Word {
                    value: token.value().into(),
                    is_bare: !raw.iter().any(|&byte| byte == b'"' || byte == b'\\'),
                    span,
                }));
            }
        }
    }
    while let Some((open, before)) = opened.pop() {
        let inside = std::mem::replace(&mut items, before);
        items.push(Item::Block(Block {
            open,
            close: text.len()..text.len(),
            items: inside,
        }));
    }
    items
}

/// All words of items, those in blocks included.
pub fn flatten<'i>(items: &'i [Item], words: &mut Vec<&'i Word>) {
    for item in items {
        match item {
            Item::Word(word) => words.push(word),
            Item::Block(block) => flatten(&block.items, words),
        }
    }
}
