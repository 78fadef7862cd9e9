//! What can be wrong with a script's text.

use super::token::Span;

/// One thing wrong with a script, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// The text that is wrong.
    pub span: Span,
    /// Where that was opened which never ends: a quote, a block.
    pub opened: Option<usize>,
}

/// The ways in which a script's text can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// A `}` without a `{`.
    UnmatchedClose,
    /// A `{` without a `}`.
    UnmatchedOpen,
    /// A `{` as the very last byte: neither a block nor a word.
    OpenAtEnd,
    /// A `"` without a second one.
    UnterminatedQuote,
    /// A backslash as the last byte of a word that is the last byte of the script.
    TrailingBackslash,
    /// `\0` in quotes, followed by neither an octal digit nor `x` and a hexadecimal one.
    BadEscape,
    /// A numeric escape for 0, which no word can hold, or for more than 255.
    EscapeOutOfRange,
}

impl SyntaxErrorKind {
    /// What is wrong, for people: a clause, lower case, no full stop.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::UnmatchedClose => "this } closes no block",
            Self::UnmatchedOpen => "the script ends inside a block",
            Self::OpenAtEnd => "the script ends right behind {",
            Self::UnterminatedQuote => "the script ends inside a quoted string",
            Self::TrailingBackslash => "the script ends behind a backslash",
            Self::BadEscape => {
                "\\0 is followed by neither an octal digit nor x and a hexadecimal digit"
            }
            Self::EscapeOutOfRange => "a numeric escape stands for a byte from 1 to 255",
        }
    }
}
