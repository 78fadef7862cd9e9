//! The name that was probably meant.

/// Names further away than this are not meant.
const FURTHEST: usize = 2;

/// The candidate that is nearest to `name`, where one is near enough: at most two letters
/// differ, and fewer than half of them.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= FURTHEST && 2 * distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters are to be put in, taken out, replaced or exchanged with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > FURTHEST {
        return usize::MAX / 4;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, &letter) in left.iter().enumerate() {
        let mut next = vec![at + 1];
        for (place, &other) in right.iter().enumerate() {
            let get =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 4);
            let replaced = get(&row, place) + usize::from(letter != other);
            let shorter = get(&row, place + 1) + 1;
            let longer = get(&next, place) + 1;
            let mut least = replaced.min(shorter).min(longer);
            let is_exchanged = at > 0
                && place > 0
                && left.get(at - 1) == Some(&other)
                && right.get(place - 1) == Some(&letter);
            if is_exchanged {
                least = least.min(get(&before, place - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
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
}
