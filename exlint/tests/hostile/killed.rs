//! `--fix` that is killed at a system call, each in turn, or whose system calls fail: files are as
//! they were or as they are to be, and what was not done is told.

use crate::plant::{Planted, Thing, file, program};
use crate::run;
use crate::trace::{Traced, strace};
use crate::writing::{fixed, hand_over, hook, open_to_all};
use exlint::tree::{self, Modes};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The calls that change something, by which a fix goes on, and those around them.
const CALLS: [&str; 15] = [
    "openat",
    "newfstatat",
    "read",
    "write",
    "fchown",
    "fchmod",
    "fsync",
    "close",
    "mkdirat",
    "renameat",
    "rename",
    "renameat2",
    "linkat",
    "unlinkat",
    "exit_group",
];

/// Two hooks of which lines are to be fixed, a `run` whose mode is, and a service that lacks a
/// file.
struct Tree {
    planted: Planted,
    old: String,
}

const HOOKS: [&str; 2] = ["1", "2"];
const LACKING: &str = "etc/s6-overlay/s6-rc.d/a/dependencies.d/base";

impl Tree {
    fn new() -> Tree {
        let old = hook(40);
        let source = "etc/s6-overlay/s6-rc.d";
        let mut things = vec![
            (
                b"exlint.toml".to_vec(),
                file("s6-overlay-version = \"3.2.0.0\"\n"),
            ),
            (
                b"etc/services.d/a/run".to_vec(),
                file("#!/command/execlineb -P\nserver\n"),
            ),
            (format!("{source}/a/type").into(), file("longrun\n")),
            (
                format!("{source}/a/run").into(),
                program("#!/command/execlineb -P\nserver\n"),
            ),
            (format!("{source}/user/contents.d/a").into(), file("")),
        ];
        for name in HOOKS {
            things.push((format!("etc/cont-init.d/{name}").into(), program(&old)));
        }
        let planted = Planted::new(&things);
        hand_over(&planted.given());
        Tree { planted, old }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.planted.given().join(path)
    }

    fn hooks(&self) -> Vec<String> {
        let hooks = HOOKS.iter().map(|name| format!("etc/cont-init.d/{name}"));
        let hooks = hooks.map(|path| fs::read_to_string(self.at(&path)).unwrap());
        hooks.collect()
    }

    /// Every file is the old one or the new one.
    fn check_files(&self, when: &str) {
        let new = fixed(&self.old);
        for (name, text) in HOOKS.iter().zip(self.hooks()) {
            assert!(text == self.old || text == new, "{when}: hook {name}");
            let mode = fs::metadata(self.at("etc/cont-init.d").join(name)).unwrap();
            assert_eq!(mode.mode() & 0o7777, 0o755, "{when}: hook {name}");
        }
        let run = fs::metadata(self.at("etc/services.d/a/run")).unwrap();
        assert!([0o644, 0o755].contains(&(run.mode() & 0o7777)), "{when}");
        if let Ok(lacking) = fs::metadata(self.at(LACKING)) {
            assert_eq!(lacking.len(), 0, "{when}");
            assert_eq!(lacking.mode() & 0o7777, 0o644, "{when}");
        }
    }

    fn check_is_fixed(&self, when: &str) {
        self.check_files(when);
        assert_eq!(self.hooks(), vec![fixed(&self.old); 2], "{when}");
        let run = fs::metadata(self.at("etc/services.d/a/run")).unwrap();
        assert_eq!(run.mode() & 0o7777, 0o755, "{when}");
        assert!(self.at(LACKING).exists(), "{when}");
    }

    /// What a killed run left behind, by name.
    fn left_over(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut open = vec![self.planted.given()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    open.push(entry.path());
                }
                let name = entry.file_name().into_string().unwrap();
                if name.starts_with(".exlint-") {
                    names.push(name);
                }
            }
        }
        names
    }

    fn fix(&self, options: &[&str]) -> Traced {
        strace(self.planted.around(), options, &["given", "--fix"])
    }
}

#[test]
fn a_fix_that_is_killed_at_any_call_leaves_old_or_new() {
    let mut kills = 0;
    let mut leaving = 0;
    for call in CALLS {
        for number in 1.. {
            let tree = Tree::new();
            let when = format!("{call} number {number}");
            let trace = format!("trace={call}");
            let inject = format!("inject={call}:signal=SIGKILL:when={number}");
            let traced = tree.fix(&["-e", &trace, "-e", &inject]);
            tree.check_files(&when);
            if traced.signal != Some(9) {
                assert!(matches!(traced.code, Some(0..=1)), "{}", traced.stderr);
                tree.check_is_fixed(&when);
                assert_eq!(tree.left_over(), Vec::<String>::new(), "{when}");
                break;
            }
            kills += 1;
            // What is left is a file of exlint's, which the next run does not look at.
            let left = tree.left_over();
            assert!(left.len() <= 1, "{when}: {left:?}");
            if !left.is_empty() {
                leaving += 1;
                let again = run::exlint(tree.planted.around(), &["given", "--fix"]);
                assert!(!again.stdout.contains(".exlint-"), "{when}");
                tree.check_is_fixed(&when);
                assert_eq!(tree.left_over(), left, "{when}");
            }
        }
    }
    assert!(kills > 60, "{kills} calls are no fix");
    assert!(leaving > 5, "{leaving} kills were while a file was written");
}

