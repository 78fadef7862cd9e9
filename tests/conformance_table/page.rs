//! Writes the page from the areas. Judges nothing: a hole is shown as a hole.

use std::collections::BTreeMap;
use std::fmt::Write;

use execline::command::Command;
use execline::commands::COMMANDS;

use super::case::Case;
use super::toolkit::Version;
use super::{Area, INSTALLED, shown, tree};

/// The page.
pub fn text(areas: &[Area]) -> String {
    let cases: usize = areas.iter().map(|area| area.cases.len()).sum();
    let all = || areas.iter().flat_map(|area| &area.cases);
    let compared = all().filter(|(case, _)| is_compared(case)).count();
    let newer = all().filter(|(case, _)| is_newer(case)).count();
    let deviating = all().filter(|(case, _)| case.deviation.is_some()).count();
    let examples: usize = COMMANDS
        .iter()
        .filter(|command| command.name == command.program)
        .map(|command| command.examples.len())
        .sum();
    let options: usize = COMMANDS.iter().map(|command| command.options.len()).sum();

    let mut page = format!(
        "# Conformance\n\n\
         What is known to be as in the reference, skarnet's execline 2.9.9.2, and how it is \
         known.\n\
         This page is derived from the cases in `tests/conformance/` and from the commands' \
         constants: `BLESS=1 cargo test` rewrites it, `cargo test` fails where it is not what \
         they say.\n\n\
         A case is a script or a command line, its surroundings, and what comes out to the byte: \
         standard output, standard error, exit code, files.\n\
         Its expectation was recorded from version 2.9.9.2.\n\
         `cargo test` runs each case on ours, on ours with `EXECLINE_FUSION=0`, and on the \
         reference that is installed, Debian's {INSTALLED}, unless the case is of something \
         newer or of a deviation.\n\n\
         | What | Number |\n| --- | ---: |\n\
         | commands | {} |\n\
         | options | {options} |\n\
         | cases | {cases} |\n\
         | of them compared with {INSTALLED} too | {compared} |\n\
         | of them newer than {INSTALLED} | {newer} |\n\
         | of them deviations | {deviating} |\n\
         | examples in the manual, run in the same way | {examples} |\n",
        COMMANDS.len()
    );

    page.push_str(
        "\n## Commands\n\n\
         How many cases call a command, wherever they stand, and how many use each option.\n\
         A case's words are followed as the commands take them; what a shell runs, or a word \
         that a substitution makes, is not counted.\n\n",
    );
    let _ = writeln!(
        page,
        "| Command | Cases | With {INSTALLED} | Examples | Options |"
    );
    page.push_str("| --- | ---: | ---: | ---: | --- |\n");
    for command in &COMMANDS {
        let calling: Vec<&Case> = all()
            .filter(|(_, calls)| calls.commands.contains(command.name))
            .map(|(case, _)| case)
            .collect();
        let examples = if command.name == command.program {
            command.examples.len().to_string()
        } else {
            format!("as `{}`", command.program)
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {examples} | {} |",
            command.name,
            calling.len(),
            calling.iter().filter(|case| is_compared(case)).count(),
            options_of(command, areas)
        );
    }

    page.push_str(
        "\n## Deviations\n\n\
         Where ours does something else on purpose, and why.\n",
    );
    page.push_str(&deviations(areas));
    page
}

fn is_newer(case: &Case) -> bool {
    let installed = Version::parse(INSTALLED);
    case.since.as_ref().is_some_and(|since| *since > installed)
}

fn is_compared(case: &Case) -> bool {
    !is_newer(case) && case.deviation.is_none()
}

fn options_of(command: &Command, areas: &[Area]) -> String {
    let mut shown_options = Vec::new();
    for (place, option) in command.options.iter().enumerate() {
        let using = areas
            .iter()
            .flat_map(|area| &area.cases)
            .filter(|(_, calls)| calls.options.contains(&(command.name, place)))
            .count();
        let names = shown(option);
        shown_options.push(if using == 0 {
            format!("**`{names}` none**")
        } else {
            format!("`{names}` {using}")
        });
    }
    shown_options.join(", ")
}

/// What the heads of the commands say, and what the cases say, with their numbers.
fn deviations(areas: &[Area]) -> String {
    let mut text = String::new();
    let mut by_area: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for area in areas {
        for (case, _) in &area.cases {
            if let Some(reason) = &case.deviation {
                *by_area
                    .entry(&area.name)
                    .or_default()
                    .entry(reason)
                    .or_default() += 1;
            }
        }
    }
    let mut names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    names.extend(by_area.keys().copied().filter(|name| !is_command(name)));
    for name in names {
        let head = if is_command(name) { head(name) } else { None };
        let reasons = by_area.get(name);
        if head.is_none() && reasons.is_none() {
            continue;
        }
        let _ = write!(
            text,
            "\n### {}\n\n",
            if is_command(name) {
                format!("`{name}`")
            } else {
                format!("Any command: {name}")
            }
        );
        if let Some(head) = head {
            let _ = writeln!(text, "{head}");
        }
        if let Some(reasons) = reasons {
            if text.ends_with(".\n") {
                text.push('\n');
            }
            for (reason, cases) in reasons {
                let plural = if *cases == 1 { "case" } else { "cases" };
                let _ = writeln!(text, "- {cases} {plural}: {reason}.");
            }
        }
    }
    text
}

fn is_command(name: &str) -> bool {
    COMMANDS.iter().any(|command| command.name == name)
}

/// The sentences behind `Deviation:` in the head of a command's file. An alias has no file.
fn head(name: &str) -> Option<String> {
    let file = format!("src/commands/{}.rs", name.replace('-', "_"));
    if !tree::root().join(&file).exists() {
        return None;
    }
    let source = tree::read(&file);
    let mut lines = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .skip_while(|line| !line.starts_with("Deviation"));
    let first = lines.next()?.split_once(": ")?.1;
    let more = lines.take_while(|line| !line.is_empty() && !line.starts_with("Reference:"));
    let sentence: Vec<&str> = std::iter::once(first).chain(more).collect();
    let sentence = sentence.join(" ");
    let (initial, rest) = sentence.split_at_checked(1)?;
    Some(format!("{}{rest}", initial.to_uppercase()))
}
