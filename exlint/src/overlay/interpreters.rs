//! Which interpreters a script can name in its first line because s6-overlay brings them, by
//! version and by tarball. Interpreters of the image (`/bin/sh`) are not here.
//!
//! Read in `layout/` and `Makefile` (targets `symlinks-overlay-*`) from v3.0.0.0 to v3.2.3.2,
//! in `builder/overlay-rootfs/usr/bin` from v1.17.0.0 to v2.2.0.3, and in the deps-exe
//! directories of s6-overlay-helpers at v0.0.1.0 and v0.1.0.0. Distributions that build
//! s6-overlay from their own packages have no `/command` and put everything below `/bin` or
//! `/usr/bin` (`SHEBANGDIR` in `conf/defaults.mk`).

use super::version::{Lifetime, Version};

/// What has to be unpacked for an interpreter to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tarball {
    /// `s6-overlay-ARCH.tar.gz`, the only one before 3.0.0.0.
    Legacy,
    /// `s6-overlay-ARCH.tar.xz`: the binaries, which every image needs.
    Binaries,
    /// `s6-overlay-noarch.tar.xz`: the scripts, which every image needs.
    Scripts,
    /// `s6-overlay-symlinks-arch.tar.xz`, optional: `/usr/bin` for the binaries.
    BinarySymlinks,
    /// `s6-overlay-symlinks-noarch.tar.xz`, optional: `/usr/bin` for the scripts.
    ScriptSymlinks,
}

impl Tarball {
    /// Whether an image of its version works without it.
    pub fn is_optional(self) -> bool {
        matches!(self, Tarball::BinarySymlinks | Tarball::ScriptSymlinks)
    }

    /// Its file name, with `ARCH` for the processor; from 3.1.0.0 on without a version.
    pub fn file_name(self) -> &'static str {
        match self {
            Tarball::Legacy => "s6-overlay-ARCH.tar.gz",
            Tarball::Binaries => "s6-overlay-ARCH.tar.xz",
            Tarball::Scripts => "s6-overlay-noarch.tar.xz",
            Tarball::BinarySymlinks => "s6-overlay-symlinks-arch.tar.xz",
            Tarball::ScriptSymlinks => "s6-overlay-symlinks-noarch.tar.xz",
        }
    }
}

/// Whether an interpreter is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every image of the version.
    Always,
    /// Where an optional tarball was unpacked too.
    With(Tarball),
    /// In no tarball of the version.
    Never,
    /// In some versions; which one it is, is not known.
    Unknown,
}

/// An interpreter that some version brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its path.
    pub path: &'static str,
    /// What to write for it in v3.
    pub command: &'static str,
    /// The tarballs that have it.
    pub tarballs: &'static [(Tarball, Lifetime)],
}

impl Interpreter {
    /// Whether it is there in a version.
    pub fn presence(&self, version: Option<Version>) -> Presence {
        let Some(version) = version else {
            return Presence::Unknown;
        };
        let tarball = self
            .tarballs
            .iter()
            .find(|(_, lifetime)| lifetime.has(version));
        match tarball {
            None => Presence::Never,
            Some((tarball, _)) if tarball.is_optional() => Presence::With(*tarball),
            Some(_) => Presence::Always,
        }
    }
}

/// The interpreter of a path, if s6-overlay ever brought it there.
pub fn interpreter(path: &[u8]) -> Option<&'static Interpreter> {
    INTERPRETERS
        .iter()
        .find(|interpreter| interpreter.path.as_bytes() == path)
}

/// What to write in v3 for an interpreter that is named by another path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandPath {
    /// The path below `/command`.
    pub path: &'static str,
    /// Whether that is the same program, so that the path can be replaced without asking
    /// wherever a v3 from the tarballs is used. `with-contenv-legacy` and `justc-envdir` have
    /// successors only.
    pub same_program: bool,
}

/// The path to write in v3 for an interpreter of s6-overlay that is named by another path, be
/// it one where it never was (`/bin/with-contenv`).
pub fn command_path(path: &[u8]) -> Option<CommandPath> {
    let slash = path.iter().rposition(|&byte| byte == b'/')?;
    let (directory, name) = path.split_at_checked(slash + 1)?;
    let elsewhere = [b"/bin/".as_slice(), b"/usr/bin/", b"/usr/local/bin/"].contains(&directory);
    let found = interpreter(path).or_else(|| {
        INTERPRETERS
            .iter()
            .find(|other| elsewhere && below_command(other.path) == Some(name))
    })?;
    let replacement = CommandPath {
        path: found.command,
        same_program: below_command(found.command) == Some(name),
    };
    (found.command.as_bytes() != path).then_some(replacement)
}

fn below_command(path: &str) -> Option<&[u8]> {
    path.strip_prefix("/command/").map(str::as_bytes)
}

const V3: Lifetime = Lifetime::since(Version::V3);
const V2: Lifetime = Lifetime::until(Version::V3);
/// s6-overlay-helpers 0.1.0.0, the first without the program, came with 3.1.0.1.
const JUSTC_V3: Lifetime = Lifetime::between(Version::V3, Version::new(3, 1, 0, 1));
/// The program and the script that kept the old meaning came with 2.0.0.0.
const ONLY_V2: Lifetime = Lifetime::between(Version::V2, Version::V3);

