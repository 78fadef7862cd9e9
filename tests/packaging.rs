//! What of `packaging/` can be run where there is neither apk nor a container builder: the
//! functions of the APKBUILD, the Debian packages from their building to their removal, and the
//! release tarball. Names and layout are those of the install list.
//!
//! Deliberately nothing is optimised here and nothing is built: the programs are those of this
//! test. For exlint, which is another package's, a program of the machine stands in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod executable;

use execline::commands::COMMANDS;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What is called `execline` where it is not ours, as Debian has it.
const DEBIAN_EXECLINE: &str = "Package: execline
Version: 2.9.3.0-1
Architecture: amd64
Maintainer: Stand-in <stand-in@example.org>
Description: stand-in
";

/// What needs an execline that is not older than this.
const DEPENDENT: &str = "Package: dependent
Version: 1
Architecture: amd64
Depends: execline (>= 2.9.3)
Maintainer: Stand-in <stand-in@example.org>
Description: stand-in
";

fn succeed(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn fail(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{command:?} succeeded");
    String::from_utf8(output.stderr).unwrap()
}

/// A directory with the programs as a build leaves them.
fn programs() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path();
    executable::copy(env!("CARGO_BIN_EXE_execline"), to.join("execline"));
    executable::copy("/bin/true", to.join("exlint"));
    directory
}

/// What is below a directory and is no directory, by path.
fn files(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather(root, "", &mut found);
    found
}

fn gather(directory: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path);
        }
    }
}

/// The commands' names in a directory.
fn listed(directory: &str) -> BTreeSet<String> {
    let names = COMMANDS.iter().map(|command| command.name);
    names.map(|name| format!("{directory}/{name}")).collect()
}

/// What `execline --help` prints, below a directory for shared files.
fn help(share: &str) -> BTreeSet<String> {
    let names = COMMANDS.iter().map(|command| command.name);
    names
        .map(|name| format!("{share}/execline/commands/{name}.md"))
        .collect()
}

#[test]
fn every_shell_script_of_the_repository_passes_shellcheck() {
    let listing = succeed(Command::new("git").args(["-C", ROOT, "ls-files", "-z"]));
    let listing = String::from_utf8(listing.stdout).unwrap();
    let is_script = |path: &&str| {
        // Scripts in a corpus are broken on purpose.
        let ours = !path.starts_with("corpus/") && !path.ends_with(".rs");
        let text = fs::read(Path::new(ROOT).join(path)).unwrap_or_default();
        let first = String::from_utf8_lossy(text.split(|&byte| byte == b'\n').next().unwrap());
        let shells = ["#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/bash"];
        ours && shells.iter().any(|shell| first.starts_with(shell))
    };
    let mut scripts: Vec<&str> = listing.split_terminator('\0').filter(is_script).collect();
    scripts.push("packaging/alpine/APKBUILD");
    for expected in [
        "test",
        "install.sh",
        "packaging/deb",
        "packaging/release-build",
    ] {
        assert!(scripts.contains(&expected), "{expected} is no script?");
    }
    succeed(Command::new("shellcheck").args(&scripts).current_dir(ROOT));
}

/// What abuild has for an APKBUILD to call, as far as it matters to ours.
const ABUILD: &str = r#"
default_prepare() { :; }
amove() {
  for path; do
    mkdir -p "$subpkgdir/${path%/*}"
    mv "$pkgdir/$path" "$subpkgdir/${path%/*}"
  done
}
default_doc() { amove usr/share/man; }
split() { (subpkgdir=$subpkgdir/$1 && cd "$pkgdir" && "$1") }
"#;

