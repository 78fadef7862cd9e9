//! The manual pages of the commands and of the language, from the pages in `docs/`, which come
//! from the commands' constants. Knows no command by name but those whose name is taken.

use std::collections::BTreeMap;

use execline::command::Command;
use execline::commands::COMMANDS;

use super::roff::{self, Block, Title};
use super::{bless, pages, tree};

/// Where the manual pages of commands are; a name in it ends with the section.
const COMMAND_PAGES: &str = "man/man1";

/// The section of the commands: section 1, told apart from other packages' pages.
const SECTION: &str = "1execline";

/// Names of pages in sections 2 and 3 of the Linux manual. `man` looks into section 1 first, so
/// a page of that name would be shown to everybody who wants those.
const TAKEN: [&str; 6] = ["exec", "exit", "getcwd", "getpid", "umask", "wait"];

/// The page about the language.
const LANGUAGE: &str = "docs/language.md";

/// What the command's page is looked up by.
fn page_name(command: &str) -> String {
    if TAKEN.contains(&command) {
        format!("execline-{command}")
    } else {
        command.to_owned()
    }
}

/// The page of a command out of its Markdown: what both have, in the order and by the names
/// that readers of manual pages know.
fn page(command: &Command, source: &str, markdown: &str) -> String {
    let name = page_name(command.name);
    let summary = if name == command.name {
        command.summary.to_owned()
    } else {
        format!("{}; execline's {}", command.summary, command.name)
    };
    let title = Title {
        name: &name,
        section: SECTION,
        summary: &summary,
        manual: "execline commands",
    };
    let mut opening = Vec::new();
    let mut synopsis = Vec::new();
    let mut rest = Vec::new();
    let mut section = String::new();
    for block in roff::blocks(markdown) {
        match (&*section, block) {
            (_, Block::Heading(1, _)) => {}
            (_, Block::Heading(2, title)) => {
                section = title;
                match &*section {
                    "Usage" => synopsis.push(heading("Synopsis")),
                    "Reference" => rest.push(heading("See also")),
                    other => rest.push(heading(other)),
                }
            }
            ("", Block::Paragraph(text)) => {
                opening.push(Block::Paragraph(sentence(command.name, &text)));
            }
            ("Usage", Block::Code(lines)) => synopsis.extend(
                lines
                    .iter()
                    .map(|line| Block::Paragraph(format!("`{line}`"))),
            ),
            ("Reference", Block::Paragraph(text)) => {
                let others = others(command);
                rest.push(Block::Paragraph(format!("{others}\n\n{text}")));
            }
            (_, block) => rest.push(block),
        }
    }
    if !section.contains("Reference") {
        rest.push(heading("See also"));
        rest.push(Block::Paragraph(others(command)));
    }
    let mut blocks = synopsis;
    blocks.push(heading("Description"));
    blocks.extend(opening);
    blocks.extend(rest);
    roff::page(&title, &from(source), bless::REMEDY, &blocks)
}

fn from(source: &str) -> String {
    format!("{source} by tests/tidy.rs")
}

fn heading(title: &str) -> Block {
    Block::Heading(2, title.to_owned())
}

/// The first sentence of a page, without the name that it opens with.
fn sentence(name: &str, opening: &str) -> String {
    let text = opening
        .strip_prefix(&format!("`{name}`: "))
        .unwrap_or(opening);
    let mut characters = text.chars();
    let first: String = characters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    first + characters.as_str()
}

/// The pages that belong to this one.
fn others(command: &Command) -> String {
    let mut names = Vec::from(["`execline`(7)".to_owned()]);
    for other in ["execlineb", command.program] {
        if other != command.name {
            names.push(format!("`{}`({SECTION})", page_name(other)));
        }
    }
    names.dedup();
    names.join(", ") + "."
}

#[test]
fn manual_pages_are_what_the_commands_are() {
    let mut derived = BTreeMap::new();
    for command in &COMMANDS {
        // `umask` is another name of `execline-umask`, which has its page already.
        let name = page_name(command.name);
        if name != command.name && name == command.program {
            continue;
        }
        let source = pages::source(command);
        let text = page(command, &source, &pages::text(command));
        let earlier = derived.insert(format!("{COMMAND_PAGES}/{name}.{SECTION}"), text);
        assert!(earlier.is_none(), "two pages are called {name}");
    }
    bless::settle(&derived, None);
    for page in tree::files(COMMAND_PAGES, SECTION) {
        let is_derived = derived.contains_key(&page.path);
        if !is_derived && bless::is_on() {
            std::fs::remove_file(tree::root().join(&page.path)).expect("a file of ours");
        } else {
            assert!(is_derived, "{} comes from nothing any more", page.path);
        }
    }
}

#[test]
fn the_manual_page_of_the_language_is_its_page() {
    let blocks = roff::blocks(&tree::read(LANGUAGE));
    let [Block::Heading(1, _), Block::Paragraph(opening), rest @ ..] = &*blocks else {
        panic!("{LANGUAGE} opens otherwise");
    };
    let mut page = Vec::from([heading("Description"), Block::Paragraph(opening.clone())]);
    page.extend_from_slice(rest);
    page.push(heading("See also"));
    page.push(Block::Paragraph(format!(
        "`execlineb`({SECTION}), `execline`({SECTION}); `exlint`(1), which checks scripts"
    )));
    let title = Title {
        name: "execline",
        section: "7",
        summary: "the language of execline scripts",
        manual: "execline",
    };
    let text = roff::page(&title, &from(LANGUAGE), bless::REMEDY, &page);
    bless::settle(
        &BTreeMap::from([("man/man7/execline.7".to_owned(), text)]),
        None,
    );
}

#[test]
fn a_taken_name_is_a_commands() {
    for taken in TAKEN {
        assert!(
            COMMANDS.iter().any(|command| command.name == taken),
            "{taken}"
        );
        assert_ne!(page_name(taken), taken);
    }
    assert_eq!(page_name("if"), "if");
}
