//! Netstrings: `5:hello,`.
//!
//! Reference: <https://cr.yp.to/proto/netstrings.txt>.

use alloc::vec::Vec;

/// The text is no sequence of netstrings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotNetstrings;

/// Splits `text` into the strings that its netstrings hold.
pub fn decode(mut text: &[u8]) -> Result<Vec<&[u8]>, NotNetstrings> {
    let mut strings = Vec::new();
    while !text.is_empty() {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = text.split_at_checked(digits).ok_or(NotNetstrings)?;
        if number.is_empty() {
            return Err(NotNetstrings);
        }
        let length = number
            .iter()
            .try_fold(0usize, |length, digit| {
                length
                    .checked_mul(10)?
                    .checked_add(usize::from(digit - b'0'))
            })
            .ok_or(NotNetstrings)?;
        let rest = rest.strip_prefix(b":").ok_or(NotNetstrings)?;
        let (string, rest) = rest.split_at_checked(length).ok_or(NotNetstrings)?;
        text = rest.strip_prefix(b",").ok_or(NotNetstrings)?;
        strings.push(string);
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_netstrings_are_decoded() {
        for (text, strings) in [
            ("", Some(vec![])),
            ("5:hello,", Some(vec!["hello"])),
            ("0:,1:a,", Some(vec!["", "a"])),
            ("3:a,b,", Some(vec!["a,b"])),
            ("01:a,", Some(vec!["a"])),
            ("1:a", None),
            ("2:a,", None),
            (":,", None),
            ("1a,", None),
            ("99999999999999999999:a,", None),
        ] {
            let expected = strings.map(|strings| strings.into_iter().map(str::as_bytes).collect());
            assert_eq!(decode(text.as_bytes()).ok(), expected, "{text}");
        }
    }
}