/// Runs shell text behind the APKBUILD, with what abuild sets, and `cargo` as given.
fn with_apkbuild(directory: &Path, programs: &Path, text: &str) -> String {
    let stubs = directory.join("stubs");
    fs::create_dir_all(&stubs).unwrap();
    let stub = stubs.join("cargo");
    let build = format!(
        "#!/bin/sh -eu\n[ \"$*\" != 'fetch --locked' ] || exit 0\n\
         [ \"$1 $2\" = 'build --release' ]\nmkdir -p target/release\ncp '{}'/* target/release/\n",
        programs.display()
    );
    executable::write(&stub, &build);
    let builddir = directory.join("src");
    if !builddir.exists() {
        fs::create_dir(&builddir).unwrap();
        for name in ["install.sh", "docs", "Cargo.toml", "man", "examples"] {
            let from = Path::new(ROOT).join(name);
            if from.exists() {
                symlink(from, builddir.join(name)).unwrap();
            }
        }
        // install.sh looks for what was built beside itself.
        fs::remove_file(builddir.join("install.sh")).unwrap();
        executable::copy(
            Path::new(ROOT).join("install.sh"),
            builddir.join("install.sh"),
        );
    }
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("sh");
    command
        .args(["-euc", &format!("{ABUILD}. \"$0\"\n{text}")])
        .arg(Path::new(ROOT).join("packaging/alpine/APKBUILD"))
        .current_dir(&builddir)
        .env("PATH", format!("{}:{path}", stubs.display()))
        .env("builddir", &builddir)
        .env("pkgdir", directory.join("pkg"))
        .env("subpkgdir", directory.join("subpkg"))
        .env_remove("CARGO_TARGET_DIR");
    String::from_utf8(succeed(&mut command).stdout).unwrap()
}

#[test]
fn functions_of_the_apkbuild_lay_out_its_packages() {
    let (directory, programs) = (tempfile::tempdir().unwrap(), programs());
    let root = directory.path();
    with_apkbuild(
        root,
        programs.path(),
        "prepare\nbuild\ncheck\npackage\nsplit doc\nsplit exlint\nsplit exlint_doc\n",
    );
    assert_eq!(files(&root.join("pkg")), listed("usr/bin"));
    let doc = files(&root.join("subpkg/doc"));
    assert!(doc.is_superset(&help("usr/share")), "{doc:?}");
    assert!(doc.contains("usr/share/man/man1/if.1execline"), "{doc:?}");
    assert!(doc.iter().all(|path| path.starts_with("usr/share/")));
    let exlint = files(&root.join("subpkg/exlint"));
    assert_eq!(exlint, BTreeSet::from(["usr/bin/exlint".to_owned()]));
    let doc = files(&root.join("subpkg/exlint_doc"));
    let pages = ["man1/exlint.1", "man7/exlint-rules.7"];
    let pages = pages.map(|page| format!("usr/share/man/{page}.gz"));
    assert_eq!(doc, BTreeSet::from(pages));
    let status = Command::new(root.join("pkg/usr/bin/exit"))
        .arg("7")
        .status();
    assert_eq!(status.unwrap().code(), Some(7));
}

#[test]
fn the_apkbuild_has_what_abuild_demands() {
    let (directory, programs) = (tempfile::tempdir().unwrap(), programs());
    let said = with_apkbuild(
        directory.path(),
        programs.path(),
        "for value in \"$pkgname\" \"$pkgver\" \"$pkgrel\" \"$pkgdesc\" \"$url\" \"$arch\" \
         \"$license\" \"$source\" \"$provides\"; do echo \"$value\"; done\n\
         for name in build check package; do type $name >/dev/null; done\n\
         for name in $subpackages; do case $name in *:*) type ${name#*:} ;; *-doc) type doc ;; *) type $name ;; esac >/dev/null; done\n",
    );
    let values: Vec<&str> = said.lines().collect();
    assert_eq!(values.len(), 9);
    assert!(values.iter().all(|value| !value.is_empty()), "{values:?}");
    assert_eq!(values[1], env!("CARGO_PKG_VERSION"));
    assert!(values[8].starts_with("execline=2."), "{}", values[8]);
}

/// A root with dpkg's records and nothing else.
struct Root {
    directory: TempDir,
}

impl Root {
    fn new() -> Root {
        let directory = tempfile::tempdir().unwrap();
        for records in ["info", "updates"] {
            fs::create_dir_all(directory.path().join("var/lib/dpkg").join(records)).unwrap();
        }
        fs::write(directory.path().join("var/lib/dpkg/status"), "").unwrap();
        Root { directory }
    }

