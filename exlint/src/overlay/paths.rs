//! Words that older versions of s6-overlay gave a meaning and newer ones do not: paths,
//! programs, a variable, and the idiom that stopped a container. The `/command` form of an
//! interpreter is in [`super::interpreters`], settings are in [`super::variables`].
//!
//! Read in `builder/overlay-rootfs` at v2.0.0.0, v2.1.0.2 and v2.2.0.3 (`init-stage1` to
//! `init-stage3`, `usr/bin`), in `layout/` from v3.0.0.0 to v3.2.3.2, and in the NEWS of
//! s6-portable-utils (2.2.5.1, 2.3.0.0). `/var/run` is a link to `/run` in v3, so paths like
//! `/var/run/s6/container_environment` still work and are not here.

use super::version::Version;

/// How a literal is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A path or the beginning of one, anywhere in a script.
    Path,
    /// A program to be run, by its name or by a path that ends in it.
    Program,
    /// A path given to a program that controls a service: see [`CONTROLLERS`].
    Controlled,
    /// A variable that is read.
    Variable,
}

/// When `--fix` may put the replacement into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Always: the meaning stays.
    Always,
    /// Where the path goes on below the literal.
    Below,
    /// Never: someone has to look.
    Never,
}

/// A word that is out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// The word.
    pub literal: &'static str,
    /// How it is met.
    pub place: Place,
    /// The first version without it.
    pub gone: Version,
    /// The first version that warns about it, if one does.
    pub deprecated: Option<Version>,
    /// What to write in its place, where there is something.
    pub replacement: Option<&'static str>,
    /// The first version that knows the replacement.
    pub replaced_since: Version,
    /// When the replacement may be made without asking.
    pub safety: Safety,
    /// What to do, as a sentence for the help of a finding.
    pub advice: &'static str,
}

impl Outdated {
    /// Whether a version lacks it; nothing if that depends on a version not known.
    pub fn is_gone(&self, version: Option<Version>) -> Option<bool> {
        match version {
            Some(version) => Some(version >= self.gone),
            None => (self.gone == Version::EARLIEST).then_some(true),
        }
    }

    /// Whether a version still has it but warns.
    pub fn is_deprecated(&self, version: Version) -> bool {
        version < self.gone && self.deprecated.is_some_and(|since| version >= since)
    }

    /// `word` as it should be written, if that is safe in `version`; no version is the latest.
    pub fn fixed(&self, word: &[u8], version: Option<Version>) -> Option<Vec<u8>> {
        let replacement = self.replacement?.as_bytes();
        if version.is_some_and(|version| version < self.replaced_since) {
            return None;
        }
        let rest = match self.place {
            // A program is looked up in PATH, so its directory goes with its name.
            Place::Program => b"".as_slice(),
            _ => word.strip_prefix(self.literal.as_bytes())?,
        };
        let below = rest.strip_prefix(b"/").is_some_and(|rest| !rest.is_empty());
        match self.safety {
            Safety::Always => {}
            Safety::Below if below => {}
            Safety::Below | Safety::Never => return None,
        }
        Some([replacement, rest].concat())
    }
}

/// The longest outdated path that `word` is or lies below.
pub fn path(word: &[u8]) -> Option<&'static Outdated> {
    below(word, Place::Path)
}

/// The outdated path that `word` is as an argument of one of [`CONTROLLERS`].
pub fn controlled(word: &[u8]) -> Option<&'static Outdated> {
    below(word, Place::Controlled).or_else(|| path(word))
}

/// The outdated program that `word` names, with or without a directory of s6-overlay.
pub fn program(word: &[u8]) -> Option<&'static Outdated> {
    let name = match absolute_program(word) {
        Some(absolute) => absolute.name,
        None if word.contains(&b'/') => return None,
        None => word,
    };
    OUTDATED
        .iter()
        .find(|entry| entry.place == Place::Program && entry.literal.as_bytes() == name)
}

/// The outdated variable of that name.
pub fn variable(name: &[u8]) -> Option<&'static Outdated> {
    OUTDATED
        .iter()
        .find(|entry| entry.place == Place::Variable && entry.literal.as_bytes() == name)
}

fn below(word: &[u8], place: Place) -> Option<&'static Outdated> {
    OUTDATED
        .iter()
        .filter(|entry| entry.place == place)
        .filter(|entry| {
            word.strip_prefix(entry.literal.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        })
        .max_by_key(|entry| entry.literal.len())
}

/// A program of the skarnet packages or of s6-overlay that is named by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsoluteProgram<'a> {
    /// `/bin`, `/usr/bin`, `/command`.
    pub directory: &'static str,
    /// Its name, by which PATH finds it in every version and every distribution.
    pub name: &'a [u8],
}

