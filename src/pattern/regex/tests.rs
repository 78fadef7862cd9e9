//! Claims about regular expressions, most of them checked against glibc.
//!
//! What is left out are patterns on which glibc contradicts itself, never
//! returns or overflows its stack; the head of the module names them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{Options, Regex, RegexError, Span, Syntax};
use crate::pattern::{glibc, random::Random};

const PLAIN: Options = Options {
    ignore_case: false,
    newline: false,
};

const IGNORE_CASE: Options = Options {
    ignore_case: true,
    newline: false,
};

fn flags(syntax: Syntax, options: Options) -> i32 {
    let mut flags = 0;
    for (wanted, flag) in [
        (syntax == Syntax::Extended, libc::REG_EXTENDED),
        (options.ignore_case, libc::REG_ICASE),
        (options.newline, libc::REG_NEWLINE),
    ] {
        if wanted {
            flags |= flag;
        }
    }
    flags
}

/// Error text, match or not, and the spans of all groups are those of glibc.
fn check(pattern: &[u8], text: &[u8], syntax: Syntax, options: Options) {
    let flags = flags(syntax, options);
    let context = format!(
        "{:?} {} on {} with {options:?}",
        syntax,
        pattern.escape_ascii(),
        text.escape_ascii()
    );
    match Regex::new(pattern, syntax, options) {
        Err(error) => {
            assert_eq!(
                Some(error.message().to_owned()),
                glibc::fault(pattern, flags),
                "{context}"
            );
        }
        Ok(regex) => {
            let matches = Some(regex.is_match(text).unwrap());
            assert_eq!(matches, glibc::is_match(pattern, text, flags), "{context}");
            let mut spans = regex.captures(text).unwrap();
            if let Some(spans) = &mut spans {
                assert!(regex.groups() < glibc::SPANS && spans.len() == regex.groups() + 1);
                spans.resize(glibc::SPANS, None);
            }
            assert_eq!(Ok(spans), glibc::regex(pattern, text, flags), "{context}");
        }
    }
}

struct Area<'a> {
    syntax: Syntax,
    tokens: &'a [&'a str],
    alphabet: &'a [u8],
    options: &'a [Options],
}

/// Compares random patterns of some tokens on random texts.
fn check_random(seed: u64, area: &Area<'_>) {
    let mut random = Random::new(seed);
    for _ in 0..5_000 {
        let pattern = random.concatenation(area.tokens, 9);
        let options = area.options[random.below(area.options.len())];
        for _ in 0..3 {
            let text = random.bytes(area.alphabet, 6);
            check(&pattern, &text, area.syntax, options);
        }
    }
}

