//! The manual pages as their readers get them: mandoc and groff find nothing to complain of,
//! `man` shows them, and shows nobody a page of ours who wants one of the system's.
//!
//! What the pages say is for tests/tidy; here is only how they are read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod executable;

use std::path::{Path, PathBuf};
use std::process::Command;

/// What has to be installed.
const PACKAGES: &str = "this test needs Debian's packages mandoc, groff and man-db: ./test \
                        installs them";

/// The directory of the manual.
fn manual() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

/// All pages, by path.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for section in std::fs::read_dir(manual()).unwrap() {
        for page in std::fs::read_dir(section.unwrap().path()).unwrap() {
            pages.push(page.unwrap().path());
        }
    }
    pages.sort();
    assert!(pages.len() > 50, "{pages:?} are not all pages");
    pages
}

/// What a program prints and complains of.
fn said(command: &mut Command) -> (String, String) {
    let output = command
        .env("LC_ALL", "C.UTF-8")
        .env_remove("MANOPT")
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; {PACKAGES}"));
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn mandoc_has_nothing_to_complain_of() {
    let found = said(Command::new("mandoc").args(["-T", "lint"]).args(pages()));
    assert_eq!(found, (String::new(), String::new()));
}

#[test]
fn groff_has_nothing_to_warn_of() {
    for page in pages() {
        let found = said(
            Command::new("groff")
                .args(["-ww", "-man", "-Tutf8", "-z"])
                .arg(&page),
        );
        assert_eq!(found, (String::new(), String::new()), "{}", page.display());
    }
}

/// The file's name and the line that a page is found by.
fn name_line(page: &Path) -> (String, String) {
    let text = std::fs::read_to_string(page).unwrap();
    let (_, rest) = text.split_once(".SH NAME\n").expect("a name");
    let line = rest.lines().next().unwrap().replace('\\', "");
    let file = page.file_name().unwrap().to_str().unwrap().to_owned();
    (file, line)
}

#[test]
fn man_shows_every_page() {
    for page in pages() {
        let (file, line) = name_line(&page);
        let (shown, complaints) = said(
            Command::new("man")
                .args(["--nh", "--nj", "-l"])
                .arg(&page)
                .envs([("MANWIDTH", "200"), ("PAGER", "cat"), ("MANPAGER", "cat")]),
        );
        assert_eq!(complaints, "", "{file}");
        let (name, section) = file.split_once('.').unwrap();
        let title = format!("{}({section})", name.to_uppercase());
        assert!(shown.starts_with(&title), "{file}: {shown}");
        assert!(
            shown.contains(&format!("NAME\n       {line}\n")),
            "{file} does not show `{line}`: {shown}"
        );
        assert!(shown.contains("\nDESCRIPTION\n"), "{file}");
    }
}

/// The file that `man` would show of ours, among pages of the system that are called so.
fn found(name: &str, sections: &[&str]) -> String {
    let place = tempfile::tempdir().unwrap();
    for section in sections {
        let directory = place.path().join(format!("man{}", &section[..1]));
        std::fs::create_dir_all(&directory).unwrap();
        let page = format!(".TH X {section}\n.SH NAME\n{name} \\- is the system's\n");
        std::fs::write(directory.join(format!("{name}.{section}")), page).unwrap();
    }
    for page in pages() {
        let section = page.parent().unwrap().file_name().unwrap();
        let directory = place.path().join(section);
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::copy(&page, directory.join(page.file_name().unwrap())).unwrap();
    }
    let (path, complaints) = said(
        Command::new("man")
            .args(["-w", name])
            .env("MANPATH", place.path()),
    );
    assert_eq!(complaints, "", "{name}");
    let path = path.trim();
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    file.to_owned()
}

#[test]
fn nobody_gets_a_page_of_ours_who_wants_the_systems() {
    for (name, section) in [
        ("exec", "3"),
        ("exit", "3"),
        ("exit", "2"),
        ("getcwd", "3"),
        ("getpid", "2"),
        ("umask", "2"),
        ("wait", "2"),
        // Where the section is the same, the one without a suffix is first.
        ("cd", "1"),
        ("if", "1"),
    ] {
        assert_eq!(found(name, &[section]), format!("{name}.{section}"));
    }
    assert_eq!(found("if", &[]), "if.1execline");
    assert_eq!(found("cd", &[]), "cd.1execline");
    assert_eq!(found("execline-wait", &["2"]), "execline-wait.1execline");
}

/// The program as it is installed, with or without its pages.
fn installed(with_pages: bool) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("bin/execline");
    std::fs::create_dir(place.path().join("bin")).unwrap();
    executable::copy(env!("CARGO_BIN_EXE_execline"), &program);
    if with_pages {
        let pages = place.path().join("share/execline/commands");
        std::fs::create_dir_all(&pages).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands");
        for page in std::fs::read_dir(sources).unwrap() {
            let page = page.unwrap();
            std::fs::copy(page.path(), pages.join(page.file_name())).unwrap();
        }
    }
    (place, program)
}

fn help(program: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(program)
        .arg("--help")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

#[test]
fn help_prints_the_page_of_each_command() {
    let (_place, program) = installed(true);
    let page = |name: &str| {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands");
        std::fs::read_to_string(pages.join(format!("{name}.md"))).unwrap()
    };
    for command in &execline::commands::COMMANDS {
        let printed = help(&program, &[command.name]);
        assert_eq!(printed, (page(command.name), String::new(), Some(0)));
    }
    assert_eq!(help(&program, &[]).0, page("execline"));
}

#[test]
fn help_says_what_is_missing() {
    let (place, program) = installed(false);
    let (printed, complaint, code) = help(&program, &["if"]);
    let directory = place.path().canonicalize().unwrap();
    let path = format!(
        "{}/bin/../share/execline/commands/if.md",
        directory.display()
    );
    assert_eq!((printed.as_str(), code), ("", Some(111)));
    assert_eq!(
        complaint,
        format!(
            "execline: fatal: unable to read {path}: No such file or directory\n  \
             the pages are docs/commands of the sources\n"
        )
    );
    let (printed, complaint, code) = help(&program, &["../if"]);
    assert_eq!((printed.as_str(), code), ("", Some(100)));
    assert!(complaint.starts_with("execline: fatal: unknown subcommand: ../if\n"));
}