impl AbsoluteProgram<'_> {
    /// Whether a version has programs in that directory: `/bin` and `/usr/bin` before 3.0.0.0,
    /// `/command` since. With the tarballs of symlinks, `/usr/bin` has them in v3 too.
    pub fn suits(&self, version: Version) -> bool {
        (self.directory == "/command") == (version >= Version::V3)
    }
}

/// The program that `word` names by its path. Names that systems use for other programs too
/// (`cd`, `wait`, `umask`, `exit`, `test`...) are passed over.
pub fn absolute_program(word: &[u8]) -> Option<AbsoluteProgram<'_>> {
    let (directory, name) = ["/command", "/usr/bin", "/bin"]
        .into_iter()
        .find_map(|directory| {
            let rest = word.strip_prefix(directory.as_bytes())?;
            Some((directory, rest.strip_prefix(b"/")?))
        })?;
    let ours = name.starts_with(b"s6-") || OWN_NAMES.iter().any(|own| own.as_bytes() == name);
    (ours && !name.contains(&b'/')).then_some(AbsoluteProgram { directory, name })
}

/// Programs that take the directory of a service, or directories.
pub const CONTROLLERS: [&str; 7] = [
    "s6-svc",
    "s6-svstat",
    "s6-svwait",
    "s6-svok",
    "s6-svdt",
    "s6-svdt-clear",
    "s6-svlisten1",
];

/// The program that ends a container of v3 from within.
pub const HALT: &str = "/run/s6/basedir/bin/halt";
/// The file that a container of v3 takes its exit code from.
pub const EXIT_CODE: &str = "/run/s6-linux-init-container-results/exitcode";

/// Whether a command is the idiom that stopped a container before 3.0.0.0: `s6-svscanctl -t`
/// (or `-tb` and the like) and the scan directory of those versions. The command as a whole
/// can be replaced by [`HALT`].
pub fn is_old_stop(argv: &[&[u8]]) -> bool {
    let [program, arguments @ ..] = argv else {
        return false;
    };
    let name = absolute_program(program).map_or(*program, |absolute| absolute.name);
    let Some((directory, options)) = arguments.split_last() else {
        return false;
    };
    let directory = directory.strip_suffix(b"/").unwrap_or(directory);
    name == b"s6-svscanctl"
        && OLD_SCAN_DIRECTORIES
            .iter()
            .any(|old| old.as_bytes() == directory)
        && options
            .iter()
            .any(|option| option.starts_with(b"-") && option.contains(&b't'))
}

/// The scan directory before 3.0.0.0, by both of its names.
pub const OLD_SCAN_DIRECTORIES: [&str; 2] = ["/var/run/s6/services", "/run/s6/services"];

/// Programs of execline and of s6-overlay that nothing else has and that do not begin `s6-`.
#[rustfmt::skip]
const OWN_NAMES: &[&str] = &[
    "backtick", "dollarat", "elgetopt", "elgetpositionals", "elglob", "eltest", "emptyenv",
    "execline", "execline-cd", "execline-umask", "execlineb", "export-array", "fdblock",
    "fdclose", "fdmove", "fdreserve", "fdswap", "fix-attrs", "forbacktickx", "foreground",
    "forstdin", "forx", "heredoc", "homeof", "ifelse", "ifte", "ifthenelse", "import",
    "importas", "justc-envdir", "logutil-newfifo", "logutil-service", "logutil-service-main",
    "loopwhilex", "multidefine", "multisubstitute", "piperw", "posix-cd", "posix-umask",
    "printcontenv", "redirfd", "runblock", "seekablepipe", "tryexec", "withstdinas",
    "with-contenv", "with-contenv-legacy", "with-retries",
];

const fn row(
    literal: &'static str,
    place: Place,
    replacement: Option<&'static str>,
    safety: Safety,
    advice: &'static str,
) -> Outdated {
    Outdated {
        literal,
        place,
        gone: Version::V3,
        deprecated: None,
        replacement,
        replaced_since: Version::V3,
        safety,
        advice,
    }
}

const SERVICES: &str = "Running services are in /run/service since 3.0.0.0.";
const COPIES: &str = "Since 3.0.0.0 nothing is copied: read the file in /etc.";
const STAGES: &str = "There are no environments of stages since 3.0.0.0; an exit code goes to the file \
/run/s6-linux-init-container-results/exitcode.";
const RESULT: &str =
    "Since 3.0.0.0 the exit code is in /run/s6-linux-init-container-results/exitcode.";
const CATCH_ALL: &str = "Since 3.0.0.0 the catch-all logger reads /run/service/s6-svscan-log/fifo; it is there only \
where S6_LOGGING is 1 or 2.";
const INTERNAL: &str = "This was a part of s6-overlay 2 and has no successor.";