const BINARIES: &[(Tarball, Lifetime)] = &[(Tarball::Binaries, V3)];
const SCRIPTS: &[(Tarball, Lifetime)] = &[(Tarball::Scripts, V3)];
const USR_BINARIES: &[(Tarball, Lifetime)] =
    &[(Tarball::Legacy, V2), (Tarball::BinarySymlinks, V3)];
const USR_SCRIPTS: &[(Tarball, Lifetime)] = &[(Tarball::Legacy, V2), (Tarball::ScriptSymlinks, V3)];

/// Every interpreter and chain loader of s6-overlay that scripts name by its path.
#[rustfmt::skip]
pub const INTERPRETERS: &[Interpreter] = &[
    named("/command/execlineb", "/command/execlineb", BINARIES),
    named("/command/with-contenv", "/command/with-contenv", SCRIPTS),
    named("/command/with-retries", "/command/with-retries", SCRIPTS),
    named("/command/logutil-service", "/command/logutil-service", SCRIPTS),
    named("/command/logutil-newfifo", "/command/logutil-newfifo", SCRIPTS),
    named("/command/printcontenv", "/command/printcontenv", SCRIPTS),
    named("/command/justc-envdir", "/command/s6-envdir", &[(Tarball::Binaries, JUSTC_V3)]),
    named("/usr/bin/execlineb", "/command/execlineb", USR_BINARIES),
    named("/usr/bin/with-contenv", "/command/with-contenv", USR_SCRIPTS),
    named("/usr/bin/with-retries", "/command/with-retries", USR_SCRIPTS),
    named("/usr/bin/logutil-service", "/command/logutil-service", USR_SCRIPTS),
    named("/usr/bin/logutil-newfifo", "/command/logutil-newfifo", USR_SCRIPTS),
    named("/usr/bin/printcontenv", "/command/printcontenv", USR_SCRIPTS),
    named("/usr/bin/with-contenv-legacy", "/command/with-contenv", &[(Tarball::Legacy, ONLY_V2)]),
    named("/usr/bin/justc-envdir", "/command/s6-envdir", &[(Tarball::Legacy, ONLY_V2), (Tarball::BinarySymlinks, JUSTC_V3)]),
    named("/bin/execlineb", "/command/execlineb", &[(Tarball::Legacy, V2)]),
    named("/package/admin/execline/command/execlineb", "/command/execlineb", BINARIES),
    named("/package/admin/s6-overlay/command/with-contenv", "/command/with-contenv", SCRIPTS),
];

const fn named(
    path: &'static str,
    command: &'static str,
    tarballs: &'static [(Tarball, Lifetime)],
) -> Interpreter {
    Interpreter {
        path,
        command,
        tarballs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_by_version() {
        use Presence::{Always, Never, Unknown, With};
        let (v2, v3) = (
            Some(Version::new(2, 2, 0, 3)),
            Some(Version::new(3, 2, 0, 0)),
        );
        for (path, version, expected) in [
            ("/command/execlineb", v3, Always),
            ("/command/with-contenv", v3, Always),
            ("/command/with-contenv", v2, Never),
            ("/usr/bin/with-contenv", v2, Always),
            ("/usr/bin/with-contenv", v3, With(Tarball::ScriptSymlinks)),
            ("/usr/bin/execlineb", v3, With(Tarball::BinarySymlinks)),
            ("/bin/execlineb", v2, Always),
            ("/bin/execlineb", v3, Never),
            ("/usr/bin/with-contenv-legacy", v2, Always),
            ("/usr/bin/with-contenv-legacy", v3, Never),
            ("/command/justc-envdir", Some(Version::V3), Always),
            ("/command/justc-envdir", v3, Never),
            ("/usr/bin/execlineb", None, Unknown),
        ] {
            let found = interpreter(path.as_bytes()).map(|found| found.presence(version));
            assert_eq!(found, Some(expected), "{path} {version:?}");
        }
        assert_eq!(interpreter(b"/bin/sh"), None);
    }

    #[test]
    fn replacement_is_below_command() {
        for (path, expected) in [
            (
                "/usr/bin/with-contenv",
                Some(("/command/with-contenv", true)),
            ),
            ("/bin/with-contenv", Some(("/command/with-contenv", true))),
            ("/bin/execlineb", Some(("/command/execlineb", true))),
            (
                "/usr/bin/with-contenv-legacy",
                Some(("/command/with-contenv", false)),
            ),
            ("/command/justc-envdir", Some(("/command/s6-envdir", false))),
            ("/usr/bin/justc-envdir", Some(("/command/s6-envdir", false))),
            ("/command/execlineb", None),
            ("/usr/bin/env", None),
            ("/opt/execlineb", None),
            ("execlineb", None),
            ("/", None),
        ] {
            let found = command_path(path.as_bytes());
            let found = found.map(|found| (found.path, found.same_program));
            assert_eq!(found, expected, "{path}");
        }
    }
}