#[test]
fn tricky_extended_expressions_are_those_of_glibc() {
    let patterns = [
        "",
        "a",
        "()",
        "(a)",
        "(|a)",
        "(a|)",
        "(a||b)",
        "|",
        "a|",
        "|a",
        "||",
        "a^b",
        "a$b",
        "^*",
        "^+",
        "*a",
        "a|*b",
        "(*a)",
        "(+)",
        "^a|b$",
        "(^a)",
        "(a$)",
        "a**",
        "a+*",
        "a?{2}",
        "{1}",
        "a{",
        "a{1",
        "a{1,",
        "a{1,2",
        "a{,2}",
        "a{,}",
        "a{}",
        "a{2,1}",
        "a{x}",
        "a{x",
        "a{1,x}",
        "a{32767}",
        "a{32768}",
        "a{99999,}",
        "a{1,99999}",
        "a{0}",
        "(a){0}b",
        "a{0}|b",
        "a}",
        "{",
        "}",
        "(a",
        "a)",
        ")",
        "(",
        "((a)",
        "a)*",
        "\\",
        "a\\",
        "\\1",
        "(a)\\1",
        "(a)\\2",
        "(a)|\\1",
        "(a\\1)",
        "((a)\\2)",
        "\\(a\\)",
        "\\{",
        "\\}",
        "\\.",
        "\\a",
        "[",
        "[]",
        "[]a]",
        "[^]a]",
        "[^",
        "[a",
        "[a-",
        "[a-]",
        "[-a]",
        "[a-c]",
        "[c-a]",
        "[a-c-e]",
        "[a-a]",
        "[--a]",
        "[---]",
        "[a\\]]",
        "[[:alpha:]]",
        "[[:nope:]]",
        "[[:alpha]",
        "[[:alpha:",
        "[:alpha:]",
        "[[=a=]]",
        "[[=ab=]]",
        "[[.a.]]",
        "[[.-.]]",
        "[[.ab.]]",
        "[[.hyphen.]]",
        "[[.a.]-c]",
        "[[=a=]-c]",
        "[a-[=c=]]",
        "[a-[:digit:]]",
        "[[.",
        "[[=a",
        "\\w+",
        "\\W",
        "\\s",
        "\\S+",
        "\\ba",
        "a\\b",
        "\\Ba",
        "a\\B",
        "\\<a",
        "a\\>",
        "\\`a",
        "a\\'",
        "\\b*",
        "(a*)*",
        "(a*)+",
        "(a|ab)(c|bcd)(d*)",
        "(a|ab)(bc|c)?",
        "((a)|b)*",
        "(a(b)?)+",
        "((a)|(b))*",
        "(a?)*",
        "((a?))*",
        "(((a)))",
        "((a)(b))",
        "(a){2}",
        "(a){2,3}",
        "(a|b){0,2}",
        "((a)?b){2}",
        "(a*)(a*)",
        "(a*?)",
        "(.*)(b)",
        "x*",
        "(x)*a",
        ".",
        "..",
        "(a|b)*c|(a|ab)*c",
        "(ab|a)(bcd|c)(d|.*)",
        "a{1,2}{2}",
        "(a{0,2}){3}",
    ];
    let texts = [
        "", "a", "b", "ab", "ba", "aa", "aaa", "abc", "abcd", "abab", "a b", "{", "}", "a}", ")",
        "*", "^", "a^b", "-", "]", "\\", "A", "_", ".", "acd", "bac", "xa",
    ];
    for pattern in patterns {
        for text in texts {
            check(pattern.as_bytes(), text.as_bytes(), Syntax::Extended, PLAIN);
        }
    }
}

#[test]
fn tricky_basic_expressions_are_those_of_glibc() {
    let patterns = [
        "",
        "a",
        "\\(\\)",
        "\\(a\\)",
        "\\(a\\)\\1",
        "\\1",
        "\\(a\\1\\)",
        "*",
        "*a",
        "a*",
        "a**",
        "a*\\{2\\}",
        "a\\+",
        "a\\?",
        "\\+a",
        "\\?a",
        "a\\|b",
        "a\\|*b",
        "\\(*a\\)",
        "\\(^a\\)",
        "\\(a$\\)",
        "^*",
        "^*a",
        "a^b",
        "a$b",
        "a\\|^b",
        "a$\\|b",
        "^^",
        "$$",
        "^$",
        "\\(^*a\\)",
        "(a)",
        "a{2}",
        "a\\{2\\}",
        "a\\{2,\\}",
        "a\\{,2\\}",
        "a\\{2,1\\}",
        "a\\{",
        "a\\{1",
        "a\\{1,2",
        "a\\{1}",
        "\\{1\\}",
        "a\\}",
        "\\(",
        "\\)",
        "a\\)",
        "\\(a",
        "\\",
        "a\\",
        "a+b",
        "a?b",
        "a|b",
        "[a]*",
        "\\(a\\)\\|\\1",
        "\\(a*\\)b\\1",
        "\\(.\\)\\(.\\)\\2\\1",
        "\\w*",
        "\\`a",
        "a\\'",
        "x*\\(a\\)",
        "\\(^\\)a",
        "a\\($\\)",
        "\\(a\\|ab\\)\\(c\\|bcd\\)\\(d*\\)",
        "a\\{32768\\}",
        "a\\{1\\}\\{2\\}",
        "a\\{1a\\}",
        "a\\{1,2,3\\}",
    ];
    let texts = [
        "", "a", "aa", "aaa", "ab", "abba", "b", "*", "*a", "^", "a^b", "$", "a$b", "(a)", "a{2}",
        "a+b", "a?b", "a|b", "+a", "?a", "aba", "abcd", "xa", "^*",
    ];
    for pattern in patterns {
        for text in texts {
            check(pattern.as_bytes(), text.as_bytes(), Syntax::Basic, PLAIN);
        }
    }
}

