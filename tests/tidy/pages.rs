//! The command pages and the install list, from the commands' constants and the heads of
//! their files. Nothing here knows a command by name.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command as Process;

use execline::command::{Command, CommandOption, Example, Operand, Rest};
use execline::commands::COMMANDS;

use super::commands::has_usage;
use super::{bless, tree};

/// Where the pages are.
const PAGES: &str = "docs/commands";

/// Where all deviations are listed.
const DEVIATIONS: &str = "docs/deviations.md";

/// Where the names to install are.
const INSTALL_LIST: &str = "docs/install-list.txt";

/// What the head of a command's file says.
#[derive(Default, PartialEq, Eq, Debug)]
struct Head {
    /// Its first paragraph.
    opening: String,
    /// What a reader of the reference could be surprised by.
    peculiarities: Vec<String>,
    /// Where it is not as the reference, on purpose.
    deviations: Vec<String>,
    /// Where it is described.
    reference: String,
}

/// Reads the lines that begin with `//!`.
fn head(text: &str) -> Head {
    /// What the line belongs to.
    enum Part {
        Opening,
        Peculiarity,
        Deviation,
        Reference,
    }
    let mut head = Head::default();
    let mut part = Part::Opening;
    let mut begins = true;
    for line in text.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.trim();
        let deviation = ["Deviation: ", "Deviations: "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark));
        let reference = line.strip_prefix("Reference: ");
        let rest = deviation.or(reference).unwrap_or(line);
        if line.is_empty() {
            begins = true;
            if matches!(part, Part::Opening | Part::Deviation) {
                part = Part::Peculiarity;
            }
            continue;
        }
        if deviation.is_some() {
            (part, begins) = (Part::Deviation, true);
        } else if reference.is_some() {
            (part, begins) = (Part::Reference, true);
        }
        let paragraph = match part {
            Part::Opening => &mut head.opening,
            Part::Reference => &mut head.reference,
            Part::Peculiarity => last(&mut head.peculiarities, begins),
            Part::Deviation => last(&mut head.deviations, begins),
        };
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(rest);
        begins = false;
    }
    head
}

/// The last paragraph, or a new one.
fn last(paragraphs: &mut Vec<String>, begins: bool) -> &mut String {
    if begins || paragraphs.is_empty() {
        paragraphs.push(String::new());
    }
    let place = paragraphs.len() - 1;
    &mut paragraphs[place]
}

/// The file that a command is in.
pub fn source(command: &Command) -> String {
    format!("src/commands/{}.rs", command.program.replace('-', "_"))
}

/// The page of a command.
pub fn text(command: &Command) -> String {
    let source = source(command);
    if command.name == command.program {
        page(command, &source, &head(&tree::read(&source)))
    } else {
        alias_page(command, &source)
    }
}

/// A page as text.
fn page(command: &Command, source: &str, head: &Head) -> String {
    let name = command.name;
    let mut page = format!("# {name}\n\n");
    let _ = writeln!(page, "{}\n", head.opening);
    let _ = writeln!(page, "## Usage\n\n{}", fenced(&usage(command)));
    if !command.options.is_empty() {
        let _ = writeln!(page, "## Options\n\n{}", options(command.options));
    }
    if !command.operands.is_empty() {
        let _ = writeln!(page, "## Operands\n");
        for operand in command.operands {
            let _ = writeln!(page, "- {}", operand_line(operand));
        }
        page.push('\n');
    }
    if !command.examples.is_empty() {
        let _ = writeln!(page, "## Examples\n");
        for shown in command.examples {
            page.push_str(&example(shown));
        }
    }
    for (title, paragraphs) in [
        ("Peculiarities", &head.peculiarities),
        ("Deviations", &head.deviations),
    ] {
        if !paragraphs.is_empty() {
            let _ = writeln!(
                page,
                "## {title}\n\n{}\n",
                capitalised(&paragraphs.join("\n\n"))
            );
        }
    }
    let _ = writeln!(page, "## Reference\n\n{}\n", head.reference);
    // At the end: `execline --help` prints the page as it is.
    page + &derived_from(source)
}

