//! `superfluous-block`: a block stands where a word or a program is wanted.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Chain, Item, Problem, Value};
use execline::syntax::TokenKind;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "superfluous-block",
    Group::Execline,
    Level::Error,
    "a block stands where a word or a program is wanted",
)
.why(
    "A block is no group of commands: it becomes words, each with a blank before it, and an \
     empty word. Where the command before it takes no block, the first of these words is taken \
     for a program or an operand, and there is no program of that name.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nexport A 1 { server }\n",
    "== run 0755\n#!/command/execlineb -P\nexport A 1\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    if !execline.is_sound() {
        return;
    }
    if let Some(Item::Block(block)) = execline.items.first() {
        at_beginning(script, block.span(), "the script", findings);
    }
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let name = String::from_utf8_lossy(invocation.name());
        for problem in &invocation.problems {
            let Problem::SuperfluousBlock { operand, span } = problem else {
                continue;
            };
            let is_empty = script
                .slice(span)
                .iter()
                .all(|byte| matches!(byte, b'{' | b'}') || byte.is_ascii_whitespace());
            match operand {
                // `{ }` is one empty word.
                Some(operand) if is_empty => findings
                    .script(
                        script,
                        span.clone(),
                        format!("an empty block stands for the operand `{operand}` of `{name}`"),
                    )
                    .level(Level::Note)
                    .help("write \"\", which is the same word"),
                Some(operand) => findings
                    .script(
                        script,
                        span.clone(),
                        format!("`{name}` takes a word here, not a block: {operand}"),
                    )
                    .help("write the word without braces; several are quoted into one"),
                None if invocation.is("multisubstitute") => findings
                    .script(
                        script,
                        span.clone(),
                        "a block stands where `multisubstitute` takes the name of a directive",
                    )
                    .help("write define, importas, elglob, elgetpositionals or multidefine"),
                None => findings
                    .script(
                        script,
                        span.clone(),
                        format!("a block stands where the program that `{name}` runs is named"),
                    )
                    .help(
                        "write the program without braces; a command line that is to end before \
                         the next one begins is written `foreground { ... }`",
                    ),
            };
        }
        for operand in &invocation.operands {
            match &operand.value {
                Value::Program(braces, chain) => {
                    nested(script, chain, braces.open.end, &name, findings);
                }
                Value::Cases(_, cases) => {
                    for (_, braces, chain) in cases {
                        nested(script, chain, braces.open.end, &name, findings);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Where a block begins with a block, that is no command line.
fn nested(script: &Script, chain: &Chain, inside: usize, name: &str, findings: &mut Findings<'_>) {
    let Some(execline) = script
        .execline
        .as_ref()
        .filter(|_| chain.invocations.is_empty())
    else {
        return;
    };
    let tokens = &execline.syntax.tokens;
    let place = tokens.partition_point(|token| token.span.start < inside);
    let first = tokens
        .iter()
        .skip(place)
        .find(|token| token.kind != TokenKind::Comment);
    if let Some(token) = first.filter(|token| token.kind == TokenKind::Open) {
        let span = token.span.start..token.span.end;
        at_beginning(script, span, &format!("the block of `{name}`"), findings);
    }
}

fn at_beginning(script: &Script, span: Range<usize>, of: &str, findings: &mut Findings<'_>) {
    findings
        .script(
            script,
            span,
            format!("{of} begins with a block where a program is named"),
        )
        .help("remove these braces, or write `foreground` before them");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn blocks_are_no_words_and_no_programs() {
        check(
            "fdmove -c 2 1 { app }",
            &["run:2: error: a block stands where the program that `fdmove` runs is named"],
        );
        check(
            "importas { A } A app",
            &["run:2: error: `importas` takes a word here, not a block: key"],
        );
        check("{ app }", &["run:2: error: the script begins with a block"]);
        check(
            "foreground { { app } } app",
            &["run:2: error: the block of `foreground` begins with a block"],
        );
        check(
            "foreground { # why\n { app } } app",
            &["run:3: error: the block of `foreground` begins with a block"],
        );
        check(
            "multisubstitute { { define a b } } app",
            &["run:2: error: a block stands where `multisubstitute`"],
        );
        check(
            "export A { } app",
            &["run:2: note: an empty block stands for the operand `value`"],
        );
    }

    #[test]
    fn blocks_that_are_wanted_are_fine() {
        for script in [
            "foreground { } app",
            "foreground { app { } }",
            "loader { app } { b } app",
            "case a { a { app } } app",
            "forx i { { a } } app",
            "trap { TERM { app } } app",
        ] {
            check(script, &[]);
        }
    }
}
