//! What happens to a value before it is substituted: crunch, chomp, split, in this order.
//!
//! Where the reference is peculiar it is followed: with chomp and split together, a last
//! part that no delimiter ends is dropped.
//! Reference: <https://skarnet.org/software/execline/el_transform.html>.

use super::netstring::{self, NotNetstrings};
use alloc::vec::Vec;

/// The delimiters where none are given.
pub const WHITE_SPACE: &[u8] = b" \n\r\t";

/// How a value is transformed.
#[derive(Clone, Debug)]
pub struct Transform<D> {
    /// The delimiters; with none of them, splitting decodes netstrings.
    pub delimiters: D,
    /// Replaces each run of delimiters by its first one.
    pub crunch: bool,
    /// Drops one delimiter at the end.
    pub chomp: bool,
    /// Makes several values of one.
    pub split: bool,
}

impl<D: AsRef<[u8]>> Transform<D> {
    /// The values that become of `value`.
    pub fn apply(&self, value: &[u8]) -> Result<Vec<Vec<u8>>, NotNetstrings> {
        let delimiters = self.delimiters.as_ref();
        let is_delimiter = |byte: &u8| delimiters.contains(byte);
        let mut value = if self.crunch && !delimiters.is_empty() {
            crunch(value, is_delimiter)
        } else {
            value.to_vec()
        };
        let chomped = self.chomp && value.last().is_some_and(is_delimiter);
        if chomped {
            value.pop();
        }
        if !self.split {
            return Ok(Vec::from([value]));
        }
        if delimiters.is_empty() {
            return Ok(netstring::decode(&value)?
                .into_iter()
                .map(<[u8]>::to_vec)
                .collect());
        }
        let mut parts: Vec<Vec<u8>> = value.split(is_delimiter).map(<[u8]>::to_vec).collect();
        let last_is_ended = value.last().is_none_or(is_delimiter);
        if last_is_ended || (self.chomp && !chomped) {
            parts.pop();
        }
        Ok(parts)
    }
}

/// Keeps the first of each run of delimiters.
fn crunch(value: &[u8], is_delimiter: impl Fn(&u8) -> bool) -> Vec<u8> {
    let mut crunched = Vec::with_capacity(value.len());
    let mut in_run = false;
    for byte in value {
        let delimiter = is_delimiter(byte);
        if !(delimiter && in_run) {
            crunched.push(*byte);
        }
        in_run = delimiter;
    }
    crunched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_crunched_chomped_split() {
        // Letters: c crunch, n chomp, s split.
        for (letters, delimiters, value, expected) in [
            ("", " ", "a  b ", vec!["a  b "]),
            ("", " ", "", vec![""]),
            ("c", " ", "a  b  ", vec!["a b "]),
            ("c", " \n", " \na\n b", vec![" a\nb"]),
            ("c", "", "a  b", vec!["a  b"]),
            ("n", " ", "a  ", vec!["a "]),
            ("n", "", "a ", vec!["a "]),
            ("s", " ", "a b", vec!["a", "b"]),
            ("s", " ", "a b ", vec!["a", "b"]),
            ("s", " ", " a  b", vec!["", "a", "", "b"]),
            ("s", " ", "", vec![]),
            ("s", " ", " ", vec![""]),
            ("ns", " ", "a b", vec!["a"]),
            ("ns", " ", "a b ", vec!["a", "b"]),
            ("ns", " ", "a b  ", vec!["a", "b"]),
            ("ns", " ", " ", vec![]),
            ("cns", " ", "  a  b  ", vec!["", "a", "b"]),
            ("s", "", "1:a,2:bc,", vec!["a", "bc"]),
        ] {
            let transform = Transform {
                delimiters,
                crunch: letters.contains('c'),
                chomp: letters.contains('n'),
                split: letters.contains('s'),
            };
            let expected: Vec<Vec<u8>> = expected.into_iter().map(Into::into).collect();
            assert_eq!(
                transform.apply(value.as_bytes()),
                Ok(expected),
                "{letters} {delimiters:?} {value:?}"
            );
        }
    }
}
