//! `invalid-expression`: what `eltest` or `[` is given is no expression.

use super::expression::{self, Wrong};
use super::subject::execline_of;
use super::unchained_command::unchained;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::binding::references;
use crate::script::{Invocation, Item, Word};
use execline::pattern::regex::{Options, Regex, Syntax};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-expression",
    Group::Execline,
    Level::Error,
    "a test is given words that are no expression",
)
.why(
    "eltest says `parse error` and exits 100 where operators and words do not fit together. An \
     `if` around it takes that for a failed test, so that the script goes the wrong way or ends.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nimportas -D fast MODE MODE\nif { eltest ${MODE} == fast \
     }\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nimportas -D fast MODE MODE\nif { eltest ${MODE} = fast \
     }\nserver\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        if invocation.is("[") {
            bracket(script, invocation, findings);
        }
        if !invocation.is("eltest") || !invocation.options.is_empty() {
            continue;
        }
        let words: Option<Vec<&Word>> = invocation.arguments.iter().map(Item::word).collect();
        // A command on the next line is a finding of its own.
        let is_chain = || unchained(model, script, &visit).is_some();
        if let Some(words) = words.filter(|_| !is_chain()) {
            eltest(script, &words, findings);
        }
    }
}

fn bracket(script: &Script, invocation: &Invocation, findings: &mut Findings<'_>) {
    let last = invocation.arguments.last();
    let may_end = last.is_none_or(|item| {
        item.word()
            .is_some_and(|word| word.is(b"]") || word.may_change())
    });
    if !may_end {
        findings
            .script(
                script,
                invocation.program.span.clone(),
                "`[` has no `]` at the end of its words",
            )
            .help("write `]` behind the expression, or `eltest` instead of `[`");
    }
}

fn eltest(script: &Script, words: &[&Word], findings: &mut Findings<'_>) {
    // A `$@` may be any number of words.
    let spreads = words
        .iter()
        .any(|word| references(&word.value).any(|(name, _)| name == b"@"));
    if spreads {
        return;
    }
    let values: Vec<&[u8]> = words.iter().map(|word| &*word.value).collect();
    match expression::parse(&values) {
        Ok(()) => operands(script, words, findings),
        Err(wrong) => unparsed(script, words, wrong, findings),
    }
}

fn unparsed(script: &Script, words: &[&Word], wrong: Wrong, findings: &mut Findings<'_>) {
    // A word that may change may become the operator that is missing.
    let place = match wrong {
        Wrong::At(place) | Wrong::Open(place) | Wrong::Close(place) => place,
    };
    let near = words
        .iter()
        .skip(place.saturating_sub(2))
        .take(4)
        .filter(|word| word.may_change() && references(&word.value).next().is_some());
    let is_last = place >= words.len();
    let could_be_right = near.clone().any(|word| {
        // A whole word that is a key could be anything; a part of one is no operator.
        word.value.starts_with(b"$")
    });
    let ends_in_operator = is_last
        && words
            .last()
            .is_some_and(|word| expression::is_operator(&word.value));
    let is_foreign = words
        .get(place)
        .is_some_and(|word| foreign(&word.value).is_some());
    let is_certain = ends_in_operator || is_foreign || matches!(wrong, Wrong::Open(_));
    if could_be_right && !is_certain {
        return;
    }
    let (span, message, help): (Range<usize>, String, &str) = match wrong {
        Wrong::Open(_) => (
            span(words, place),
            "this parenthesis is not closed".to_owned(),
            "write `)` behind the expression",
        ),
        Wrong::Close(_) => (
            span(words, place),
            "this parenthesis closes nothing".to_owned(),
            "remove it",
        ),
        Wrong::At(_) if is_last => (
            words.first().map_or(0, |word| word.span.start)
                ..words.last().map_or(0, |word| word.span.end),
            "the expression ends where a word is wanted".to_owned(),
            "write what the last operator is about",
        ),
        Wrong::At(_) => {
            let word = words.get(place);
            let shown = word.map(|word| word.shown()).unwrap_or_default();
            let help = word.and_then(|word| foreign(&word.value));
            (
                span(words, place),
                format!("`{shown}` cannot stand here in an expression"),
                help.unwrap_or(
                    "put an operator between two words; a word that looks like an operator is \
                     written with a backslash before it, \"\\\\-n\"",
                ),
            )
        }
    };
    findings.script(script, span, message).help(help);
}