fn alias_page(alias: &Command, source: &str) -> String {
    format!(
        "# {}\n\nAnother name of [`{program}`]({program}.md): it {}.\n\n{}",
        alias.name,
        alias.summary,
        derived_from(source),
        program = alias.program
    )
}

fn index() -> String {
    let mut index = derived_from("src/commands/");
    index.push_str("\n# Commands\n\n| Command | What it does |\n| --- | --- |\n");
    for command in &COMMANDS {
        let also = if command.name == command.program {
            String::new()
        } else {
            format!("; another name of `{}`", command.program)
        };
        let _ = writeln!(
            index,
            "| [`{name}`]({name}.md) | {}{also} |",
            cell(command.summary),
            name = command.name
        );
    }
    index
}

fn derived_from(source: &str) -> String {
    format!(
        "<!-- Derived from {source} by tests/tidy.rs: change that and {}. -->\n",
        bless::REMEDY
    )
}

/// The usage line: upstream's, or else one made of options and operands.
fn usage(command: &Command) -> String {
    if has_usage(command) {
        // One of upstream's ends with a blank.
        return command.usage.trim_end().to_owned();
    }
    let mut words = vec![command.name.to_owned()];
    words.extend(
        command
            .options
            .iter()
            .map(|option| format!("[ {} ]", names(option).join(" | "))),
    );
    words.extend(command.operands.iter().map(|operand| match operand {
        Operand::Program(_) | Operand::Words(_) | Operand::Cases(_) => {
            format!("{{ {}... }}", operand_name(operand))
        }
        Operand::Optional(_) => format!("[ {} ]", operand_name(operand)),
        Operand::Arguments(_) => format!("{}...", operand_name(operand)),
        Operand::Rest(Rest::Required) => "prog...".to_owned(),
        Operand::Rest(Rest::Optional) => "[ prog... ]".to_owned(),
        _ => operand_name(operand).to_owned(),
    }));
    words.join(" ")
}

/// How an option is written, with its argument.
fn names(option: &CommandOption) -> Vec<String> {
    let argument = option
        .argument
        .map(|argument| format!(" {argument}"))
        .unwrap_or_default();
    let letter = (option.letter != '\0').then(|| format!("-{}{argument}", option.letter));
    let long = option.long.map(|long| format!("--{long}{argument}"));
    [letter, long].into_iter().flatten().collect()
}

fn options(options: &[CommandOption]) -> String {
    let has_versions = options.iter().any(|option| option.since.is_some());
    let mut table = String::from(if has_versions {
        "| Option | What it does | Since |\n| --- | --- | --- |\n"
    } else {
        "| Option | What it does |\n| --- | --- |\n"
    });
    for option in options {
        let names: Vec<String> = names(option)
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let _ = write!(table, "| {} | {} |", names.join(", "), cell(option.summary));
        if has_versions {
            let since = option.since.map(|since| format!(" {since}"));
            let _ = write!(table, "{} |", since.unwrap_or_default());
        }
        table.push('\n');
    }
    table
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "\\<")
        .replace('*', "\\*")
}

/// What stands before an explanation, where the operand has one.
fn operand_name(operand: &Operand) -> &'static str {
    let text = operand.name();
    text.split([':', ';']).next().unwrap_or(text)
}

fn operand_line(operand: &Operand) -> String {
    let kind = match operand {
        Operand::Word(_) => "a word",
        Operand::Number(_) => "a number",
        Operand::Fd(_) => "the number of a file descriptor",
        Operand::Path(_) => "a path",
        Operand::Key(_) => "a key for substitution",
        Operand::Variable(_) => "the name of a variable",
        Operand::Account(_) => "the name of a user",
        Operand::Program(_) => "a block that is a command line",
        Operand::Words(_) => "a block that is a list of words",
        Operand::Cases(_) => "a block of cases: a word and a block each",
        Operand::Optional(operand) => return format!("{}; may be left out", operand_line(operand)),
        Operand::Arguments(_) => "all words that are left",
        Operand::Rest(Rest::Required) => "the command line it goes on with",
        Operand::Rest(Rest::Optional) => {
            "the command line it goes on with; where there is none, it exits"
        }
    };
    let name = operand_name(operand);
    let explanation = operand.name().strip_prefix(name).unwrap_or_default();
    format!("`{name}`: {kind}{}", explanation.replace(':', ","))
}