/// Everything that is out of use.
#[rustfmt::skip]
pub const OUTDATED: &[Outdated] = &[
    row("/var/run/s6/services", Place::Path, Some("/run/service"), Safety::Below, SERVICES),
    row("/run/s6/services", Place::Path, Some("/run/service"), Safety::Below, SERVICES),
    row("/var/run/s6/etc", Place::Path, Some("/etc"), Safety::Never, COPIES),
    row("/run/s6/etc", Place::Path, Some("/etc"), Safety::Never, COPIES),
    row("/var/run/s6/env-stage1", Place::Path, None, Safety::Never, STAGES),
    row("/var/run/s6/env-stage2", Place::Path, None, Safety::Never, STAGES),
    row("/var/run/s6/env-stage3", Place::Path, None, Safety::Never, STAGES),
    row("/run/s6/env-stage1", Place::Path, None, Safety::Never, STAGES),
    row("/run/s6/env-stage2", Place::Path, None, Safety::Never, STAGES),
    row("/run/s6/env-stage3", Place::Path, None, Safety::Never, STAGES),
    row("/var/run/s6/env-stage3/S6_STAGE2_EXITED", Place::Path, Some(EXIT_CODE), Safety::Always, RESULT),
    row("/run/s6/env-stage3/S6_STAGE2_EXITED", Place::Path, Some(EXIT_CODE), Safety::Always, RESULT),
    row("/var/run/s6/uncaught-logs-fifo", Place::Path, Some("/run/service/s6-svscan-log/fifo"), Safety::Never, CATCH_ALL),
    row("/run/s6/uncaught-logs-fifo", Place::Path, Some("/run/service/s6-svscan-log/fifo"), Safety::Never, CATCH_ALL),
    row("/etc/s6/init", Place::Path, None, Safety::Never, INTERNAL),
    row("/etc/s6/init-catchall", Place::Path, None, Safety::Never, INTERNAL),
    row("/etc/s6/init-no-catchall", Place::Path, None, Safety::Never, INTERNAL),
    row("/etc/s6/services/s6-fdholderd", Place::Path, None, Safety::Never, INTERNAL),
    row("/etc/s6/services/s6-svscan-log", Place::Path, None, Safety::Never, INTERNAL),
    row("/etc/s6/services/.s6-svscan", Place::Path, None, Safety::Never, INTERNAL),
    Outdated {
        gone: Version::INHERITED_PATH,
        ..row("/etc/s6-overlay/config/global_path", Place::Path, None, Safety::Never,
            "Set PATH in the image: services inherit it since 3.1.0.0.")
    },
    Outdated {
        gone: Version::EARLIEST,
        ..row("/etc/services.d", Place::Controlled, Some("/run/service"), Safety::Below,
            "Services are supervised in a copy, never in /etc/services.d: name /run/service/NAME.")
    },
    Outdated {
        gone: Version::WITHOUT_S6_TEST,
        deprecated: Some(Version::ELTEST),
        replaced_since: Version::ELTEST,
        ..row("s6-test", Place::Program, Some("eltest"), Safety::Always,
            "Write eltest, which takes the same arguments and is there since 3.1.3.0.")
    },
    row("with-contenv-legacy", Place::Program, Some("with-contenv"), Safety::Never,
        "Use with-contenv, which keeps values as they are stored."),
    Outdated {
        gone: Version::new(3, 1, 0, 1),
        replaced_since: Version::INHERITED_PATH,
        ..row("justc-envdir", Place::Program, Some("s6-envdir"), Safety::Never,
            "Use s6-envdir -L, which reads values of any length since 3.1.0.0.")
    },
    row("fix-attrs", Place::Program, None, Safety::Never,
        "The program is not in PATH since 3.0.0.0: use chown and chmod."),
    row("logutil-service-main", Place::Program, Some("logutil-service"), Safety::Always,
        "Use logutil-service, which takes the same directory."),
    row("s6-overlay-preinit", Place::Program, None, Safety::Never, INTERNAL),
    row("S6_STAGE2_EXITED", Place::Variable, None, Safety::Never, RESULT),
];

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_their_fix() {
        for (word, literal, fixed) in [
            (
                "/var/run/s6/services/web",
                Some("/var/run/s6/services"),
                Some("/run/service/web"),
            ),
            ("/var/run/s6/services", Some("/var/run/s6/services"), None),
            ("/run/s6/services/", Some("/run/s6/services"), None),
            (
                "/run/s6/env-stage3/S6_STAGE2_EXITED",
                Some("/run/s6/env-stage3/S6_STAGE2_EXITED"),
                Some(EXIT_CODE),
            ),
            ("/run/s6/env-stage3/X", Some("/run/s6/env-stage3"), None),
            (
                "/etc/s6/init-catchall/x",
                Some("/etc/s6/init-catchall"),
                None,
            ),
            ("/run/s6/services-old", None, None),
            ("/var/run/s6/container_environment/TZ", None, None),
            ("/run/s6/legacy-services/web", None, None),
            ("/etc/services.d/web", None, None),
        ] {
            let found = path(word.as_bytes());
            assert_eq!(found.map(|found| found.literal), literal, "{word}");
            let text = found.and_then(|found| found.fixed(word.as_bytes(), None));
            assert_eq!(text.as_deref(), fixed.map(str::as_bytes), "{word}");
        }
    }

    #[test]
    fn controlled_service_is_not_the_one_in_etc() {
        for (word, fixed) in [
            ("/etc/services.d/web", Some("/run/service/web")),
            ("/var/run/s6/services/web/", Some("/run/service/web/")),
            ("/run/service/web", None),
        ] {
            let found = controlled(word.as_bytes());
            let text = found.and_then(|found| found.fixed(word.as_bytes(), None));
            assert_eq!(text.as_deref(), fixed.map(str::as_bytes), "{word}");
        }
    }

    #[test]
    fn what_never_worked_needs_no_version() {
        let never = controlled(b"/etc/services.d/web").and_then(|found| found.is_gone(None));
        assert_eq!(never, Some(true));
        let older = path(b"/run/s6/services/web").and_then(|found| found.is_gone(None));
        assert_eq!(older, None);
    }

    #[test]
    fn programs_by_version() {
        for (word, version, gone, fixed) in [
            ("s6-test", "3.1.2.1", false, None),
            ("s6-test", "3.1.3.0", false, Some("eltest")),
            ("s6-test", "3.1.4.0", true, Some("eltest")),
            ("/bin/s6-test", "3.2.0.0", true, Some("eltest")),
            ("with-contenv-legacy", "3.0.0.0", true, None),
            ("justc-envdir", "3.1.0.0", false, None),
            ("/usr/bin/justc-envdir", "3.1.0.1", true, None),
            (
                "logutil-service-main",
                "3.2.0.0",
                true,
                Some("logutil-service"),
            ),
        ] {
            let version = Version::parse(version.as_bytes());
            let found = program(word.as_bytes()).expect("an outdated program");
            assert_eq!(found.is_gone(version), Some(gone), "{word} {version:?}");
            let text = found.fixed(word.as_bytes(), version);
            assert_eq!(text.as_deref(), fixed.map(str::as_bytes), "{word}");
        }
        for word in ["/opt/s6-test", "eltest", "s6-svc", ""] {
            assert_eq!(program(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn s6_test_warns_in_one_version_family() {
        let entry = program(b"s6-test").expect("an outdated program");
        for (version, expected) in [
            (Version::new(3, 1, 2, 1), false),
            (Version::ELTEST, true),
            (Version::WITHOUT_S6_TEST, false),
        ] {
            assert_eq!(entry.is_deprecated(version), expected, "{version}");
        }
    }

    #[test]
    fn absolute_names_of_own_programs() {
        for (word, expected) in [
            ("/bin/s6-chmod", Some("/bin")),
            ("/usr/bin/s6-svc", Some("/usr/bin")),
            ("/command/importas", Some("/command")),
            ("/bin/if", None),
            ("/usr/bin/cd", None),
            ("/bin/s6-x/run", None),
            ("/usr/local/bin/s6-svc", None),
            ("/bin/sh", None),
        ] {
            let found = absolute_program(word.as_bytes()).map(|found| found.directory);
            assert_eq!(found, expected, "{word}");
        }
    }

    #[test]
    fn directories_suit_their_versions() {
        for (word, version, expected) in [
            ("/bin/s6-svc", Version::V2, true),
            ("/bin/s6-svc", Version::V3, false),
            ("/command/s6-svc", Version::V2, false),
            ("/command/s6-svc", Version::V3, true),
        ] {
            let found = absolute_program(word.as_bytes()).expect("an absolute program");
            assert_eq!(found.suits(version), expected, "{word} {version}");
        }
    }

    #[test]
    fn old_stop_needs_option_and_directory() {
        for (command, expected) in [
            ("s6-svscanctl -t /var/run/s6/services", true),
            ("/bin/s6-svscanctl -tb /run/s6/services/", true),
            ("s6-svscanctl -b -t /var/run/s6/services", true),
            ("s6-svscanctl -a /var/run/s6/services", false),
            ("s6-svscanctl -t /run/service", false),
            ("s6-svscanctl /var/run/s6/services", false),
            ("s6-svscanctl", false),
            ("s6-svc -t /var/run/s6/services", false),
        ] {
            let argv: Vec<&[u8]> = command.split(' ').map(str::as_bytes).collect();
            assert_eq!(is_old_stop(&argv), expected, "{command}");
        }
        assert!(!is_old_stop(&[]));
    }
}
