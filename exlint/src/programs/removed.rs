//! Programs that are gone: since when, and what took their place.
//!
//! Options that are gone are not here: signatures accept those of all versions.

/// A program that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Its name.
    pub name: &'static str,
    /// The package it was of.
    pub package: &'static str,
    /// The first version of that package without it.
    pub since: &'static str,
    /// What does its work now.
    pub instead: Option<&'static str>,
}

const fn gone(
    name: &'static str,
    package: &'static str,
    since: &'static str,
    instead: &'static str,
) -> Removed {
    Removed {
        name,
        package,
        since,
        instead: Some(instead),
    }
}

const LINUX_UTILS: &str = "s6-linux-utils";
const NETWORKING: &str = "s6-networking";

/// All of them, by name.
pub const REMOVED: [Removed; 24] = [
    gone("import", "execline", "2.5.0.0", "importas"),
    gone("justc-envdir", "s6-overlay", "3.1.0.0", "s6-envdir -L"),
    Removed {
        name: "minidentd",
        package: NETWORKING,
        since: "2.5.0.0",
        instead: None,
    },
    gone("s6-devd", LINUX_UTILS, "2.5.0.0", "mdevd"),
    gone("s6-fdholder-deletec", "s6", "2.9.0.0", "s6-fdholder-delete"),
    gone(
        "s6-fdholder-getdumpc",
        "s6",
        "2.9.0.0",
        "s6-fdholder-getdump",
    ),
    gone("s6-fdholder-listc", "s6", "2.9.0.0", "s6-fdholder-list"),
    gone(
        "s6-fdholder-retrievec",
        "s6",
        "2.9.0.0",
        "s6-fdholder-retrieve",
    ),
    gone(
        "s6-fdholder-setdumpc",
        "s6",
        "2.9.0.0",
        "s6-fdholder-setdump",
    ),
    gone("s6-fdholder-storec", "s6", "2.9.0.0", "s6-fdholder-store"),
    gone(
        "s6-fdholder-transferdumpc",
        "s6",
        "2.9.0.0",
        "s6-fdholder-transferdump",
    ),
    gone("s6-fillurandompool", LINUX_UTILS, "2.6.0.0", "rngseed"),
    gone("s6-notifywhenup", "s6", "2.2.0.0", "a file notification-fd"),
    gone(
        "s6-rc-bundle",
        "s6-rc",
        "0.7.0.0",
        "a bundle in the sources",
    ),
    gone("s6-tcpserver4", NETWORKING, "2.6.0.0", "s6-tcpserver"),
    gone(
        "s6-tcpserver4-socketbinder",
        NETWORKING,
        "2.6.0.0",
        "s6-tcpserver-socketbinder",
    ),
    gone("s6-tcpserver4d", NETWORKING, "2.6.0.0", "s6-tcpserverd"),
    gone("s6-tcpserver6", NETWORKING, "2.6.0.0", "s6-tcpserver"),
    gone(
        "s6-tcpserver6-socketbinder",
        NETWORKING,
        "2.6.0.0",
        "s6-tcpserver-socketbinder",
    ),
    gone("s6-tcpserver6d", NETWORKING, "2.6.0.0", "s6-tcpserverd"),
    gone("s6-test", "s6-portable-utils", "2.3.0.0", "eltest"),
    gone("s6-uevent-listener", LINUX_UTILS, "2.5.0.0", "mdevd"),
    gone("s6-uevent-spawner", LINUX_UTILS, "2.5.0.0", "mdevd"),
    gone(
        "with-contenv-legacy",
        "s6-overlay",
        "3.1.0.0",
        "with-contenv",
    ),
];

/// What is known of the program of this name, without directories, if it is gone.
pub fn removed(name: &[u8]) -> Option<Removed> {
    REMOVED
        .iter()
        .find(|removed| removed.name.as_bytes() == name)
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::Programs;

    #[test]
    fn programs_are_sorted_and_none_is_twice() {
        assert!(REMOVED.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn what_is_given_instead_is_known_and_not_gone() {
        let programs = Programs::known();
        for program in REMOVED {
            let instead = program.instead.unwrap_or_default();
            let name = instead.split(' ').next().unwrap_or_default();
            if name.is_empty() || name == "a" {
                continue;
            }
            assert!(programs.signature(name.as_bytes()).is_some(), "{name}");
            assert_eq!(removed(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn import_and_s6_test_are_gone() {
        let since = |name: &[u8]| removed(name).map(|removed| removed.since);
        assert_eq!(since(b"import"), Some("2.5.0.0"));
        assert_eq!(since(b"s6-test"), Some("2.3.0.0"));
        assert_eq!(since(b"importas"), None);
    }
}