/// The script, and what comes of it.
fn example(example: &Example) -> String {
    let mut text = fenced(example.script);
    for (does, output) in [
        ("prints", example.prints),
        ("prints on standard error", example.complains),
    ] {
        if !output.is_empty() {
            let _ = write!(text, "\n→ {does}\n\n{}", fenced(output));
        }
    }
    let is_silent = example.prints.is_empty() && example.complains.is_empty();
    let ends = match (is_silent, example.code) {
        (true, 0) => "\n→ prints nothing\n".to_owned(),
        (true, code) => format!("\n→ prints nothing, exits with {code}\n"),
        (false, 0) => String::new(),
        (false, code) => format!("\n→ exits with {code}\n"),
    };
    text.push_str(&ends);
    if let Some(version) = example.since {
        let _ = match version {
            "ours" => writeln!(text, "\n(Upstream has no such thing.)"),
            _ => writeln!(text, "\n(New in {version}.)"),
        };
    }
    text.push('\n');
    text
}

/// Text as it is, between lines that it does not have itself.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let visible: String = text
        .trim_end_matches('\n')
        .chars()
        .map(|character| match character {
            '\n' | '\t' => character.to_string(),
            control if control.is_control() => control.escape_default().to_string(),
            plain => plain.to_string(),
        })
        .collect();
    format!("{fence}text\n{visible}\n{fence}\n")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

#[test]
fn command_pages_are_what_the_commands_are() {
    let mut pages = BTreeMap::from([(format!("{PAGES}/README.md"), index())]);
    for command in &COMMANDS {
        pages.insert(format!("{PAGES}/{}.md", command.name), text(command));
    }
    bless::settle(&pages, Some(PAGES));
}

#[test]
fn the_deviations_are_those_of_the_commands() {
    let mut page = derived_from("src/commands/");
    page.push_str(
        "\n# Deviations\n\n\
         Where the commands are not as those of skarnet's execline 2.9.9.2, on purpose.\n\
         Tests show each of them; `CONFORMANCE.md` counts the cases.\n\n\
         | Command | How it deviates |\n| --- | --- |\n",
    );
    let mut count = 0;
    for command in &COMMANDS {
        if command.name != command.program {
            continue;
        }
        for deviation in head(&tree::read(&source(command))).deviations {
            let deviation = cell(&capitalised(&deviation));
            let _ = writeln!(
                page,
                "| [`{name}`](commands/{name}.md) | {deviation} |",
                name = command.name
            );
            count += 1;
        }
    }
    assert!(count > 5, "{count} are not all deviations");
    bless::settle(&BTreeMap::from([(DEVIATIONS.to_owned(), page)]), None);
}

#[test]
fn the_install_list_is_what_the_program_lists() {
    let output = Process::new(env!("CARGO_BIN_EXE_execline"))
        .arg("--list")
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "execline --list: {}",
        output.status
    );
    let names = String::from_utf8(output.stdout).expect("names");
    let listed: Vec<&str> = names.lines().collect();
    let known: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    assert_eq!(listed, known, "`execline --list` names every command");
    let text = format!(
        "# Derived from `execline --list` by tests/tidy.rs: {}.\n{names}",
        bless::REMEDY
    );
    bless::settle(&BTreeMap::from([(INSTALL_LIST.to_owned(), text)]), None);
}

#[test]
fn a_head_is_read_part_by_part() {
    let text = "\
//! `x`: does
//! this.
//!
//! It is odd.
//! Deviations: it is
//! better.
//! Reference: <y>
code
";
    assert_eq!(
        head(text),
        Head {
            opening: "`x`: does this.".to_owned(),
            peculiarities: vec!["It is odd.".to_owned()],
            deviations: vec!["it is better.".to_owned()],
            reference: "<y>".to_owned(),
        }
    );
}

/// A script may itself hold the fence; what it is shown in has a longer one.
#[test]
fn a_fence_is_longer_than_what_it_encloses() {
    assert_eq!(fenced("a"), "```text\na\n```\n");
    assert_eq!(fenced("```\n"), "````text\n```\n````\n");
    assert_eq!(fenced("\u{7}"), "```text\n\\u{7}\n```\n");
}
