//! What `install.sh`, `make install`, `cargo install` and `execline --install` lay out, and what
//! they refuse: a place that is not theirs, that cannot be written to, or that is full. Whatever
//! they refuse, they have changed nothing.
//!
//! Deliberately nothing is installed into the running system: everything happens below a
//! temporary directory. How services run with what is installed is `replacement`'s.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod executable;
/// A copy of what install.sh needs, places to install into, and what is in them.
#[path = "install/place.rs"]
mod place;

use execline::commands::COMMANDS;
use place::{Entry, Place, checkout, pages};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The names that an installation can leave out.
const POSIX_NAMES: [&str; 10] = [
    "case", "cd", "exec", "exit", "export", "if", "shift", "trap", "umask", "wait",
];

/// How each layout is asked for, where its commands are, and what else it has.
const LAYOUTS: [(&str, &str, &[&str]); 4] = [
    ("usr", "usr/lib/execline/bin", &["usr/bin/execlineb"]),
    ("bin", "usr/bin", &[]),
    ("command", "command", &[]),
    (
        "package",
        concat!(
            "package/admin/execline-",
            env!("CARGO_PKG_VERSION"),
            "/command"
        ),
        &["package/admin/execline"],
    ),
];

/// Where a layout has what `execline --help` prints.
fn help(layout: &str) -> String {
    let home = match layout {
        "package" => concat!("package/admin/execline-", env!("CARGO_PKG_VERSION")),
        _ => "usr",
    };
    format!("{home}/share/execline/commands")
}

fn names() -> BTreeSet<&'static str> {
    COMMANDS.iter().map(|command| command.name).collect()
}

#[test]
fn every_layout_has_a_link_for_each_command_and_nothing_unexpected() {
    for (layout, commands, others) in LAYOUTS {
        let place = Place::new();
        place.install(&["--layout", layout]).succeeds();
        let tree = place.tree();
        let mut expected: BTreeSet<String> = others.iter().map(|path| (*path).into()).collect();
        expected.insert("usr/bin/exlint".into());
        for name in names() {
            let path = format!("{commands}/{name}");
            let is = &tree.entries[&path];
            if name == "execline" {
                assert!(matches!(is, Entry::File(0o755, _)), "{layout}: {is:?}");
            } else {
                assert_eq!(*is, Entry::Link("execline".into()), "{layout}: {path}");
            }
            expected.insert(path);
            if layout == "package" {
                let link = format!("command/{name}");
                let target = format!("../package/admin/execline/command/{name}");
                assert_eq!(tree.entries[&link], Entry::Link(target.into()));
                expected.insert(link);
            }
        }
        let commands = names().into_iter();
        expected.extend(commands.map(|name| format!("{}/{name}.md", help(layout))));
        let pages = |path: &&String| path.starts_with("usr/share/man/");
        let there: BTreeSet<String> = tree.files().filter(|path| !pages(path)).cloned().collect();
        assert_eq!(there, expected, "{layout}");
    }
}

#[test]
fn a_root_may_be_given_as_seen_from_here() {
    let place = Place::new();
    let mut install = Command::new(checkout().directory().join("install.sh"));
    install
        .args(["--only", "exlint", "--without-manual", "--prefix", "/usr"])
        .args(["--destdir", "some/root", "--programs"])
        .arg(checkout().target().join("release"))
        .current_dir(place.root());
    assert!(install.status().unwrap().success());
    let tree = place.tree();
    let files: Vec<&String> = tree.files().collect();
    assert_eq!(files, ["some/root/usr/bin/exlint"]);
}

#[test]
fn help_is_found_in_every_layout() {
    let page = |name: &str| {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands");
        std::fs::read_to_string(pages.join(format!("{name}.md"))).unwrap()
    };
    for (layout, commands, _) in LAYOUTS {
        let place = Place::new();
        place.install(&["--layout", layout]).succeeds();
        let program = format!("{commands}/execline");
        for name in ["if", "posix-cd", "execline"] {
            let shown = place.run(&program, &["--help", name]);
            shown.succeeds();
            assert_eq!(shown.printed(), page(name), "{layout}");
        }
    }
    // The program in /command does not know of a prefix: what it prints is where it looks.
    for prefix in ["/usr/local", "/opt/tools", ""] {
        let place = Place::new();
        let options = ["--layout", "command", "--prefix", prefix];
        place.install(&options).succeeds();
        let shown = place.run("command/execline", &["--help", "if"]);
        shown.succeeds();
        assert_eq!(shown.printed(), page("if"), "{prefix}");
    }
}

