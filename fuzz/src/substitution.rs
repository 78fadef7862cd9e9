//! Substitution does what a naive model does, and makes no more than it is allowed to. The
//! input is a word, and a line for each value of a key: `KEY=VALUE`; `KEY` alone is one
//! without values.

use super::value_models::{Known, model};
use super::{before_nul, first_line};
use execline::block;
use execline::process::directive::substitute_in;
use execline::substitution::{Keys, TooLong, substitute};

/// What the model may have to make, in words.
const MOST: usize = 4000;

pub fn agrees(input: &[u8]) {
    let (word, known) = read(before_nul(input));
    let mut keys = Keys::new();
    for (key, values) in &known {
        keys.push(key, values.clone());
    }
    for limit in [0, 100, 100_000] {
        bounded(word, &keys, limit);
    }
    let argv = vec![block::word(word.to_vec()), block::word(b"b".to_vec())];
    if let Ok(words) = substitute_in(argv, &keys) {
        let bytes: usize = words.iter().map(|word| word.to_bytes().len() + 1).sum();
        assert!(bytes <= execline::process::size::LONGEST_ARGV + word.len() + 4);
    }
    let dollars = word.iter().filter(|&&byte| byte == b'$').count();
    let widest = known.iter().map(|(_, values)| values.len()).max();
    let most = u32::try_from(dollars).ok().and_then(|dollars| {
        let widest = widest.unwrap_or_default().max(2);
        widest.checked_pow(dollars)
    });
    if most.is_some_and(|most| most <= MOST) {
        let mut words = Vec::new();
        let outcome = substitute(word, &keys, &mut |word| {
            words.push(word);
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert_eq!(words, model(word, &known), "{}", word.escape_ascii());
    }
}

/// No word is made behind the one that was refused.
fn bounded(word: &[u8], keys: &Keys, limit: usize) {
    let mut room = limit;
    let mut is_refused = false;
    let outcome = substitute(word, keys, &mut |word| {
        assert!(!is_refused, "words are made in vain");
        let left = room.checked_sub(word.len() + 1);
        is_refused = left.is_none();
        room = left.ok_or(TooLong)?;
        Ok(())
    });
    assert_eq!(outcome.is_err(), is_refused);
}

fn read(input: &[u8]) -> (&[u8], Vec<Known>) {
    let (word, mut rest) = first_line(input);
    let mut known: Vec<Known> = Vec::new();
    while !rest.is_empty() {
        let line;
        (line, rest) = first_line(rest);
        let equals = line.iter().position(|&byte| byte == b'=');
        let (key, value) = match equals {
            Some(equals) => (&line[..equals], Some(line[equals + 1..].to_vec())),
            None => (line, None),
        };
        match known.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) => values.extend(value),
            None => known.push((key.to_vec(), value.into_iter().collect())),
        }
    }
    (word, known)
}
