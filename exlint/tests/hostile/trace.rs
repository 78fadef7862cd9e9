//! What the program asks of the kernel, by a record of strace: which files are opened, which
//! programs executed, which sockets made, by whatever way. `outside` asks the kernel the other
//! way round, from the files that must not be opened.

use crate::plant::{Planted, Thing, file, link, program};
use crate::run;
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// No run takes as long under strace, however slow and busy the machine is.
const LIMIT: Duration = Duration::from_secs(300);

/// How the program ended under strace, and what it said.
pub struct Traced {
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub stderr: String,
    /// The record.
    pub lines: Vec<String>,
}

/// Runs the program in a directory under strace, with its options.
///
/// # Panics
///
/// Where there is no strace, which `./test` installs, and where the program does not end.
pub fn strace(directory: &Path, options: &[&str], arguments: &[&str]) -> Traced {
    let _shared = run::among_others();
    let around = tempfile::tempdir().unwrap();
    fs::set_permissions(around.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let (record, said) = (around.path().join("record"), around.path().join("said"));
    let program = run::program();
    let mut command = run::as_the_program(Command::new("strace"));
    let mut child = command
        .args(["-f", "-qq", "-y", "-s", "65536", "-o"])
        .arg(&record)
        .args(options)
        .arg("--")
        .arg(program.get_program())
        .args(arguments)
        // One thread's calls are not told in halves.
        .env("RAYON_NUM_THREADS", "1")
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&said).unwrap())
        .spawn()
        .expect("strace, which ./test installs");
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("{arguments:?} under strace {options:?} takes longer than {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let read = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    Traced {
        code: status.code(),
        signal: std::os::unix::process::ExitStatusExt::signal(&status),
        stderr: read(&said),
        lines: read(&record).lines().map(str::to_owned).collect(),
    }
}

/// What a program opens before and beside its work, and why.
fn is_of_every_program(path: &str) -> bool {
    // The dynamic linker's list of libraries, and the libraries.
    let is_library = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        ["/lib", "/usr/lib"].iter().any(|it| path.starts_with(it)) && name.contains(".so")
    };
    // Where the stack is, and how many processors may be used.
    let of_kernel = |path: &str| {
        let own = path.strip_prefix("/proc/");
        own.is_some_and(|own| {
            let name = own.trim_start_matches(|c: char| c.is_ascii_digit());
            ["/maps", "/cgroup", "/mountinfo"].contains(&name)
        }) || path.starts_with("/sys/fs/cgroup/")
            || path.starts_with("/sys/devices/system/cpu/")
    };
    path == "/etc/ld.so.cache" || is_library(path) || of_kernel(path)
}

/// The file that a line says was opened: `... = 3</its/path>`.
fn opened(line: &str) -> Option<&str> {
    let (_, result) = line.rsplit_once(" = ")?;
    let path = result.trim_start_matches(|c: char| c.is_ascii_digit());
    path.strip_prefix('<')?.strip_suffix('>')
}

/// The absolute path that a call names first.
fn named(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once('"')?;
    let (path, _) = rest.split_once('"')?;
    path.starts_with('/').then_some(path)
}

