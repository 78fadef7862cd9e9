//! Numbers in words, read and written as upstream does.

use alloc::vec::Vec;

/// The longest number that starts `text`, to `base`, and its length; 0 where none does.
/// A digit that would take it past `max` ends it.
fn leading(text: &[u8], base: u32, max: u64) -> (u64, usize) {
    let mut value = 0u64;
    for (length, &byte) in text.iter().enumerate() {
        let larger = char::from(byte).to_digit(base).and_then(|digit| {
            value
                .checked_mul(u64::from(base))?
                .checked_add(u64::from(digit))
                .filter(|&larger| larger <= max)
        });
        match larger {
            Some(larger) => value = larger,
            None => return (value, length),
        }
    }
    (value, text.len())
}

/// The number that `text` starts with, and its length. `None` where it starts with no digit.
pub fn prefix(text: &[u8]) -> Option<(u32, usize)> {
    let (value, length) = leading(text, 10, u64::from(u32::MAX));
    (length > 0).then_some((value as u32, length))
}

/// The number that `text` is: nothing but digits, at most `u32::MAX`.
pub fn whole(text: &[u8]) -> Option<u32> {
    prefix(text)
        .filter(|&(_, length)| length == text.len())
        .map(|(value, _)| value)
}

/// The 16-bit number that `text` starts with; what follows does not matter.
pub fn short_prefix(text: &[u8]) -> Option<u16> {
    let (value, length) = leading(text, 10, u64::from(u16::MAX));
    (length > 0).then_some(value as u16)
}

/// The octal number that `text` starts with; what follows does not matter.
pub fn octal_prefix(text: &[u8]) -> Option<u32> {
    let (value, length) = leading(text, 8, u64::from(u32::MAX));
    (length > 0).then_some(value as u32)
}

/// The octal number that `text` is: nothing but digits, at most `u32::MAX`.
pub fn octal_whole(text: &[u8]) -> Option<u32> {
    let (value, length) = leading(text, 8, u64::from(u32::MAX));
    (length > 0 && length == text.len()).then_some(value as u32)
}

/// The signed number that `text` starts with; what follows does not matter.
/// Up to 32 bits are read behind the sign, so a large number wraps around: 4294967295 is -1.
pub fn signed_prefix(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        Some((b'+', digits)) => (false, digits),
        _ => (false, text),
    };
    let max = u64::from(u32::MAX) + u64::from(negative);
    let (value, length) = leading(digits, 10, max);
    let value = value as i32;
    (length > 0).then_some(if negative {
        value.wrapping_neg()
    } else {
        value
    })
}

/// The process number that `text` is. The number 0 is one, though no process has it.
pub fn process(text: &[u8]) -> Option<i32> {
    whole(text).map(|number| number as i32)
}

/// Up to 256 16-bit numbers with one or more of `,:;` and white space behind each.
/// `None` where the list does not start with a number.
pub fn short_list(text: &[u8]) -> Option<Vec<u16>> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && numbers.len() < 256 {
        let (value, length) = leading(rest, 10, u64::from(u16::MAX));
        if length == 0 {
            break;
        }
        numbers.push(value as u16);
        let behind = rest.get(length..).unwrap_or_default();
        let separators = behind
            .iter()
            .take_while(|byte| b",:; \t\r\n".contains(byte))
            .count();
        rest = behind.get(separators..).unwrap_or_default();
    }
    (text.len() > rest.len()).then_some(numbers)
}

/// A number's decimal digits.
pub struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    /// The digits of `number`.
    pub fn new(number: impl Into<u64>) -> Decimal {
        let mut number = number.into();
        let mut decimal = Decimal {
            digits: [b'0'; 20],
            start: 20,
        };
        for digit in decimal.digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            decimal.start -= 1;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        decimal
    }

    /// The digits of a process or descriptor number, which is not negative.
    pub fn of_id(number: i32) -> Decimal {
        Decimal::new(number.unsigned_abs())
    }

    /// The digits, without leading zeros.
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_upstream_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("", None),
            ("1x", None),
            ("-1", None),
            ("+1", None),
            (" 1", None),
        ] {
            assert_eq!(whole(text.as_bytes()), expected, "{text}");
        }
        for (text, expected) in [
            ("1x", Some(1)),
            ("-1", Some(-1)),
            ("+7", Some(7)),
            ("4294967295", Some(-1)),
            ("-4294967296", Some(0)),
            // Stops before the digit that would take it past 32 bits.
            ("42949672960", Some(429_496_729)),
            ("x", None),
            ("-", None),
        ] {
            assert_eq!(signed_prefix(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(octal_prefix(b"0228"), Some(0o22));
        assert_eq!(octal_prefix(b"8"), None);
        assert_eq!(octal_whole(b"022"), Some(0o22));
        assert_eq!(octal_whole(b"022x"), None);
    }

    #[test]
    fn lists_end_at_what_is_no_number() {
        for (text, expected) in [
            ("1", Some(vec![1])),
            ("1,2", Some(vec![1, 2])),
            ("1, 2;3", Some(vec![1, 2, 3])),
            ("1,x", Some(vec![1])),
            ("1,", Some(vec![1])),
            ("x", None),
            ("", None),
            (",1", None),
        ] {
            assert_eq!(short_list(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        for (number, digits) in [(0, "0"), (10, "10"), (u64::MAX, "18446744073709551615")] {
            assert_eq!(Decimal::new(number).as_bytes(), digits.as_bytes());
        }
    }
}
