//! How much memory a tree can make the program take, and what it does where a tree is larger than
//! it looks at: docs/reliability.md says the same. Time is in `growth`; here a run that does not
//! end is one that takes longer than any.

use crate::plant::{Planted, Thing, file, program};
use crate::run::{self, Outcome, exlint};
use nix::fcntl::{OFlag, openat};
use nix::sys::stat::{Mode, mkdirat};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the program takes with nothing to do, and a thread for each processor: in MB.
const ALWAYS: u64 = 64;

/// How many bytes a byte of a script takes at worst.
const BY_BYTE: u64 = 600;

/// How many bytes an entry of a directory takes at worst, its name included.
const BY_ENTRY: u64 = 2000;

/// The most memory that a run takes, in bytes: GNU time asks the kernel.
fn peak(directory: &Path, arguments: &[&str]) -> (u64, Option<i32>) {
    let _shared = run::among_others();
    let around = tempfile::tempdir().unwrap();
    let said = around.path().join("said");
    let output = Command::new("time")
        .args(["--format=%M", "--quiet", "--output"])
        .arg(&said)
        .arg(run::program().get_program())
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("GNU time, which ./test installs");
    let said = fs::read_to_string(&said).unwrap();
    let kilobytes: u64 = said.trim().parse().expect(&said);
    (kilobytes * 1024, output.status.code())
}

fn script(text: &str) -> Vec<(Vec<u8>, Thing)> {
    vec![(b"services.d/a/run".to_vec(), program(text))]
}

#[test]
fn memory_grows_with_scripts_by_a_factor() {
    const LENGTH: usize = 1 << 18;
    let execline = "#!/command/execlineb -P\n";
    let repeated = |first: &str, piece: &str| {
        let count = (LENGTH - first.len()) / piece.len();
        format!("{first}{}", piece.repeat(count))
    };
    let nested = |first: &str, open: &str, close: &str| {
        let count = (LENGTH - first.len()) / (open.len() + close.len());
        format!("{first}{}{}", open.repeat(count), close.repeat(count))
    };
    for text in [
        repeated(execline, "a "),
        repeated(execline, "foreground { a }\n"),
        repeated(execline, "define x $x\n"),
        repeated(execline, "\n"),
        repeated(execline, "\"\" "),
        repeated(execline, "# exlint: allow x\n"),
        nested(execline, "{ ", "} "),
        nested(execline, "if { a ", "} "),
        repeated("#!/bin/sh\n", "a\n"),
        repeated("#!/bin/sh\n", "a;"),
        repeated("#!/bin/sh\n", "$a "),
        repeated("#!/bin/sh\n", "a=b\n"),
        repeated("#!/bin/sh\n", "<a\n"),
        repeated("#!/bin/sh\n", "a=$(b)\n"),
        repeated("#!/bin/sh\n", "((a))\n"),
        nested("#!/bin/sh\n", "(", ")"),
    ] {
        let planted = Planted::new(&script(&text));
        let (peak, code) = peak(planted.around(), &["given", "--format", "json"]);
        let beginning: String = text.chars().skip(10).take(30).collect();
        assert!(matches!(code, Some(0 | 1)), "{beginning:?}: {code:?}");
        let most = (ALWAYS << 20) + BY_BYTE * text.len() as u64;
        assert!(peak < most, "{beginning:?}: {peak} of {most} bytes");
    }
}

#[test]
fn memory_grows_with_entries_by_a_factor() {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    let directory = planted.given().join("services.d/a/data/files");
    fs::create_dir_all(&directory).unwrap();
    const COUNT: u64 = 100_000;
    for number in 0..COUNT {
        fs::File::create(directory.join(format!("{number:0200}"))).unwrap();
    }
    let (peak, code) = peak(planted.around(), &["given", "--format", "json"]);
    assert!(matches!(code, Some(0 | 1)));
    let most = (ALWAYS << 20) + BY_ENTRY * COUNT;
    assert!(peak < most, "{peak} of {most} bytes");
}

/// A run that finds what is to be said about a file that is too long, and takes little memory.
fn check_is_told(planted: &Planted, part: &str) -> Outcome {
    let outcome = exlint(planted.around(), &["given", "--format", "short"]);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(said.contains(part), "{said}");
    let (peak, _) = peak(planted.around(), &["given", "--format", "short"]);
    assert!(peak < (ALWAYS << 20), "{peak} bytes");
    outcome
}

#[test]
fn what_is_too_long_is_told_and_not_read() {
    for length in [(1 << 20) + 1, 64 << 20, 1 << 40] {
        let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
        let given = planted.given();
        // A file of a terabyte that takes no room.
        let grow = |path: &str| {
            let mut options = fs::OpenOptions::new();
            let file = options.append(true).create(true).open(given.join(path));
            file.unwrap().set_len(length).unwrap();
        };
        grow("services.d/a/run");
        grow("services.d/a/notification-fd");
        grow("services.d/a/timeout-kill");
        grow("Dockerfile");
        let outcome = check_is_told(
            &planted,
            "given/services.d/a/run: note[unreadable-entry]: it is not read: it is longer than \
             1048576 bytes",
        );
        assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    }
}

