//! What shells complete behind `exlint`: each is given the script that is meant for it, and
//! asked. Of elvish and PowerShell, which are not asked, the scripts are only looked at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use exlint::rules;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn script(shell: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(["--completions", shell])
        .output()
        .expect("the program");
    assert!(output.status.success(), "{shell}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// What a shell prints, by line.
fn asked(command: &mut Command) -> BTreeSet<String> {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}: ./test installs the shells that are asked")
    });
    assert!(output.status.success(), "{command:?}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// What bash's function leaves in `COMPREPLY` for a line whose last word is being written.
fn bash(directory: &Path, line: &str) -> BTreeSet<String> {
    const ASK: &str = r#"
        . ./exlint.bash
        read -r _ name <<< "$(complete -p exlint | sed 's/.*-F \([^ ]*\).*/- \1/')"
        IFS=' ' read -ra COMP_WORDS <<< "$1"
        case $1 in *' ') COMP_WORDS+=('') ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
        "$name" exlint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        for word in "${COMPREPLY[@]}"; do printf '%s\n' "$word"; done
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ASK, "bash", line]);
    asked(bash.current_dir(directory))
}

fn fish(directory: &Path, line: &str) -> BTreeSet<String> {
    let mut fish = Command::new("fish");
    fish.args([
        "--no-config",
        "-c",
        "source exlint.fish; complete -C $argv[1]",
    ]);
    // A summary stands behind each.
    asked(fish.arg(line).current_dir(directory).env("HOME", directory))
        .iter()
        .map(|found| found.split('\t').next().unwrap().to_owned())
        .collect()
}

fn zsh(directory: &Path, line: &str) -> BTreeSet<String> {
    let ask = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/completions/ask.zsh");
    let mut zsh = Command::new("zsh");
    zsh.arg("-f").arg(ask).arg(directory).arg(line);
    asked(zsh.current_dir(directory).env("HOME", directory))
}

#[test]
fn shells_complete_options_values_rules_and_paths() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    for (shell, file) in [
        ("bash", "exlint.bash"),
        ("fish", "exlint.fish"),
        ("zsh", "_exlint"),
    ] {
        std::fs::write(directory.join(file), script(shell)).unwrap();
    }
    std::fs::create_dir(directory.join("rootfs")).unwrap();
    let names = |beginning: &str| -> Vec<&str> {
        let all = rules::all().into_iter().map(|rule| rule.name);
        all.filter(|name| name.starts_with(beginning)).collect()
    };
    assert!(names("invalid-").len() > 3 && names("").len() > 100);
    for (line, expected) in [
        ("exlint --expl", vec!["--explain"]),
        (
            "exlint --format ",
            vec!["human", "short", "json", "sarif", "github", "gitlab"],
        ),
        ("exlint --format g", vec!["github", "gitlab"]),
        (
            "exlint rootfs --fail-on ",
            vec!["error", "warning", "note", "never"],
        ),
        ("exlint --modes ", vec!["fs", "git"]),
        (
            "exlint --completions ",
            vec!["bash", "elvish", "fish", "powershell", "zsh"],
        ),
        ("exlint --explain invalid-", names("invalid-")),
        ("exlint --explain ", names("")),
        ("exlint --explain no-such-ru", vec![]),
    ] {
        let expected: BTreeSet<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(bash(directory, line), expected, "bash: {line}");
        assert_eq!(fish(directory, line), expected, "fish: {line}");
        assert_eq!(zsh(directory, line), expected, "zsh: {line}");
    }
    // bash is told to complete a path where the function has nothing to offer.
    assert!(bash(directory, "exlint root").is_empty());
    assert!(script("bash").contains("-o bashdefault -o default exlint"));
    assert_eq!(
        fish(directory, "exlint root"),
        ["rootfs/".to_owned()].into()
    );
    let offered = zsh(directory, "exlint root");
    assert!(offered.contains("rootfs"), "zsh: {offered:?}");
}

#[test]
fn every_shell_is_given_every_option() {
    let help = Command::new(env!("CARGO_BIN_EXE_exlint"))
        .arg("--help")
        .output()
        .expect("the program");
    let help = String::from_utf8(help.stdout).expect("text");
    let options: BTreeSet<&str> = help
        .lines()
        .filter(|line| line.trim_start().starts_with('-'))
        .filter_map(|line| line.split("--").nth(1))
        .map(|rest| rest.split(' ').next().unwrap())
        .collect();
    assert!(options.contains("explain") && options.len() > 12, "{help}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = script(shell);
        for option in &options {
            assert!(script.contains(option), "{shell}: --{option}");
        }
    }
}
