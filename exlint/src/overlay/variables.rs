//! The variables of the container's environment that s6-overlay reads, by version. Variables
//! that programs started by it read are not here, except where they share the `S6_` prefix.
//!
//! Found by searching `layout/` and `builder/` at every tag from v1.8.2 to v3.2.3.2; values as
//! the scripts `preinit`, `stage0`, `rc.init`, `services-*` and `cont-*` test them. Those of
//! s6-fdholder are in `src/fdholder` of s6.

use super::version::{Lifetime, Version};

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// A number, and any but 0 means yes. A word like `true` is no number to the scripts.
    Switch,
    /// A number from the first to the second; a larger one is taken like the second.
    Level(u32, u32),
    /// A number from the first to the second; another one means what the version happens to
    /// make of it.
    Choice(u32, u32),
    /// A number of milliseconds.
    Milliseconds,
    /// A number of 3 or more, or 0.
    Descriptor,
    /// The name of an account of the image.
    Account,
    /// The path of a directory.
    Directory,
    /// The name of a directory below `/etc/cont-profile.d`.
    Profile,
    /// Words separated by blanks that begin a command line. They are split and nothing else:
    /// no quotes, no `;`, no `&&`.
    Words,
    /// The script of s6-log, words separated by blanks.
    LogScript,
}

impl Values {
    /// Whether the scripts take `value` as meant. A value with `$` in it cannot be known, and
    /// an empty one is as good as none.
    pub fn allow(self, value: &[u8]) -> bool {
        if value.is_empty() || value.contains(&b'$') {
            return true;
        }
        let digits = value.iter().all(u8::is_ascii_digit);
        let number: Option<u32> = digits
            .then(|| std::str::from_utf8(value).ok()?.parse().ok())
            .flatten();
        match self {
            Values::Switch | Values::Milliseconds => number.is_some(),
            Values::Level(least, _) => number.is_some_and(|number| number >= least),
            Values::Choice(least, greatest) => {
                number.is_some_and(|number| (least..=greatest).contains(&number))
            }
            Values::Descriptor => number.is_some_and(|number| number == 0 || number >= 3),
            Values::Directory => value.starts_with(b"/"),
            Values::Profile => !value.contains(&b'/'),
            Values::Account | Values::Words | Values::LogScript => true,
        }
    }

    /// What is allowed, as a clause.
    pub fn describe(self) -> String {
        match self {
            Values::Switch => "0 or 1".into(),
            Values::Level(least, greatest) | Values::Choice(least, greatest) => {
                format!("a number from {least} to {greatest}")
            }
            Values::Milliseconds => "a number of milliseconds".into(),
            Values::Descriptor => "0, or a file descriptor from 3 on".into(),
            Values::Account => "the name of an account".into(),
            Values::Directory => "the path of a directory".into(),
            Values::Profile => "the name of a directory below /etc/cont-profile.d".into(),
            Values::Words => "words separated by blanks".into(),
            Values::LogScript => "a script of s6-log".into(),
        }
    }
}

/// A variable that s6-overlay reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// The versions that read it.
    pub lifetime: Lifetime,
    /// What it may be.
    pub values: Values,
    /// What it is where it is not set; empty if that differs by version or means nothing.
    pub default: &'static str,
    /// What it does, as a clause.
    pub meaning: &'static str,
}

/// A variable that people set and that does nothing, or nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// Its name.
    pub name: &'static str,
    /// The first version that does not have it; the earliest for one that no release had.
    pub gone: Version,
    /// What to do instead.
    pub instead: &'static str,
}

/// What s6-overlay makes of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is read. If the version is not known, by some version.
    Setting(&'static Setting),
    /// It will be read by a later version only.
    NotYet(&'static Setting),
    /// It does nothing, or nothing any more.
    Outdated(&'static Outdated),
    /// It has nothing to do with a setting: a note of a Dockerfile, or of another program.
    Unrelated,
    /// It is not known.
    Unknown,
}

/// What s6-overlay makes of a variable in a version. Only names beginning with `S6_` are ever
/// unknown.
pub fn variable(name: &[u8], version: Option<Version>) -> Known {
    if let Some(setting) = setting(name) {
        return match setting.lifetime.decide(version) {
            Some(false) => Known::NotYet(setting),
            Some(true) | None => Known::Setting(setting),
        };
    }
    let outdated = OUTDATED
        .iter()
        .find(|outdated| outdated.name.as_bytes() == name);
    match outdated {
        Some(outdated) if version.is_some_and(|version| version < outdated.gone) => {
            Known::Unrelated
        }
        Some(outdated) => Known::Outdated(outdated),
        None if is_unrelated(name) => Known::Unrelated,
        None => Known::Unknown,
    }
}

/// The setting of that name, whatever the version.
pub fn setting(name: &[u8]) -> Option<&'static Setting> {
    SETTINGS
        .iter()
        .find(|setting| setting.name.as_bytes() == name)
}

/// The names that a version reads, for a suggestion.
pub fn names(version: Option<Version>) -> impl Iterator<Item = &'static str> {
    SETTINGS
        .iter()
        .filter(move |setting| setting.lifetime.decide(version) != Some(false))
        .map(|setting| setting.name)
}