#[test]
fn manual_pages_are_installed_in_their_sections() {
    let place = Place::new();
    place.install(&[]).succeeds();
    let tree = place.tree();
    for page in pages() {
        let path = format!("usr/share/man/{page}");
        assert!(
            matches!(tree.entries[&path], Entry::File(0o644, _)),
            "{path}"
        );
    }
    let place = Place::new();
    place.install(&["--without-manual"]).succeeds();
    assert!(!place.tree().entries.contains_key("usr/share"));
    place
        .run("usr/lib/execline/bin/execline", &["--help", "if"])
        .fails_with(111, "No such file or directory");
}

#[test]
fn only_one_of_the_programs_is_installed_where_that_is_asked() {
    let place = Place::new();
    place
        .install(&["--only", "exlint", "--without-manual"])
        .succeeds();
    assert_eq!(place.tree().files().collect::<Vec<_>>(), ["usr/bin/exlint"]);
    let place = Place::new();
    place.install(&["--only", "execline"]).succeeds();
    assert!(!place.tree().entries.contains_key("usr/bin/exlint"));
}

#[test]
fn names_of_posix_can_be_left_out_and_scripts_find_the_commands_all_the_same() {
    let place = Place::new();
    place
        .install(&["--layout", "command", "--without-posix-names"])
        .succeeds();
    let tree = place.tree();
    let there: BTreeSet<&str> = tree
        .files()
        .filter_map(|path| path.strip_prefix("command/"))
        .collect();
    let expected: BTreeSet<&str> = names()
        .into_iter()
        .filter(|name| !POSIX_NAMES.contains(name))
        .collect();
    assert_eq!(there, expected);
    let script = "if { eltest 1 -eq 1 } cd / umask 077 exit 7";
    let status = Command::new(place.path("command/execlineb"))
        .args(["-c", script])
        .env("PATH", place.path("command"))
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(7));
}

#[test]
fn make_takes_the_customary_variables() {
    let place = Place::new();
    let output = Command::new("make")
        .args(["-s", "install", "PREFIX=/usr", "OPTIONS=--only execline"])
        .arg(format!("DESTDIR={}", place.root().display()))
        .env("CARGO_TARGET_DIR", checkout().target())
        .current_dir(checkout().directory())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let by_make = place.tree();
    let place = Place::new();
    place.install(&["--only", "execline"]).succeeds();
    assert_eq!(by_make, place.tree());
}

#[test]
fn installing_twice_is_as_once_and_a_newer_version_replaces_an_older_one() {
    for (layout, commands, _) in LAYOUTS {
        let place = Place::new();
        place.install(&["--layout", layout]).succeeds();
        let once = place.tree();
        place.install(&["--layout", layout]).succeeds();
        assert_eq!(place.tree(), once, "{layout}");
        // A program of ours that is not the same, and links that lead to it.
        place.make_older(&format!("{commands}/execline"));
        assert_ne!(place.tree(), once);
        place.install(&["--layout", layout]).succeeds();
        assert_eq!(place.tree(), once, "{layout}");
    }
}

#[test]
fn another_execline_is_not_overwritten_without_force() {
    for (layout, commands, _) in LAYOUTS {
        let place = Place::new();
        let strangers = ["execline", "execlineb", "if", "importas"];
        for name in strangers {
            place.write(&format!("{commands}/{name}"), "#!/bin/sh\necho not ours\n");
        }
        let before = place.tree();
        let refusal = place.install(&["--layout", layout]);
        refusal.fails_with(1, "nothing was changed");
        for name in strangers {
            let path = place.path(&format!("{commands}/{name}"));
            refusal.says(&format!(
                "{} is there already and is not ours\n",
                path.display()
            ));
        }
        refusal.says("--force replaces what is not ours");
        assert_eq!(place.tree(), before, "{layout}");

        place.install(&["--layout", layout, "--force"]).succeeds();
        let fresh = Place::new();
        fresh.install(&["--layout", layout]).succeeds();
        assert_eq!(place.tree(), fresh.tree(), "{layout}");
    }
}

