//! Claims about fixes, on real files.

use super::*;
use crate::finding::Fix;
use crate::level::Level;
use crate::tree::TEMPORARY;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use tempfile::TempDir;

/// A directory with these files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    directory
}

fn from_disk(path: &Path) -> Option<Arc<[u8]>> {
    fs::read(path).ok().map(Arc::from)
}

/// A finding at `place` whose fix has these edits.
fn finding(place: usize, edits: Vec<Edit>) -> Finding {
    Finding {
        rule: "rule",
        level: Level::Error,
        path: b"run".to_vec(),
        span: Some(place..place + 1),
        message: String::new(),
        help: String::new(),
        related: Vec::new(),
        fix: Some(Fix {
            title: format!("fix at {place}"),
            edits,
        }),
    }
}

fn replace(file: PathBuf, span: Range<usize>, text: &str) -> Edit {
    let text = text.into();
    Edit::Replace { file, span, text }
}

fn create(file: PathBuf, text: &str) -> Edit {
    Edit::Create {
        file,
        text: text.into(),
        mode: 0o755,
    }
}

fn reasons(left: &[Left]) -> Vec<String> {
    left.iter()
        .map(|it| format!("{}: {:?}", it.title, it.reason))
        .collect()
}

/// The names in a directory.
fn names(directory: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn the_first_of_overlapping_fixes_wins() {
    for (edits, expected, conflicts) in [
        (vec![(0..3, "ONE"), (4..7, "TWO")], "ONE TWO three", 0),
        (vec![(0..5, "X"), (4..7, "TWO")], "Xwo three", 1),
        (vec![(0..4, "X"), (4..7, "TWO")], "XTWO three", 0),
        (vec![(0..3, "same"), (0..3, "same")], "same two three", 0),
        (vec![(0..3, "one"), (0..3, "other")], "one two three", 1),
        (vec![(3..3, "!"), (3..3, "?")], "one! two three", 1),
        (vec![(0..3, "X"), (3..3, "?")], "X two three", 1),
        (vec![(0..3, ""), (8..13, "")], " two ", 0),
        (vec![(0..7, "X"), (1..2, "a"), (8..9, "T")], "X Three", 1),
    ] {
        let directory = directory(&[("run", "one two three")]);
        let file = directory.path().join("run");
        let findings: Vec<Finding> = (edits.iter().enumerate())
            .map(|(place, (span, text))| {
                finding(place, vec![replace(file.clone(), span.clone(), text)])
            })
            .rev()
            .collect();
        let plan = plan(&findings, &from_disk);
        assert_eq!(plan.conflicts(), conflicts, "{edits:?}");
        let count = plan.count();
        assert_eq!(count + conflicts, edits.len());
        let outcome = plan.apply();
        assert_eq!((outcome.made, outcome.left.len()), (count, conflicts));
        assert_eq!(fs::read_to_string(&file).unwrap(), expected);
        assert_eq!(names(&directory), ["run"]);
    }
}

#[test]
fn a_fix_is_made_as_a_whole_or_not_at_all() {
    let directory = directory(&[("a", "a"), ("b", "b"), ("taken", "x")]);
    let at = |name: &str| directory.path().join(name);
    let mode_of = |file| Edit::Mode { file, mode: 0o755 };
    let moved = |from, to| Edit::Move { from, to };
    let findings = [
        finding(0, vec![mode_of(at("a")), create(at("taken"), "y")]),
        finding(
            1,
            vec![
                mode_of(at("a")),
                replace(at("b"), 0..1, "B"),
                mode_of(at("gone")),
            ],
        ),
        finding(2, vec![moved(at("b"), at("taken")), create(at("new"), "n")]),
        finding(3, vec![replace(at("b"), 5..9, "out of the text")]),
        finding(4, vec![replace(at("nothing"), 0..0, "")]),
        finding(
            5,
            vec![replace(at("a"), 0..1, "A"), replace(at("a"), 0..1, "B")],
        ),
    ];
    let outcome = plan(&findings, &from_disk).apply();
    assert_eq!(outcome.made, 0);
    assert_eq!(
        reasons(&outcome.left),
        [
            "fix at 2: Conflict",
            "fix at 3: Unknown",
            "fix at 4: Unknown",
            "fix at 5: Conflict",
            "fix at 0: Exists",
            "fix at 1: Missing",
        ]
    );
    assert_eq!(names(&directory), ["a", "b", "taken"]);
    assert_eq!(
        (mode(&at("a")), fs::read(at("b")).unwrap()),
        (0o644, b"b".to_vec())
    );
    assert_eq!(fs::read(at("taken")).unwrap(), b"x");
}

#[test]
fn a_changed_file_is_left_alone() {
    let directory = directory(&[("run", "old"), ("other", "x")]);
    let at = |name: &str| directory.path().join(name);
    let findings = [
        finding(
            0,
            vec![
                replace(at("run"), 0..1, "O"),
                replace(at("other"), 0..1, "y"),
            ],
        ),
        finding(
            1,
            vec![Edit::Mode {
                file: at("run"),
                mode: 0o755,
            }],
        ),
    ];
    let plan = plan(&findings, &from_disk);
    fs::write(at("run"), "new").unwrap();
    let outcome = plan.apply();
    assert_eq!(
        reasons(&outcome.left),
        ["fix at 0: Changed", "fix at 1: Changed"]
    );
    assert_eq!(fs::read(at("run")).unwrap(), b"new");
    assert_eq!(fs::read(at("other")).unwrap(), b"x");
    assert_eq!(mode(&at("run")), 0o644);
}

#[test]
fn links_are_not_written_through() {
    let directory = directory(&[("real/run", "text")]);
    let at = |name: &str| directory.path().join(name);
    symlink("real/run", at("link")).unwrap();
    symlink("real", at("service")).unwrap();
    symlink("/nowhere", at("dangling")).unwrap();
    for (edit, reason) in [
        (replace(at("link"), 0..1, "T"), "Link"),
        (
            Edit::Mode {
                file: at("link"),
                mode: 0o755,
            },
            "Link",
        ),
        (
            Edit::Move {
                from: at("link"),
                to: at("x"),
            },
            "Link",
        ),
        (create(at("dangling"), ""), "Exists"),
        (replace(at("service/run"), 0..1, "T"), "Link"),
        (
            Edit::Mode {
                file: at("service/run"),
                mode: 0o755,
            },
            "Link",
        ),
        (create(at("service/new"), ""), "Link"),
        (create(at("real/../new"), ""), "Outside"),
        (create(PathBuf::from("/elsewhere/new"), ""), "Outside"),
    ] {
        let plan = plan(&[finding(0, vec![edit.clone()])], &from_disk);
        let outcome = plan.within([directory.path().to_owned()]).apply();
        assert_eq!(
            reasons(&outcome.left),
            [format!("fix at 0: {reason}")],
            "{edit:?}"
        );
    }
    assert_eq!(fs::read(at("real/run")).unwrap(), b"text");
    assert_eq!(mode(&at("real/run")), 0o644);
    assert_eq!(names(&directory), ["dangling", "link", "real", "service"]);
    assert_eq!(fs::read_dir(at("real")).unwrap().count(), 1);
}

#[test]
fn roots_may_be_files_and_directories() {
    let directory = directory(&[("a/run", "a"), ("b/run", "b"), ("c/run", "c")]);
    let at = |name: &str| directory.path().join(name);
    let findings = [
        finding(0, vec![replace(at("a/run"), 0..1, "A")]),
        finding(1, vec![replace(at("b/run"), 0..1, "B")]),
        finding(2, vec![replace(at("c/run"), 0..1, "C")]),
    ];
    let outcome = plan(&findings, &from_disk)
        .within([at("a/run"), at("b")])
        .apply();
    assert_eq!(outcome.made, 2);
    assert_eq!(reasons(&outcome.left), ["fix at 2: Outside"]);
    let texts = ["a/run", "b/run", "c/run"].map(|it| fs::read_to_string(at(it)).unwrap());
    assert_eq!(texts, ["A", "B", "c"]);
}

#[test]
fn what_was_left_by_a_killed_run_is_not_in_the_way() {
    let directory = directory(&[("run", "old")]);
    let file = directory.path().join("run");
    let left: Vec<String> = (0..3)
        .map(|number| format!("{TEMPORARY}{}-{number}", std::process::id()))
        .collect();
    for name in &left {
        fs::write(directory.path().join(name), "half").unwrap();
    }
    let findings = [
        finding(0, vec![replace(file.clone(), 0..3, "new")]),
        finding(1, vec![create(directory.path().join("type"), "longrun\n")]),
    ];
    assert_eq!(plan(&findings, &from_disk).apply().made, 2);
    assert_eq!(fs::read(&file).unwrap(), b"new");
    for name in &left {
        assert_eq!(fs::read(directory.path().join(name)).unwrap(), b"half");
    }
    assert_eq!(names(&directory).len(), 5);
}

#[test]
fn modes_stay_unless_they_are_what_changes() {
    for old in [0o600, 0o644, 0o755, 0o4755, 0o1777] {
        for new in [None, Some(0o755), Some(0o640)] {
            let directory = directory(&[("run", "old")]);
            let file = directory.path().join("run");
            fs::set_permissions(&file, fs::Permissions::from_mode(old)).unwrap();
            let mut edits = vec![replace(file.clone(), 0..3, "new")];
            edits.extend(new.map(|mode| Edit::Mode {
                file: file.clone(),
                mode,
            }));
            assert_eq!(plan(&[finding(0, edits)], &from_disk).apply().made, 1);
            assert_eq!(mode(&file), new.unwrap_or(old));
        }
    }
}

#[test]
fn fixing_twice_changes_nothing() {
    let directory = directory(&[("run", "#!x\r\n"), ("tpye", "longrun\n")]);
    let at = |name: &str| directory.path().join(name);
    let originals: HashMap<PathBuf, Arc<[u8]>> = ["run", "tpye"]
        .map(|name| (at(name), from_disk(&at(name)).unwrap()))
        .into();
    let known = |path: &Path| originals.get(path).cloned();
    let findings = [
        finding(
            0,
            vec![
                replace(at("run"), 3..4, ""),
                Edit::Mode {
                    file: at("run"),
                    mode: 0o755,
                },
            ],
        ),
        finding(
            1,
            vec![Edit::Move {
                from: at("tpye"),
                to: at("type"),
            }],
        ),
        finding(2, vec![create(at("dependencies.d/base"), "")]),
    ];
    assert_eq!(plan(&findings, &known).apply().made, 3);
    let inode = fs::metadata(at("run")).unwrap().ino();
    let again = plan(&findings, &known).apply();
    assert_eq!(
        reasons(&again.left),
        ["fix at 0: Changed", "fix at 1: Missing", "fix at 2: Exists"]
    );
    assert_eq!(names(&directory), ["dependencies.d", "run", "type"]);
    assert_eq!(fs::read(at("run")).unwrap(), b"#!x\n");
    assert_eq!(mode(&at("run")), 0o755);
    assert_eq!(fs::metadata(at("run")).unwrap().ino(), inode);
}

#[test]
fn moved_files_are_changed_first_and_the_same_wish_is_granted_once() {
    let directory = directory(&[("serv/tpye", "longrun")]);
    let at = |name: &str| directory.path().join(name);
    let edits = vec![
        replace(at("serv/tpye"), 7..7, "\n"),
        Edit::Move {
            from: at("serv/tpye"),
            to: at("user/serv/type"),
        },
        create(at("user/serv/run"), "#!x\n"),
    ];
    let findings = [finding(0, edits.clone()), finding(1, edits)];
    let outcome = plan(&findings, &from_disk).apply();
    assert_eq!(outcome.made, 2, "{:?}", outcome.left);
    assert_eq!(fs::read(at("user/serv/type")).unwrap(), b"longrun\n");
    assert_eq!(mode(&at("user/serv/run")), 0o755);
    assert!(!at("serv/tpye").exists());
}

#[test]
fn directories_move_but_never_onto_something() {
    let directory = directory(&[("source/a", "a"), ("full/b", "b")]);
    let at = |name: &str| directory.path().join(name);
    fs::create_dir(at("empty")).unwrap();
    for (to, made) in [("full", 0), ("empty", 0), ("new/place", 1)] {
        let edit = Edit::Move {
            from: at("source"),
            to: at(to),
        };
        let outcome = plan(&[finding(0, vec![edit])], &from_disk).apply();
        assert_eq!(outcome.made, made, "{to}: {:?}", outcome.left);
    }
    assert_eq!(fs::read(at("new/place/a")).unwrap(), b"a");
    let findings = [
        finding(0, vec![replace(at("new/place/a"), 0..1, "A")]),
        finding(
            1,
            vec![Edit::Move {
                from: at("new"),
                to: at("newer"),
            }],
        ),
    ];
    let plan = plan(&findings, &from_disk);
    assert_eq!((plan.count(), plan.conflicts()), (1, 1));
}

#[test]
fn another_pass_tries_again_only_what_may_have_become_possible() {
    let directory = directory(&[("script", "text"), ("other", "text")]);
    let link = directory.path().join("link");
    std::os::unix::fs::symlink("other", &link).unwrap();
    let script = directory.path().join("script");
    let executable = |file: &PathBuf, place| {
        let edit = Edit::Mode {
            file: file.clone(),
            mode: 0o755,
        };
        finding(place, vec![edit])
    };
    let findings = [executable(&script, 0), executable(&link, 1)];
    let mut earlier = Earlier::default();
    let mut pass = || {
        let plan = plan(&findings, &from_disk).without(&earlier);
        earlier.plan(&plan);
        let outcome = plan.apply();
        earlier.outcome(&outcome);
        (outcome.made, reasons(&outcome.left))
    };
    assert_eq!(pass(), (1, vec!["fix at 1: Link".to_owned()]));
    // The first is still found, as by git's index; of the second nothing more is said.
    assert_eq!(pass(), (0, vec!["fix at 0: Index".to_owned()]));
}

#[test]
fn what_is_not_a_file_is_left_alone() {
    let directory = directory(&[("d/x", "")]);
    let fifo = directory.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::from_bits_truncate(0o644)).unwrap();
    let known = |_: &Path| Some(Arc::from(&b"text"[..]));
    for file in [fifo, directory.path().join("d")] {
        let findings = [finding(0, vec![replace(file, 0..1, "T")])];
        assert_eq!(
            reasons(&plan(&findings, &known).apply().left),
            ["fix at 0: Kind"]
        );
    }
    let file = directory.path().join("d");
    let findings = [finding(
        0,
        vec![Edit::Mode {
            file: file.clone(),
            mode: 0o700,
        }],
    )];
    assert_eq!(plan(&findings, &from_disk).apply().made, 1);
    assert_eq!(mode(&file), 0o700);
}

