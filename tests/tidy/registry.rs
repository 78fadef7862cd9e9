//! The registry between the marker lines of src/commands/mod.rs, from the names of the files
//! beside it. What stands outside the marker lines is written by hand.

use std::collections::BTreeMap;
use std::fmt::Write;

use execline::commands::{COMMANDS, RUNNABLES};

use super::{bless, tree, verdict};

const REGISTRY: &str = "src/commands/mod.rs";
const BEGIN: &str = "// The registry begins here.\n";
const END: &str = "// The registry ends here.\n";

/// Second names: of which file, and the name.
const ALIASES: [(&str, &str); 2] = [("execline_cd", "cd"), ("execline_umask", "umask")];

/// Names of files that Rust needs marked where they are modules.
const KEYWORDS: [&str; 1] = ["if"];

/// The files of commands, without extension.
pub fn command_files() -> Vec<String> {
    tree::files("src/commands", ".rs")
        .iter()
        .map(|file| file.stem().to_owned())
        .filter(|stem| stem != "mod")
        .collect()
}

/// The name of the command in this file.
pub fn command_name(file: &str) -> String {
    file.replace('_', "-")
}

fn module_name(file: &str) -> String {
    if KEYWORDS.contains(&file) {
        format!("r#{file}")
    } else {
        file.to_owned()
    }
}

/// What stands between the marker lines for these files, in whatever order they come.
fn registry(files: &[String]) -> String {
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for file in files {
        let module = module_name(file);
        entries.insert(command_name(file), format!("{module}::COMMAND"));
        for (_, alias) in ALIASES.iter().filter(|(aliased, _)| aliased == file) {
            entries.insert(
                (*alias).to_owned(),
                format!("{module}::COMMAND.also_called(\"{alias}\")"),
            );
        }
        modules.insert(command_name(file), module);
    }
    let mut text = String::new();
    for module in modules.values() {
        let _ = writeln!(text, "pub mod {module};");
    }
    let _ = writeln!(text, "\nconst ALL: [Command; {}] = [", entries.len());
    for entry in entries.values() {
        let _ = writeln!(text, "    {entry},");
    }
    text.push_str("];\n");
    text
}

/// The text with this between its marker lines.
fn with_registry(text: &str, registry: &str) -> String {
    let (before, rest) = text.split_once(BEGIN).expect("the registry's first line");
    let (_, after) = rest.split_once(END).expect("the registry's last line");
    [before, BEGIN, registry, END, after].concat()
}

#[test]
fn the_registry_is_what_the_files_are() {
    let now = tree::read(REGISTRY);
    let text = with_registry(&now, &registry(&command_files()));
    bless::settle(&BTreeMap::from([(REGISTRY.to_owned(), text.clone())]), None);
    assert!(
        text == now,
        "{REGISTRY} was rewritten: {} once more, for the pages to know of it",
        bless::REMEDY
    );
}

#[test]
fn what_is_compiled_is_what_the_files_are() {
    let mut names: Vec<String> = command_files()
        .iter()
        .map(|file| command_name(file))
        .collect();
    names.extend(ALIASES.map(|(_, alias)| alias.to_owned()));
    names.sort();
    let compiled: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    assert_eq!(compiled, names, "by name, in the order of bytes");
    let runnable: Vec<&str> = RUNNABLES.iter().map(|command| command.name).collect();
    assert_eq!(compiled, runnable);
}

#[test]
fn names_are_sorted_and_stand_for_one_command() {
    let faults: Vec<String> = COMMANDS
        .windows(2)
        .filter(|pair| pair[0].name.as_bytes() >= pair[1].name.as_bytes())
        .map(|pair| format!("{} before {}", pair[0].name, pair[1].name))
        .collect();
    verdict("commands are found by bisection", &faults);
}

#[test]
fn a_command_is_called_as_its_file() {
    let mut faults = Vec::new();
    for command in &COMMANDS {
        let is_alias = ALIASES
            .iter()
            .any(|(file, alias)| *alias == command.name && command_name(file) == command.program);
        if !is_alias && command.name != command.program {
            faults.push(format!("{} calls itself {}", command.name, command.program));
        }
    }
    verdict("only aliases call themselves otherwise", &faults);
}

/// On a copy of the registry: a file more gives a module and an entry, in their places.
#[test]
fn a_new_command_is_one_file() {
    let files = command_files();
    let before = with_registry(&tree::read(REGISTRY), &registry(&files));
    let mut more = vec!["zz_new".to_owned()];
    more.extend(files.iter().rev().cloned());
    let after = with_registry(&before, &registry(&more));

    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (old, new) = (lines(&before), lines(&after));
    let added: Vec<&String> = new.iter().filter(|line| !old.contains(line)).collect();
    let length = files.len() + ALIASES.len() + 1;
    assert_eq!(
        added,
        [
            "pub mod zz_new;",
            &format!("const ALL: [Command; {length}] = ["),
            "    zz_new::COMMAND,"
        ]
    );
    assert_eq!(new.len(), old.len() + 2);
}

#[test]
fn names_that_are_special_are_written_so() {
    let files = ["if", "execlineb", "execline_cd"].map(str::to_owned);
    let expected = "\
pub mod execline_cd;
pub mod execlineb;
pub mod r#if;

const ALL: [Command; 4] = [
    execline_cd::COMMAND.also_called(\"cd\"),
    execline_cd::COMMAND,
    execlineb::COMMAND,
    r#if::COMMAND,
];
";
    assert_eq!(registry(&files), expected);
}
