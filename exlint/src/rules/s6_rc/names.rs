//! What the rules of this folder say of names: where one is written, and which of the known
//! ones it was meant to be.

use crate::findings::{Findings, Found};
use crate::model::NameEntry;
use crate::nearest::distance;

/// A finding at the place where a name is written.
pub fn at_entry<'f, 't>(
    findings: &'f mut Findings<'t>,
    entry: &NameEntry,
    message: impl Into<String>,
) -> Found<'f, 't> {
    match &entry.span {
        Some(span) => findings.span(entry.node, span.clone(), message),
        None => findings.at(entry.node, message),
    }
}

/// A name as it is printed: what cannot be seen is escaped.
pub fn shown(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => name.escape_ascii().to_string(),
    }
}

/// A list of names in backquotes: `a`, `b` and `c`.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n [u8]>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Of the names that are known, the one that `name` was most likely meant to be.
pub fn nearest<'n>(name: &[u8], known: impl Iterator<Item = &'n [u8]>) -> Option<&'n [u8]> {
    // Short names are near to each other by chance.
    let most = match name.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    known
        .filter(|known| *known != name)
        .filter_map(|known| Some((distance(name, known, most)?, known)))
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let known: [&[u8]; 4] = [b"nginx", b"init-nginx", b"base", b"app"];
        for (name, expected) in [
            ("ngin", Some("nginx")),
            ("init-ngnix", Some("init-nginx")),
            ("web", None),
            ("bas", None),
            ("database", None),
        ] {
            let found = nearest(name.as_bytes(), known.into_iter());
            assert_eq!(found, expected.map(str::as_bytes), "{name}");
        }
    }

    #[test]
    fn lists_are_read_aloud() {
        let names = |names: &[&'static str]| listed(names.iter().map(|name| name.as_bytes()));
        assert_eq!(names(&["a"]), "`a`");
        assert_eq!(names(&["a", "b\r", "c"]), "`a`, `b\\r` and `c`");
    }
}