#[test]
fn random_syntax_gives_the_errors_of_glibc() {
    let tokens = [
        "a", "b", "\\(", "\\)", "(", ")", "|", "*", "\\{", "\\}", "{", "}", "1", "2", "3", ",",
        "32768", "\\", "[", "]", "^", "$", ".", "-", "[:", "[.", "[=", ":]", ".]", "=]", "alpha",
        "\\w", "\\S",
    ];
    for (seed, syntax) in [(3, Syntax::Basic), (4, Syntax::Extended)] {
        let area = Area {
            syntax,
            tokens: &tokens,
            alphabet: b"ab{(*-",
            options: &[PLAIN],
        };
        check_random(seed, &area);
    }
}

#[test]
fn random_repetitions_and_groups_match_as_in_glibc() {
    let extended = Area {
        syntax: Syntax::Extended,
        tokens: &[
            "a", "b", "c", "(", ")", "(", ")", "|", "*", "+", "?", "{1,2}", "{0,2}", "{2}", ".",
        ],
        alphabet: b"abc",
        options: &[PLAIN],
    };
    let basic = Area {
        syntax: Syntax::Basic,
        tokens: &[
            "a",
            "b",
            "\\(",
            "\\)",
            "\\(",
            "\\)",
            "\\|",
            "*",
            "\\+",
            "\\?",
            "\\{1,2\\}",
            ".",
            "^",
            "$",
            "{",
            "(",
            "+",
        ],
        alphabet: b"ab{(*",
        options: &[PLAIN],
    };
    check_random(5, &extended);
    check_random(6, &basic);
}

#[test]
fn random_anchors_match_as_in_glibc() {
    let area = Area {
        syntax: Syntax::Extended,
        tokens: &[
            "a", "b", "(", ")", "(", ")", "|", "*", "?", "^", "$", "\\b", "\\<", "\\>", "\\`",
            "\\'", ".", " ",
        ],
        alphabet: b"ab ",
        options: &[PLAIN],
    };
    check_random(7, &area);
}

#[test]
fn random_brackets_match_as_in_glibc() {
    let options = [false, true].map(|ignore_case| Options {
        ignore_case,
        newline: true,
    });
    let area = Area {
        syntax: Syntax::Extended,
        tokens: &[
            "[a",
            "[",
            "]",
            "]",
            "]",
            "-",
            "-",
            "a",
            "b",
            "z",
            "_",
            "A",
            "^",
            "[^",
            "[:alpha:]",
            "[:upper:]",
            "[:lower:]",
            "[:space:]",
            "[.-.]",
            "[=a=]",
            "[.a.]",
            "[:",
            "[.",
            "[=",
            ":]",
            ".]",
            "=]",
            "\\",
            "\n",
            "%",
        ],
        alphabet: b"abzA_]-^[:\n",
        options: &options,
    };
    check_random(8, &area);
}

#[test]
fn random_case_is_ignored_as_in_glibc() {
    let options =
        [(true, true), (true, false), (false, true)].map(|(ignore_case, newline)| Options {
            ignore_case,
            newline,
        });
    let area = Area {
        syntax: Syntax::Extended,
        tokens: &[
            "a",
            "B",
            "\\a",
            "\\B",
            "\\w",
            "\\W",
            "(",
            ")",
            "*",
            "|",
            "[a-c]",
            "[B-b]",
            "[^a]",
            "[[:upper:]]",
            "[[:lower:]b]",
            ".",
        ],
        alphabet: b"aAbB_",
        options: &options,
    };
    check_random(9, &area);
}

#[test]
fn random_back_references_match_as_in_glibc() {
    let extended = Area {
        syntax: Syntax::Extended,
        tokens: &[
            "a", "b", "B", "(a|b)", "(.)", "(bA?)", "\\1", "\\2", "\\1", "|", ".", "a?",
        ],
        alphabet: b"abA",
        options: &[PLAIN, IGNORE_CASE],
    };
    let basic = Area {
        syntax: Syntax::Basic,
        tokens: &[
            "a", "b", "\\(a\\)", "\\(b\\)", "\\(.\\)", "\\1", "\\2", "\\1", "\\|", ".",
        ],
        alphabet: b"ab",
        options: &[PLAIN],
    };
    check_random(10, &extended);
    check_random(11, &basic);
}

fn spans(pattern: &str, text: &str) -> Option<Vec<Option<Span>>> {
    let regex = Regex::new(pattern.as_bytes(), Syntax::Extended, PLAIN).unwrap();
    regex.captures(text.as_bytes()).unwrap()
}

