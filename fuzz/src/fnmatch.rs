//! Patterns match what they match in glibc, and, where they are only asterisks, question marks
//! and letters, what they match by definition. The input is a line of the letters `e` (no
//! escapes), `n` (names of paths) and `p` (periods), one with the pattern, and the text.

use super::oracle::glibc;
use super::{before_nul, first_line};
use execline::pattern::fnmatch::{Options, fnmatch};

/// glibc tries every way for each asterisk.
const ASTERISKS: usize = 4;
const LONGEST: usize = 64;

pub fn agrees(input: &[u8]) {
    let (letters, rest) = first_line(before_nul(input));
    let (pattern, text) = first_line(rest);
    let options = Options {
        no_escape: letters.contains(&b'e'),
        pathname: letters.contains(&b'n'),
        period: letters.contains(&b'p'),
    };
    let found = fnmatch(pattern, text, options);
    let shown = || {
        format!(
            "{} on {} with {options:?}",
            pattern.escape_ascii(),
            text.escape_ascii()
        )
    };
    let asterisks = pattern.iter().filter(|&&byte| byte == b'*').count();
    let is_short = asterisks <= ASTERISKS && pattern.len() <= LONGEST && text.len() <= LONGEST;
    if is_short {
        assert_eq!(found, glibc::fnmatch(pattern, text, options), "{}", shown());
    }
    let is_plain = !pattern.iter().any(|byte| b"[\\./".contains(byte))
        && !text.iter().any(|byte| b"./".contains(byte));
    if is_plain && is_short {
        assert_eq!(found, model(pattern, text), "{}", shown());
    }
}

/// By definition, without what is special about slashes, periods and brackets.
fn model(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([b'*', rest @ ..], _) => {
            model(rest, text) || !text.is_empty() && model(pattern, &text[1..])
        }
        ([byte, rest @ ..], [first, behind @ ..]) => {
            (*byte == b'?' || byte == first) && model(rest, behind)
        }
        (_, []) => false,
    }
}