/// Names that Dockerfiles use for the download, and names that s6 itself gives and takes.
fn is_unrelated(name: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 4] = [b"S6_OVERLAY", b"S6_FD", b"S6_DOWNLOAD", b"S6_SRC"];
    const ENDINGS: [&[u8]; 15] = [
        b"VERSION",
        b"VER",
        b"RELEASE",
        b"ARCH",
        b"ARCHITECTURE",
        b"PLATFORM",
        b"URL",
        b"URI",
        b"TAG",
        b"SHA256",
        b"SHA512",
        b"CHECKSUM",
        b"ROOTFS",
        b"DIR",
        b"INITIALIZED",
    ];
    let Some(rest) = name.strip_prefix(b"S6_") else {
        return true;
    };
    // `S6_RUNTIME_...` and `S6_CMD_...` are the families of settings: what ends there in DIR is
    // rather a setting misspelt.
    let in_family = rest.starts_with(b"RUNTIME_") || rest.starts_with(b"CMD_");
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || !in_family && ENDINGS.iter().any(|ending| rest.ends_with(ending))
}

const fn since(a: u32, b: u32, c: u32, d: u32) -> Lifetime {
    Lifetime::since(Version::new(a, b, c, d))
}

const fn row(
    name: &'static str,
    lifetime: Lifetime,
    values: Values,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting {
        name,
        lifetime,
        values,
        default,
        meaning,
    }
}

/// Every setting of the last release known. No version took one away that v3 had.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    row("S6_BEHAVIOUR_IF_STAGE2_FAILS", since(1, 8, 3, 0), Values::Level(0, 2), "0",
        "what a failed start does: 0 goes on, 1 warns and goes on, 2 stops the container"),
    row("S6_CATCHALL_USER", since(3, 0, 0, 0), Values::Account, "",
        "the account that the catch-all logger runs as"),
    row("S6_CMD_ARG0", since(1, 18, 0, 0), Values::Words, "",
        "words that are put before the CMD"),
    row("S6_CMD_RECEIVE_SIGNALS", since(3, 1, 2, 0), Values::Switch, "0",
        "sends signals for the container to the CMD"),
    row("S6_CMD_USE_TERMINAL", since(3, 1, 5, 0), Values::Switch, "0",
        "gives the CMD the terminal although output is logged"),
    row("S6_CMD_WAIT_FOR_SERVICES", since(1, 18, 1, 5), Values::Switch, "0",
        "waits for the services of services.d before it goes on"),
    row("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", since(1, 18, 1, 5), Values::Milliseconds, "",
        "how long the start may take; 0 is any time"),
    row("S6_FIX_ATTRS_HIDDEN", since(1, 18, 1, 5), Values::Switch, "0",
        "has fix-attrs.d act on hidden files too"),
    row("S6_KEEP_ENV", since(1, 18, 0, 0), Values::Switch, "0",
        "keeps the container's environment in all services"),
    row("S6_KILL_FINISH_MAXTIME", since(1, 9, 1, 3), Values::Milliseconds, "",
        "how long a script of cont-finish.d may take; 0 is any time"),
    row("S6_KILL_GRACETIME", since(1, 7, 2, 0), Values::Milliseconds, "3000",
        "how long processes may take to end before they are killed"),
    row("S6_LOGGING", since(1, 8, 5, 0), Values::Choice(0, 2), "0",
        "what is logged inside: 0 nothing, 1 the services, 2 the CMD too"),
    row("S6_LOGGING_SCRIPT", since(1, 10, 0, 1), Values::LogScript, "n20 s1000000 T",
        "how logutil-service and the catch-all logger write"),
    row("S6_READ_ONLY_ROOT", since(1, 21, 0, 1), Values::Switch, "0",
        "prepares for a root file system that cannot be written"),
    row("S6_RUNTIME_BUNDLEDIR", since(3, 2, 3, 1), Values::Directory, "/etc/s6-overlay/user-bundles.d",
        "the directory of the bundles user and user2"),
    row("S6_RUNTIME_PROFILE", since(1, 14, 0, 3), Values::Profile, "",
        "the profile whose files take the place of those in /etc"),
    row("S6_SERVICES_GRACETIME", since(1, 21, 8, 0), Values::Milliseconds, "3000",
        "how long the services of services.d may take to stop"),
    row("S6_SERVICES_READYTIME", since(3, 1, 2, 0), Values::Milliseconds, "50",
        "how long to wait between starting the services of services.d and testing them"),
    row("S6_STAGE2_HOOK", since(3, 1, 1, 1), Values::Words, "",
        "a program that is run before the services are compiled"),
    row("S6_SYNC_DISKS", since(1, 22, 0, 0), Values::Switch, "0",
        "writes all file systems of the host at the end"),
    row("S6_VERBOSITY", since(3, 1, 1, 1), Values::Level(0, 5), "2",
        "how much is told about starting and stopping"),
    row("S6_WAIT_FOR_CLOSING_FD", since(3, 2, 2, 0), Values::Descriptor, "0",
        "the descriptor whose end the container waits for before it boots"),
    row("S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES", since(3, 2, 1, 0), Values::Switch, "0",
        "accepts that anyone can write into /run"),
];

