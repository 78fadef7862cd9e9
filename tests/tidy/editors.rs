//! The names of commands in the files that editors highlight scripts by. Everything else in
//! those files is written by hand; whether they agree with the lexer is tested with the linter.

use std::collections::BTreeMap;

use execline::command::{Command, Operand};
use execline::commands::COMMANDS;

use super::{bless, tree};

const TEXTMATE: &str = "editors/vscode/syntaxes/execline.tmLanguage.json";
const VIM: &str = "editors/vim/syntax/execline.vim";

/// True where the command takes a block.
fn takes_block(command: &Command) -> bool {
    command.operands.iter().any(|operand| {
        let operand = match operand {
            Operand::Optional(operand) => operand,
            operand => operand,
        };
        matches!(
            operand,
            Operand::Program(_) | Operand::Words(_) | Operand::Cases(_)
        )
    })
}

/// The names of the commands that take a block, or of those that take none, with this between.
fn names(with_block: bool, between: &str) -> String {
    let mut names: Vec<&str> = COMMANDS
        .iter()
        .filter(|command| takes_block(command) == with_block)
        .map(|command| command.name)
        .collect();
    names.sort_unstable();
    assert!(names.len() > 10, "{names:?}");
    names.join(between)
}

/// The text with this for what stands between `begins`, in the line where it is met first
/// behind `mark`, and the last `ends` of the line.
fn replaced(text: &str, mark: &str, begins: &str, ends: &str, by: &str) -> String {
    let behind_mark = text.find(mark).expect(mark) + mark.len();
    let start = behind_mark + text[behind_mark..].find(begins).expect(begins) + begins.len();
    let line = text[start..].lines().next().expect("the rest of the line");
    let end = start + line.rfind(ends).expect(ends);
    format!("{}{by}{}", &text[..start], &text[end..])
}

#[test]
fn editors_know_the_commands_there_are() {
    let mut grammar = tree::read(TEXTMATE);
    let mut syntax = tree::read(VIM);
    for (with_block, scope, group) in [
        (true, "keyword.control.execline", "execlineBlockCommand"),
        (false, "keyword.other.command.execline", "execlineCommand"),
    ] {
        let pattern = format!(
            r"\\G(?:/command/|/bin/|/usr/bin/)?(?:{})(?=[\\x00-\\x20])",
            names(with_block, "|")
        );
        grammar = replaced(
            &grammar,
            &format!("\"name\": \"{scope}\""),
            "\"match\": \"",
            "\"",
            &pattern,
        );
        let pattern = format!(
            r"\%(^\|[\x01-\x20]\)\@1<=\%(/command/\|/bin/\|/usr/bin/\)\=\%({}\)\ze\%([\x01-\x20]\|$\)",
            names(with_block, r"\|")
        );
        syntax = replaced(
            &syntax,
            &format!("syn match {group} "),
            "\"",
            "\"",
            &pattern,
        );
    }
    let derived = BTreeMap::from([(TEXTMATE.to_owned(), grammar), (VIM.to_owned(), syntax)]);
    bless::settle(&derived, None);
}
