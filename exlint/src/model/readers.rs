//! The small files of services, read as s6 and s6-rc read them, to the byte.

use std::ops::Range;

/// What an s6-rc definition is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DefinitionKind {
    /// A process that is supervised.
    Longrun,
    /// A command line for going up, perhaps one for going down.
    Oneshot,
    /// A name for several services.
    Bundle,
}

impl DefinitionKind {
    /// The word in `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Longrun => "longrun",
            Self::Oneshot => "oneshot",
            Self::Bundle => "bundle",
        }
    }

    /// True for what can be a dependency's end itself: no bundle.
    pub fn is_atomic(self) -> bool {
        self != Self::Bundle
    }
}

/// The text as C sees it, which ends at the first null byte.
fn before_null(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or(text)
}

/// What a file `type` says. s6-rc-compile reads at most eight bytes and drops one newline.
pub fn definition_kind(text: &[u8]) -> Option<DefinitionKind> {
    let read = text.get(..8).unwrap_or(text);
    let word = read.strip_suffix(b"\n").unwrap_or(read);
    if word.len() == 8 {
        return None;
    }
    match before_null(word) {
        b"longrun" => Some(DefinitionKind::Longrun),
        b"oneshot" => Some(DefinitionKind::Oneshot),
        b"bundle" => Some(DefinitionKind::Bundle),
        _ => None,
    }
}

/// Digits and nothing else, of a number that 32 bits hold.
fn digits(text: &[u8]) -> Option<u32> {
    let text = before_null(text);
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// An unsigned number as s6 and s6-rc-compile take it, in `notification-fd` and its like: the
/// digits on the first line, of which eleven bytes are read.
pub fn number(text: &[u8]) -> Option<u32> {
    let read = text.get(..11).unwrap_or(text);
    digits(read.split(|&byte| byte == b'\n').next().unwrap_or(read))
}

/// The number in a `timeout-up` or `timeout-down` as s6-rc-compile takes it: digits, then at
/// most newlines.
pub fn timeout(text: &[u8]) -> Option<u32> {
    let mut read = text.get(..63).unwrap_or(text);
    while let Some(rest) = read.strip_suffix(b"\n") {
        read = rest;
    }
    digits(read)
}

/// The names in a file of one name a line, and where they stand. Blanks before a name are
/// dropped, those behind it are part of it, and so is a carriage return.
pub fn names(text: &[u8]) -> Vec<(Vec<u8>, Range<usize>)> {
    let mut names = Vec::new();
    let mut start = 0;
    for line in text.split(|&byte| byte == b'\n') {
        let blanks = line
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let name = before_null(line.get(blanks..).unwrap_or_default());
        if !name.is_empty() && !name.starts_with(b"#") {
            let end = start + blanks + name.len();
            names.push((name.to_vec(), start + blanks..end));
        }
        start += line.len() + 1;
    }
    names
}

/// The signals that `down-signal` may name, as on Linux.
const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// The signal that `down-signal` says: a name with or without `SIG`, in any case, or a number.
pub fn signal(text: &[u8]) -> Option<&'static str> {
    let word = text.strip_suffix(b"\n").unwrap_or(text);
    let word = std::str::from_utf8(word).ok()?;
    if let Ok(number) = word.parse::<usize>() {
        return SIGNALS.get(number.checked_sub(1)?).copied();
    }
    let upper = word.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    SIGNALS.into_iter().find(|signal| *signal == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_is_one_of_three_words_and_one_newline() {
        use DefinitionKind::*;
        for (text, kind) in [
            ("longrun\n", Some(Longrun)),
            ("longrun", Some(Longrun)),
            ("oneshot\n", Some(Oneshot)),
            ("bundle\n", Some(Bundle)),
            ("bundle\n\n", None),
            ("longrun\n\n", Some(Longrun)),
            ("longrun\r\n", None),
            ("Longrun\n", None),
            (" longrun", None),
            ("", None),
            ("longrun # comment", None),
            ("longrunX", None),
            ("bundle\0", Some(Bundle)),
            ("oneshot\0", None),
        ] {
            assert_eq!(definition_kind(text.as_bytes()), kind, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_digits() {
        for (text, expected) in [
            ("3\n", Some(3)),
            ("3", Some(3)),
            ("30000\n\n", Some(30000)),
            ("3\0x", Some(3)),
            ("4294967295", Some(u32::MAX)),
            ("", None),
            ("\n3", None),
            ("3\r\n", None),
            (" 3\n", None),
            ("3 \n", None),
            ("-1\n", None),
            ("+1\n", None),
            ("0x3\n", None),
            ("4294967296\n", None),
        ] {
            assert_eq!(number(text.as_bytes()), expected, "{text:?}");
            assert_eq!(timeout(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn only_files_of_services_may_have_more_lines() {
        assert_eq!(number(b"3\nthree\n"), Some(3));
        assert_eq!(timeout(b"3\nthree\n"), None);
    }

    #[test]
    fn names_keep_what_stands_behind_them() {
        let found: Vec<_> = names(b"a\n \tb \n# c\n\nd\r\n\re\nf\0g")
            .into_iter()
            .map(|(name, _)| name.escape_ascii().to_string())
            .collect();
        assert_eq!(found, ["a", "b ", "d\\r", "\\re", "f"]);
    }

    #[test]
    fn signals_have_names_and_numbers() {
        for (text, expected) in [
            ("SIGQUIT\n", Some("QUIT")),
            ("quit", Some("QUIT")),
            ("3\n", Some("QUIT")),
            ("0", None),
            ("SIGQUIT\r\n", None),
            ("", None),
        ] {
            assert_eq!(signal(text.as_bytes()), expected, "{text:?}");
        }
    }
}
