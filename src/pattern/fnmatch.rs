//! Shell patterns: whether a pattern matches a whole string, as fnmatch(3).
//!
//! It is glibc's matching in the C locale, oddities included. It is not a glob:
//! it knows no directories, and a slash is special only when asked for. Failing
//! matches take time proportional to the product of pattern and text.

use super::class::Class;

/// How a pattern is matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A backslash is an ordinary character, as with `FNM_NOESCAPE`.
    pub no_escape: bool,
    /// A slash is matched only by a slash, as with `FNM_PATHNAME`.
    pub pathname: bool,
    /// A leading period is matched only by a period, as with `FNM_PERIOD`.
    pub period: bool,
}

/// What one element of a pattern makes of one byte.
enum Outcome<'a> {
    /// The byte matches, and this is the rest of the pattern.
    Match(&'a [u8]),
    Mismatch,
}

/// A place to go on from if the rest does not match: an asterisk can take one
/// more byte.
#[derive(Clone, Copy)]
struct Retry<'a> {
    pattern: &'a [u8],
    text: &'a [u8],
}

/// Whether a pattern matches a text.
#[must_use]
pub fn fnmatch(pattern: &[u8], text: &[u8], options: Options) -> bool {
    let mut pattern = pattern;
    let mut text = text;
    let mut leading = options.period;
    // Once an asterisk was seen, periods are special only in pathnames.
    let mut period = options.period;
    let mut retry: Option<Retry<'_>> = None;
    loop {
        let failed = match (pattern, text) {
            ([], []) => return true,
            ([b'*', rest @ ..], _) => {
                if leading && text.first() == Some(&b'.') {
                    true
                } else {
                    match asterisk(rest, text, options) {
                        None => true,
                        Some((_, [], true)) => return true,
                        Some((rest, text_left, _)) => {
                            pattern = rest;
                            text = text_left;
                            period = period && options.pathname;
                            retry = Some(Retry { pattern, text });
                            false
                        }
                    }
                }
            }
            (_, [byte, text_left @ ..]) => {
                match element(pattern, *byte, leading && *byte == b'.', options) {
                    Outcome::Match(rest) => {
                        leading = period && options.pathname && *byte == b'/';
                        pattern = rest;
                        text = text_left;
                        false
                    }
                    Outcome::Mismatch => true,
                }
            }
            (_, []) => true,
        };
        if failed {
            // An asterisk never takes a slash in a pathname.
            match retry {
                Some(Retry {
                    pattern: after,
                    text: [byte, text_left @ ..],
                }) if !(options.pathname && *byte == b'/') => {
                    leading = false;
                    pattern = after;
                    text = text_left;
                    retry = Some(Retry { pattern, text });
                }
                _ => return false,
            }
        }
    }
}

/// Skips what follows an asterisk directly: further asterisks, and a byte for
/// each question mark. Returns the rest of pattern and text, and whether the
/// asterisk matches all that is left.
fn asterisk<'a>(
    mut pattern: &'a [u8],
    mut text: &'a [u8],
    options: Options,
) -> Option<(&'a [u8], &'a [u8], bool)> {
    loop {
        pattern = match pattern {
            [b'*', rest @ ..] => rest,
            [b'?', rest @ ..] => {
                match text {
                    [byte, left @ ..] if !(options.pathname && *byte == b'/') => text = left,
                    _ => return None,
                }
                rest
            }
            _ => break,
        };
    }
    // In a pathname an asterisk reaches only a slash that is written plainly.
    if options.pathname && !options.no_escape && pattern.starts_with(b"\\/") {
        return None;
    }
    if pattern.is_empty() && !(options.pathname && text.contains(&b'/')) {
        return Some((pattern, &[], true));
    }
    Some((pattern, text, false))
}

/// Matches one byte with an element other than an asterisk.
fn element(pattern: &[u8], byte: u8, leading_period: bool, options: Options) -> Outcome<'_> {
    let (expected, rest) = match pattern {
        [] => return Outcome::Mismatch,
        [b'?', rest @ ..] => {
            return if leading_period || options.pathname && byte == b'/' {
                Outcome::Mismatch
            } else {
                Outcome::Match(rest)
            };
        }
        [b'\\', rest @ ..] if !options.no_escape => match rest {
            [] => return Outcome::Mismatch,
            [escaped, rest @ ..] => (*escaped, rest),
        },
        [b'[', rest @ ..] => {
            if leading_period || options.pathname && byte == b'/' {
                return Outcome::Mismatch;
            }
            match bracket(rest, byte, options) {
                Bracket::Closed(true, rest) => return Outcome::Match(rest),
                Bracket::Closed(false, _) | Bracket::Malformed => return Outcome::Mismatch,
                Bracket::Unclosed => (b'[', rest),
            }
        }
        [literal, rest @ ..] => (*literal, rest),
    };
    if expected == byte {
        Outcome::Match(rest)
    } else {
        Outcome::Mismatch
    }
}

