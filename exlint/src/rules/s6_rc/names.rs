//! What the rules of this folder say of names: where one is written, and which of the known
//! ones it was meant to be.

use crate::findings::{Findings, Found};
use crate::model::NameEntry;
use std::collections::BTreeMap;
use std::ops::Bound;

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

/// Of the names that are known, the one that `name` was most likely meant to
/// be, and that is allowed. Names that begin alike are compared up to there once, and passed
/// over together where that is too far already: there may be thousands on both sides.
pub fn nearest<'n, V>(
    name: &[u8],
    known: &'n BTreeMap<Vec<u8>, V>,
    is_allowed: impl Fn(&[u8], &V) -> bool,
) -> Option<&'n [u8]> {
    // Short names are near to each other by chance.
    let most = match name.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    // The distances of what `name` begins with to what the last candidate begins with.
    let mut rows: Vec<Vec<usize>> = vec![(0..=name.len()).collect()];
    let mut last: &[u8] = b"";
    let mut best: Option<(usize, &[u8])> = None;
    let mut left = known.range::<[u8], _>(..);
    while let Some((candidate, value)) = left.next() {
        let common = last.iter().zip(candidate).take_while(|(a, b)| a == b);
        rows.truncate(common.count() + 1);
        last = candidate;
        let depth = rows.len() - 1;
        for (place, &byte) in candidate.iter().enumerate().skip(depth) {
            let exchanged = place
                .checked_sub(1)
                .and_then(|before| Some((rows.get(before)?.as_slice(), *candidate.get(before)?)));
            let last_row = rows.last().map_or(&[][..], Vec::as_slice);
            let row = next_row(last_row, exchanged, name, byte);
            // What is exchanged with its neighbour costs one, seen from the row before the last.
            let is_far = row.iter().all(|&distance| distance > most)
                && last_row.iter().all(|&distance| distance >= most);
            rows.push(row);
            if is_far {
                last = candidate.get(..=place).unwrap_or(candidate);
                left = match behind(last) {
                    Some(next) => {
                        known.range::<[u8], _>((Bound::Included(&*next), Bound::Unbounded))
                    }
                    None => return best.map(|(_, known)| known),
                };
                break;
            }
        }
        let distance = rows.last().and_then(|row| row.last()).copied();
        let distance = distance.filter(|&distance| distance <= most);
        if let Some(distance) = distance
            && candidate != name
            && best.is_none_or(|(known, _)| distance < known)
            && is_allowed(candidate, value)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, known)| known)
}

/// The first text behind all that begin with this one.
fn behind(beginning: &[u8]) -> Option<Vec<u8>> {
    let kept = beginning.iter().rposition(|&byte| byte != u8::MAX)?;
    let mut next = beginning.get(..=kept)?.to_vec();
    if let Some(last) = next.last_mut() {
        *last += 1;
    }
    Some(next)
}

/// The distances of all that `name` begins with to a text that is one byte longer than that of
/// `row`. What is exchanged with its neighbour is one change: for that, the row before that one
/// is needed, with the byte between them.
fn next_row(row: &[usize], exchanged: Option<(&[usize], u8)>, name: &[u8], byte: u8) -> Vec<usize> {
    let mut least = row.first().map_or(0, |first| first + 1);
    let mut next = vec![least];
    for (place, (own, pair)) in name.iter().zip(row.windows(2)).enumerate() {
        let &[diagonal, above] = pair else { break };
        let changed = diagonal + usize::from(*own != byte);
        least = changed.min(above + 1).min(least + 1);
        if let Some((earlier, between)) = exchanged
            && let Some(before) = place.checked_sub(1)
            && name.get(before) == Some(&byte)
            && *own == between
            && let Some(distance) = earlier.get(before)
        {
            least = least.min(distance + 1);
        }
        next.push(least);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearest::distance;

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["app", "base", "init-nginx", "nginx", "\u{ff}"];
        let known: BTreeMap<Vec<u8>, ()> = known.map(|name| (name.into(), ())).into();
        for (name, expected) in [
            ("ngin", Some("nginx")),
            ("init-ngnix", Some("init-nginx")),
            ("web", None),
            ("bas", None),
            ("database", None),
        ] {
            let found = nearest(name.as_bytes(), &known, |_, ()| true);
            assert_eq!(found, expected.map(str::as_bytes), "{name}");
        }
    }

    #[test]
    fn names_that_begin_alike_are_not_lost() {
        let names: Vec<String> = (0..400).map(|n| format!("{:b}", n * 7)).collect();
        let known: BTreeMap<Vec<u8>, ()> =
            names.iter().map(|name| (name.clone().into(), ())).collect();
        for name in (0..200).map(|n| format!("{:b}0", n * 11)) {
            let most = if name.len() < 4 {
                0
            } else {
                1 + usize::from(name.len() > 6)
            };
            let each = known.keys().filter(|known| **known != name.as_bytes());
            let each =
                each.filter_map(|known| Some((distance(name.as_bytes(), known, most)?, known)));
            let expected = each.min().map(|(_, known)| known.as_slice());
            assert_eq!(
                nearest(name.as_bytes(), &known, |_, ()| true),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn lists_are_read_aloud() {
        let names = |names: &[&'static str]| listed(names.iter().map(|name| name.as_bytes()));
        assert_eq!(names(&["a"]), "`a`");
        assert_eq!(names(&["a", "b\r", "c"]), "`a`, `b\\r` and `c`");
    }
}
