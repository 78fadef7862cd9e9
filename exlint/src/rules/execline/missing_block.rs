//! `missing-block`: a command that takes a block is given a word, or nothing.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::programs::Origin;
use crate::rule::{Group, Rule};
use crate::script::{Invocation, Item, Problem};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-block",
    Group::Execline,
    Level::Error,
    "a command that takes a block is not given one",
)
.why(
    "Commands such as if, foreground and forx take a command line or a list in a block of \
     braces, each of which stands alone between blanks. Without it they say `unterminated \
     block` and exit 100.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nif test -d /data\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nif { test -d /data }\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        for problem in &invocation.problems {
            match problem {
                Problem::MissingBlock { operand, found } => {
                    missing(script, invocation, operand, found.as_ref(), findings);
                }
                Problem::BadCase { span } => {
                    let name = String::from_utf8_lossy(invocation.name());
                    findings
                        .script(
                            script,
                            span.clone(),
                            format!("`{name}` takes pairs of a word and a block here"),
                        )
                        .help("write a block { } behind each word");
                }
                _ => {}
            }
        }
    }
}

/// How a block ends that was not begun with a brace.
enum End {
    /// By no word: the command fails.
    Never,
    /// By an empty word that is written as such.
    Written,
    /// By the end of a later block, which then belongs to this one.
    OfAnother(Range<usize>),
}

fn end(items: &[Item]) -> End {
    for item in items {
        match item {
            Item::Word(word) if word.value.is_empty() => return End::Written,
            Item::Word(word) if word.value.starts_with(b" ") => return End::Written,
            Item::Word(_) => {}
            Item::Block(block) => return End::OfAnother(block.span()),
        }
    }
    End::Never
}

fn missing(
    script: &Script,
    invocation: &Invocation,
    operand: &str,
    found: Option<&Range<usize>>,
    findings: &mut Findings<'_>,
) {
    let name = String::from_utf8_lossy(invocation.name());
    let end = end(&invocation.arguments);
    if matches!(end, End::Written) || is_wait_for_numbers(invocation) {
        return;
    }
    let Some(span) = found else {
        findings
            .script(
                script,
                invocation.span(),
                format!("`{name}` is not given its block: {operand}"),
            )
            .help(format!("write {{ }} behind `{name}`"));
        return;
    };
    // It may become an option, or an empty word that ends the block.
    if script.slice(span).contains(&b'$') {
        return;
    }
    let word = String::from_utf8_lossy(script.slice(span)).into_owned();
    // To a command without options, that is what it looks like to its reader: an option.
    if is_option(invocation, &word) {
        return;
    }
    let help = match (&*word, &*name) {
        ("[" | "[[" | "test" | "!", "if" | "ifelse" | "ifte" | "ifthenelse") => {
            format!("write `{name} {{ test ... }}`; there is no `then` and no `fi`")
        }
        _ if word.starts_with('{') && word.len() > 1 => {
            "a brace that begins a block stands alone: write a blank behind it".to_owned()
        }
        _ => format!("put it in braces that stand alone: `{name} {{ {word} ... }}`"),
    };
    let found = findings
        .script(
            script,
            invocation.program.span.clone(),
            format!("`{word}` stands where `{name}` takes a block: {operand}"),
        )
        .help(help)
        .related(script.node, Some(span.clone()), "a block was wanted here");
    if let End::OfAnother(other) = end {
        found.level(Level::Warning).related(
            script.node,
            Some(other),
            "all up to the end of this block is taken for it",
        );
    }
}

/// True where the word was meant as an option of a command that has none.
pub fn is_option(invocation: &Invocation, word: &str) -> bool {
    let signature = invocation.signature.as_ref();
    word.len() > 1
        && word.starts_with('-')
        && signature.is_some_and(|s| s.origin == Origin::Execline && s.options.is_empty())
}

/// `wait 12 $pid` works: it takes words in the place of its block.
fn is_wait_for_numbers(invocation: &Invocation) -> bool {
    let mut words = invocation.arguments.iter();
    invocation.is("wait")
        && words.all(|item| {
            item.word()
                .is_some_and(|word| word.may_change() || word.value.iter().all(u8::is_ascii_digit))
        })
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
    fn words_are_no_blocks() {
        check(
            "if [ -d /x ]\nrm -r /x",
            &["run:2: error: `[` stands where `if` takes a block: command"],
        );
        check(
            "foreground echo a\napp",
            &["run:2: error: `echo` stands where `foreground` takes a block"],
        );
        check(
            "foreground",
            &["run:2: error: `foreground` is not given its block"],
        );
        check(
            "ifthenelse { true } { echo then }",
            &["run:2: error: `ifthenelse` is not given its block"],
        );
        check(
            "case a { a }",
            &["run:2: error: `case` takes pairs of a word and a block here"],
        );
        check(
            "foreground {echo a}\napp",
            &["run:2: error: `{echo` stands where `foreground` takes a block"],
        );
    }

    #[test]
    fn a_block_that_ends_by_luck_is_a_warning() {
        check(
            "foreground echo { a }\napp",
            &["run:2: warning: `echo` stands where `foreground` takes a block"],
        );
    }

    #[test]
    fn blocks_without_braces_work() {
        for script in [
            "foreground echo a \"\"\napp",
            "foreground \" echo\" \" a\" \"\" app",
            "foreground { }\napp",
            "forx i { } app",
            "wait\n",
            "wait 12 13",
            "wait $x",
            "if $@ app",
            "define k -n if $k { false } app",
        ] {
            check(script, &[]);
        }
    }
}