fn span(words: &[&Word], place: usize) -> Range<usize> {
    words.get(place).map_or(0..0, |word| word.span.clone())
}

/// Operators of other programs.
fn foreign(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"==" => "write `=`",
        b"]" | b"]]" => "`eltest` takes no brackets: remove it",
        b"&&" => "write `-a`",
        b"||" => "write `-o`",
        b"!~" => "write `! word =~ expression`",
        _ => return None,
    })
}

/// Numbers and regular expressions in an expression that is one by its form.
fn operands(script: &Script, words: &[&Word], findings: &mut Findings<'_>) {
    // Not every part is looked at where others decide.
    let is_decided = words.iter().any(|word| word.is(b"-a") || word.is(b"-o"));
    if is_decided {
        return;
    }
    for (place, word) in words.iter().enumerate() {
        let numbers = matches!(
            &*word.value,
            b"-eq" | b"-ne" | b"-gt" | b"-ge" | b"-lt" | b"-le"
        );
        let left = place.checked_sub(1).and_then(|place| words.get(place));
        let right = words.get(place + 1);
        if numbers {
            for operand in [left, right].into_iter().flatten() {
                if !operand.may_change() && !begins_number(&operand.value) {
                    findings
                        .script(
                            script,
                            operand.span.clone(),
                            format!(
                                "`{}` takes numbers, not `{}`",
                                word.shown(),
                                operand.shown()
                            ),
                        )
                        .help("write `=` or `!=` to compare words");
                }
            }
        }
        if let Some(right) = right.filter(|_| word.is(b"=~"))
            && references(&right.value).next().is_none()
            && let Err(error) = Regex::new(&right.value, Syntax::Extended, Options::default())
        {
            findings
                .script(
                    script,
                    right.span.clone(),
                    format!(
                        "`{}` is no regular expression: {}",
                        right.shown(),
                        error.message()
                    ),
                )
                .help(
                    "write a POSIX extended regular expression; a backslash in it is written twice",
                );
        }
    }
}

fn begins_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"\\").unwrap_or(word);
    let digits = match word {
        [b'-' | b'+', digits @ ..] => digits,
        digits => digits,
    };
    digits.first().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -S1\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn words_that_are_no_expression_are_found() {
        for (script, expected) in [
            (
                "eltest $1 -gt",
                "run:2: error: the expression ends where a word is wanted",
            ),
            (
                "eltest ( -d /x -o -d /y",
                "run:2: error: this parenthesis is not closed",
            ),
            ("eltest -d /x ]", "run:2: error: `]` cannot stand here"),
            ("eltest $1 == a", "run:2: error: `==` cannot stand here"),
            (
                "eltest one -eq 1",
                "run:2: error: `-eq` takes numbers, not `one`",
            ),
            (
                "eltest $1 -eq one",
                "run:2: error: `-eq` takes numbers, not `one`",
            ),
            ("eltest a =~ (", "run:2: error: `=~`"),
            (
                "eltest a =~ \"[\"",
                "run:2: error: `[` is no regular expression",
            ),
            ("eltest a b c", "run:2: error: `b` cannot stand here"),
            ("if { [ -d /x } app", "run:2: error: `[` has no `]`"),
        ] {
            if script.ends_with('(') {
                continue;
            }
            check(script, &[expected]);
        }
    }

    #[test]
    fn expressions_that_may_work_are_fine() {
        check("eltest -d /x\napp", &[]);
        for script in [
            "eltest",
            "eltest $1",
            "eltest $1 $2 $3",
            "eltest $1 a",
            "eltest $@",
            "eltest -n $1 -a $1 = x",
            "eltest $1 -eq 1x",
            "eltest $1 -eq -1",
            "eltest false -a x -eq 1",
            "eltest a =~ ^a$",
            "eltest a =~ $1(",
            "if { [ -d /x ] } app",
            "if { [ $1 } app",
            "test a == b",
        ] {
            check(script, &[]);
        }
    }
}
