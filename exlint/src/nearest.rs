//! The name that was probably meant.

/// Names further away than this are not meant.
const FURTHEST: usize = 2;

/// The candidate that is nearest to `name`, where one is near enough: at most two bytes
/// differ, and fewer than half of them.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let distance = distance(name.as_bytes(), candidate.as_bytes(), FURTHEST)?;
            (2 * distance < candidate.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many bytes are to be put in, taken out, replaced or exchanged with their neighbour to
/// get from one name to the other; `None` where that is more than `most`.
pub fn distance(left: &[u8], right: &[u8], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let get = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 4);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, &byte) in left.iter().enumerate() {
        let mut next = vec![at + 1];
        for (place, &other) in right.iter().enumerate() {
            let replaced = get(&row, place) + usize::from(byte != other);
            let shorter = get(&row, place + 1) + 1;
            let longer = get(&next, place) + 1;
            let mut least = replaced.min(shorter).min(longer);
            let is_exchanged = at > 0
                && place > 0
                && left.get(at - 1) == Some(&other)
                && right.get(place - 1) == Some(&byte);
            if is_exchanged {
                least = least.min(get(&before, place - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|&distance| distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_near() {
        const NAMES: [&str; 5] = ["contents.d", "dependencies.d", "importas", "if", "define"];
        for (name, expected) in [
            ("content.d", Some("contents.d")),
            ("dependecies.d", Some("dependencies.d")),
            ("improtas", Some("importas")),
            ("fi", None),
            ("importas", None),
            ("nothing", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, NAMES), expected, "{name}");
        }
    }

    #[test]
    fn distances_are_counted_in_bytes() {
        for (left, right, expected) in [
            ("contents.d", "contents.d", Some(0)),
            ("content.d", "contents.d", Some(1)),
            ("contenst.d", "contents.d", Some(1)),
            ("", "ab", Some(2)),
            ("run", "finish", None),
            ("abcd", "efgh", None),
        ] {
            let found = distance(left.as_bytes(), right.as_bytes(), 2);
            assert_eq!(found, expected, "{left} {right}");
        }
    }
}
