//! A temporary directory to install into, what is in it, and the ways to run an installation
//! there. Deliberately knows no layout and judges none.

use super::executable;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use execline::commands::COMMANDS;
use nix::unistd::Uid;
use tempfile::TempDir;

/// Whom an unprivileged installation runs as, where the test is root.
const NOBODY: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];

/// A copy of what install.sh needs, which an unprivileged user can read. It is made before
/// any process is started: a file that is being written could not be executed.
pub struct Checkout {
    directory: TempDir,
}

static CHECKOUT: LazyLock<Checkout> = LazyLock::new(Checkout::new);

/// The copy.
pub fn checkout() -> &'static Checkout {
    &CHECKOUT
}

impl Checkout {
    fn new() -> Checkout {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"));
        let directory = tempfile::tempdir().unwrap();
        let to = directory.path();
        fs::set_permissions(to, Permissions::from_mode(0o755)).unwrap();
        executable::copy(from.join("install.sh"), to.join("install.sh"));
        let mut files: Vec<String> = ["Makefile", "Cargo.toml", "docs/install-list.txt"]
            .map(String::from)
            .into();
        files.extend(pages().into_iter().map(|page| format!("man/{page}")));
        let commands = COMMANDS.iter();
        files.extend(commands.map(|command| format!("docs/commands/{}.md", command.name)));
        for file in files {
            fs::create_dir_all(to.join(&file).parent().unwrap()).unwrap();
            fs::copy(from.join(&file), to.join(&file)).unwrap();
        }
        let programs = to.join("target/release");
        fs::create_dir_all(&programs).unwrap();
        executable::copy(env!("CARGO_BIN_EXE_execline"), programs.join("execline"));
        // A stand-in: another package's program is not there when this package is tested.
        executable::write(programs.join("exlint"), "#!/bin/sh\n# exlint: allow\n");
        Checkout { directory }
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What cargo would have built into.
    pub fn target(&self) -> PathBuf {
        self.directory().join("target")
    }
}

/// The manual's pages, as `man1/if.1execline`.
pub fn pages() -> Vec<String> {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let mut pages = BTreeMap::new();
    if manual.is_dir() {
        gather(&manual, "", &mut pages);
    }
    let is_file = |entry: &Entry| matches!(entry, Entry::File(..));
    pages
        .into_iter()
        .filter_map(|(path, entry)| is_file(&entry).then_some(path))
        .collect()
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Directory(u32),
    Link(PathBuf),
    File(u32, Vec<u8>),
}

/// Everything below a directory, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    pub entries: BTreeMap<String, Entry>,
}

impl Tree {
    fn of(root: &Path) -> Tree {
        let mut entries = BTreeMap::new();
        gather(root, "", &mut entries);
        Tree { entries }
    }

    /// The paths of what is no directory.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.entries
            .iter()
            .filter(|(_, entry)| !matches!(entry, Entry::Directory(_)))
            .map(|(path, _)| path)
    }
}

fn gather(directory: &Path, prefix: &str, entries: &mut BTreeMap<String, Entry>) {
    for found in fs::read_dir(directory).unwrap() {
        let found = found.unwrap();
        let path = format!("{prefix}{}", found.file_name().to_str().unwrap());
        let status = found.metadata().unwrap();
        let mode = status.permissions().mode() & 0o7777;
        let entry = if status.is_symlink() {
            Entry::Link(fs::read_link(found.path()).unwrap())
        } else if status.is_dir() {
            gather(&found.path(), &format!("{path}/"), entries);
            Entry::Directory(mode)
        } else {
            Entry::File(mode, fs::read(found.path()).unwrap())
        };
        entries.insert(path, entry);
    }
}

/// What came of a run.
pub struct Run(Output);