#[test]
fn what_the_system_refuses_is_told_and_the_rest_is_fixed() {
    for (call, error, text) in [
        // A full disk, a broken one, an immutable file or directory.
        ("write", "ENOSPC", "No space left on device"),
        ("fsync", "EIO", "Input/output error"),
        ("renameat,rename", "EPERM", "Operation not permitted"),
        ("renameat,rename", "EROFS", "Read-only file system"),
    ] {
        let tree = Tree::new();
        let trace = format!("trace={call}");
        let inject = format!("inject={call}:error={error}:when=1");
        let traced = tree.fix(&["-e", &trace, "-e", &inject]);
        let said = &traced.stderr;
        assert_eq!(traced.code, Some(2), "{call} {error}: {said}");
        assert!(said.contains(text), "{call} {error}: {said}");
        let new = fixed(&tree.old);
        assert_eq!(tree.hooks(), [tree.old.clone(), new], "{call} {error}");
        assert!(
            said.contains("not fixed: given/etc/cont-init.d/1: "),
            "{said}"
        );
        assert_eq!(tree.left_over(), Vec::<String>::new(), "{call} {error}");
        assert!(tree.at(LACKING).exists(), "{call} {error}");
    }
}

#[test]
fn a_file_with_several_names_is_left_alone() {
    let tree = Tree::new();
    let (hook, script) = (
        tree.at("etc/cont-init.d/1"),
        tree.at("etc/services.d/a/run"),
    );
    let outside = tree.planted.around();
    fs::hard_link(&hook, outside.join("hook")).unwrap();
    fs::hard_link(&script, outside.join("script")).unwrap();
    let outcome = run::exlint(outside, &["given", "--fix", "--format", "short"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("several hard links").count(), 41);
    assert_eq!(tree.hooks(), [tree.old.clone(), fixed(&tree.old)]);
    assert_eq!(fs::metadata(&script).unwrap().mode() & 0o7777, 0o644);
    assert_eq!(fs::read_to_string(outside.join("hook")).unwrap(), tree.old);
}

#[test]
fn a_file_keeps_its_owner_or_is_left_alone() {
    let tree = Tree::new();
    let hook = tree.at("etc/cont-init.d/1");
    let before = fs::metadata(&hook).unwrap();
    // Only root can give files away; others own what they make.
    if run::program_user().is_some() {
        std::os::unix::fs::chown(&hook, Some(1), Some(1)).unwrap();
        let outcome = run::exlint(tree.planted.around(), &["given", "--fix"]);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("belongs to another user"));
        assert_eq!(tree.hooks(), [tree.old.clone(), fixed(&tree.old)]);
        assert_eq!(fs::metadata(&hook).unwrap().uid(), 1);
        assert_eq!(tree.left_over(), Vec::<String>::new());
        std::os::unix::fs::chown(&hook, Some(before.uid()), Some(before.gid())).unwrap();
    }
    let outcome = run::exlint(tree.planted.around(), &["given", "--fix"]);
    assert!(outcome.code < 2, "{}", outcome.stderr);
    tree.check_is_fixed("as its owner");
    let after = fs::metadata(&hook).unwrap();
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
}

/// No program waits as long for another.
const LIMIT: Duration = Duration::from_secs(120);

#[test]
fn a_file_that_changes_meanwhile_is_left_alone() {
    let tree = Tree::new();
    let directory = tree.at("etc/cont-init.d");
    open_to_all(&directory);
    // Stopped when its first new file is written, and before that takes the old one's place.
    let mut child = run::as_the_program(Command::new("strace"))
        .args(["-f", "-qq", "-e", "trace=fsync", "-o", "/dev/null"])
        .args(["-e", "inject=fsync:signal=SIGSTOP:when=1", "--"])
        .arg(run::program().get_program())
        .args(["given", "--fix"])
        .env("RAYON_NUM_THREADS", "1")
        .current_dir(tree.planted.around())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    let process = loop {
        assert!(begin.elapsed() < LIMIT, "no new file is written");
        if let Some(name) = tree.left_over().first() {
            break name.split('-').nth(1).unwrap().to_owned();
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let changed = format!("{}# changed\n", tree.old);
    fs::write(directory.join("1"), &changed).unwrap();
    let status = loop {
        assert!(begin.elapsed() < LIMIT, "it does not go on");
        // It may not have stopped yet when it is told to go on.
        let process = nix::unistd::Pid::from_raw(process.parse().unwrap());
        let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGCONT);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("it has changed since it was read"), "{said}");
    assert_eq!(tree.hooks(), [changed, fixed(&tree.old)]);
    assert_eq!(tree.left_over(), Vec::<String>::new());
}

#[test]
fn only_files_of_its_own_are_taken_for_left_overs() {
    let script = "#!/command/execlineb -P\nfdmove -c 2 1\n";
    let names = [".exlint-1-0", ".exlint-1", ".exlint-a-0", ".exlint-1-0-0"];
    let things: Vec<(Vec<u8>, Thing)> = names
        .iter()
        .map(|name| (format!("etc/services.d/{name}").into(), file("")))
        .chain([(b"etc/services.d/a/run".to_vec(), program(script))])
        .collect();
    let planted = Planted::new(&things);
    let given = planted.given();
    fs::set_permissions(&given, fs::Permissions::from_mode(0o755)).unwrap();
    let seen = tree::load(&given, b"given", Modes::Files, &Arc::default()).unwrap();
    let seen: Vec<_> = seen.all().map(|node| seen.name(node).to_vec()).collect();
    for name in names {
        let is_seen = seen.contains(&name.as_bytes().to_vec());
        assert_eq!(is_seen, name != ".exlint-1-0", "{name}");
    }
}