    fn dpkg(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("dpkg");
        command
            .arg(format!("--root={}", self.directory.path().display()))
            // As whoever tests, with that user's PATH.
            .args([
                "--force-not-root",
                "--force-bad-path",
                "--force-unsafe-io",
                "--log=/dev/null",
            ])
            .args(arguments);
        command
    }

    /// What the packages have installed.
    fn files(&self) -> BTreeSet<String> {
        let mut files = files(self.directory.path());
        files.retain(|path| !path.starts_with("var/lib/dpkg/"));
        files
    }
}

/// A package of these control lines with one file.
fn stand_in(directory: &Path, control: &str, file: &str) -> PathBuf {
    let name = control
        .lines()
        .next()
        .unwrap()
        .trim_start_matches("Package: ");
    let tree = directory.join(name);
    fs::create_dir_all(tree.join("DEBIAN")).unwrap();
    fs::write(tree.join("DEBIAN/control"), control).unwrap();
    fs::set_permissions(tree.join("DEBIAN"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(tree.join(file).parent().unwrap()).unwrap();
    fs::write(tree.join(file), "stand-in\n").unwrap();
    let package = directory.join(format!("{name}.deb"));
    let mut build = Command::new("dpkg-deb");
    build.args(["--root-owner-group", "--build"]);
    succeed(build.args([&tree, &package]));
    package
}

#[test]
fn debian_packages_are_built_installed_used_and_removed() {
    let (out, programs) = (tempfile::tempdir().unwrap(), programs());
    let mut build = Command::new(Path::new(ROOT).join("packaging/deb"));
    succeed(
        build
            .arg(out.path())
            .env("EXECLINE_PROGRAMS", programs.path()),
    );
    let package = |name: &str| {
        let file = format!("{name}_{}_amd64.deb", env!("CARGO_PKG_VERSION"));
        out.path().join(file).to_str().unwrap().to_owned()
    };
    let (execline, exlint) = (package("execline-rs"), package("exlint"));
    let theirs = stand_in(out.path(), DEBIAN_EXECLINE, "usr/bin/execlineb");
    let dependent = stand_in(out.path(), DEPENDENT, "usr/bin/dependent");

    // It takes the place of Debian's, and what depends on that is content.
    let root = Root::new();
    succeed(&mut root.dpkg(&["-i", theirs.to_str().unwrap(), dependent.to_str().unwrap()]));
    succeed(&mut root.dpkg(&["-i", &execline]));
    let status = succeed(&mut root.dpkg(&["--get-selections"]));
    let status = String::from_utf8(status.stdout).unwrap();
    let installed: Vec<&str> = status
        .lines()
        .filter(|line| line.ends_with("\tinstall"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(installed, ["dependent", "execline-rs"]);

    // One that is not theirs is not overwritten by it: that needs its removal.
    let refusal = fail(
        &mut root.dpkg(&["--force-depends", "--no-force-overwrite", "-i", &{
            let control = DEBIAN_EXECLINE.replace("Package: execline", "Package: third");
            let third = stand_in(out.path(), &control, "usr/bin/execlineb");
            third.to_str().unwrap().to_owned()
        }]),
    );
    assert!(
        refusal.contains("which is also in package execline-rs"),
        "{refusal}"
    );

    let there = root.files();
    let commands = listed("usr/lib/execline/bin");
    assert!(
        there.is_superset(&commands),
        "{:?}",
        commands.difference(&there)
    );
    assert!(there.is_superset(&help("usr/share")), "{there:?}");
    let unexpected: Vec<&String> = there
        .difference(&commands)
        .filter(|path| !path.starts_with("usr/share/") && *path != "usr/bin/dependent")
        .collect();
    assert_eq!(unexpected, ["usr/bin/execlineb"]);

    // There is nothing in this root but what the packages brought: no C library, no shell.
    let used = Command::new("bwrap")
        .arg("--bind")
        .args([root.directory.path(), Path::new("/")])
        .args(["--proc", "/proc", "--clearenv"])
        .args(["/usr/bin/execlineb", "-c"])
        .arg(
            "if { execline --help if }
             importas PATH PATH if { eltest ${PATH} =~ ^/usr/lib/execline/bin: } exit 7",
        )
        .output()
        .unwrap();
    assert_eq!(used.status.code(), Some(7), "{used:?}");
    assert!(used.stdout.starts_with(b"# if\n"), "{used:?}");

    let removal = fail(&mut root.dpkg(&["-r", "execline-rs"]));
    assert!(
        removal.contains("dependent depends on execline"),
        "{removal}"
    );
    succeed(&mut root.dpkg(&["-P", "dependent", "execline-rs"]));
    assert_eq!(root.files(), BTreeSet::new());
    assert!(!root.directory.path().join("usr").exists());

    // The linter asks for the C library it was linked with.
    let depends = succeed(Command::new("dpkg-deb").args(["-f", &exlint, "Depends"]));
    assert!(depends.stdout.starts_with(b"libc6"), "{depends:?}");
    let root = Root::new();
    succeed(&mut root.dpkg(&["--force-depends", "-i", &exlint]));
    assert!(root.files().contains("usr/bin/exlint"));
    succeed(&mut root.dpkg(&["-P", "exlint"]));
    assert_eq!(root.files(), BTreeSet::new());
}

#[test]
fn the_release_tarball_is_the_same_twice_and_installs_itself() {
    let programs = programs();
    let make = |directory: &Path| {
        let mut make = Command::new(Path::new(ROOT).join("packaging/release"));
        let output = succeed(
            make.arg(directory)
                .env("EXECLINE_PROGRAMS", programs.path()),
        );
        let path = String::from_utf8(output.stdout).unwrap();
        PathBuf::from(path.trim_end())
    };
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tarball = make(first.path());
    // What time it is and who may read what is not in it.
    fs::set_permissions(
        programs.path().join("exlint"),
        fs::Permissions::from_mode(0o700),
    )
    .unwrap();
    succeed(
        Command::new("touch")
            .args(["-d", "2001-02-03"])
            .arg(programs.path().join("execline")),
    );
    let again = make(second.path());
    assert_eq!(fs::read(&tarball).unwrap(), fs::read(&again).unwrap());
    for directory in [&first, &second] {
        let mut check = Command::new("sha256sum");
        succeed(
            check
                .args(["--check", "--strict", "SHA256SUMS"])
                .current_dir(directory),
        );
    }

    let listing = succeed(
        Command::new("tar")
            .arg("-tvzf")
            .arg(&tarball)
            .arg("--numeric-owner"),
    );
    let listing = String::from_utf8(listing.stdout).unwrap();
    assert!(
        listing.lines().all(|line| line.contains(" 0/0 ")),
        "{listing}"
    );

    let place = tempfile::tempdir().unwrap();
    succeed(
        Command::new("tar")
            .arg("-xzf")
            .arg(&tarball)
            .arg("-C")
            .arg(place.path()),
    );
    let name = tarball.file_name().unwrap().to_str().unwrap();
    let unpacked = place.path().join(name.trim_end_matches(".tar.gz"));
    let installed = place.path().join("installed");
    let mut install = Command::new(unpacked.join("install.sh"));
    install
        .args(["--layout", "package"])
        .env_remove("CARGO_TARGET_DIR");
    succeed(install.arg("--destdir").arg(&installed));
    let there = files(&installed);
    assert!(there.is_superset(&listed("command")), "{there:?}");
    let status = Command::new(installed.join("command/exit"))
        .arg("7")
        .status();
    assert_eq!(status.unwrap().code(), Some(7));
    let shown = succeed(Command::new(installed.join("command/execline")).args(["--help", "if"]));
    assert!(shown.stdout.starts_with(b"# if\n"), "{shown:?}");
    assert!(files(&installed).contains("usr/local/share/man/man1/if.1execline"));
}