impl Run {
    pub fn printed(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn said(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub fn succeeds(&self) {
        assert!(
            self.0.status.success(),
            "{}: {}",
            self.0.status,
            self.said()
        );
    }

    pub fn says(&self, message: &str) {
        assert!(
            self.said().contains(message),
            "no `{message}` in:\n{}",
            self.said()
        );
    }

    pub fn fails_with(&self, code: i32, message: &str) {
        assert_eq!(self.0.status.code(), Some(code), "{}", self.said());
        self.says(message);
    }
}

pub struct Place {
    directory: TempDir,
}

impl Place {
    pub fn new() -> Place {
        checkout();
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        Place { directory }
    }

    pub fn root(&self) -> &Path {
        self.directory.path()
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    pub fn tree(&self) -> Tree {
        Tree::of(self.root())
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file; a link that is there is replaced and not followed.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        fs::write(path, text).unwrap();
    }

    pub fn link(&self, path: &str, target: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// Makes of our program one of another version.
    pub fn make_older(&self, path: &str) {
        self.write(path, "execline 0.0.1, compatible with execline 2.9.9.2\n");
    }

    /// A second name of our program, so that nothing is written that is executed.
    pub fn put_program(&self, path: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::hard_link(checkout().target().join("release/execline"), path).unwrap();
    }

    pub fn forbid_writing(&self, path: &str) {
        fs::set_permissions(self.path(path), Permissions::from_mode(0o555)).unwrap();
    }

    /// Runs install.sh with what was built, below this place.
    pub fn install(&self, options: &[&str]) -> Run {
        self.install_from(
            checkout().target().join("release").to_str().unwrap(),
            options,
        )
    }

    /// The same with programs from another directory.
    pub fn install_from(&self, programs: &str, options: &[&str]) -> Run {
        let mut command = Command::new(checkout().directory().join("install.sh"));
        Run(command
            .args(self.arguments(programs, options))
            .output()
            .unwrap())
    }

    /// The same as somebody who is not root.
    pub fn install_as_user(&self, options: &[&str]) -> Run {
        let programs = checkout().target().join("release");
        let mut command = unprivileged(checkout().directory().join("install.sh").into());
        command.args(self.arguments(programs.to_str().unwrap(), options));
        Run(command.output().unwrap())
    }

    /// The same in a sandbox that sees these file systems.
    pub fn install_inside(&self, file_systems: &[&str], options: &[&str]) -> Run {
        self.install_inside_and(file_systems, options, "")
    }

    /// The same, and then `more`, in the language of the shell.
    pub fn install_inside_and(&self, file_systems: &[&str], options: &[&str], more: &str) -> Run {
        let programs = checkout().target().join("release");
        let mut command = sandbox(file_systems);
        command
            .args(["sh", "-c", &format!("\"$0\" \"$@\"{more}")])
            .arg(checkout().directory().join("install.sh"))
            .args(self.arguments(programs.to_str().unwrap(), options));
        Run(command.output().unwrap())
    }

    fn arguments(&self, programs: &str, options: &[&str]) -> Vec<OsString> {
        let own = ["--prefix", "/usr", "--programs", programs, "--destdir"];
        let own = own.into_iter().map(OsString::from);
        own.chain([self.root().into()])
            .chain(options.iter().map(OsString::from))
            .collect()
    }

    /// Runs a program of this place; a leading `@` of an argument is where the place is.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Run {
        let mut command = Command::new(self.path(program));
        Run(command.args(self.placed(arguments)).output().unwrap())
    }

    /// The same as somebody who is not root.
    pub fn run_as_user(&self, program: &str, arguments: &[&str]) -> Run {
        let mut command = unprivileged(self.path(program).into());
        Run(command.args(self.placed(arguments)).output().unwrap())
    }

    /// The same in a sandbox that sees these file systems.
    pub fn run_inside(&self, file_systems: &[&str], program: &str, arguments: &[&str]) -> Run {
        let mut command = sandbox(file_systems);
        command.arg(self.path(program)).args(self.placed(arguments));
        Run(command.output().unwrap())
    }

    fn placed(&self, arguments: &[&str]) -> Vec<String> {
        let root = self.root().to_str().unwrap();
        arguments
            .iter()
            .map(|argument| match argument.strip_prefix('@') {
                Some(rest) => format!("{root}{rest}"),
                None => (*argument).to_owned(),
            })
            .collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Only root removes what nobody may write to.
        for entry in fs::read_dir(self.root()).into_iter().flatten().flatten() {
            let _ = fs::set_permissions(entry.path(), Permissions::from_mode(0o755));
        }
    }
}

fn unprivileged(program: OsString) -> Command {
    if !Uid::effective().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(NOBODY).arg(program);
    command
}

fn sandbox(file_systems: &[&str]) -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--dev-bind", "/", "/"]).args(file_systems);
    command
}
