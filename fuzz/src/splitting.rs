//! Crunch, chomp and split, netstrings among them, do what a naive model does. The input is a
//! line with the delimiters, behind the letters `C`, `n` and `s` of what is to be done, and the
//! value.

use super::first_line;
use super::value_models::transformed;
use execline::substitution::Transform;
use execline::substitution::netstring::{self, NotNetstrings};

pub fn agrees(input: &[u8]) {
    let (how, value) = first_line(input);
    let letters = how.iter().take_while(|byte| b"Cns".contains(byte)).count();
    let (letters, delimiters) = how.split_at(letters);
    let has = |letter: &u8| letters.contains(letter);
    let transform = Transform {
        delimiters,
        crunch: has(&b'C'),
        chomp: has(&b'n'),
        split: has(&b's'),
    };
    let found = transform.apply(value);
    let expected = transformed(value, delimiters, (has(&b'C'), has(&b'n'), has(&b's')));
    assert_eq!(found, expected.ok_or(NotNetstrings));
    if let Ok(values) = netstring::decode(value) {
        let size: usize = values.iter().map(|value| value.len() + 3).sum();
        assert!(size <= value.len(), "more than there was");
    }
}
