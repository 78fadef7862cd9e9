//! The s6-rc definitions that s6-overlay brings itself. Services of base images built on it
//! are not here, nor what s6-rc adds to every database (`s6rc-oneshot-runner`).
//!
//! Read at every tag from v3.0.0.0 to v3.2.3.2, under `layout/`: the package's
//! `etc/s6-rc/sources`, `rootfs-overlay/etc/s6-overlay`, `syslogd-overlay/etc/s6-overlay`.
//! They changed twice: 3.1.1.1 added `user2`, 3.2.3.1 moved both user bundles.

use super::version::{Lifetime, Version};

/// What a definition defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A supervised process.
    Longrun,
    /// A script that goes up and down.
    Oneshot,
    /// A name for several services.
    Bundle,
}

/// Where a definition lies, and so who else may write there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the overlay's own sources: the same name anywhere else is a duplicate.
    Package,
    /// In `/etc/s6-overlay`, where the files of an image join it: see [`super::bundles`].
    Image,
    /// In the optional tarball `syslogd-overlay-noarch`, unpacked to `/etc/s6-overlay/s6-rc.d`.
    SyslogdTarball,
}

/// A definition that s6-overlay brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// The name of the service.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it says it depends on. A producer depends on its consumer besides.
    pub dependencies: &'static [&'static str],
    /// The contents of a bundle.
    pub contents: &'static [&'static str],
    /// The logger that its output goes to.
    pub producer_for: Option<&'static str>,
    /// Where it lies.
    pub home: Home,
    /// What it does, as a clause.
    pub summary: &'static str,
    /// Whether every image of the version asked for has it; of every v3, if none was given.
    pub certain: bool,
}

/// Names beginning so are reserved by s6-rc for itself.
pub const RESERVED_PREFIXES: [&str; 2] = ["s6rc-", "s6-rc-"];

/// The bundle that is started at boot.
pub const TOP: &str = "top";

/// The file by which the syslogd tarball adds itself to `user`, still in the old place in
/// 3.2.3.2; where it is unpacked, the directory `s6-rc.d/user` exists.
pub const SYSLOGD_ENTRY: &str = "etc/s6-overlay/s6-rc.d/user/contents.d/syslogd-bundle";

/// The definitions of a version, sorted by name.
///
/// Without a version: everything that any v3 has, and for a name that changed, the definition
/// with the most contents. Before 3.0.0.0 there was no s6-rc, hence nothing.
pub fn definitions(version: Option<Version>) -> Vec<BuiltIn> {
    let mut found: Vec<BuiltIn> = Vec::new();
    for (lifetime, definition) in DEFINITIONS {
        if version.is_some_and(|version| !lifetime.has(version)) {
            continue;
        }
        let optional = definition.home == Home::SyslogdTarball;
        let changed = found.iter().any(|other| other.name == definition.name);
        found.retain(|other| other.name != definition.name);
        found.push(BuiltIn {
            certain: !optional && (version.is_some() || changed || lifetime.spans_v3()),
            ..*definition
        });
    }
    found.sort_by_key(|definition| definition.name);
    found
}

/// The definition of a name in a version; see [`definitions`].
pub fn definition(name: &[u8], version: Option<Version>) -> Option<BuiltIn> {
    definitions(version)
        .into_iter()
        .find(|definition| definition.name.as_bytes() == name)
}

const EVERY_V3: Lifetime = Lifetime::since(Version::V3);

