//! Expressions of `eltest`, well-formed and not, against the reference. What the versions
//! of the reference do not agree on is left out: comparing files that are missing, and what
//! is said of a bad regular expression.

use proptest::prelude::*;

use super::agreement::{Input, Sides, cases, holds};

type Words = Vec<String>;

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn operand() -> impl Strategy<Value = String> + Clone {
    one_of(&[
        "",
        "a",
        "b",
        "ab",
        "1",
        "2",
        "-1",
        "+3",
        "01",
        "1x",
        "4294967295",
        "-2147483649",
        "\\-n",
        "\\(",
        "\\",
        "PATH",
        "SET",
        "EMPTY",
        "a=b",
        "é",
    ])
}

fn path() -> impl Strategy<Value = String> + Clone {
    one_of(&[
        "/",
        "/dev/null",
        "/etc/passwd",
        "/usr/bin/env",
        "/proc/self/fd",
        "/no/such",
        "",
        ".",
    ])
}

/// An expression without operators around it.
fn simple() -> impl Strategy<Value = Words> + Clone {
    let on_word = (one_of(&["-n", "-z", "-v"]), operand());
    let on_path = (
        one_of(&[
            "-e", "-d", "-f", "-s", "-L", "-h", "-b", "-c", "-p", "-S", "-k", "-g", "-u", "-r",
            "-w", "-x", "-O", "-U", "-G",
        ]),
        path(),
    );
    let terminal = (Just("-t".to_owned()), one_of(&["0", "1", "7", "x", "-1"]));
    let compare = (
        operand(),
        one_of(&[
            "=", "!=", "<", "<=", ">", ">=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge",
        ]),
        operand(),
    );
    let expressions = one_of(&[
        "a",
        "^a",
        "b$",
        "a*",
        "[ab]+",
        "(a|b)c?",
        "^$",
        "[^a]",
        "[0-9]{1,2}",
    ]);
    let matching = (operand(), expressions).prop_map(|(a, b)| vec![a, "=~".to_owned(), b]);
    let existing = one_of(&["/", "/dev/null", "/etc/passwd"]);
    let same = (existing.clone(), existing).prop_map(|(a, b)| vec![a, "-ef".to_owned(), b]);
    prop_oneof![
        1 => operand().prop_map(|word| vec![word]),
        1 => on_word.prop_map(|(a, b)| vec![a, b]),
        1 => on_path.prop_map(|(a, b)| vec![a, b]),
        1 => terminal.prop_map(|(a, b)| vec![a, b]),
        3 => compare.prop_map(|(a, b, c)| vec![a, b, c]),
        1 => matching,
        1 => same,
    ]
}

fn around(before: &[&str], inner: &[Words], between: &str, after: &[&str]) -> Words {
    let mut words: Words = before.iter().map(|word| (*word).to_owned()).collect();
    for (place, inner) in inner.iter().enumerate() {
        if place > 0 {
            words.push(between.to_owned());
        }
        words.extend(inner.iter().cloned());
    }
    words.extend(after.iter().map(|word| (*word).to_owned()));
    words
}

fn expression() -> impl Strategy<Value = Words> {
    simple().prop_recursive(5, 30, 3, |inner| {
        let two = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            two.clone().prop_map(|inner| around(&[], &inner, "-a", &[])),
            two.prop_map(|inner| around(&[], &inner, "-o", &[])),
            inner
                .clone()
                .prop_map(|inner| around(&["!"], &[inner], "", &[])),
            inner.prop_map(|inner| around(&["("], &[inner], "", &[")"])),
        ]
    })
}

/// Words in no order at all: what is no expression must fail in the same way.
fn jumble() -> impl Strategy<Value = Words> {
    let word = one_of(&[
        "(", ")", "(", ")", "!", "-a", "-o", "=", "!=", "<", "-n", "-z", "-e", "-eq", "-lt", "a",
        "b", "", "1", "2", "\\-n", "/", "-t", "-v", "SET", "-q", "--", "-", "\\(",
    ]);
    prop::collection::vec(word, 0..9)
}

#[test]
fn expressions_have_the_truth_that_the_reference_finds() {
    let sides = Sides::new();
    let words = prop_oneof![expression(), expression(), jumble()];
    holds(cases(256), &words, |words| {
        let mut input = Input::new(std::iter::once("eltest".to_owned()).chain(words));
        input.env = vec![("SET".into(), "1".into()), ("EMPTY".into(), "".into())];
        sides.agree_fused(&input)
    });
}
