//! Words, and blocks inside an argv: each word of a block is quoted by a space for every
//! block it stands in, and the empty word (likewise quoted) ends a block.
//!
//! Reference: <https://skarnet.org/software/execline/el_semicolon.html>.

use alloc::borrow::Cow;
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

/// A word of an argv, or an entry of an environment: bytes without NUL.
pub type Word<'a> = Cow<'a, CStr>;

/// The byte before each word of a block.
pub const QUOTE: u8 = b' ';

/// Makes a word of `bytes`, cut before the first NUL: as C would read it.
pub fn word<'a>(bytes: impl Into<Vec<u8>> + AsRef<[u8]>) -> Word<'a> {
    Cow::Owned(CString::new(bytes).unwrap_or_else(|error| {
        let end = error.nul_position();
        let mut bytes = error.into_vec();
        bytes.truncate(end);
        CString::new(bytes).unwrap_or_default()
    }))
}

/// The same word, borrowed for as long as its owner lives.
pub fn borrow<'b>(word: &'b Word<'_>) -> Word<'b> {
    Cow::Borrowed(word)
}

/// What a word is to the block it is looked for in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The end of the block.
    End,
    /// A word of the block, quoted.
    Quoted,
    /// A word without its quote: a program was called by hand, or an end was forgotten.
    Unquoted,
}

/// Tells what `word` is.
pub fn part(word: &CStr) -> Part {
    match word.to_bytes().first() {
        None => Part::End,
        Some(&QUOTE) => Part::Quoted,
        Some(_) => Part::Unquoted,
    }
}

/// Takes one quote off a quoted word; another word stays as it is.
pub fn unquote(word: Word<'_>) -> Word<'_> {
    if part(&word) != Part::Quoted {
        return word;
    }
    match word {
        Cow::Borrowed(word) => {
            let rest = word.to_bytes_with_nul().get(1..).unwrap_or_default();
            Cow::Borrowed(CStr::from_bytes_with_nul(rest).unwrap_or_default())
        }
        Cow::Owned(word) => self::word(word.to_bytes().get(1..).unwrap_or_default()),
    }
}

/// Quotes a word once, for a block.
pub fn quote<'a>(bytes: &[u8]) -> Word<'a> {
    word([&[QUOTE], bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_word_ends_block() {
        for (word, expected) in [
            (c"", Part::End),
            (c" ", Part::Quoted),
            (c" a", Part::Quoted),
            (c"a", Part::Unquoted),
            (c"\t", Part::Unquoted),
        ] {
            assert_eq!(part(word), expected, "{word:?}");
        }
    }

    #[test]
    fn one_quote_comes_off() {
        for (quoted, unquoted) in [(c"  a", c" a"), (c" ", c""), (c"a", c"a"), (c"", c"")] {
            assert_eq!(&*unquote(Cow::Borrowed(quoted)), unquoted);
            assert_eq!(&*unquote(Cow::Owned(quoted.into())), unquoted);
        }
    }
}