#[test]
fn the_difference_is_in_git_s_form_and_touches_nothing() {
    let directory = directory(&[
        ("web/run", "#!x\r\na\nb\nc\nd\nlast"),
        ("web/a b", "one\n"),
        ("tpye", "x\n"),
    ]);
    let at = |name: &str| directory.path().join(name);
    let findings = [
        finding(
            0,
            vec![
                replace(at("web/run"), 3..4, ""),
                Edit::Mode {
                    file: at("web/run"),
                    mode: 0o755,
                },
            ],
        ),
        finding(1, vec![replace(at("web/run"), 17..17, "\n")]),
        finding(2, vec![replace(at("web/a b"), 0..3, "\x1b")]),
        finding(3, vec![create(at("caf\u{e9}\n"), "new\n")]),
        finding(
            4,
            vec![Edit::Move {
                from: at("tpye"),
                to: at("type"),
            }],
        ),
    ];
    let plan = plan(&findings, &from_disk);
    let written = |for_terminal| {
        let mut out = Vec::new();
        plan.diff(&mut out, for_terminal).unwrap();
        let prefix = directory.path().to_str().unwrap();
        let text = String::from_utf8(out).unwrap();
        text.replace(&format!("{}/", &prefix[1..]), "")
            .replace(&format!("{prefix}/"), "")
    };
    let expected = "\
diff --git a/web/a b b/web/a b
--- a/web/a b\t
+++ b/web/a b\t
@@ -1 +1 @@
-one
+\x1b
diff --git a/web/run b/web/run
old mode 100644
new mode 100755
--- a/web/run
+++ b/web/run
@@ -1,6 +1,6 @@
-#!x\r
+#!x
 a
 b
 c
 d
-last
\\ No newline at end of file
+last
diff --git \"a/caf\\303\\251\\012\" \"b/caf\\303\\251\\012\"
new file mode 100755
--- /dev/null
+++ \"b/caf\\303\\251\\012\"
@@ -0,0 +1 @@
+new
diff --git a/tpye b/type
similarity index 100%
rename from tpye
rename to type
";
    assert_eq!(written(false), expected);
    let harmless = expected.replace('\r', "\\r").replace('\x1b', "\\x1b");
    assert_eq!(written(true), harmless);
    assert_eq!(fs::read(at("tpye")).unwrap(), b"x\n");
    assert_eq!(mode(&at("web/run")), 0o644);
}