/// Faults of a record: what was opened that is neither below one of `roots` nor every program's,
/// what was asked about other places than the way to them, and all that is no reading.
fn faults(record: &Traced, roots: &[&Path]) -> Vec<String> {
    let is_inside = |path: &str| {
        let path = Path::new(path);
        roots.iter().any(|root| path.starts_with(root))
    };
    // On the way to a root, links are looked for, and a configuration in every directory.
    let is_on_the_way = |path: &str| {
        let path = Path::new(path);
        let is_above = |path: &Path| roots.iter().any(|root| root.starts_with(path));
        let asked = ["exlint.toml", ".git"].map(OsStr::new);
        let is_asked = path.file_name().is_some_and(|name| asked.contains(&name));
        is_above(path) || (is_asked && path.parent().is_some_and(is_above))
    };
    let mut executed = 0;
    let mut faults = Vec::new();
    for line in &record.lines {
        let call = line
            .split_once(' ')
            .map_or("", |(_, call)| call.trim_start());
        let name = call.split('(').next().unwrap_or_default();
        let is_sound = match name {
            "execve" => {
                executed += 1;
                executed == 1
            }
            // Threads, not processes.
            "clone" | "clone3" => call.contains("CLONE_THREAD"),
            "exit" | "exit_group" | "wait4" => true,
            _ => match (opened(line), named(call)) {
                (Some(path), _) => is_inside(path) || is_of_every_program(path),
                (None, Some(path)) => {
                    is_inside(path)
                        || is_on_the_way(path)
                        || is_of_every_program(path)
                        || path.starts_with("/sys/fs/cgroup")
                        || path == "/etc/ld.so.preload"
                }
                // Of a descriptor, which was opened.
                (None, None) => ![
                    "socket",
                    "connect",
                    "bind",
                    "sendto",
                    "sendmsg",
                    "fork",
                    "vfork",
                    "execveat",
                    "socketpair",
                ]
                .contains(&name),
            },
        };
        if !is_sound {
            faults.push(line.clone());
        }
    }
    faults
}

const SCRIPT: &str = "#!/command/execlineb -P\nforeground { /secret/program }\nserver\n";

/// A tree whose links lead out of it, round, and to what must not be opened.
fn leading_out(outside: &str) -> Vec<(Vec<u8>, Thing)> {
    let targets = [
        format!("{outside}/run"),
        format!("{outside}/service"),
        format!("{outside}/many"),
        format!("{outside}/pipe"),
        outside.to_owned(),
        format!("{}{outside}/run", "../".repeat(20)),
        format!("/proc/self/root{outside}"),
        "/proc/self/mem".to_owned(),
        "/proc/self/fd/0".to_owned(),
        "/proc/kmsg".to_owned(),
        "/dev/zero".to_owned(),
        "/dev/tty".to_owned(),
        "/".to_owned(),
        "..".to_owned(),
        "../../..".to_owned(),
        ".".to_owned(),
        "loop".to_owned(),
    ];
    let mut things: Vec<(String, Thing)> = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        let source = "etc/s6-overlay/s6-rc.d";
        for place in [
            format!("etc/services.d/{number}"),
            format!("etc/services.d/run-{number}/run"),
            format!("etc/services.d/parts-{number}/finish"),
            format!("etc/services.d/parts-{number}/data"),
            format!("etc/services.d/parts-{number}/log"),
            format!("etc/services.d/parts-{number}/notification-fd"),
            format!("{source}/{number}"),
            format!("{source}/type-{number}/type"),
            format!("{source}/up-{number}/up"),
            format!("{source}/up-{number}/dependencies.d"),
            format!("{source}/user/contents.d/{number}"),
            format!("etc/cont-init.d/{number}"),
            format!("Dockerfile.{number}"),
            format!("{number}.yaml"),
            format!("usr/lib/{number}"),
        ] {
            things.push((place, link(target)));
        }
        things.push((
            format!("etc/services.d/parts-{number}/run"),
            program(SCRIPT),
        ));
        things.push((format!("{source}/up-{number}/type"), file("oneshot\n")));
    }
    things.extend([
        ("loop".to_owned(), link("loop")),
        ("etc/services.d/loop".to_owned(), link("../services.d/loop")),
        ("etc/passwd".to_owned(), link("/etc/passwd")),
        ("etc/fix-attrs.d".to_owned(), link("/etc")),
        ("bin".to_owned(), link("/bin")),
        ("package".to_owned(), link("/usr")),
        ("etc/services.d/pipe/run".to_owned(), Thing::Pipe),
        ("etc/services.d/socket/run".to_owned(), Thing::Socket),
    ]);
    let things = things.into_iter();
    things.map(|(path, thing)| (path.into(), thing)).collect()
}

