//! Which option letters a command has, and which of them take an argument: 24 bytes.

/// A set of option letters. Letters are ASCII letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Letters {
    known: u64,
    with_argument: u64,
}

impl Letters {
    /// No letter.
    pub const NONE: Letters = Letters {
        known: 0,
        with_argument: 0,
    };

    /// The set with `letter` added.
    pub const fn with(self, letter: u8, argument: bool) -> Letters {
        let bit = bit(letter);
        Letters {
            known: self.known | bit,
            with_argument: self.with_argument | if argument { bit } else { 0 },
        }
    }

    /// True where `letter` is an option.
    pub const fn contains(self, letter: u8) -> bool {
        self.known & bit(letter) != 0
    }

    /// True where `letter` is an option that takes an argument.
    pub const fn takes_argument(self, letter: u8) -> bool {
        self.with_argument & bit(letter) != 0
    }
}

/// The bit of a letter; none for a byte that is neither an ASCII letter nor a digit.
const fn bit(letter: u8) -> u64 {
    match letter {
        b'0'..=b'9' => 1 << (letter - b'0'),
        b'A'..=b'Z' => 1 << (10 + letter - b'A'),
        b'a'..=b'z' => 1 << (36 + letter - b'a'),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_apart() {
        let letters = Letters::NONE
            .with(b'n', false)
            .with(b'D', true)
            .with(b'0', false);
        for (letter, known, argument) in [
            (b'n', true, false),
            (b'N', false, false),
            (b'D', true, true),
            (b'0', true, false),
            (b'-', false, false),
            (b'?', false, false),
            (0xff, false, false),
        ] {
            assert_eq!(letters.contains(letter), known, "{letter}");
            assert_eq!(letters.takes_argument(letter), argument, "{letter}");
        }
    }
}