enum Bracket<'a> {
    /// Whether the byte matches, and the rest of the pattern.
    Closed(bool, &'a [u8]),
    /// The opening bracket is an ordinary character.
    Unclosed,
    /// Nothing matches.
    Malformed,
}

/// Matches one byte with a bracket expression, of which the opening bracket is
/// already taken. What is malformed behind the part that matches is judged
/// more leniently than what is in front of it.
fn bracket(pattern: &[u8], byte: u8, options: Options) -> Bracket<'_> {
    let (negated, mut rest) = match pattern {
        [b'!' | b'^', rest @ ..] => (true, rest),
        _ => (false, pattern),
    };
    let mut first = true;
    loop {
        let start;
        let mut matched = false;
        (start, rest) = match rest {
            [] => return Bracket::Unclosed,
            [b']', rest @ ..] if !first => return Bracket::Closed(negated, rest),
            [b'\\', escaped @ ..] if !options.no_escape => match escaped {
                [] => return Bracket::Malformed,
                [escaped, rest @ ..] => (Some(*escaped), rest),
            },
            [b'[', literal @ ..] if literal.starts_with(b":") => match class(literal) {
                Some((Some(class), rest)) => {
                    matched = class.contains(byte);
                    (None, rest)
                }
                Some((None, _)) => return Bracket::Malformed,
                None => (Some(b'['), literal),
            },
            [b'[', b'=', equivalent, b'=', b']', rest @ ..] => {
                matched = *equivalent == byte;
                (None, rest)
            }
            // glibc takes this for a range, and then it is none: the symbol matches nothing.
            [b'[', b'.', _, b'.', b']', rest @ ..] if rest.starts_with(b"-]") => (None, rest),
            [b'[', b'.', single, b'.', b']', rest @ ..] => (Some(*single), rest),
            [b'[', b'.', ..] => return Bracket::Malformed,
            [literal, rest @ ..] => (Some(*literal), rest),
        };
        first = false;
        if let Some(start) = start {
            (matched, rest) = match rest {
                [b'-', end @ ..] if !end.is_empty() && !end.starts_with(b"]") => {
                    let Some((end, rest)) = range_end(end, options) else {
                        return Bracket::Malformed;
                    };
                    (start <= byte && byte <= end, rest)
                }
                // A range without an end is an error only where it is looked at.
                [b'-'] if start != byte => return Bracket::Malformed,
                _ => (start == byte, rest),
            };
        }
        if matched {
            return skip(rest, !negated, options);
        }
    }
}

/// Reads the name of a class from `:` to `:]`: the class, if there is one of that
/// name, and what follows. What cannot be a name at all gives nothing.
fn class(name: &[u8]) -> Option<(Option<Class>, &[u8])> {
    let name = name.strip_prefix(b":")?;
    let length = name.iter().position(|byte| !matches!(byte, b'a'..=b'y'))?;
    let (name, rest) = name.split_at_checked(length)?;
    let rest = rest.strip_prefix(b":]")?;
    Some((Class::named(name), rest))
}

fn range_end(pattern: &[u8], options: Options) -> Option<(u8, &[u8])> {
    match pattern {
        [b'[', b'.', single, b'.', b']', rest @ ..] => Some((*single, rest)),
        [b'[', b'.', ..] => None,
        [b'\\', escaped, rest @ ..] if !options.no_escape => Some((*escaped, rest)),
        [b'\\'] if !options.no_escape => None,
        [literal, rest @ ..] => Some((*literal, rest)),
        [] => None,
    }
}