#[test]
fn links_of_another_program_are_strangers_too() {
    let place = Place::new();
    place.link("command/if", "/bin/busybox");
    place.link("command/cd", "/usr/bin");
    let before = place.tree();
    let refusal = place.install(&["--layout", "command"]);
    refusal.fails_with(1, "nothing was changed");
    assert_eq!(place.tree(), before);
    // A link to a directory is replaced, and nothing is put into the directory.
    place
        .install(&["--layout", "command", "--force"])
        .succeeds();
    let tree = place.tree();
    assert_eq!(tree.entries["command/cd"], Entry::Link("execline".into()));
}

#[test]
fn upstream_installed_as_a_package_is_replaced_by_one_link_and_comes_back_by_one() {
    let place = Place::new();
    place.write("package/admin/execline-2.9.9.2/command/execline", "theirs");
    place.link("package/admin/execline", "execline-2.9.9.2");
    for name in names() {
        let target = format!("../package/admin/execline/command/{name}");
        place.link(&format!("command/{name}"), &target);
    }
    let options = [
        "--layout",
        "package",
        "--only",
        "execline",
        "--without-manual",
    ];
    let before = place.tree();
    let refusal = place.install(&options);
    refusal.fails_with(1, "package/admin/execline is there already and is not ours");
    assert_eq!(place.tree(), before);

    place
        .install(&[&options[..], &["--force"]].concat())
        .succeeds();
    let output = Command::new(place.path("command/execline"))
        .arg("--version")
        .output()
        .unwrap();
    assert!(output.stdout.starts_with(b"execline "), "{output:?}");
    std::fs::remove_file(place.path("package/admin/execline")).unwrap();
    place.link("package/admin/execline", "execline-2.9.9.2");
    assert_eq!(place.read("command/execline"), "theirs");
}

#[test]
fn a_directory_in_the_way_stays_whatever_is_asked() {
    for force in [&[][..], &["--force"]] {
        let place = Place::new();
        place.write("usr/lib/execline/bin/wait/precious", "mine");
        let before = place.tree();
        place
            .install(force)
            .fails_with(1, "usr/lib/execline/bin/wait is a directory");
        assert_eq!(place.tree(), before);
    }
}

#[test]
fn a_file_where_a_directory_should_be_is_said() {
    let place = Place::new();
    place.write("usr/lib", "mine");
    let before = place.tree();
    place.install(&[]).fails_with(1, "usr/lib is no directory");
    assert_eq!(place.tree(), before);
}

#[test]
fn a_user_is_told_what_cannot_be_written_to() {
    let place = Place::new();
    place.write("usr/bin/other", "mine");
    place.forbid_writing("usr");
    let before = place.tree();
    let refusal = place.install_as_user(&[]);
    refusal.fails_with(1, "cannot be written to by");
    refusal.says("nothing was changed");
    assert_eq!(place.tree(), before);
}

#[test]
fn a_file_system_that_is_read_only_is_said() {
    let place = Place::new();
    place.write("usr/bin/other", "mine");
    let before = place.tree();
    let bind = place.root().to_str().unwrap().to_owned();
    let refusal = place.install_inside(&["--ro-bind", &bind, &bind], &[]);
    refusal.fails_with(1, "cannot be written to by");
    assert_eq!(place.tree(), before);
}

#[test]
fn where_the_disk_is_full_nothing_is_left_behind() {
    let place = Place::new();
    let bind = place.root().to_str().unwrap().to_owned();
    // The tree is read before the sandbox with its small file system is gone.
    let list = format!("; code=$?; find '{bind}' ! -path '{bind}'; exit $code");
    let refusal = place.install_inside_and(
        &["--size", "65536", "--tmpfs", &bind],
        &["--only", "execline"],
        &list,
    );
    refusal.fails_with(1, "stopped: what was prepared is removed");
    refusal.says("No space left on device");
    assert_eq!(refusal.printed(), "");
}

#[test]
fn a_program_that_was_not_built_is_said() {
    let place = Place::new();
    let empty = Place::new();
    let programs = empty.root().to_str().unwrap().to_owned();
    place
        .install_from(&programs, &[])
        .fails_with(1, "execline is not there: was it built?");
    assert!(place.tree().entries.is_empty());
}

