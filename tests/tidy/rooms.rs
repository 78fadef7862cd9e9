//! Which room imports which: the table of docs/architecture.md, held against every path.
//!
//! Paths are resolved by where a file lies. Tests may import what they like.

use std::collections::BTreeSet;

use super::source::{self, Source};
use super::verdict;

/// A room: a part of `src` with its own rules.
struct Room {
    /// Its files begin with this, below `src/`.
    at: &'static str,
    /// The rooms it may import, besides itself.
    imports: &'static [&'static str],
    /// What else it may take.
    libc: Libc,
}

/// How much of the libc crate a room may see. Nothing of libc itself is ever linked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Libc {
    Nothing,
    /// Numbers, as they are part of the kernel's language.
    Constants,
    /// Its types and the numbers of system calls too.
    All,
}

const ROOMS: [Room; 9] = [
    Room {
        at: "syntax/",
        imports: &[],
        libc: Libc::Nothing,
    },
    Room {
        at: "block.rs",
        imports: &[],
        libc: Libc::Nothing,
    },
    Room {
        at: "substitution/",
        imports: &[],
        libc: Libc::Nothing,
    },
    Room {
        at: "pattern/",
        imports: &[],
        libc: Libc::Nothing,
    },
    Room {
        at: "sys/",
        imports: &[],
        libc: Libc::All,
    },
    Room {
        at: "process/",
        imports: &["sys", "block", "substitution"],
        libc: Libc::Constants,
    },
    Room {
        at: "command.rs",
        imports: &["process"],
        libc: Libc::Nothing,
    },
    Room {
        at: "commands/",
        imports: &[
            "command",
            "process",
            "sys",
            "block",
            "substitution",
            "pattern",
            "syntax",
        ],
        libc: Libc::Constants,
    },
    Room {
        at: "bin/execline/",
        imports: &["commands", "process", "block", "sys"],
        libc: Libc::All,
    },
];

/// What commands take from each other: who, from whom, what, and why.
const SHARED: [(&str, &str, &[&str], &str); 4] = [
    (
        "multisubstitute",
        "*",
        &["directive"],
        "its directives are the substitution commands",
    ),
    (
        "importas",
        "define",
        TRANSFORMS,
        "the same options, told once",
    ),
    (
        "multidefine",
        "define",
        TRANSFORMS,
        "the same options, told once",
    ),
    (
        "forbacktickx",
        "forstdin",
        &["LOOP_OPTIONS"],
        "the same options, told once",
    ),
];

const TRANSFORMS: &[&str] = &[
    "CHOMP",
    "CRUNCH",
    "DELIMITERS",
    "NOT_CHOMP",
    "NOT_CRUNCH",
    "SPLIT",
];

/// The file's module path below the crate: `process/engine.rs` is `process::engine`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The path from the root of the library, where it leads into the library.
fn resolve(path: &[String], module: &[String]) -> Option<Vec<String>> {
    let is_program = module[0] == "bin";
    match &*path[0] {
        "execline" if is_program => Some(path[1..].to_vec()),
        // The program's own modules.
        "crate" | "super" if is_program => None,
        "crate" => Some(path[1..].to_vec()),
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let base = &module[..module.len().saturating_sub(ups)];
            Some([base, &path[ups..]].concat())
        }
        _ => None,
    }
}

fn room_of(file: &Source) -> Option<(&'static Room, &str)> {
    let below = file.path.strip_prefix("src/")?;
    let room = ROOMS.iter().find(|room| below.starts_with(room.at));
    room.map(|room| (room, below))
}

#[test]
fn rooms_import_what_the_table_says() {
    let mut faults = Vec::new();
    for file in source::sources() {
        let Some((room, below)) = room_of(&file) else {
            if file.path != "src/lib.rs" {
                faults.push(format!("{} is in no room", file.path));
            }
            continue;
        };
        let own = room.at.trim_end_matches(['/']).trim_end_matches(".rs");
        for path in source::paths(&file.code) {
            let shown = path.join("::");
            let last = path.last().map_or("", |last| last);
            let is_constant = last.chars().all(|c| !c.is_lowercase());
            match &*path[0] {
                "libc" if room.libc == Libc::All => {}
                "libc" if room.libc == Libc::Constants && is_constant => {}
                "syscalls" if own == "sys" => {}
                "std" | "libc" | "syscalls" => faults.push(format!("{}: {shown}", file.path)),
                _ => {
                    if let Some(target) = resolve(&path, &module(below))
                        && let Some(first) = target.first()
                        && first != own
                        && !room.imports.contains(&&**first)
                    {
                        faults.push(format!("{}: {shown}", file.path));
                    }
                }
            }
        }
    }
    verdict(
        "a room imports only what docs/architecture.md says",
        &faults,
    );
}

/// What each command takes from others: who, from whom, what.
fn taken() -> BTreeSet<(String, String, String)> {
    let mut taken = BTreeSet::new();
    for file in source::sources() {
        let Some(below) = file.path.strip_prefix("src/commands/") else {
            continue;
        };
        if below == "mod.rs" {
            continue;
        }
        let module = module(&format!("commands/{below}"));
        let who = module[1].clone();
        let paths = source::paths(&file.code);
        for path in &paths {
            match resolve(path, &module).as_deref() {
                Some([room, whom]) if room == "commands" && *whom != who => {
                    // The module as a whole: what is taken is named where it is used.
                    let uses = paths.iter().filter(|path| path[0] == *whom);
                    taken.extend(uses.map(|path| (who.clone(), whom.clone(), path[1].clone())));
                }
                Some([room, whom, what, ..]) if room == "commands" && *whom != who => {
                    taken.insert((who.clone(), whom.clone(), what.clone()));
                }
                _ => {}
            }
        }
    }
    taken
}

#[test]
fn commands_take_from_each_other_only_what_is_listed() {
    let taken = taken();
    let mut faults = Vec::new();
    for (who, whom, what) in &taken {
        let is_listed = SHARED.iter().any(|(by, from, items, _)| {
            by == who && (*from == "*" || from == whom) && items.contains(&&**what)
        });
        if !is_listed {
            faults.push(format!("{who} takes {what} from {whom}"));
        }
    }
    for (by, from, _, reason) in SHARED {
        let is_used = taken
            .iter()
            .any(|(who, whom, _)| by == who && (from == "*" || from == whom));
        let is_there = super::registry::command_files()
            .iter()
            .any(|file| file == by);
        if is_there && !is_used {
            faults.push(format!("{by} takes nothing from {from} any more: {reason}"));
        }
    }
    verdict("a command stands for itself", &faults);
}

/// What the linter may take of the runtime: what is pure, and the commands as data.
const FOR_THE_LINTER: [&str; 6] = [
    "syntax",
    "block",
    "substitution",
    "pattern",
    "command",
    "commands",
];

#[test]
fn the_linter_takes_what_is_pure_and_runs_no_command() {
    let mut faults = Vec::new();
    for file in source::sources_of_the_linter() {
        for path in source::paths(&file.code) {
            if path[0] != "execline" {
                continue;
            }
            let is_known = path
                .get(1)
                .is_some_and(|room| FOR_THE_LINTER.contains(&&**room));
            if !is_known || path.last().is_some_and(|last| last == "run") {
                faults.push(format!("{}: {}", file.path, path.join("::")));
            }
        }
    }
    verdict("the linter reads", &faults);
}
