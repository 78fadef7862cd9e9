//! Replacing `$key` and `${key}` in words.
//!
//! A key ends at a backslash, a dollar, a brace, or the end of the word: `$a-b` names the
//! key `a-b`. An even number of backslashes before `$` is halved and the key replaced, an
//! odd number is halved and the key stays; where the key is not known, nothing changes.
//! A word with several keys becomes every combination of their values, the first key
//! slowest; with a key of no value the word is gone.

use super::TooLong;
use alloc::vec;
use alloc::vec::Vec;

/// A key, with the values it stands for.
#[derive(Clone, Debug)]
pub struct Key {
    /// The name behind the dollar.
    pub name: Vec<u8>,
    /// The values, in order.
    pub values: Vec<Vec<u8>>,
}

/// Keys that are substituted together.
#[derive(Clone, Default, Debug)]
pub struct Keys {
    keys: Vec<Key>,
    /// The numbers behind `.0` up to `.1` stand for one empty value each, without a key.
    empty: (usize, u32),
}

/// What a number without an argument stands for.
static EMPTY: [Vec<u8>; 1] = [Vec::new()];

impl Keys {
    /// No keys.
    pub const fn new() -> Keys {
        Keys {
            keys: Vec::new(),
            empty: (0, 0),
        }
    }

    /// True where a key of this name is there already.
    pub fn contains(&self, name: &[u8]) -> bool {
        self.values(name).is_some()
    }

    /// Adds a key.
    pub fn push(&mut self, name: &[u8], values: Vec<Vec<u8>>) {
        self.keys.push(Key {
            name: name.to_vec(),
            values,
        });
    }

    /// The last key that was added.
    pub fn last_mut(&mut self) -> Option<&mut Key> {
        self.keys.last_mut()
    }

    /// Makes the numbers behind `given` up to `least` keys of one empty value; false where one
    /// of them is a key already. There may be four thousand million of them: they take no space.
    pub fn pad(&mut self, given: usize, least: u32) -> bool {
        self.empty = (given, least);
        !self.keys.iter().any(|key| self.is_padding(&key.name))
    }

    fn values(&self, name: &[u8]) -> Option<&[Vec<u8>]> {
        let key = self.keys.iter().find(|key| key.name == name);
        key.map(|key| key.values.as_slice())
            .or_else(|| self.is_padding(name).then_some(&EMPTY))
    }

    fn is_padding(&self, name: &[u8]) -> bool {
        let number = name.iter().try_fold(0u32, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        });
        let is_canonical = name.first().is_some_and(|&first| first != b'0');
        number.is_some_and(|number| {
            is_canonical && number as usize > self.empty.0 && number <= self.empty.1
        })
    }
}

/// A word cut at its keys of several values, or of none: what stands before each, and what
/// stands behind the last. A key's only value stands there in its place.
struct Pieces<'k> {
    keys: Vec<(Vec<u8>, &'k [Vec<u8>])>,
    rest: Vec<u8>,
}

/// The words that become of `word`, each given to `push`, which may refuse.
pub fn substitute(
    word: &[u8],
    keys: &Keys,
    push: &mut impl FnMut(Vec<u8>) -> Result<(), TooLong>,
) -> Result<(), TooLong> {
    if !word.contains(&b'$') {
        return push(word.to_vec());
    }
    let pieces = cut(word, keys);
    if pieces.keys.is_empty() {
        return push(pieces.rest);
    }
    let mut chosen = vec![0; pieces.keys.len()];
    if pieces.keys.iter().any(|(_, values)| values.is_empty()) {
        return Ok(());
    }
    loop {
        push(combine(&pieces, &chosen))?;
        // Counts up like an odometer: the last key turns fastest.
        let turned = chosen
            .iter_mut()
            .zip(&pieces.keys)
            .rev()
            .find_map(|(index, (_, values))| {
                *index = (*index + 1) % values.len();
                (*index != 0).then_some(())
            });
        if turned.is_none() {
            return Ok(());
        }
    }
}

fn combine(pieces: &Pieces, chosen: &[usize]) -> Vec<u8> {
    let mut word = Vec::new();
    for ((before, values), &index) in pieces.keys.iter().zip(chosen) {
        word.extend_from_slice(before);
        word.extend_from_slice(values.get(index).map_or(&[], Vec::as_slice));
    }
    word.extend_from_slice(&pieces.rest);
    word
}