/// Files that nobody is to open.
fn outside() -> tempfile::TempDir {
    let outside = tempfile::tempdir().unwrap();
    fs::set_permissions(outside.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let many = outside.path().join("many");
    let service = outside.path().join("service");
    for directory in [&many, &service] {
        fs::create_dir(directory).unwrap();
    }
    for number in 0..3000 {
        fs::write(many.join(number.to_string()), "").unwrap();
    }
    fs::write(outside.path().join("run"), SCRIPT).unwrap();
    fs::write(service.join("run"), SCRIPT).unwrap();
    fs::write(outside.path().join("exlint.toml"), "fail-on = \"never\"\n").unwrap();
    let pipe = outside.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    outside
}

const ASKED: [&str; 2] = ["-e", "trace=%file,%network,%process"];

#[test]
fn nothing_is_opened_but_what_was_given() {
    let outside = outside();
    let planted = Planted::new(&leading_out(outside.path().to_str().unwrap()));
    let around = planted.around();
    fs::set_permissions(around, fs::Permissions::from_mode(0o777)).unwrap();
    for arguments in [
        &["given", "--format", "json"][..],
        &["given", "--format", "human"],
        &["given/etc", "--root", "given", "--base", "given"],
        &["given/etc/services.d", "given/etc/s6-overlay/s6-rc.d"],
        &["given/etc/services.d/parts-1/run"],
        &["given", "--diff"],
        &["given", "--fix"],
    ] {
        let record = strace(around, &ASKED, arguments);
        assert!(
            matches!(record.code, Some(0..=2)),
            "{arguments:?}: {}",
            record.stderr
        );
        // Beside a path container files are looked for, which here there are none of.
        let faults = faults(&record, &[around]);
        assert!(faults.is_empty(), "{arguments:?}: {faults:#?}");
        let own = |line: &&String| opened(line).is_some_and(|it| Path::new(it).starts_with(around));
        assert!(record.lines.iter().filter(own).count() > 3, "{arguments:?}");
    }
}

#[test]
fn a_record_shows_what_is_wrong() {
    let around = tempfile::tempdir().unwrap();
    let root = around.path().to_str().unwrap();
    let check = |line: &str, is_wrong: bool| {
        let record = Traced {
            code: None,
            signal: None,
            stderr: String::new(),
            lines: vec![
                "1 execve(\"/exlint\", [], 0) = 0".to_owned(),
                line.to_owned(),
            ],
        };
        let faults = faults(&record, &[around.path()]);
        assert_eq!(!faults.is_empty(), is_wrong, "{line}");
    };
    for (line, is_wrong) in [
        (
            format!("1 openat(3<{root}>, \"a\", O_RDONLY) = 4<{root}/a>"),
            false,
        ),
        (
            format!("1 openat(3<{root}>, \"a\", O_RDONLY) = 4</etc/passwd>"),
            true,
        ),
        (
            "1 openat(AT_FDCWD</x>, \"/etc/passwd\", O_RDONLY) = -1 EACCES (x)".to_owned(),
            true,
        ),
        ("1 <... openat2 resumed>) = 4</etc/passwd>".to_owned(), true),
        (
            "1 readlink(\"/etc/alternatives\", 0x1, 9) = -1 EINVAL (x)".to_owned(),
            true,
        ),
        (
            format!("1 readlink(\"{root}\", 0x1, 9) = -1 EINVAL (x)"),
            false,
        ),
        ("1 execve(\"/bin/sh\", [], 0) = 0".to_owned(), true),
        (
            "1 socket(AF_INET, SOCK_STREAM, 0) = 3<TCP:[1]>".to_owned(),
            true,
        ),
        (
            "1 socket(AF_INET, SOCK_STREAM, 0) = -1 EACCES (x)".to_owned(),
            true,
        ),
        (
            "1 clone(child_stack=NULL, flags=SIGCHLD) = 2".to_owned(),
            true,
        ),
        ("1 vfork() = 2".to_owned(), true),
    ] {
        check(&line, is_wrong);
    }
}

#[test]
fn a_configuration_leads_nowhere_else() {
    let outside = outside();
    let elsewhere = outside.path().to_str().unwrap();
    for (text, code) in [
        (format!("base = [\"{elsewhere}\"]\n"), 2),
        (format!("root = \"{elsewhere}\"\n"), 2),
        ("root = \"/\"\n".to_owned(), 2),
        ("base = [\"out\"]\n".to_owned(), 2),
        ("base = [\"../../../..\"]\n".to_owned(), 2),
        ("base = [\"lower\"]\n".to_owned(), 0),
    ] {
        let planted = Planted::new(&[
            (b"exlint.toml".to_vec(), file(&text)),
            (
                b"services.d/a/run".to_vec(),
                program("#!/command/execlineb -P\nserver\n"),
            ),
            (b"lower/etc/passwd".to_vec(), file("")),
            (b"out".to_vec(), link(elsewhere)),
        ]);
        let around = planted.around();
        let record = strace(around, &ASKED, &["given"]);
        assert_eq!(record.code, Some(code), "{text}: {}", record.stderr);
        let faults = faults(&record, &[around]);
        // Where such a path leads is asked; nothing there is opened.
        let opens = |line: &&String| opened(line).is_some() || line.contains("open");
        let faults: Vec<_> = faults.iter().filter(opens).collect();
        assert!(faults.is_empty(), "{text}: {faults:#?}");
    }
    // Who names the configuration, or the layer, means it.
    let planted = Planted::new(&[
        (
            b"services.d/a/run".to_vec(),
            program("#!/command/execlineb -P\nserver\n"),
        ),
        (
            b"x.toml".to_vec(),
            file(&format!("base = [\"{elsewhere}\"]\n")),
        ),
    ]);
    for arguments in [
        ["given/services.d", "--config", "given/x.toml"],
        ["given/services.d", "--base", elsewhere],
    ] {
        let outcome = run::exlint(planted.around(), &arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_linked_configuration_is_refused_unopened() {
    let outside = outside();
    let elsewhere = outside.path().to_str().unwrap();
    for target in ["exlint.toml", "pipe", "many", "none"] {
        let planted = Planted::new(&[
            (
                b"exlint.toml".to_vec(),
                link(&format!("{elsewhere}/{target}")),
            ),
            (b"services.d/a/run".to_vec(), program(SCRIPT)),
        ]);
        let around = planted.around();
        let record = strace(around, &ASKED, &["given"]);
        assert_eq!(record.code, Some(2), "{target}: {}", record.stderr);
        assert!(record.stderr.contains("not followed"), "{}", record.stderr);
        let faults = faults(&record, &[around]);
        assert!(faults.is_empty(), "{target}: {faults:#?}");
    }
}

struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_tree_that_is_changed_meanwhile_leads_nowhere() {
    let outside = outside();
    let mut things = vec![(
        b"etc/services.d/x".to_vec(),
        link(outside.path().to_str().unwrap()),
    )];
    for number in 0..40 {
        let path = format!("etc/services.d/y/data/{number}/run");
        things.push((path.into_bytes(), program(SCRIPT)));
    }
    things.push((b"etc/services.d/y/run".to_vec(), program(SCRIPT)));
    let planted = Planted::new(&things);
    let directory = planted.given().join("etc/services.d");
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Whatever ends the rounds ends the swapping.
        let _end = Done(&is_done);
        // A directory and a link that leads out of the tree take each other's place.
        let swapping = scope.spawn(|| {
            let (x, y) = (directory.join("x"), directory.join("y"));
            let mut swaps = 0;
            while !is_done.load(Ordering::Relaxed) {
                let exchange = RenameFlags::RENAME_EXCHANGE;
                renameat2(AT_FDCWD, &x, AT_FDCWD, &y, exchange).unwrap();
                swaps += 1;
                std::thread::sleep(Duration::from_micros(200));
            }
            swaps
        });
        for round in 0..crate::cases(12) {
            let arguments: &[&str] = match round % 2 {
                0 => &["given", "--format", "json"],
                _ => &["given", "--fix"],
            };
            let record = strace(planted.around(), &ASKED, arguments);
            let faults = faults(&record, &[planted.around()]);
            assert!(faults.is_empty(), "round {round}: {faults:#?}");
        }
        is_done.store(true, Ordering::Relaxed);
        assert!(swapping.join().unwrap() > 10, "there was hardly a change");
    });
    assert_eq!(
        fs::read_to_string(outside.path().join("run")).unwrap(),
        SCRIPT
    );
}
