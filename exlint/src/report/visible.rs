//! Text from anywhere made harmless for a terminal: control characters are shown instead of
//! sent. It is not an escape syntax that could be read back.

use std::borrow::Cow;

/// Whether a character could move the cursor, change colours or reorder what is around it.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Bytes as harmless text in one line: `\n`, `\x1b`, `\u{202e}`; what is not UTF-8 becomes
/// the replacement character.
pub fn visible(bytes: &[u8]) -> String {
    escape(String::from_utf8_lossy(bytes), |_| false)
}

/// As [`visible`]; the newlines stay what they are.
pub fn visible_lines(text: &str) -> String {
    escape(Cow::Borrowed(text), |c| c == '\n')
}

/// As [`visible`]; newlines and carriage returns stay, for formats that have an escape for
/// them.
pub(super) fn visible_breaks(text: Cow<'_, str>) -> String {
    escape(text, |c| matches!(c, '\n' | '\r'))
}

fn escape(text: Cow<'_, str>, stays: impl Fn(char) -> bool) -> String {
    if !text.chars().any(is_unsafe) {
        return text.into_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !is_unsafe(c) || stays(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if u32::from(c) < 0x100 => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => shown.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    shown
}

/// A control character in a line of a text: as wide as it must be, unmistakable where the
/// terminal can show it.
pub(super) fn picture(c: char, unicode: bool) -> String {
    match (u32::from(c), unicode) {
        (code @ 0..0x20, true) => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}').into(),
        (0x7f, true) => '\u{2421}'.into(),
        (code @ (0..0x20 | 0x7f), false) => {
            let letter = u8::try_from(code ^ 0x40).map_or('?', char::from);
            format!("^{letter}")
        }
        (code, _) => format!("<{code:x}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown() {
        for (bytes, expected) in [
            (&b"services.d/web/run"[..], "services.d/web/run"),
            (b"a\nb\tc\rd", "a\\nb\\tc\\rd"),
            (b"\x1b[31mred\x07\x7f", "\\x1b[31mred\\x07\\x7f"),
            ("\u{9b}31m".as_bytes(), "\\x9b31m"),
            ("\u{202e}txt".as_bytes(), "\\u{202e}txt"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            ("d\u{e9}j\u{e0}".as_bytes(), "d\u{e9}j\u{e0}"),
        ] {
            assert_eq!(visible(bytes), expected);
        }
        assert_eq!(visible_lines("a\nb\x1b"), "a\nb\\x1b");
        assert_eq!(visible_breaks("a\r\nb\x1b".into()), "a\r\nb\\x1b");
    }

    #[test]
    fn pictures_fit_the_terminal() {
        for (c, unicode, expected) in [
            ('\r', true, "\u{240d}"),
            ('\r', false, "^M"),
            ('\u{7f}', true, "\u{2421}"),
            ('\u{7f}', false, "^?"),
            ('\0', false, "^@"),
            ('\u{9b}', true, "<9b>"),
            ('\u{202e}', false, "<202e>"),
        ] {
            assert_eq!(picture(c, unicode), expected);
        }
    }
}