#[test]
fn all_that_is_behind_enough_scripts_is_told_and_not_read() {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    let directory = planted.given().join("services.d");
    let long = format!(
        "#!/command/execlineb -P\nserver {}\n",
        "x".repeat(1_000_000)
    );
    fs::write(directory.join("long"), long).unwrap();
    // One text under many names is long for us as often as it is named.
    for number in 0..40 {
        let service = directory.join(format!("b{number}"));
        fs::create_dir(&service).unwrap();
        fs::hard_link(directory.join("long"), service.join("run")).unwrap();
    }
    let outcome = exlint(planted.around(), &["given", "--format", "short"]);
    let unread = outcome
        .stdout
        .matches("the scripts before it have 33554432 bytes");
    assert_eq!(unread.count(), 7, "{}", outcome.stdout);
}

#[test]
fn more_text_than_any_tree_has_ends_the_work() {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    let given = planted.given();
    fs::write(
        given.join("Dockerfile"),
        format!("FROM a\n#{}\n", "x".repeat(1 << 19)),
    )
    .unwrap();
    for number in 0..600 {
        fs::hard_link(
            given.join("Dockerfile"),
            given.join(format!("Dockerfile.{number}")),
        )
        .unwrap();
    }
    let outcome = exlint(planted.around(), &["given"]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.contains("give a part of it"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn thousands_of_directories_in_one_another_are_left() {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    let above = fs::File::open(planted.given().join("services.d/a")).unwrap();
    let mut at = std::os::fd::OwnedFd::from(above);
    for _ in 0..5000 {
        mkdirat(&at, "d", Mode::from_bits_truncate(0o755)).unwrap();
        at = openat(
            &at,
            "d",
            OFlag::O_RDONLY | OFlag::O_DIRECTORY,
            Mode::empty(),
        )
        .unwrap();
    }
    let outcome = check_is_told(&planted, "it lies deeper than 200 directories");
    assert!(outcome.code < 2);
    // Removed by a program that needs no descriptor for each.
    let remove = Command::new("rm").arg("-rf").arg(planted.given()).status();
    assert!(remove.unwrap().success());
}

#[test]
fn names_of_control_characters_are_harmless() {
    let names = [1u8, 7, 9, 10, 13, 27, 127, 155, 255].map(|byte| vec![byte; 255]);
    let mut things: Vec<(Vec<u8>, Thing)> = Vec::new();
    let source = b"etc/s6-overlay/s6-rc.d";
    for name in &names {
        let mut add = |path: &[&[u8]], thing| things.push((path.join(&b'/'), thing));
        add(
            &[b"etc/services.d", name, b"run"],
            program("#!/bin/sh\r\nfoo\n"),
        );
        add(&[source, name, b"type"], file("longrn\n"));
        add(&[source, b"user/contents.d", name], file(""));
        add(&[source, b"a/dependencies.d", name], file(""));
        add(&[b"etc/cont-init.d", name], file("#!/bin/sh\nfoo\n"));
    }
    things.push((b"etc/s6-overlay/s6-rc.d/a/type".to_vec(), file("oneshot\n")));
    let planted = Planted::new(&things);
    for format in ["human", "short", "github", "json", "sarif", "gitlab"] {
        exlint(planted.around(), &["given", "--format", format]);
    }
    let outcome = exlint(planted.around(), &["given", "--format", "short"]);
    assert!(outcome.stdout.lines().count() > 20, "{}", outcome.stdout);
}

#[test]
fn a_configuration_may_be_anything() {
    let deep = |open: &str, close: &str| open.repeat(200_000) + &close.repeat(200_000);
    for text in [
        format!("base = {}\n", deep("[", "]")),
        format!("rules = {}\n", deep("{ a = ", " }")),
        format!("{} = 1\n", "a.".repeat(200_000) + "a"),
        format!("programs = [\"x {}\"]\n", deep("{ ", "} ")),
        format!("programs = [\"x {}\"]\n", deep("[ ", "] ")),
        format!("programs = [\"x {}\"]\n", "prog... ".repeat(50_000)),
        format!("[[path]]\nglob = \"{}\"\nrules = {{}}\n", deep("{", "}")),
        format!(
            "[[path]]\nglob = \"{}\"\nrules = {{}}\n",
            "{a,b}".repeat(100_000)
        ),
        format!(
            "[[path]]\nglob = \"{}\"\nrules = {{}}\n",
            "**/*a*".repeat(20_000)
        ),
        "[[path]]\nglob = \"**/*a*\"\nrules = {}\n".repeat(20_000),
        "# x\n".repeat(400_000),
    ] {
        let things = [
            (b"exlint.toml".to_vec(), file(&text)),
            (
                b"services.d/a/run".to_vec(),
                program("#!/command/execlineb -P\nserver\n"),
            ),
        ];
        let planted = Planted::new(&things);
        let outcome = exlint(planted.around(), &["given"]);
        let beginning: String = text.chars().take(40).collect();
        // What is said of it is no longer than people read.
        assert!(
            outcome.stderr.len() < 4000,
            "{beginning}: {} bytes",
            outcome.stderr.len()
        );
    }
}