/// Looks for the end of a bracket expression of which an element matched.
fn skip(mut pattern: &[u8], matched: bool, options: Options) -> Bracket<'_> {
    loop {
        pattern = match pattern {
            [] => return Bracket::Unclosed,
            [b']', rest @ ..] => return Bracket::Closed(matched, rest),
            [b'\\', escaped @ ..] if !options.no_escape => match escaped {
                [] => return Bracket::Malformed,
                [_, rest @ ..] => rest,
            },
            [b'[', literal @ ..] if literal.starts_with(b":") => match class(literal) {
                Some((_, rest)) => rest,
                None => literal,
            },
            [b'[', b'=', _, b'=', b']', rest @ ..] => rest,
            [b'[', b'=', ..] => return Bracket::Malformed,
            [b'[', b'.', name @ ..] => {
                let end = name.windows(2).position(|two| two == b".]");
                match end.and_then(|end| name.get(end + 2..)) {
                    Some(rest) => rest,
                    None => return Bracket::Malformed,
                }
            }
            [_, rest @ ..] => rest,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Options, fnmatch};
    use crate::pattern::{glibc, random::Random};

    fn check(pattern: &[u8], text: &[u8], options: Options) {
        assert_eq!(
            fnmatch(pattern, text, options),
            glibc::fnmatch(pattern, text, options),
            "{} on {} with {options:?}",
            pattern.escape_ascii(),
            text.escape_ascii()
        );
    }

    fn all_options() -> impl Iterator<Item = Options> {
        (0..8).map(|bits| Options {
            no_escape: bits & 1 != 0,
            pathname: bits & 2 != 0,
            period: bits & 4 != 0,
        })
    }

    #[test]
    fn tricky_patterns_match_as_in_glibc() {
        let patterns = [
            "",
            "*",
            "?",
            "**",
            "*?",
            "?*",
            "a*b*c",
            "*.c",
            ".*",
            "[.]*",
            "*/*",
            "a/*",
            "*/b",
            "*\\/b",
            "\\",
            "a\\",
            "\\*",
            "\\a",
            "[",
            "[a",
            "a[",
            "[]",
            "[]]",
            "[]a]",
            "[!]a]",
            "[^]a]",
            "[!a]",
            "[^a]",
            "[a-c]",
            "[c-a]",
            "[a-]",
            "[-a]",
            "[a-",
            "[--c]",
            "[\\]]",
            "[a\\-c]",
            "[\\",
            "[[:alpha:]]",
            "[[:nope:]]",
            "[[:alpha:",
            "[[:Alpha:]]",
            "[[::]]",
            "[[=a=]b]",
            "[[=a",
            "[[.a.]-c]",
            "[[.a.]-]",
            "[![.a.]-]",
            "[[.a.]-",
            "[[.ab.]]",
            "[[.",
            "[a-[.c.]]",
            "[a[:digit:]",
            "[!a/]b",
            "a[/]b",
            "[[*",
            "[*-",
            "*[",
            "[a]/[b]",
            ".",
            "*?[.]x",
            "*[!.]",
        ];
        let texts = [
            "", "a", "b", "c", "]", "[", "-", "\\", "*", ".", ".a", "a/b", "a/.b", "/", "/.a",
            "abc", "aXbXc", "a.c", ".c", "[a", "[]", "[*", "[-", "a]", "=]", "a.x", "1", "]a",
            "ab", "[ab",
        ];
        for options in all_options() {
            for pattern in patterns {
                for text in texts {
                    check(pattern.as_bytes(), text.as_bytes(), options);
                }
            }
        }
    }

    #[test]
    fn random_patterns_match_as_in_glibc() {
        let tokens = [
            "a",
            "b",
            "c",
            "z",
            "*",
            "*",
            "?",
            "[",
            "[",
            "]",
            "]",
            "-",
            "!",
            "^",
            "\\",
            "/",
            ".",
            "[:alpha:]",
            "[:",
            ":]",
            "[.",
            ".]",
            "[=",
            "=]",
            "[=a=]",
            "[.-.]",
            "[abc]",
            "[a-c]",
        ];
        let mut random = Random::new(1);
        for _ in 0..20_000 {
            let mut pattern = random.concatenation(&tokens, 8);
            if random.below(2) == 0 {
                pattern.insert(0, b'[');
            }
            let bits = random.below(8);
            let options = all_options().nth(bits).unwrap();
            for _ in 0..4 {
                let text = random.bytes(b"[[aa--]]..bc/z:=!", 6);
                check(&pattern, &text, options);
            }
        }
    }

    #[test]
    fn many_asterisks_take_no_exponential_time() {
        let pattern = b"*a".repeat(500);
        let mut text = b"a".repeat(5_000);
        text.push(b'b');
        assert!(!fnmatch(&pattern, &text, Options::default()));
    }
}
