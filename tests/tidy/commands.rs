//! What every command's constant and the head of its file must say, so that the manual and
//! the linter can rely on it. Not whether it is true: the examples show that.

use std::collections::BTreeSet;

use execline::command::{Command, CommandOption, Operand};
use execline::commands::COMMANDS;

use super::registry::{command_files, command_name};
use super::{tree, verdict};

/// Options that upstream's usage line does not name. The line is upstream's, to the byte.
const UNNAMED: [(&str, &str, &str); 2] = [
    ("importas", "S", "since 2.9.6.0, but not in its usage line"),
    ("ifthenelse", "s", "undocumented on purpose"),
];

/// Commands that never answer with a usage line of upstream's, and why.
const NO_USAGE: [(&str, &str); 3] = [
    ("eltest", "no argument at all is an expression, and false"),
    (
        "foreground",
        "nothing but the end of its block can be missing",
    ),
    ("multisubstitute", "the line is a link to its page"),
];

/// True where the usage line is one.
pub fn has_usage(command: &Command) -> bool {
    !NO_USAGE.iter().any(|(name, _)| *name == command.program)
}

/// The commands once each.
fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS
        .iter()
        .filter(|command| command.name == command.program)
}

/// A clause: begins in lower case, or with the name of a variable; no full stop; one line.
fn is_clause(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_name = first.len() > 1
        && first
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let begins = first.starts_with(|c: char| !c.is_uppercase()) || is_name;
    begins && text.trim() == text && !text.ends_with('.') && !text.contains('\n')
}

#[test]
fn summaries_are_clauses() {
    let mut faults = Vec::new();
    for command in commands() {
        if !is_clause(command.summary) {
            faults.push(format!("{}: `{}`", command.name, command.summary));
        }
        for option in command.options {
            if !is_clause(option.summary) {
                faults.push(format!(
                    "{} {}: `{}`",
                    command.name,
                    shown(option),
                    option.summary
                ));
            }
        }
    }
    verdict("a summary is a clause", &faults);
}

fn shown(option: &CommandOption) -> String {
    match option.long {
        Some(long) if option.letter == '\0' => format!("--{long}"),
        _ => format!("-{}", option.letter),
    }
}

#[test]
fn options_are_told_apart() {
    let mut faults = Vec::new();
    for command in commands() {
        let mut seen = BTreeSet::new();
        for option in command.options {
            let names = [
                (option.letter != '\0').then(|| format!("-{}", option.letter)),
                option.long.map(|long| format!("--{long}")),
            ];
            if names.iter().all(Option::is_none) {
                faults.push(format!("{}: an option without a name", command.name));
            }
            for name in names.into_iter().flatten() {
                let is_plain = name
                    .trim_start_matches('-')
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-');
                if !is_plain || name.ends_with('-') {
                    faults.push(format!("{}: `{name}` is no name", command.name));
                }
                if !seen.insert(name.clone()) {
                    faults.push(format!("{}: {name} twice", command.name));
                }
            }
        }
    }
    verdict("options of one command have different names", &faults);
}

/// The letters behind a dash in a usage line, and those of `-[ a | b ]`.
fn letters_in_usage(usage: &str) -> BTreeSet<String> {
    let mut letters = BTreeSet::new();
    let mut is_choice = false;
    for word in usage.split_whitespace() {
        match word {
            "-[" => is_choice = true,
            "]" => is_choice = false,
            "|" => {}
            _ if is_choice => {
                letters.insert(word.to_owned());
            }
            _ => {
                if let Some(letter) = word.strip_prefix('-')
                    && letter.chars().count() == 1
                {
                    letters.insert(letter.to_owned());
                }
            }
        }
    }
    letters
}

#[test]
fn usage_names_every_option() {
    let mut faults = Vec::new();
    for command in commands() {
        let name = command.name;
        if !has_usage(command) {
            continue;
        }
        let called = COMMANDS
            .iter()
            .filter(|other| other.program == name)
            .any(|other| command.usage.split(' ').next() == Some(other.name));
        if !called {
            faults.push(format!("{name}: usage begins with another name"));
        }
        let in_usage = letters_in_usage(command.usage);
        let unnamed = |letter: &str| {
            UNNAMED
                .iter()
                .any(|(by, unnamed, _)| *by == name && *unnamed == letter)
        };
        let letters: BTreeSet<String> = command
            .options
            .iter()
            .filter(|option| option.letter != '\0')
            .map(|option| option.letter.to_string())
            .collect();
        for letter in &letters {
            if in_usage.contains(letter) == unnamed(letter) {
                faults.push(format!(
                    "{name}: -{letter} and the usage `{}`",
                    command.usage
                ));
            }
        }
        for letter in in_usage.difference(&letters) {
            faults.push(format!("{name}: -{letter} in the usage is no option"));
        }
    }
    verdict("the usage line names the options there are", &faults);
}

#[test]
fn the_rest_comes_last_and_operands_have_names() {
    let mut faults = Vec::new();
    for command in commands() {
        for (place, operand) in command.operands.iter().enumerate() {
            let takes_all = matches!(operand, Operand::Rest(_) | Operand::Arguments(_));
            if takes_all && place + 1 != command.operands.len() {
                faults.push(format!("{}: words behind the rest", command.name));
            }
            if let Operand::Optional(Operand::Optional(_)) = operand {
                faults.push(format!("{}: optional twice", command.name));
            }
            if operand.name().is_empty() {
                faults.push(format!("{}: an operand without a name", command.name));
            }
        }
    }
    verdict("operands have names, and the rest is behind them", &faults);
}

#[test]
fn heads_name_the_command_and_its_reference() {
    let mut faults = Vec::new();
    for file in command_files() {
        let name = command_name(&file);
        let path = format!("src/commands/{file}.rs");
        let text = tree::read(&path);
        if !text.starts_with(&format!("//! `{name}`: ")) {
            faults.push(format!("{path} does not open with //! `{name}`: "));
        }
        let page = if name == "execline" {
            String::new()
        } else {
            format!("{name}.html")
        };
        let reference = format!("//! Reference: <https://skarnet.org/software/execline/{page}>");
        if !text.contains(&reference) {
            faults.push(format!("{path} does not say {reference}"));
        }
    }
    verdict("a command's file says what it follows", &faults);
}

#[test]
fn versions_are_versions() {
    let mut faults = Vec::new();
    for command in commands() {
        let options = command.options.iter().map(|option| option.since);
        let examples = command.examples.iter().map(|example| example.since);
        for since in options.chain(examples).flatten() {
            let numbers = since.split('.').filter(|part| part.parse::<u32>().is_ok());
            if since != "ours" && numbers.count() != 4 {
                faults.push(format!("{}: since `{since}`", command.name));
            }
        }
    }
    verdict("what is new says since when", &faults);
}
