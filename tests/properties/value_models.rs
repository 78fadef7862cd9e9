//! Substitution and transformation, in lines that are too slow and too plain to be wrong. The
//! properties and the fuzz targets compare the library with them; nothing is drawn here.

/// A key and its values.
pub type Known = (Vec<u8>, Vec<Vec<u8>>);

/// The name at the beginning of what stands behind a dollar, and its length with braces.
fn name(text: &[u8]) -> Option<(&[u8], usize)> {
    let is_special = |byte: &u8| b"\\${}".contains(byte);
    let (inside, braces) = match text.first() {
        Some(b'{') => (&text[1..], true),
        _ => (text, false),
    };
    let name = inside.split(is_special).next()?;
    match (name.len(), braces) {
        (0, _) => None,
        (length, false) => Some((name, length)),
        (length, true) => (inside.get(length) == Some(&b'}')).then_some((name, length + 2)),
    }
}

/// The words that become of `word`: the first reference to a known key, then the rest.
pub fn model(word: &[u8], keys: &[Known]) -> Vec<Vec<u8>> {
    let known = (0..word.len())
        .filter(|&place| word[place] == b'$')
        .find_map(|place| {
            let (name, length) = name(&word[place + 1..])?;
            let (_, values) = keys.iter().find(|(key, _)| key == name)?;
            Some((place, &word[place + 1 + length..], values))
        });
    let Some((place, rest, values)) = known else {
        return vec![word.to_vec()];
    };
    let prefix = &word[..place];
    let backslashes = prefix
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    let kept = &prefix[..prefix.len() - backslashes.div_ceil(2)];
    let reference = vec![word[place..word.len() - rest.len()].to_vec()];
    let values = if backslashes % 2 == 1 {
        &reference
    } else {
        values
    };
    let mut words = Vec::new();
    for value in values {
        for behind in model(rest, keys) {
            words.push([kept, value, &behind].concat());
        }
    }
    words
}

/// What becomes of a value, in the order of the manual: crunched, chomped, split.
pub fn transformed(
    value: &[u8],
    delimiters: &[u8],
    (crunch, chomp, split): (bool, bool, bool),
) -> Option<Vec<Vec<u8>>> {
    let is_end = |byte: u8| delimiters.contains(&byte);
    let mut text: Vec<u8> = Vec::new();
    for &byte in value {
        let repeats = is_end(byte) && text.last().is_some_and(|&last| is_end(last));
        if !(crunch && repeats) {
            text.push(byte);
        }
    }
    let chomped = chomp && text.last().is_some_and(|&last| is_end(last));
    if chomped {
        text.pop();
    }
    if !split {
        return Some(vec![text]);
    }
    if delimiters.is_empty() {
        return netstrings(&text);
    }
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for byte in text {
        if is_end(byte) {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(byte);
        }
    }
    // What no delimiter ends is a part too, but not where one was to be chomped and was not
    // there: the reference loses it.
    if !part.is_empty() && (!chomp || chomped) {
        parts.push(part);
    }
    Some(parts)
}

fn netstrings(text: &[u8]) -> Option<Vec<Vec<u8>>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let colon = text.iter().position(|&byte| byte == b':')?;
    let digits = std::str::from_utf8(&text[..colon]).ok()?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let end = (colon + 1).checked_add(digits.parse::<usize>().ok()?)?;
    (text.get(end) == Some(&b',')).then_some(())?;
    let mut strings = vec![text[colon + 1..end].to_vec()];
    strings.extend(netstrings(&text[end + 1..])?);
    Some(strings)
}
