//! Lines and columns, for people.

use super::class::is_white_space;

/// A place in a text, both numbers counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in UTF-8 characters. Outside of UTF-8, a byte from 0x80 to 0xbf counts to
    /// the character before it and any other byte as one, so that each byte can be counted
    /// by itself.
    pub column: usize,
}

impl Position {
    /// The place of the byte `offset` of `text`; beyond its end, the end.
    pub fn of(text: &[u8], offset: usize) -> Position {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Position {
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
            // Bytes 0x80 to 0xbf continue a character.
            column: 1 + in_line.iter().filter(|&&byte| byte & 0xc0 != 0x80).count(),
        }
    }
}

/// The line of `text` that the byte `offset` stands in, without what surrounds it.
pub fn line_at(text: &[u8], offset: usize) -> &[u8] {
    let offset = offset.min(text.len());
    let (before, behind) = text.split_at_checked(offset).unwrap_or_default();
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let end = behind
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(text.len(), |newline| offset + newline);
    let line = text.get(start..end).unwrap_or_default();
    let trimmed = line
        .iter()
        .rposition(|&byte| !is_white_space(byte))
        .map_or(0, |last| last + 1);
    line.get(..trimmed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one_in_characters() {
        let text = "ab\ncé\u{20ac}d\n".as_bytes();
        for (offset, line, column) in [
            (0, 1, 1),
            (2, 1, 3),
            (3, 2, 1),
            (6, 2, 3),
            (9, 2, 4),
            (11, 3, 1),
            (99, 3, 1),
        ] {
            assert_eq!(
                Position::of(text, offset),
                Position { line, column },
                "{offset}"
            );
        }
        assert_eq!(line_at(text, 4), "cé\u{20ac}d".as_bytes());
    }

    #[test]
    fn bytes_outside_of_utf_8_are_counted_by_themselves() {
        for (text, column) in [(&b"a\xe9b"[..], 4), (b"a\xb0b", 3), (b"\xc3\xc3", 3)] {
            assert_eq!(Position::of(text, text.len()).column, column, "{text:?}");
        }
    }
}
