//! The manual pages of the linter and its rules: the options from its command line, the rest
//! from `docs/exlint.md` and the rules' constants. Knows no rule and no option by name.

use clap::{Arg, CommandFactory};
use exlint::cli::Arguments;
use exlint::rules;
use std::collections::BTreeMap;

use super::roff::{self, Block, Title};
use super::{bless, tree};

/// The page that says how it is used.
const GUIDE: &str = "docs/exlint.md";

fn heading(title: &str) -> Block {
    Block::Heading(2, title.to_owned())
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(text.into())
}

/// How an option is written, and what it does.
fn entry(argument: &Arg) -> Vec<String> {
    let value = if argument.get_action().takes_values() {
        let names = argument.get_value_names().unwrap_or_default();
        names.iter().map(|name| format!(" {name}")).collect()
    } else {
        String::new()
    };
    let short = argument.get_short().map(|letter| format!("`-{letter}`"));
    let long = argument.get_long().map(|long| format!("`--{long}{value}`"));
    let names: Vec<String> = [short, long].into_iter().flatten().collect();
    let mut text = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let values = argument.get_possible_values();
    if !values.is_empty() && argument.get_action().takes_values() {
        let values: Vec<String> = values
            .iter()
            .map(|value| {
                let help = value.get_help().map(|help| format!(" ({help})"));
                format!("`{}`{}", value.get_name(), help.unwrap_or_default())
            })
            .collect();
        text = format!("{text}: {}", values.join(", "));
    }
    // An option without a value has a default too, which is that it is not given.
    if let [default] = argument.get_default_values()
        && argument.get_action().takes_values()
    {
        text = format!("{text}; `{}` unless told otherwise", default.display());
    }
    Vec::from([names.join(", "), text])
}

#[test]
fn the_manual_page_of_the_linter_is_its_command_line_and_its_guide() {
    let mut command = Arguments::command();
    command.build();
    let options = command
        .get_arguments()
        .filter(|argument| !argument.is_positional());
    let rows: Vec<Vec<String>> = options.map(entry).collect();
    assert!(rows.len() > 10, "{rows:?} are not all options");
    let mut blocks = Vec::from([
        heading("Synopsis"),
        paragraph("`exlint` [options] path..."),
        paragraph("`exlint --explain` rule"),
        paragraph("`exlint --list-rules`"),
        paragraph("`exlint --completions` shell"),
        heading("Description"),
    ]);
    let guide = roff::blocks(&tree::read(GUIDE));
    let (opening, sections): (Vec<_>, Vec<_>) = {
        let first = guide
            .iter()
            .position(|block| matches!(block, Block::Heading(2, _)));
        let (opening, sections) = guide.split_at(first.expect("sections"));
        (opening.to_vec(), sections.to_vec())
    };
    blocks.extend(opening);
    blocks.push(heading("Options"));
    blocks.push(Block::Table(
        Vec::from(["Option".to_owned(), "What it does".to_owned()]),
        rows,
    ));
    blocks.extend(sections);
    blocks.push(heading("See also"));
    blocks.push(paragraph("`exlint-rules`(7), `execline`(7)"));
    let title = Title {
        name: "exlint",
        section: "1",
        summary: "finds what would break at boot in execline scripts and service trees",
        manual: "exlint",
    };
    let source = format!("exlint/src/cli.rs and {GUIDE} by exlint/tests/tidy.rs");
    let text = roff::page(&title, &source, bless::REMEDY, &blocks);
    bless::settle(
        &BTreeMap::from([("man/man1/exlint.1".to_owned(), text)]),
        None,
    );
}

#[test]
fn the_manual_page_of_the_rules_is_what_they_are() {
    let all = rules::all();
    let mut blocks = Vec::from([
        heading("Description"),
        paragraph(format!(
            "What `exlint`(1) finds: {} rules. \
             `exlint --explain` and the name of a rule shows a bad and a good sample too.",
            all.len()
        )),
        paragraph(
            "A comment in a script allows what a rule finds: `# exlint: allow` and its name. \
             `exlint.toml` turns a rule off, or makes it a note, a warning or an error.",
        ),
    ]);
    let mut group = None;
    for rule in &all {
        if group != Some(rule.group) {
            group = Some(rule.group);
            blocks.push(heading(&format!("Rules: {}", rule.group.name())));
        }
        let fix = if rule.fix.is_some() {
            ", fixed by `--fix`"
        } else {
            ""
        };
        let level = rule.level.name();
        blocks.push(Block::Heading(3, rule.name.to_owned()));
        blocks.push(paragraph(format!(
            "{} ({level}{fix})",
            capitalised(rule.summary)
        )));
        blocks.extend(roff::blocks(rule.why));
    }
    blocks.push(heading("See also"));
    blocks.push(paragraph("`exlint`(1), `execline`(7)"));
    let title = Title {
        name: "exlint-rules",
        section: "7",
        summary: "what exlint finds in execline scripts and service trees",
        manual: "exlint",
    };
    let source = "exlint/src/rules/ by exlint/tests/tidy.rs";
    let text = roff::page(&title, source, bless::REMEDY, &blocks);
    for rule in &all {
        let name = format!(".SS \"{}\"\n", rule.name);
        assert!(text.contains(&name), "{name} is missing");
    }
    bless::settle(
        &BTreeMap::from([("man/man7/exlint-rules.7".to_owned(), text)]),
        None,
    );
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}
