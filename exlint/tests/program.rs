//! The program as people call it: recognition, exit codes, formats, configuration, layers,
//! suppressions, fixes. What each rule finds is in `rules`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Files of a tree: path, mode, text.
fn tree(files: &[(&str, u32, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, mode, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
    }
    directory
}

fn exlint(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const GOOD: &str = "#!/command/execlineb -P\nforeground { echo starting }\nserver\n";
const BAD: &str = "#!/command/execlineb -P\nforeground { echo starting }\nfdmove -c 2 1\n";

#[test]
fn exit_codes_say_what_came_of_it() {
    let directory = tree(&[
        ("good/run", 0o755, GOOD),
        ("bad/run", 0o755, BAD),
        ("nothing/readme", 0o644, "text\n"),
        (
            "note/run",
            0o755,
            "#!/command/execlineb -P\ndefine x y\nserver\n",
        ),
        ("wrong/exlint.toml", 0o644, "rots = 1\n"),
        ("wrong/run", 0o755, GOOD),
    ]);
    for (arguments, code) in [
        (vec!["good"], 0),
        (vec!["bad"], 1),
        (vec!["good", "bad"], 1),
        (vec!["bad", "--fail-on", "never"], 0),
        (vec!["note"], 0),
        (vec!["note", "--fail-on", "note"], 1),
        (vec!["nothing"], 2),
        (vec!["missing"], 2),
        (vec!["wrong"], 2),
        (vec!["good", "--s6-overlay-version", "new"], 2),
        (vec!["good", "--root", "missing"], 2),
        (vec!["good", "--base", "missing"], 2),
        (vec!["--no-such-option"], 2),
        (vec!["--explain", "no-such-rule"], 2),
        (vec!["--explain", "syntax-error"], 0),
        (vec!["--list-rules"], 0),
        (vec!["--version"], 0),
        (vec![], 2),
    ] {
        let output = exlint(directory.path(), &arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
        if code == 2 {
            assert!(!output.stderr.is_empty(), "{arguments:?} says nothing");
        }
    }
}

#[test]
fn what_fails_says_what_to_do() {
    let directory = tree(&[
        ("x/exlint.toml", 0o644, "[rules]\nsyntax-eror = \"off\"\n"),
        ("x/run", 0o755, GOOD),
        (
            "y/exlint.toml",
            0o644,
            "programs = [\"retry [ -n prog...\"]\n",
        ),
        ("y/run", 0o755, GOOD),
        ("z/readme", 0o644, ""),
    ]);
    for (path, part) in [
        ("x", "no rule `syntax-eror`"),
        ("y", "programs: `retry [ -n prog...`"),
        ("z", "nothing to lint"),
    ] {
        let output = exlint(directory.path(), &[path]);
        assert!(
            stderr(&output).contains(part),
            "{path}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn paths_are_as_given_joined_with_those_inside() {
    let directory = tree(&[("a/services.d/web/run", 0o755, BAD)]);
    let at = directory.path();
    for (from, given, path) in [
        (at.to_path_buf(), "a/services.d", "a/services.d/web/run:3:1"),
        (
            at.to_path_buf(),
            "a/services.d/",
            "a/services.d/web/run:3:1",
        ),
        (at.to_path_buf(), "./a", "./a/services.d/web/run:3:1"),
        (at.join("a"), ".", "services.d/web/run:3:1"),
        (at.join("a/services.d/web"), "run", "run:3:1"),
        (at.join("a/services.d/web"), "./run", "./run:3:1"),
        (at.join("a/services.d"), "web", "web/run:3:1"),
        (at.join("a/services.d/web"), "..", "../web/run:3:1"),
    ] {
        let output = exlint(&from, &[given, "--format", "short"]);
        let text = stdout(&output);
        assert!(text.starts_with(path), "{given}: {text}");
    }
}

#[test]
fn formats_are_what_machines_read() {
    let directory = tree(&[("web/run", 0o755, BAD)]);
    let json = |format: &str| -> serde_json::Value {
        let output = exlint(directory.path(), &["web", "--format", format]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let own = json("json");
    assert_eq!(own["version"], 1);
    assert_eq!(own["summary"]["files"], 1);
    assert_eq!(own["summary"]["errors"], 1);
    let finding = &own["findings"][0];
    assert_eq!(finding["rule"], "loader-without-program");
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["path"], "web/run");
    let place = ["line", "column", "end_line", "end_column"].map(|key| finding[key].as_u64());
    assert_eq!(place, [Some(3), Some(1), Some(3), Some(7)]);
    assert_eq!(finding["fixable"], false);
    let sarif = json("sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "loader-without-program");
    let gitlab = json("gitlab");
    assert_eq!(gitlab[0]["check_name"], "loader-without-program");
    assert_eq!(gitlab[0]["location"]["path"], "web/run");
    let github = stdout(&exlint(directory.path(), &["web", "--format", "github"]));
    assert!(
        github.starts_with("::error file=web/run,line=3,"),
        "{github}"
    );
    let human = stdout(&exlint(directory.path(), &["web", "--format", "human"]));
    assert!(
        human.contains("fdmove -c 2 1") && !human.contains('\u{1b}'),
        "{human}"
    );
}

#[test]
fn a_finding_about_a_whole_file_has_no_line() {
    let directory = tree(&[("services.d/web/run", 0o644, GOOD)]);
    let output = exlint(directory.path(), &["services.d", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "run-not-executable");
    assert!(
        finding.get("line").is_none_or(serde_json::Value::is_null),
        "{finding}"
    );
}

#[test]
fn the_configuration_is_found_upwards_and_decides_levels() {
    let directory = tree(&[
        (
            "exlint.toml",
            0o644,
            "programs = [\"retry [ -n count ] prog...\"]\n[rules]\nloader-without-program = \"note\"\n\
             [[path]]\nglob = \"a/old/**\"\nrules = { \"*\" = \"off\" }\n",
        ),
        ("a/web/run", 0o755, BAD),
        ("a/old/run", 0o755, BAD),
        (
            "a/retry/run",
            0o755,
            "#!/command/execlineb -P\nretry -n 3\n",
        ),
    ]);
    for (path, code, part) in [
        ("a/web", 0, "note[loader-without-program]"),
        ("a/old", 0, ""),
        ("a/retry", 0, "no program follows `retry`"),
    ] {
        let output = exlint(directory.path(), &[path]);
        assert_eq!(output.status.code(), Some(code), "{path}");
        assert!(
            stdout(&output).contains(part),
            "{path}: {}",
            stdout(&output)
        );
    }
    let output = exlint(&directory.path().join("a"), &["old"]);
    assert!(stdout(&output).is_empty(), "{}", stdout(&output));
}

#[test]
fn comments_allow_what_they_name() {
    let allowed = "#!/command/execlineb -P\nforeground { echo a }\n\
                   # exlint: allow loader-without-program the image completes it\nfdmove -c 2 1\n";
    let unused = "#!/command/execlineb -P\n# exlint: allow loader-without-program\nserver\n";
    let unknown = "#!/command/execlineb -P\n# exlint: allow loader-without-porgram\nserver\n";
    for (text, expected) in [
        (allowed, ""),
        (
            unused,
            "note[unused-suppression]: `loader-without-program` is not found here",
        ),
        (
            unknown,
            "note[unused-suppression]: there is no rule `loader-without-porgram`",
        ),
    ] {
        let directory = tree(&[("run", 0o755, text)]);
        let output = exlint(directory.path(), &["."]);
        let found = stdout(&output);
        assert!(
            found.contains(expected) && found.is_empty() == expected.is_empty(),
            "{found}"
        );
        assert_eq!(output.status.code(), Some(0), "{found}");
    }
}

/// A small root in which everything is there but for what a test takes away.
fn root() -> Vec<(&'static str, u32, &'static str)> {
    vec![
        ("etc/passwd", 0o644, "root:x:0:0:root:/:/bin/sh\n"),
        ("bin/sh", 0o755, "\u{7f}ELF"),
        ("usr/bin/env", 0o755, "\u{7f}ELF"),
    ]
}

#[test]
fn a_root_is_what_interpreters_are_looked_up_in() {
    let mut files = root();
    files.push(("etc/service/web/run", 0o755, "#!/bin/bash\nexec web\n"));
    let whole = tree(&files);
    let found = stdout(&exlint(whole.path(), &["."]));
    assert!(found.contains("missing-interpreter"), "{found}");
    // The same script without the root: nobody knows.
    let alone = exlint(whole.path(), &["etc/service"]);
    assert!(
        !stdout(&alone).contains("missing-interpreter"),
        "{}",
        stdout(&alone)
    );
    // And with the root told.
    let told = stdout(&exlint(whole.path(), &["etc/service", "--root", "."]));
    assert!(told.contains("missing-interpreter"), "{told}");
}

#[test]
fn a_base_layer_is_seen_and_not_judged() {
    let mut files = root();
    files.push(("bin/bash", 0o755, "\u{7f}ELF"));
    files.push(("etc/service/old/run", 0o755, BAD));
    let base = tree(&files);
    let layer = tree(&[("etc/service/web/run", 0o755, "#!/bin/bash\nexec web\n")]);
    let base = base.path().to_str().unwrap();
    let output = exlint(layer.path(), &[".", "--base", base]);
    assert_eq!(stdout(&output), "", "{}", stderr(&output));
    let without = tree(&root());
    let without = without.path().to_str().unwrap();
    let found = stdout(&exlint(layer.path(), &[".", "--base", without]));
    assert!(found.contains("missing-interpreter"), "{found}");
}

#[test]
fn links_never_leave_the_root() {
    let directory = tree(&[
        ("image/etc/passwd", 0o644, "root:x:0:0::/:/bin/sh\n"),
        ("image/bin/sh", 0o755, "\u{7f}ELF"),
        ("outside/bash", 0o755, "\u{7f}ELF"),
        (
            "image/etc/service/web/run",
            0o755,
            "#!/bin/bash\nexec web\n",
        ),
    ]);
    let outside = directory.path().join("outside/bash");
    std::os::unix::fs::symlink(outside, directory.path().join("image/bin/bash")).unwrap();
    let found = stdout(&exlint(directory.path(), &["image"]));
    assert!(found.contains("missing-interpreter"), "{found}");
}

#[test]
fn a_diff_shows_and_a_fix_does() {
    let directory = tree(&[("services.d/web/run", 0o644, GOOD)]);
    let run = directory.path().join("services.d/web/run");
    let mode = || fs::metadata(&run).unwrap().permissions().mode() & 0o777;
    let output = exlint(directory.path(), &["services.d", "--diff"]);
    assert!(
        stdout(&output).contains("new mode 100755"),
        "{}",
        stdout(&output)
    );
    assert_eq!((output.status.code(), mode()), (Some(1), 0o644));
    let output = exlint(directory.path(), &["services.d", "--fix"]);
    assert_eq!(
        (output.status.code(), mode()),
        (Some(0), 0o755),
        "{output:?}"
    );
    let output = exlint(directory.path(), &["services.d"]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_fix_that_lets_more_be_seen_is_followed_by_others() {
    let text = "\n#!/bin/sh\nweb --port 80\n";
    let directory = tree(&[("services.d/web/run", 0o755, text)]);
    let output = exlint(directory.path(), &["services.d"]);
    assert!(!stdout(&output).contains("shell-stays"), "{output:?}");
    let output = exlint(directory.path(), &["services.d", "--fix"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stderr(&output).contains("2 fixed"), "{output:?}");
    let run = fs::read_to_string(directory.path().join("services.d/web/run")).unwrap();
    assert_eq!(run, "#!/bin/sh\nexec web --port 80\n");
}

/// A repository in which a script is executable on disk, and not in the index.
fn repository() -> TempDir {
    let directory = tree(&[("services.d/web/run", 0o755, GOOD)]);
    git(directory.path(), &["init", "-q"]);
    git(directory.path(), &["add", "."]);
    git(
        directory.path(),
        &["update-index", "--chmod=-x", "services.d/web/run"],
    );
    directory
}

fn git(repository: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    let output = git.args(arguments).current_dir(repository).output();
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        stderr(&output)
    );
}

#[test]
fn a_mode_in_the_index_is_left_to_git() {
    let repository = repository();
    let fix = ["services.d", "--modes", "git", "--fix"];
    let output = exlint(repository.path(), &fix);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        stderr(&output).contains("git update-index --chmod=+x"),
        "{output:?}"
    );
    git(
        repository.path(),
        &["update-index", "--chmod=+x", "services.d/web/run"],
    );
    let output = exlint(repository.path(), &fix);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn modes_come_from_the_index_where_asked() {
    let repository = repository();
    for (modes, code) in [("fs", 0), ("git", 1)] {
        for path in ["services.d", ".", "services.d/web"] {
            let output = exlint(repository.path(), &[path, "--modes", modes]);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{modes} {path}: {output:?}"
            );
        }
    }
}

#[test]
fn a_pipe_that_closes_is_no_crash() {
    let directory = tree(&[("web/run", 0o755, BAD)]);
    let output = Command::new("sh")
        .args([
            "-c",
            "\"$0\" web --format json | true; \"$0\" --list-rules | true",
        ])
        .arg(env!("CARGO_BIN_EXE_exlint"))
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert_eq!(stderr(&output), "");
}