#[test]
fn wrong_options_are_refused_before_anything_else() {
    for (options, message) in [
        (&["--layout", "flat"][..], "unknown layout: flat"),
        (&["--layout"], "--layout needs a value"),
        (&["--prefix", "usr"], "--prefix is no absolute path: usr"),
        (&["--only", "both"], "not: both"),
        (&["--sideways"], "unknown option: --sideways"),
        (&["everything"], "unknown option: everything"),
    ] {
        let place = Place::new();
        place.install(options).fails_with(100, message);
        assert!(place.tree().entries.is_empty(), "{options:?}");
    }
}

#[test]
fn uninstalling_leaves_what_was_there_before() {
    for (layout, _, _) in LAYOUTS {
        let place = Place::new();
        place.write("usr/bin/other", "mine");
        place.write("usr/share/man/man1/other.1", "mine");
        place.write("usr/lib/other", "mine");
        let before = place.tree();
        place.install(&["--layout", layout]).succeeds();
        place
            .install(&["--layout", layout, "--uninstall"])
            .succeeds();
        let after = place.tree();
        assert_eq!(
            after.files().collect::<Vec<_>>(),
            before.files().collect::<Vec<_>>(),
            "{layout}"
        );
        for path in after.entries.keys() {
            let is_ours = path.contains("execline") || path.starts_with("command");
            assert!(!is_ours, "{layout}: {path} is left");
        }
    }
}

#[test]
fn uninstalling_leaves_strangers_alone_and_says_so() {
    let place = Place::new();
    place.install(&[]).succeeds();
    place.write("usr/lib/execline/bin/if", "#!/bin/sh\n");
    let removal = place.install(&["--uninstall"]);
    removal.succeeds();
    removal.says("usr/lib/execline/bin/if is not ours, and stays");
    let tree = place.tree();
    assert_eq!(
        tree.files().collect::<Vec<_>>(),
        ["usr/lib/execline/bin/if"]
    );
}

// ---------------------------------------------------------------------------------------------
// The program installs itself where there is no shell.

#[test]
fn links_beside_the_program_lead_to_it_wherever_the_directory_goes() {
    let place = Place::new();
    place.put_program("command/execline");
    place
        .run("command/execline", &["--install", "@/command"])
        .succeeds();
    let tree = place.tree();
    let links: BTreeSet<&str> = tree
        .files()
        .filter_map(|path| path.strip_prefix("command/"))
        .collect();
    assert_eq!(links, names());
    std::fs::rename(place.path("command"), place.path("moved")).unwrap();
    let status = Command::new(place.path("moved/exit"))
        .arg("7")
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(7));
}

#[test]
fn the_program_refuses_a_directory_that_is_read_only() {
    let place = Place::new();
    place.put_program("command/execline");
    let before = place.tree();
    let bind = place.root().to_str().unwrap().to_owned();
    let refusal = place.run_inside(
        &["--ro-bind", &bind, &bind],
        "command/execline",
        &["--install", "@/command"],
    );
    refusal.fails_with(111, "Read-only file system");
    assert_eq!(place.tree(), before);
    // Where all is there already, nothing needs to be written.
    place
        .run("command/execline", &["--install", "@/command"])
        .succeeds();
    place
        .run_inside(
            &["--ro-bind", &bind, &bind],
            "command/execline",
            &["--install", "@/command"],
        )
        .succeeds();
}

#[test]
fn the_program_tells_a_user_what_is_denied() {
    let place = Place::new();
    place.put_program("command/execline");
    place.forbid_writing("command");
    let before = place.tree();
    place
        .run_as_user("command/execline", &["--install", "@/command"])
        .fails_with(111, "Permission denied");
    assert_eq!(place.tree(), before);
}

// ---------------------------------------------------------------------------------------------

#[test]
fn cargo_installs_the_program_and_it_makes_its_links() {
    let place = Place::new();
    let target = Path::new(env!("CARGO_BIN_EXE_execline"))
        .ancestors()
        .nth(2)
        .unwrap();
    // What is not optimised is there already, and is put into place no differently.
    let output = Command::new(env!("CARGO"))
        .args(["install", "--debug", "--locked", "--quiet", "--path"])
        .arg(env!("CARGO_MANIFEST_DIR"))
        .arg("--root")
        .arg(place.root())
        .arg("--target-dir")
        .arg(target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    place
        .run("bin/execline", &["--install", "@/links"])
        .succeeds();
    let tree = place.tree();
    for name in names() {
        assert!(
            tree.entries.contains_key(&format!("links/{name}")),
            "{name}"
        );
    }
}