/// A later definition of a name must have all contents of an earlier one.
const DEFINITIONS: &[(Lifetime, BuiltIn)] = &[
    (
        EVERY_V3,
        bundle(
            "base",
            Home::Package,
            &["fix-attrs", "legacy-cont-init"],
            "stands for what must have run before anything of the user",
        ),
    ),
    (
        EVERY_V3,
        oneshot("fix-attrs", &[], "applies the files of /etc/fix-attrs.d"),
    ),
    (
        EVERY_V3,
        oneshot(
            "legacy-cont-init",
            &["fix-attrs"],
            "runs the scripts of /etc/cont-init.d, and those of /etc/cont-finish.d at the end",
        ),
    ),
    (
        EVERY_V3,
        oneshot(
            "legacy-services",
            &["base", "user"],
            "starts the service directories of /etc/services.d",
        ),
    ),
    (
        Lifetime::between(Version::V3, Version::USER2),
        bundle(
            TOP,
            Home::Package,
            &["base", "legacy-services", "user"],
            "is what is started at boot",
        ),
    ),
    (
        Lifetime::since(Version::USER2),
        bundle(
            TOP,
            Home::Package,
            &["base", "legacy-services", "user", "user2"],
            "is what is started at boot",
        ),
    ),
    (
        EVERY_V3,
        bundle(
            "user",
            Home::Image,
            &[],
            "names the services of the image that are started at boot",
        ),
    ),
    (
        Lifetime::since(Version::USER2),
        bundle(
            "user2",
            Home::Image,
            &[],
            "names the services of the image that may depend on legacy-services",
        ),
    ),
    (
        EVERY_V3,
        BuiltIn {
            kind: Kind::Longrun,
            producer_for: Some("syslogd-log"),
            home: Home::SyslogdTarball,
            ..oneshot(
                "syslogd",
                &["base", "syslogd-prepare"],
                "receives what programs send to syslog",
            )
        },
    ),
    (
        EVERY_V3,
        bundle(
            "syslogd-bundle",
            Home::SyslogdTarball,
            &["syslogd-pipeline", "syslogd-prepare"],
            "stands for the whole of syslogd",
        ),
    ),
    (
        EVERY_V3,
        BuiltIn {
            kind: Kind::Longrun,
            home: Home::SyslogdTarball,
            ..oneshot(
                "syslogd-log",
                &["base", "syslogd-prepare"],
                "writes what syslogd receives below /var/log/syslogd",
            )
        },
    ),
    (
        EVERY_V3,
        bundle(
            "syslogd-pipeline",
            Home::SyslogdTarball,
            &["syslogd", "syslogd-log"],
            "is the name of the pipeline of syslogd and its logger",
        ),
    ),
    (
        EVERY_V3,
        BuiltIn {
            home: Home::SyslogdTarball,
            ..oneshot(
                "syslogd-prepare",
                &["base"],
                "makes the directories of syslogd's logs",
            )
        },
    ),
];

const fn oneshot(
    name: &'static str,
    dependencies: &'static [&'static str],
    summary: &'static str,
) -> BuiltIn {
    BuiltIn {
        name,
        kind: Kind::Oneshot,
        dependencies,
        contents: &[],
        producer_for: None,
        home: Home::Package,
        summary,
        certain: false,
    }
}

const fn bundle(
    name: &'static str,
    home: Home,
    contents: &'static [&'static str],
    summary: &'static str,
) -> BuiltIn {
    BuiltIn {
        kind: Kind::Bundle,
        contents,
        home,
        ..oneshot(name, &[], summary)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn names(version: Option<Version>, certain_only: bool) -> Vec<&'static str> {
        definitions(version)
            .iter()
            .filter(|definition| definition.certain || !certain_only)
            .map(|definition| definition.name)
            .collect()
    }

    const COMMON: [&str; 6] = [
        "base",
        "fix-attrs",
        "legacy-cont-init",
        "legacy-services",
        "top",
        "user",
    ];

    #[test]
    fn certain_names_of_versions() {
        for (version, user2) in [
            (Some(Version::V3), false),
            (Some(Version::new(3, 1, 1, 0)), false),
            (Some(Version::USER2), true),
            (Some(Version::new(3, 9, 0, 0)), true),
            (None, false),
        ] {
            let mut expected = COMMON.to_vec();
            if user2 {
                expected.push("user2");
            }
            assert_eq!(names(version, true), expected, "{version:?}");
        }
    }

    #[test]
    fn version_2_has_no_definitions() {
        assert!(definitions(Some(Version::new(2, 2, 0, 3))).is_empty());
    }

    #[test]
    fn unknown_version_has_every_name() {
        let all = names(None, false);
        assert!(all.contains(&"user2") && all.contains(&"syslogd-pipeline"));
    }

    #[test]
    fn top_has_user2_from_3_1_1_1_on() {
        for (version, expected) in [
            (Some(Version::new(3, 1, 1, 0)), false),
            (Some(Version::USER2), true),
            (None, true),
        ] {
            let top = definition(b"top", version).expect("top is in every v3");
            assert_eq!(top.contents.contains(&"user2"), expected, "{version:?}");
        }
    }

    #[test]
    fn every_name_used_is_defined() {
        for version in [Some(Version::V3), Some(Version::USER2), None] {
            let all = names(version, false);
            for definition in definitions(version) {
                let used = definition.dependencies.iter().chain(definition.contents);
                for name in used.chain(&definition.producer_for) {
                    assert!(all.contains(name), "{name} in {}", definition.name);
                }
            }
        }
    }

    #[test]
    fn only_bundles_have_contents_and_only_others_dependencies() {
        for definition in definitions(None) {
            let is_bundle = definition.kind == Kind::Bundle;
            assert!(is_bundle || definition.contents.is_empty());
            assert!(!is_bundle || definition.dependencies.is_empty());
        }
    }
}
