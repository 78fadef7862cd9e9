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

/// How many bytes a byte of a text takes at worst.
const BY_BYTE: u64 = 800;

/// How many bytes a file, directory or link takes at worst, without its path, and with what is
/// found in it.
const BY_ENTRY: u64 = 3000;

/// How many bytes a byte of git's index, or of a path in it, takes at worst.
const BY_BYTE_OF_INDEX: u64 = 4;

/// How many times an entry's path below what was given, and a link's target, is kept at worst.
const BY_PATH: u64 = 2;

/// Runs its arguments and says how many kilobytes they took, and their exit code. A process is
/// measured with what its parent had when it forked, so that has to be small.
const MEASURE: &str = "
import os, sys
process = os.fork()
if process == 0:
    nowhere = os.open('/dev/null', os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(process, 0)
print(usage.ru_maxrss, os.waitstatus_to_exitcode(status))
";

/// The most memory that a run takes, in bytes; it ends as it should.
fn peak(directory: &Path, arguments: &[&str]) -> u64 {
    let _shared = run::among_others();
    let output = run::as_the_program(Command::new("python3"))
        .args(["-c", MEASURE])
        .arg(run::program().get_program())
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let (kilobytes, code) = said.trim_end().split_once(' ').unwrap();
    assert!(["0", "1"].contains(&code), "{code}");
    kilobytes.parse::<u64>().unwrap() * 1024
}

fn script(text: &str) -> Vec<(Vec<u8>, Thing)> {
    vec![(b"services.d/a/run".to_vec(), program(text))]
}

#[test]
fn memory_grows_with_texts_by_a_factor() {
    // A list that has just outgrown its room has twice as much.
    const LENGTH: usize = (1 << 18) + 100;
    let execline = "#!/command/execlineb -P\n";
    let repeated = |first: &str, piece: &str| {
        let count = (LENGTH - first.len()) / piece.len();
        format!("{first}{}", piece.repeat(count))
    };
    let nested = |first: &str, open: &str, close: &str| {
        let count = (LENGTH - first.len()) / (open.len() + close.len());
        format!("{first}{}{}", open.repeat(count), close.repeat(count))
    };
    let (run, up) = ("etc/services.d/a/run", "etc/s6-overlay/s6-rc.d/a/up");
    for (path, text) in [
        (run, repeated(execline, "define x $x\n")),
        (run, nested(execline, "{ ", "} ")),
        (run, repeated("#!/bin/sh\n", "`a`\n")),
        (up, repeated("", "{ ")),
        ("docker-compose.yml", format!("a: [{}]", repeated("", "a,"))),
    ] {
        let planted = Planted::new(&[
            (path.into(), program(&text)),
            (
                b"etc/services.d/b/run".to_vec(),
                program("#!/command/execlineb -P\nserver\n"),
            ),
            (b"etc/s6-overlay/s6-rc.d/a/type".to_vec(), file("oneshot\n")),
        ]);
        let peak = peak(planted.around(), &["given", "--format", "json"]);
        let beginning: String = text.chars().take(30).collect();
        let most = (ALWAYS << 20) + BY_BYTE * text.len() as u64;
        assert!(peak < most, "{beginning:?}: {peak} of {most} bytes");
    }
}

/// A directory's entries are made, below the tree, and a run takes no more than for each of them
/// and the bytes of its path.
fn check_entries(name: &str, count: u64, path: usize, make: impl Fn(&Path, u64)) {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    for number in 0..count {
        make(&planted.given(), number);
    }
    let peak = peak(planted.around(), &["given", "--format", "json"]);
    let most = (ALWAYS << 20) + (BY_ENTRY + BY_PATH * path as u64) * count;
    assert!(peak < most, "{name}: {peak} of {most} bytes");
}

#[test]
fn memory_grows_with_entries_by_a_factor() {
    const COUNT: u64 = 40_000;
    let in_directory = |root: &Path, directory: &str| {
        let directory = root.join(directory);
        fs::create_dir_all(&directory).unwrap();
        directory
    };
    check_entries("files", COUNT, 230, |root, number| {
        let directory = in_directory(root, "services.d/a/data/files");
        fs::File::create(directory.join(format!("{number:0200}"))).unwrap();
    });
    check_entries("hooks", COUNT, 30, |root, number| {
        let directory = in_directory(root, "etc/cont-init.d");
        fs::File::create(directory.join(number.to_string())).unwrap();
    });
    for (directory, file) in [
        ("etc/services.d", "run"),
        ("etc/s6-overlay/s6-rc.d", "type"),
    ] {
        // Each has one: two entries.
        check_entries(directory, COUNT, 60, |root, number| {
            let directory = in_directory(root, &format!("{directory}/{}", number / 2));
            if number % 2 == 1 {
                fs::File::create(directory.join(file)).unwrap();
            }
        });
    }
    check_entries("members", COUNT, 60, |root, number| {
        let directory = in_directory(root, "etc/s6-overlay/s6-rc.d/user/contents.d");
        fs::File::create(directory.join(number.to_string())).unwrap();
    });
    check_entries("links", COUNT / 4, 4000, |root, number| {
        let directory = in_directory(root, "services.d/a/data/files");
        let target = "x".repeat(4000);
        std::os::unix::fs::symlink(target, directory.join(number.to_string())).unwrap();
    });
}

/// A run that finds what is to be said about a file that is too long, and takes little memory.
fn check_is_told(planted: &Planted, part: &str) -> Outcome {
    let outcome = exlint(planted.around(), &["given", "--format", "short"]);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(said.contains(part), "{said}");
    let peak = peak(planted.around(), &["given", "--format", "short"]);
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
        "#!/command/execlineb -P\nserver\n#{}\n",
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
    let said = "exlint: given: there are texts of more than 268435456 bytes, with the root and \
                the bases; give a part of it";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

#[test]
fn bases_are_held_in_memory_together() {
    let planted = Planted::new(&script("#!/command/execlineb -P\nserver\n"));
    let around = planted.around();
    let long = around.join("long");
    fs::write(&long, "x".repeat(1 << 20)).unwrap();
    // Each has a third of what may be read.
    let mut bases = Vec::new();
    for base in ["1", "2", "3", "4"] {
        for number in 0..85 {
            let path = format!("{base}/etc/s6-overlay/s6-rc.d/{base}-{number}");
            let definition = around.join(path);
            fs::create_dir_all(&definition).unwrap();
            fs::hard_link(&long, definition.join("type")).unwrap();
        }
        bases.extend(["--base", base]);
    }
    for (count, code) in [(2, 0), (4, 2)] {
        let bases = bases.iter().take(2 * count).copied();
        let arguments: Vec<&str> = ["given/services.d"].into_iter().chain(bases).collect();
        let outcome = exlint(around, &arguments);
        assert_eq!(outcome.code, code, "{count}: {}", outcome.stderr);
        let is_told = outcome
            .stderr
            .contains("texts of more than 268435456 bytes");
        assert_eq!(is_told, code == 2, "{count}: {}", outcome.stderr);
    }
}

/// An index of version 4 in a tree: of each path, how many of the last bytes of the one before it
/// it has not, and what it has then; and what is behind the paths.
fn index(paths: impl Iterator<Item = (u8, Vec<u8>)>, behind: &[u8]) -> Planted {
    let (mut entries, mut count) = (Vec::new(), 0u32);
    for (dropped, path) in paths {
        entries.extend([0; 24]);
        entries.extend(0o100_644u32.to_be_bytes());
        entries.extend([0; 12 + 20 + 2]);
        entries.push(dropped);
        entries.extend(path);
        entries.push(0);
        count += 1;
    }
    let head = [*b"DIRC", 4u32.to_be_bytes(), count.to_be_bytes()].concat();
    let index = [&head, &entries, behind, &[0; 20]].concat();
    let mut things = script("#!/command/execlineb -P\nserver\n");
    things.push((b".git/index".to_vec(), Thing::File(index, 0o644)));
    Planted::new(&things)
}

#[test]
fn memory_grows_with_an_index_by_a_factor() {
    const COUNT: u32 = 400_000;
    let path = |number: u32| {
        let dropped = if number == 0 { 0 } else { 8 };
        (dropped, format!("{number:08}").into_bytes())
    };
    let planted = index((0..COUNT).map(path), b"");
    let length = fs::metadata(planted.given().join(".git/index"))
        .unwrap()
        .len();
    let peak = peak(planted.around(), &["given", "--modes", "git"]);
    let most = (ALWAYS << 20) + BY_BYTE_OF_INDEX * (length + 8 * u64::from(COUNT));
    assert!(peak < most, "{peak} of {most} bytes");
}

#[test]
fn an_index_does_not_grow_when_it_is_read() {
    // Each path begins with all of the one before it, which is a megabyte.
    let long = std::iter::once((0, vec![b'a'; 1_000_000]));
    let planted = index(
        long.chain(std::iter::repeat_n((0, b"b".to_vec()), 20_000)),
        b"",
    );
    let outcome = exlint(planted.around(), &["given", "--modes", "git"]);
    let said = "given: the index of the git repository: its paths have more than 134217728 bytes";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    assert_eq!(outcome.code, 2);
    // Directories in one another, in git's cache of what it would commit.
    let trees = b"\0-1 1\n".repeat(500_000);
    let length = u32::try_from(trees.len()).unwrap().to_be_bytes();
    let planted = index(std::iter::empty(), &[b"TREE", &length[..], &trees].concat());
    let outcome = exlint(planted.around(), &["given", "--modes", "git"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
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
    const LENGTH: usize = 1_000_000;
    let many = |piece: &str| piece.repeat(LENGTH / piece.len());
    let deep = |open: &str, close: &str| {
        let count = LENGTH / (open.len() + close.len());
        open.repeat(count) + &close.repeat(count)
    };
    let glob = |glob: &str| format!("[[path]]\nglob = \"{glob}\"\nrules = {{}}\n");
    let program = |usage: &str| format!("programs = [\"x {usage}\"]\n");
    for (text, said) in [
        (format!("base = {}\n", deep("[", "]")), "recur"),
        (format!("base = [{}]\n", many("\".\",")), "more than 128"),
        (format!("rules = {}\n", deep("{a=", "}")), "recur"),
        (many("a.") + "a = 1\n", "recur"),
        (format!("[{}a]\n", many("a.")), "recur"),
        (format!("[rules.{}a]\n", many("a.")), "recur"),
        (program(&deep("{ ", "} ")), "programs"),
        (program(&deep("[ ", "] ")), "programs"),
        (program(&many("prog... ")), "programs"),
        (program(&many("a ")), ""),
        (glob(&deep("{", "}")), "longer than 1000 bytes"),
        (glob(&many("{a,b}")), "longer than 1000 bytes"),
        (glob(&many("**/*a*")), "longer than 1000 bytes"),
        (many(&glob("**/*a*")), "too large together"),
        (
            glob(&("{".repeat(499) + "a" + &"}".repeat(499))),
            "nested too deeply",
        ),
        (many("# x\n"), ""),
        (many("# x\n").repeat(2), "longer than 1048576 bytes"),
        (format!("root = \"{}\"\n", many("a")), "File name too long"),
    ] {
        let things = [
            (b"exlint.toml".to_vec(), file(&text)),
            (
                b"services.d/a/run".to_vec(),
                crate::plant::program("#!/command/execlineb -P\nserver\n"),
            ),
        ];
        let planted = Planted::new(&things);
        let outcome = exlint(planted.around(), &["given", "--format", "json"]);
        let beginning: String = text.chars().take(40).collect();
        let stderr = &outcome.stderr;
        assert!(stderr.contains(said), "{beginning}: {stderr}");
        assert_eq!(outcome.code == 2, !said.is_empty(), "{beginning}: {stderr}");
        // What is said of it is no longer than people read.
        assert!(stderr.len() < 4000, "{beginning}: {} bytes", stderr.len());
    }
}
