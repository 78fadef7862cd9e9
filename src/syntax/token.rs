//! A token: one word of the future argv, a brace that opens a block, or a comment.

use alloc::vec::Vec;

/// A stretch of the script's text, as byte offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A word.
    Word,
    /// A lone `{`. It leaves no word in argv.
    Open,
    /// A lone `}`. In argv it is the word that ends the block.
    Close,
    /// From `#` to the end of the line. It leaves no word in argv.
    Comment,
}

/// One token of a script. While the text is walked over, its word is the lexer's own, borrowed
/// until the next one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token<W = Vec<u8>> {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// How many blocks it stands in; for `Open` and `Close`, the block itself not counted.
    pub level: usize,
    /// The word as argv has it, with a space before it for each block it stands in.
    /// Empty for `Open` and `Comment`.
    pub word: W,
}

impl Token<&[u8]> {
    /// The same, to be kept.
    pub fn kept(&self) -> Token {
        Token {
            kind: self.kind,
            span: self.span,
            level: self.level,
            word: self.word.to_vec(),
        }
    }
}

impl Token {
    /// The word without the spaces that quote it.
    pub fn value(&self) -> &[u8] {
        self.word.get(self.level..).unwrap_or_default()
    }
}