/// Finds the keys of `word` that are among `keys`.
fn cut<'k>(word: &[u8], keys: &'k Keys) -> Pieces<'k> {
    let mut pieces = Pieces {
        keys: Vec::new(),
        rest: Vec::new(),
    };
    let mut literal = Vec::with_capacity(word.len());
    let mut behind = word;
    // How many backslashes end `literal`.
    let mut backslashes = 0usize;
    while let Some((&byte, rest)) = behind.split_first() {
        if byte != b'$' {
            literal.push(byte);
            backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
            behind = rest;
            continue;
        }
        let found = reference(rest).and_then(|(name, length)| Some((keys.values(name)?, length)));
        let Some((values, length)) = found else {
            literal.push(b'$');
            backslashes = 0;
            behind = rest;
            continue;
        };
        literal.truncate(literal.len() - backslashes.div_ceil(2));
        if backslashes % 2 == 1 {
            literal.push(b'$');
            literal.extend_from_slice(rest.get(..length).unwrap_or_default());
        } else if let [value] = values {
            literal.extend_from_slice(value);
        } else {
            pieces.keys.push((core::mem::take(&mut literal), values));
        }
        backslashes = 0;
        behind = rest.get(length..).unwrap_or_default();
    }
    pieces.rest = literal;
    pieces
}

/// The name that the text behind a dollar refers to, and how many bytes name it, braces
/// included. Only a key of that name is substituted: `$x/y` refers to a key `x/y`.
pub fn reference(text: &[u8]) -> Option<(&[u8], usize)> {
    let (text, braces) = match text.strip_prefix(b"{") {
        Some(text) => (text, 2),
        None => (text, 0),
    };
    let length = text
        .iter()
        .position(|byte| matches!(byte, b'\\' | b'$' | b'{' | b'}'))
        .unwrap_or(text.len());
    let name = text.get(..length)?;
    if name.is_empty() || (braces > 0 && text.get(length) != Some(&b'}')) {
        return None;
    }
    Some((name, length + braces))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let mut keys = Keys::new();
        for (name, values) in [
            ("x", vec!["X"]),
            ("two", vec!["1", "2"]),
            ("none", vec![]),
            ("a-b", vec!["dash"]),
            ("d", vec!["$x"]),
        ] {
            let values: Vec<Vec<u8>> = values.into_iter().map(Into::into).collect();
            keys.push(name.as_bytes(), values);
        }
        let mut words = Vec::new();
        let outcome = substitute(word.as_bytes(), &keys, &mut |word| {
            words.push(String::from_utf8(word).unwrap_or_default());
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert_eq!(words, expected, "{word}");
    }

    #[test]
    fn known_keys_are_replaced() {
        for (word, expected) in [
            ("$x", vec!["X"]),
            ("${x}", vec!["X"]),
            ("a$x", vec!["aX"]),
            ("a${x}b", vec!["aXb"]),
            ("$xb", vec!["$xb"]),
            ("$x$x", vec!["XX"]),
            ("$x}", vec!["X}"]),
            ("$x{", vec!["X{"]),
            ("${x", vec!["${x"]),
            ("${x$x", vec!["${xX"]),
            ("${x{}", vec!["${x{}"]),
            ("$", vec!["$"]),
            ("$$x", vec!["$X"]),
            ("$}x", vec!["$}x"]),
            ("${}", vec!["${}"]),
            ("${$x}", vec!["${X}"]),
            ("$a-b", vec!["dash"]),
            ("$d", vec!["$x"]),
            ("plain", vec!["plain"]),
            ("", vec![""]),
        ] {
            check(word, &expected);
        }
    }

    #[test]
    fn backslashes_before_a_known_key_are_halved() {
        for (word, expected) in [
            (r"\$x", r"$x"),
            (r"\\$x", r"\X"),
            (r"\\\$x", r"\$x"),
            (r"\\\\$x", r"\\X"),
            (r"\${x}", r"${x}"),
            (r"a\\${x}b", r"a\Xb"),
            (r"\\$y", r"\\$y"),
            (r"$x\$x", r"X$x"),
            (r"$x\\$x", r"X\X"),
            (r"\n$x", r"\nX"),
        ] {
            check(word, &[expected]);
        }
    }

    #[test]
    fn several_values_make_every_combination() {
        check("$two", &["1", "2"]);
        check("a${two}b", &["a1b", "a2b"]);
        check("$two$two", &["11", "12", "21", "22"]);
        check("$none", &[]);
        check("$two$none", &[]);
    }
}
