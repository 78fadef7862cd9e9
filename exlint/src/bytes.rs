//! What the standard library has for `str` and not for bytes: where a part stands in a text,
//! and the last component of a path. It is no place for what knows more of a text than that.

/// Where `part` stands first in `text`.
pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.windows(part.len()).position(|window| window == part)
}

/// True where `part` stands in `text`.
pub fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

/// What stands behind the last slash of a path.
pub fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_where_it_begins() {
        for (text, part, expected) in [
            ("a/b/c", "/", Some(1)),
            ("abc", "c", Some(2)),
            ("abc", "abcd", None),
            ("", "a", None),
            ("abc", "", Some(0)),
        ] {
            let (text, part) = (text.as_bytes(), part.as_bytes());
            assert_eq!(find(text, part), expected, "{text:?} {part:?}");
            assert_eq!(contains(text, part), expected.is_some());
        }
    }

    #[test]
    fn a_base_name_has_no_slash() {
        for (path, name) in [("/bin/sh", "sh"), ("sh", "sh"), ("/bin/", ""), ("", "")] {
            assert_eq!(base_name(path.as_bytes()), name.as_bytes(), "{path}");
        }
    }
}
