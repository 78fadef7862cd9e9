//! `syntax-error`: the text is no execline: a quote, a brace, an escape.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use execline::syntax::SyntaxErrorKind;

/// The rule.
pub const RULE: Rule = Rule::new(
    "syntax-error",
    Group::Execline,
    Level::Error,
    "the text is not execline",
)
.why(
    "execlineb refuses a script with a syntax error: it exits 100 before anything runs. In the \
     `up` or `down` of a oneshot, s6-rc-compile refuses the whole database, and nothing starts.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { echo \"starting }\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nforeground { echo \"starting\" }\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = &script.execline else {
        return;
    };
    let errors = &execline.syntax.errors;
    let is_quoted = errors
        .iter()
        .any(|error| error.kind == SyntaxErrorKind::UnterminatedQuote);
    for error in errors {
        // A string without an end takes the braces behind it with it.
        if is_quoted && error.kind == SyntaxErrorKind::UnmatchedOpen {
            continue;
        }
        let span = error.span.start..error.span.end;
        let found = findings
            .script(script, span, error.kind.explanation())
            .help(help(error.kind));
        if let Some(opened) = error.opened {
            found.related(script.node, Some(opened..opened + 1), "it was opened here");
        }
    }
}

fn help(kind: SyntaxErrorKind) -> &'static str {
    match kind {
        SyntaxErrorKind::UnmatchedClose => {
            "remove it, or write it in quotes, \"}\", where a word is meant"
        }
        SyntaxErrorKind::UnmatchedOpen => {
            "close the block with a } that stands alone between blanks"
        }
        SyntaxErrorKind::OpenAtEnd => "write the block and its }",
        SyntaxErrorKind::UnterminatedQuote => {
            "close the string; a quote inside of it is written \\\""
        }
        SyntaxErrorKind::TrailingBackslash => "remove the backslash",
        SyntaxErrorKind::BadEscape | SyntaxErrorKind::EscapeOutOfRange => {
            "a backslash that is meant is written \\\\"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn every_error_is_told_but_no_consequence() {
        for (script, expected) in [
            (
                "a } b { c",
                vec![
                    "run:2: error: this } closes",
                    "run:3: error: the script ends inside a block",
                ],
            ),
            (
                "foreground { \"a }",
                vec!["run:3: error: the script ends inside a quoted"],
            ),
            (
                "\"\\0z\" \"\\999\"",
                vec!["run:2: error: \\0 is", "run:2: error: a numeric"],
            ),
            ("a{b}c {} \\{ \"}\"", vec![]),
        ] {
            let text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
            sampling::check(&RULE, &text, &expected);
        }
    }
}