/// Variables of older versions and of none.
pub const OUTDATED: &[Outdated] = &[
    Outdated {
        name: "S6_GLOBAL_PATH",
        gone: Version::EARLIEST,
        instead: "set PATH: services inherit it since 3.1.0.0",
    },
    Outdated {
        name: "S6_STAGE2_EXITED",
        gone: Version::V3,
        instead: "read /run/s6-linux-init-container-results/exitcode",
    },
    Outdated {
        name: "S6_CMD_EXITED",
        gone: Version::new(1, 21, 0, 3),
        instead: "read /run/s6-linux-init-container-results/exitcode",
    },
    Outdated {
        name: "S6_USE_CATCHALL_LOGGER",
        gone: Version::new(1, 8, 5, 0),
        instead: "set S6_LOGGING to 1",
    },
    Outdated {
        name: "S6_ATTRS_FIX_HIDDEN",
        gone: Version::new(1, 18, 1, 5),
        instead: "set S6_FIX_ATTRS_HIDDEN",
    },
    Outdated {
        name: "S6_RUNTIME_PROFILE_SRC",
        gone: Version::V3,
        instead: "set S6_RUNTIME_PROFILE",
    },
];

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn variables_by_version() {
        fn word(known: Known) -> &'static str {
            match known {
                Known::Setting(_) => "setting",
                Known::NotYet(_) => "not yet",
                Known::Outdated(_) => "outdated",
                Known::Unrelated => "unrelated",
                Known::Unknown => "unknown",
            }
        }
        for (name, version, expected) in [
            ("S6_LOGGING", "3.2.0.0", "setting"),
            ("S6_VERBOSITY", "3.1.1.0", "not yet"),
            ("S6_VERBOSITY", "3.1.1.1", "setting"),
            ("S6_RUNTIME_BUNDLEDIR", "3.2.3.0", "not yet"),
            ("S6_RUNTIME_BUNDLEDIR", "", "setting"),
            ("S6_STAGE2_EXITED", "2.2.0.3", "unrelated"),
            ("S6_STAGE2_EXITED", "3.0.0.0", "outdated"),
            ("S6_GLOBAL_PATH", "3.0.0.2", "outdated"),
            ("S6_GLOBAL_PATH", "", "outdated"),
            ("S6_OVERLAY_VERSION", "", "unrelated"),
            ("S6_OVERLAY_ARCH", "", "unrelated"),
            ("S6_VER", "", "unrelated"),
            ("S6_RELEASE", "", "unrelated"),
            ("S6_FDHOLDER_LIST", "", "unrelated"),
            ("S6_CMD_WAIT_FOR_SERVICE", "", "unknown"),
            ("S6_RUNTIME_BUNDLE_DIR", "", "unknown"),
            ("PATH", "", "unrelated"),
        ] {
            let found = variable(name.as_bytes(), Version::parse(version.as_bytes()));
            assert_eq!(word(found), expected, "{name} {version}");
        }
    }

    #[test]
    fn values_as_the_scripts_take_them() {
        for (name, value, expected) in [
            ("S6_KEEP_ENV", "1", true),
            ("S6_KEEP_ENV", "true", false),
            ("S6_KEEP_ENV", "$KEEP", true),
            ("S6_BEHAVIOUR_IF_STAGE2_FAILS", "2", true),
            ("S6_BEHAVIOUR_IF_STAGE2_FAILS", "stop", false),
            ("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", "-1", false),
            ("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", "30s", false),
            ("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", "", true),
            ("S6_BEHAVIOUR_IF_STAGE2_FAILS", "3", true),
            ("S6_LOGGING", "3", false),
            ("S6_WAIT_FOR_CLOSING_FD", "2", false),
            ("S6_WAIT_FOR_CLOSING_FD", "3", true),
            ("S6_RUNTIME_BUNDLEDIR", "bundles", false),
            ("S6_LOGGING_SCRIPT", "n5 T", true),
        ] {
            let setting = setting(name.as_bytes()).expect("a setting");
            assert_eq!(
                setting.values.allow(value.as_bytes()),
                expected,
                "{name}={value}"
            );
        }
    }

    #[test]
    fn defaults_are_allowed() {
        for setting in SETTINGS
            .iter()
            .filter(|setting| !setting.default.is_empty())
        {
            let default = setting.default.as_bytes();
            assert!(setting.values.allow(default), "{}", setting.name);
        }
    }

    #[test]
    fn settings_are_sorted_and_none_is_outdated() {
        assert!(SETTINGS.is_sorted_by_key(|setting| setting.name));
        for outdated in OUTDATED {
            assert_eq!(setting(outdated.name.as_bytes()), None);
        }
    }

    #[test]
    fn version_suggests_what_it_reads() {
        let old: Vec<_> = names(Some(Version::V3)).collect();
        assert!(old.contains(&"S6_LOGGING") && !old.contains(&"S6_VERBOSITY"));
        assert_eq!(names(None).count(), SETTINGS.len());
    }
}