#[test]
fn a_newline_ends_no_line_unless_asked_for() {
    assert_eq!(spans("^b", "a\nb"), None);
    assert_eq!(spans("a$\n", "a\nb"), None);
    let newline = Options {
        newline: true,
        ..PLAIN
    };
    for (pattern, text) in [
        ("^b", "a\nb"),
        ("a$", "a\nb"),
        ("a.b", "a\nb"),
        ("[^x]", "\n"),
        ("\n^b", "\nb"),
    ] {
        check(
            pattern.as_bytes(),
            text.as_bytes(),
            Syntax::Extended,
            newline,
        );
    }
}

#[test]
fn a_group_repeated_twice_can_be_referred_to() {
    assert_eq!(
        spans("(aa){0,2}\\1", "aaaaaa"),
        Some(vec![Some((0, 6)), Some((2, 4))])
    );
}

#[test]
fn a_loop_around_nothing_ends_where_glibc_does_not_return() {
    let found = spans("((b)?|b*)*b*b|a", "ababaa");
    assert_eq!(found.unwrap()[0], Some((0, 1)));
}

#[test]
fn hostile_patterns_take_bounded_time() {
    let text = b"a".repeat(3_000);
    for pattern in [
        "(a*)*b",
        "(a|a)*b",
        "(a*)*(a*)*(a*)*b",
        "(a?){500}a{500}b",
        "(.*)*(.*)*x",
    ] {
        let regex = Regex::new(pattern.as_bytes(), Syntax::Extended, PLAIN).unwrap();
        assert_eq!(regex.is_match(&text), Ok(false), "{pattern}");
        assert_eq!(regex.captures(&text), Ok(None), "{pattern}");
    }
    assert_eq!(
        spans("(a*)*", "aaaa"),
        Some(vec![Some((0, 4)), Some((0, 4))])
    );
}

#[test]
fn programs_beyond_the_limit_are_refused() {
    for pattern in [
        "a{32767}{32767}",
        "((a{1000}){1000}){1000}",
        "(((){32767}){32767}){32767}",
    ] {
        let error = Regex::new(pattern.as_bytes(), Syntax::Extended, PLAIN).unwrap_err();
        assert!(error.is_exhausted(), "{pattern}");
        assert_eq!(error.message(), "Memory exhausted");
    }
    assert!(Regex::new(b"a{32767}", Syntax::Extended, PLAIN).is_ok());
}

#[test]
fn nesting_takes_no_call_depth() {
    let depth = 50_000;
    let mut pattern = b"(".repeat(depth);
    assert_eq!(
        Regex::new(&pattern, Syntax::Extended, PLAIN).unwrap_err(),
        RegexError::Group
    );
    pattern.push(b'a');
    pattern.extend(b")".repeat(depth));
    let regex = Regex::new(&pattern, Syntax::Extended, PLAIN).unwrap();
    assert_eq!(regex.groups(), depth);
    assert_eq!(regex.is_match(b"ba"), Ok(true));
    assert_eq!(
        regex.captures(b"ba").unwrap().unwrap().last(),
        Some(&Some((1, 2)))
    );
}

#[test]
fn hostile_back_references_are_given_up() {
    let regex = Regex::new(b"(.*)(.*)(.*)(.*)\\1\\2\\3\\4x", Syntax::Extended, PLAIN).unwrap();
    let text = b"a".repeat(300);
    assert_eq!(regex.is_match(&text), Err(RegexError::Exhausted));
    assert_eq!(regex.captures(&text), Err(RegexError::Exhausted));
}

proptest! {
    #[test]
    fn any_bytes_compile_or_fail_and_match_consistently(
        pattern in "[ab()|*+?{}0-3,\\\\\\[\\]^$.:=-]{0,24}",
        text in proptest::collection::vec(any::<u8>(), 0..12),
        extended in any::<bool>(),
        ignore_case in any::<bool>(),
        newline in any::<bool>(),
    ) {
        let syntax = if extended { Syntax::Extended } else { Syntax::Basic };
        let options = Options { ignore_case, newline };
        if let Ok(regex) = Regex::new(pattern.as_bytes(), syntax, options) {
            let captures = regex.captures(&text).unwrap();
            prop_assert_eq!(regex.is_match(&text), Ok(captures.is_some()));
        }
    }
}
