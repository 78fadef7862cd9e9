//! Scripts that are known to work get no warning and no error: what the runtime's own tests
//! run with success is linted here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use execline::commands::COMMANDS;
use exlint::config::Config;
use exlint::inspection::Inspection;
use exlint::level::Level;
use exlint::programs::Programs;
use exlint::rules;
use exlint::tree::{Tree, sample};
use std::fmt::Write;
use std::path::Path;

/// The findings at warning or error in a script of this text.
fn alarms(name: &str, text: &str, programs: &Programs) -> String {
    let tree = tree_of(name, text);
    let outcome =
        Inspection::of_sample(&tree, &Config::default(), programs, &rules::all()).run(&|_| {});
    assert!(outcome.pieces > 0, "{name}: not recognised\n{text}");
    let mut alarms = String::new();
    for finding in outcome.findings {
        if finding.level > Level::Note {
            let (level, rule) = (finding.level.name(), finding.rule);
            writeln!(alarms, "  {level}[{rule}]: {}", finding.message).unwrap();
        }
    }
    alarms
}

fn tree_of(name: &str, text: &str) -> Tree {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'\\' => escaped.push_str("\\\\"),
            b'\r' => escaped.push_str("\\r"),
            b'\t' | b'\n' | b' '..=b'~' => escaped.push(char::from(byte)),
            byte => write!(escaped, "\\x{byte:02x}").unwrap(),
        }
    }
    let sample = format!("== {name} 0755 escapes\n{escaped}\n");
    sample::tree(&sample).unwrap_or_else(|error| panic!("{error} in\n{sample}"))
}

fn check(scripts: impl IntoIterator<Item = (String, String)>) {
    let programs = Programs::known();
    let mut all = String::new();
    let mut count = 0;
    for (name, text) in scripts {
        count += 1;
        let alarms = alarms("script", &text, &programs);
        if !alarms.is_empty() {
            writeln!(all, "{name}:\n{text}\n{alarms}").unwrap();
        }
    }
    assert!(count > 0, "no scripts");
    assert!(all.is_empty(), "scripts that work got\n{all}");
}

#[test]
fn examples_of_commands_yield_no_warning() {
    check(COMMANDS.iter().flat_map(|command| {
        command
            .examples
            .iter()
            .filter(|example| example.code == 0)
            .map(|example| {
                let text = format!("#!/command/execlineb -P\n{}\n", example.script);
                (command.name.to_owned(), text)
            })
    }));
}

#[test]
fn scripts_of_the_corpus_yield_no_warning() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/scripts");
    let files = std::fs::read_dir(directory).expect("the corpus");
    check(files.map(|file| {
        let path = file.expect("an entry").path();
        let text = std::fs::read(&path).expect("a script");
        let name = path.display().to_string();
        (name, String::from_utf8_lossy(&text).into_owned())
    }));
}

/// Cases of the conformance tables that are about what a careful writer does not write: they
/// work, and are rightly warned of.
const PECULIAR: &[&str] = &[
    "backtick.toml: -E -e: no key",
    "backtick.toml: nested",
    "case.toml: a broken expression after a match is not seen",
    "case.toml: the errors of later pairs are not seen after a match",
    "elglob.toml: a literal path that is not there",
    "elglob.toml: an empty pattern",
    "elglob.toml: two keys in one word",
    "elglob.toml: without a program",
    "envfile.toml: variables are not in the words of the rest",
    "foreground.toml: the block cannot change the umask of the rest",
    "forx.toml: -E -e: no key",
    "multisubstitute.toml: multidefine -r",
    "wait.toml: -t before -- is ignored",
    "wait.toml: -t without a value at the end is ignored",
];

#[test]
fn conformance_scripts_that_succeed_yield_no_warning() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance");
    let files = std::fs::read_dir(directory).expect("the tables");
    let mut scripts = Vec::new();
    for file in files {
        let path = file.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a table");
        let table: toml::Table = toml::from_str(&text).expect("a table");
        let cases = table.get("case").and_then(toml::Value::as_array);
        for case in cases.into_iter().flatten() {
            let text_of = |key: &str| case.get(key).and_then(toml::Value::as_str);
            let fails = case
                .get("code")
                .is_some_and(|code| code.as_integer() != Some(0))
                || case.get("stderr").is_some();
            let name = format!(
                "{}: {}",
                path.file_name().unwrap_or_default().display(),
                text_of("name").unwrap_or_default()
            );
            if let Some(script) = text_of("script")
                && !fails
                && !PECULIAR.iter().any(|peculiar| name == *peculiar)
            {
                // The tables' own placeholders.
                let script = script.replace("@CWD@", "/w").replace("@DIR@", "/bin");
                let text = format!("#!/command/execlineb -P\n{script}\n");
                scripts.push((name, text));
            }
        }
    }
    check(scripts);
}
