//! What is derived from the rules: the lists of the folders, and the rules' pages. The house
//! rules for the sources are with those of the runtime.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Comparing, or rewriting, what is derived.
#[path = "../../tests/tidy/bless.rs"]
mod bless;
/// The manual pages of the linter and its rules.
#[path = "tidy/manual.rs"]
mod manual;
/// Manual pages out of Markdown.
#[path = "../../tests/tidy/roff.rs"]
mod roff;
/// The files of the repository.
#[path = "../../tests/tidy/tree.rs"]
mod tree;

use exlint::rule::Rule;
use exlint::rules;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Where the pages are.
const PAGES: &str = "docs/rules";

/// The folders of rules.
const FOLDERS: [&str; 7] = [
    "execline", "exlint", "image", "overlay", "s6_rc", "service", "start",
];

/// Fails with all faults at once.
fn verdict(claim: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{claim}:\n  {}", faults.join("\n  "));
}

/// The rules in a folder, by file.
fn stems(folder: &str) -> Vec<String> {
    tree::files(&format!("exlint/src/rules/{folder}"), ".rs")
        .iter()
        .filter(|file| file.text.contains("pub const RULE: Rule"))
        .map(|file| file.stem().to_owned())
        .collect()
}

#[test]
fn every_file_with_a_rule_is_in_its_folders_list() {
    let mut faults = Vec::new();
    for folder in FOLDERS {
        let list = tree::read(&format!("exlint/src/rules/{folder}/mod.rs"));
        for stem in stems(folder) {
            for line in [format!("pub mod {stem};\n"), format!("&{stem}::RULE")] {
                if !list.contains(&line) {
                    faults.push(format!("{folder}/{stem}: {line:?} is missing"));
                }
            }
        }
    }
    verdict("a rule is listed", &faults);
}

#[test]
fn a_file_is_named_after_its_rule_and_opens_with_it() {
    let mut faults = Vec::new();
    let names: Vec<&str> = rules::all().iter().map(|rule| rule.name).collect();
    for folder in FOLDERS {
        for stem in stems(folder) {
            let name = stem.replace('_', "-");
            if !names.contains(&&*name) {
                faults.push(format!("{folder}/{stem}: no rule `{name}`"));
            }
            let text = tree::read(&format!("exlint/src/rules/{folder}/{stem}.rs"));
            if !text.starts_with(&format!("//! `{name}`: ")) {
                faults.push(format!("{folder}/{stem} does not open with //! `{name}`: "));
            }
        }
    }
    verdict("names agree", &faults);
}

fn derived() -> String {
    format!(
        "<!-- Derived from exlint/src/rules/ by exlint/tests/tidy.rs: change that and {}. -->\n\n",
        bless::REMEDY
    )
}

/// A sample with the control characters of its text made visible.
fn fenced(sample: &str) -> String {
    let mut fence = "```".to_owned();
    while sample.contains(&fence) {
        fence.push('`');
    }
    let lines: Vec<&str> = sample.trim_end_matches('\n').lines().collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    format!("{fence}text\n{}\n{fence}\n", lines.join("\n"))
}

fn page(rule: &Rule) -> String {
    let mut page = derived();
    let _ = writeln!(
        page,
        "# {}\n\n{} ({}, {})\n\n{}\n",
        rule.name,
        rule.summary,
        rule.group.name(),
        rule.level.name(),
        rule.why
    );
    let _ = writeln!(page, "## Bad\n\n{}", fenced(rule.bad));
    let _ = writeln!(page, "## Good\n\n{}", fenced(rule.good));
    if let Some(fix) = rule.fix {
        let _ = writeln!(page, "## Fix\n\n`--fix` changes it: {fix}\n");
    }
    let _ = writeln!(
        page,
        "## Allow it\n\nIn a script: `# exlint: allow {name} reason`.\n\
         In `exlint.toml`: `{name} = \"off\"` under `[rules]`.",
        name = rule.name
    );
    page
}

fn index() -> String {
    let mut index = derived();
    let all = rules::all();
    let _ = writeln!(
        index,
        "# Rules\n\n{} rules. `exlint --explain RULE` prints a page.\n",
        all.len()
    );
    let mut group = None;
    for rule in &all {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let _ = writeln!(
                index,
                "{}## {}\n\n| Rule | Level | What is wrong | Fix |\n| --- | --- | --- | --- |",
                if rule.name == all[0].name { "" } else { "\n" },
                rule.group.name()
            );
        }
        let _ = writeln!(
            index,
            "| [`{name}`]({name}.md) | {} | {} | {} |",
            rule.level.name(),
            rule.summary.replace('|', "\\|"),
            if rule.fix.is_some() { "yes" } else { "" },
            name = rule.name
        );
    }
    index
}

#[test]
fn rule_pages_are_what_the_rules_are() {
    let mut pages = BTreeMap::from([(format!("{PAGES}/README.md"), index())]);
    for rule in rules::all() {
        pages.insert(format!("{PAGES}/{}.md", rule.name), page(rule));
    }
    bless::settle(&pages, Some(PAGES));
}

/// What a room may import besides itself. Those that are not named here, which are about what
/// becomes of findings and about the program, may import what they need.
const ROOMS: [(&str, &[&str]); 14] = [
    ("bytes", &[]),
    ("nearest", &[]),
    ("level", &[]),
    ("tree", &[]),
    ("overlay", &[]),
    ("shell", &["bytes"]),
    ("container", &["bytes"]),
    ("programs", &["bytes", "nearest"]),
    ("script", &["bytes", "programs"]),
    (
        "model",
        &[
            "bytes",
            "container",
            "overlay",
            "programs",
            "script",
            "shell",
            "tree",
        ],
    ),
    ("finding", &["level"]),
    ("findings", &["finding", "level", "model", "rule", "tree"]),
    ("rule", &["findings", "level", "model"]),
    (
        "rules",
        &[
            "bytes",
            "container",
            "finding",
            "findings",
            "level",
            "model",
            "nearest",
            "overlay",
            "programs",
            "rule",
            "script",
            "shell",
            "tree",
        ],
    ),
];

/// The rooms of the runtime that the linter may look into: none of them makes a system call.
const OF_RUNTIME: [&str; 6] = [
    "block",
    "command",
    "commands",
    "pattern",
    "substitution",
    "syntax",
];

/// The names behind each `from::`, where that begins a path.
fn imported<'t>(code: &'t str, from: &str) -> Vec<&'t str> {
    let places = code.match_indices(from);
    let begins = places.filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
    });
    let names = begins.map(|(at, _)| {
        let rest = &code[at + from.len()..];
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())]
    });
    names.collect()
}

#[test]
fn rooms_import_what_the_map_says() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for file in tree::files("exlint/src", ".rs") {
        if matches!(file.stem(), "tests" | "sampling") {
            continue;
        }
        let code = file.text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let path = file.path.strip_prefix("exlint/src/").expect("a source");
        let room = path.split(['/', '.']).next().unwrap();
        for name in imported(code, "execline::") {
            if !OF_RUNTIME.contains(&name) {
                faults.push(format!("{}: execline::{name}", file.path));
            }
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(known, _)| *known == room) else {
            continue;
        };
        seen += 1;
        for name in imported(code, "crate::") {
            // One folder of rules knows nothing of another.
            let is_own = name == room && room != "rules";
            if !is_own && !allowed.contains(&name) {
                faults.push(format!("{}: crate::{name}", file.path));
            }
        }
    }
    assert!(seen > 200, "{seen} files are no linter");
    verdict("rooms import what docs/architecture.md says", &faults);
}
