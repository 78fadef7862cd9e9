//! Where the bundles `user` and `user2` are read from, by version. Whether their members
//! exist is not asked here.
//!
//! Read in `etc/s6-linux-init/skel/rc.init` of the tags from v3.0.0.0 to v3.2.3.2. From
//! 3.2.3.1 on the script looks only whether the directory `s6-rc.d/user` exists: if so, it
//! gives s6-rc-compile no bundle directory at all, neither `user-bundles.d` nor the one that
//! `S6_RUNTIME_BUNDLEDIR` names.

use super::version::Version;

/// The directory of s6-rc sources, from the root of the image.
pub const SOURCES: &str = "etc/s6-overlay/s6-rc.d";
/// The directory of the user bundles since 3.2.3.1, from the root of the image.
pub const USER_BUNDLES: &str = "etc/s6-overlay/user-bundles.d";
/// The directory of profiles: `NAME/s6-overlay` in it takes the place of `/etc/s6-overlay`
/// where `S6_RUNTIME_PROFILE` is NAME.
pub const PROFILES: &str = "etc/cont-profile.d";

/// Where a version reads its user bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserBundlePlace {
    /// There is no s6-rc: before 3.0.0.0.
    Nowhere,
    /// `s6-rc.d`, like any definition; `user-bundles.d` is not looked at.
    Sources,
    /// `user-bundles.d`, unless there is a directory `s6-rc.d/user`.
    UserBundles(Leftover),
}

/// What becomes of a directory `s6-rc.d/user` where `user-bundles.d` is the place. In either
/// case `user-bundles.d` is not read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// It is read as it is: without its `type`, or without `s6-rc.d/user2` and its `type`,
    /// the database does not compile and no service starts.
    MustBeComplete,
    /// Both `type` files and `contents.d` directories are written into `/etc` at boot, with a
    /// warning. Where `/etc` cannot be written, nothing starts.
    CompletedAtBoot,
}

/// Where `version` reads its user bundles.
pub fn user_bundle_place(version: Version) -> UserBundlePlace {
    if version < Version::V3 {
        UserBundlePlace::Nowhere
    } else if version < Version::USER_BUNDLES {
        UserBundlePlace::Sources
    } else if version < Version::COMPLETED_BUNDLES {
        UserBundlePlace::UserBundles(Leftover::MustBeComplete)
    } else {
        UserBundlePlace::UserBundles(Leftover::CompletedAtBoot)
    }
}

/// The directory, from the root of the image, that the user bundles are read from, given
/// whether there is a directory `s6-rc.d/user`.
pub fn directory_read(version: Version, user_in_sources: bool) -> Option<&'static str> {
    match user_bundle_place(version) {
        UserBundlePlace::Nowhere => None,
        UserBundlePlace::UserBundles(_) if !user_in_sources => Some(USER_BUNDLES),
        UserBundlePlace::Sources | UserBundlePlace::UserBundles(_) => Some(SOURCES),
    }
}

/// The user bundles that a version has.
pub fn user_bundles(version: Version) -> &'static [&'static str] {
    if version < Version::V3 {
        &[]
    } else if version < Version::USER2 {
        &["user"]
    } else {
        &["user", "user2"]
    }
}

/// Whether a directory `s6-rc.d/user2` without a directory `s6-rc.d/user` keeps everything
/// from starting.
///
/// Such a tree does not count as one of the old kind, so `user-bundles.d` is read too and
/// defines `user2` a second time; a `user2` with no `type` of its own is refused even before.
pub fn lone_user2_in_sources_is_fatal(version: Version) -> bool {
    version >= Version::USER_BUNDLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_version() {
        use UserBundlePlace::{Nowhere, Sources, UserBundles};
        for (version, expected) in [
            (Version::new(2, 2, 0, 3), Nowhere),
            (Version::V3, Sources),
            (Version::new(3, 2, 3, 0), Sources),
            (
                Version::new(3, 2, 3, 1),
                UserBundles(Leftover::MustBeComplete),
            ),
            (
                Version::new(3, 2, 3, 2),
                UserBundles(Leftover::CompletedAtBoot),
            ),
        ] {
            assert_eq!(user_bundle_place(version), expected, "{version}");
        }
    }

    #[test]
    fn leftover_user_disables_the_new_place() {
        for (version, user_in_sources, expected) in [
            (Version::V2, true, None),
            (Version::new(3, 2, 3, 0), false, Some(SOURCES)),
            (Version::new(3, 2, 3, 0), true, Some(SOURCES)),
            (Version::USER_BUNDLES, false, Some(USER_BUNDLES)),
            (Version::USER_BUNDLES, true, Some(SOURCES)),
            (Version::COMPLETED_BUNDLES, true, Some(SOURCES)),
        ] {
            assert_eq!(directory_read(version, user_in_sources), expected);
        }
    }

    #[test]
    fn bundles_are_those_defined() {
        use crate::overlay::builtin::definition;
        for version in [Version::V2, Version::V3, Version::USER2] {
            for name in ["user", "user2"] {
                assert_eq!(
                    user_bundles(version).contains(&name),
                    definition(name.as_bytes(), Some(version)).is_some(),
                    "{name} {version}"
                );
            }
        }
    }
}
