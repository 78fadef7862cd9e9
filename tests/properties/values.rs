//! Substitution and transformation against models that are too slow and too plain to be
//! wrong. No process is started: that commands hand the right values over is shown in
//! `options`.

use execline::substitution::{Keys, Transform, netstring::NotNetstrings, substitute};
use proptest::prelude::*;

use super::agreement::{cases, holds};

/// A key and its values.
type Known = (Vec<u8>, Vec<Vec<u8>>);

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
fn model(word: &[u8], keys: &[Known]) -> Vec<Vec<u8>> {
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

#[test]
fn substitution_agrees_with_a_naive_model() {
    let piece = prop::sample::select(vec![
        "$", "{", "}", "\\", "\\\\", "a", "b", "ab", "-", " ", "$a", "${a}", "\\$a", "$b", "${b}",
        "${ab}", "$ab", "$c", "${c}", "$a\\", "",
    ]);
    let word = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let value = prop::sample::select(vec!["", "1", "22", "$a", "\\", "$", "{b}", "a"]);
    let key = prop::sample::select(vec!["a", "b", "ab", "-", "c"]);
    let values = prop::collection::vec(value, 0..4);
    let keys = prop::collection::btree_map(key, values, 0..4);
    holds(cases(1000), &(word, keys), |(word, known)| {
        let known: Vec<Known> = known
            .into_iter()
            .map(|(key, values)| (key.into(), values.into_iter().map(Vec::from).collect()))
            .collect();
        let mut keys = Keys::new();
        for (key, values) in &known {
            keys.push(key, values.clone());
        }
        let mut words = Vec::new();
        let outcome = substitute(word.as_bytes(), &keys, &mut |word| {
            words.push(word);
            Ok(())
        });
        prop_assert_eq!(outcome, Ok(()));
        prop_assert_eq!(words, model(word.as_bytes(), &known));
        Ok(())
    });
}

/// What becomes of a value, in the order of the manual: crunched, chomped, split.
fn transformed(
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
    let end = colon + 1 + digits.parse::<usize>().ok()?;
    (text.get(end) == Some(&b',')).then_some(())?;
    let mut strings = vec![text[colon + 1..end].to_vec()];
    strings.extend(netstrings(&text[end + 1..])?);
    Some(strings)
}

#[test]
fn transformation_agrees_with_a_naive_model() {
    let piece = prop::sample::select(vec![
        " ", "\n", ":", ",", "a", "b", "1", "1:a,", "0:,", "3:a,b,", "2:", "01:c,",
    ]);
    let value = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let delimiters = prop::sample::select(vec!["", " ", " \n\r\t", ":", ": ", ",a"]);
    let inputs = (value, delimiters, any::<(bool, bool, bool)>());
    holds(cases(1000), &inputs, |(value, delimiters, how)| {
        let (crunch, chomp, split) = how;
        let transform = Transform {
            delimiters,
            crunch,
            chomp,
            split,
        };
        let expected = transformed(value.as_bytes(), delimiters.as_bytes(), how);
        prop_assert_eq!(
            transform.apply(value.as_bytes()),
            expected.ok_or(NotNetstrings)
        );
        Ok(())
    });
}
