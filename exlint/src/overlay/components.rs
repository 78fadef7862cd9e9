//! Which execline, s6, s6-rc and s6-portable-utils a release of s6-overlay contains. Images
//! that take these packages from their distribution have other versions.
//!
//! Read in `conf/versions` at each tag from v3.0.0.0 to v3.2.3.2. The releases 2.x name a
//! release of skaware in `builder/build-latest`; its versions were read at that tag of
//! just-containers/skaware, in `skarnet-builder/build-latest`.

use super::version::Version;

/// A release of s6-overlay and what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The version of s6-overlay.
    pub overlay: Version,
    /// The version of execline.
    pub execline: Version,
    /// The version of s6.
    pub s6: Version,
    /// The version of s6-rc.
    pub s6_rc: Version,
    /// The version of s6-portable-utils, which has `s6-test`, `s6-echo` and the like.
    pub portable_utils: Version,
}

/// The last release known.
pub const LATEST: Version = Version::new(3, 2, 3, 2);

/// The release `version`, or the last known one before it; nothing before 2.0.0.0.
pub fn release(version: Version) -> Option<Release> {
    releases().filter(|row| row.overlay <= version).last()
}

/// Every release from 2.0.0.0 on, oldest first; rebuilds (`-1`) are not counted.
pub fn releases() -> impl Iterator<Item = Release> {
    RELEASES
        .iter()
        .map(|[overlay, execline, s6, s6_rc, portable_utils]| Release {
            overlay: version(*overlay),
            execline: version(*execline),
            s6: version(*s6),
            s6_rc: version(*s6_rc),
            portable_utils: version(*portable_utils),
        })
}

/// The first release with at least this version of execline.
pub fn first_with_execline(execline: Version) -> Option<Version> {
    releases()
        .find(|row| row.execline >= execline)
        .map(|row| row.overlay)
}

/// The first release with at least this version of s6.
pub fn first_with_s6(s6: Version) -> Option<Version> {
    releases().find(|row| row.s6 >= s6).map(|row| row.overlay)
}

const fn version([a, b, c, d]: [u32; 4]) -> Version {
    Version::new(a, b, c, d)
}

/// s6-overlay, execline, s6, s6-rc, s6-portable-utils.
#[rustfmt::skip]
const RELEASES: &[[[u32; 4]; 5]] = &[
    [[2, 0, 0, 0], [2, 6, 0, 1], [2, 9, 1, 0], [0, 5, 1, 2], [2, 2, 2, 2]],
    [[2, 0, 0, 1], [2, 6, 0, 1], [2, 9, 1, 0], [0, 5, 1, 2], [2, 2, 2, 2]],
    [[2, 1, 0, 0], [2, 6, 0, 1], [2, 9, 1, 0], [0, 5, 1, 2], [2, 2, 2, 2]],
    [[2, 1, 0, 1], [2, 6, 1, 1], [2, 9, 2, 0], [0, 5, 2, 0], [2, 2, 3, 0]],
    [[2, 1, 0, 2], [2, 6, 1, 1], [2, 9, 2, 0], [0, 5, 2, 0], [2, 2, 3, 0]],
    [[2, 2, 0, 0], [2, 7, 0, 0], [2, 10, 0, 0], [0, 5, 2, 1], [2, 2, 3, 1]],
    [[2, 2, 0, 1], [2, 7, 0, 0], [2, 10, 0, 0], [0, 5, 2, 1], [2, 2, 3, 1]],
    [[2, 2, 0, 2], [2, 7, 0, 0], [2, 10, 0, 0], [0, 5, 2, 1], [2, 2, 3, 1]],
    [[2, 2, 0, 3], [2, 7, 0, 0], [2, 10, 0, 0], [0, 5, 2, 1], [2, 2, 3, 1]],
    [[3, 0, 0, 0], [2, 8, 2, 0], [2, 11, 0, 1], [0, 5, 3, 0], [2, 2, 3, 4]],
    [[3, 0, 0, 1], [2, 8, 2, 0], [2, 11, 0, 1], [0, 5, 3, 0], [2, 2, 3, 4]],
    [[3, 0, 0, 2], [2, 8, 2, 0], [2, 11, 0, 1], [0, 5, 3, 0], [2, 2, 3, 4]],
    [[3, 1, 0, 0], [2, 8, 3, 0], [2, 11, 1, 0], [0, 5, 3, 0], [2, 2, 4, 0]],
    [[3, 1, 0, 1], [2, 8, 3, 0], [2, 11, 1, 0], [0, 5, 3, 0], [2, 2, 4, 0]],
    [[3, 1, 1, 0], [2, 9, 0, 0], [2, 11, 1, 1], [0, 5, 3, 2], [2, 2, 5, 0]],
    [[3, 1, 1, 1], [2, 9, 0, 0], [2, 11, 1, 1], [0, 5, 3, 2], [2, 2, 5, 0]],
    [[3, 1, 1, 2], [2, 9, 0, 1], [2, 11, 1, 2], [0, 5, 3, 2], [2, 2, 5, 0]],
    [[3, 1, 2, 0], [2, 9, 0, 1], [2, 11, 1, 2], [0, 5, 3, 2], [2, 2, 5, 0]],
    [[3, 1, 2, 1], [2, 9, 0, 1], [2, 11, 1, 2], [0, 5, 3, 2], [2, 2, 5, 0]],
    [[3, 1, 3, 0], [2, 9, 1, 0], [2, 11, 2, 0], [0, 5, 3, 3], [2, 2, 5, 1]],
    [[3, 1, 4, 0], [2, 9, 2, 0], [2, 11, 3, 0], [0, 5, 4, 0], [2, 3, 0, 0]],
    [[3, 1, 4, 1], [2, 9, 2, 1], [2, 11, 3, 0], [0, 5, 4, 1], [2, 3, 0, 1]],
    [[3, 1, 4, 2], [2, 9, 3, 0], [2, 11, 3, 2], [0, 5, 4, 1], [2, 3, 0, 2]],
    [[3, 1, 5, 0], [2, 9, 3, 0], [2, 11, 3, 2], [0, 5, 4, 1], [2, 3, 0, 2]],
    [[3, 1, 6, 0], [2, 9, 4, 0], [2, 12, 0, 0], [0, 5, 4, 2], [2, 3, 0, 3]],
    [[3, 1, 6, 1], [2, 9, 4, 0], [2, 12, 0, 1], [0, 5, 4, 2], [2, 3, 0, 3]],
    [[3, 1, 6, 2], [2, 9, 4, 0], [2, 12, 0, 2], [0, 5, 4, 2], [2, 3, 0, 3]],
    [[3, 2, 0, 0], [2, 9, 6, 0], [2, 13, 0, 0], [0, 5, 4, 3], [2, 3, 0, 3]],
    [[3, 2, 0, 1], [2, 9, 6, 1], [2, 13, 1, 0], [0, 5, 5, 0], [2, 3, 0, 4]],
    [[3, 2, 0, 2], [2, 9, 6, 1], [2, 13, 1, 0], [0, 5, 5, 0], [2, 3, 0, 4]],
    [[3, 2, 0, 3], [2, 9, 7, 0], [2, 13, 2, 0], [0, 5, 6, 0], [2, 3, 1, 0]],
    [[3, 2, 1, 0], [2, 9, 7, 0], [2, 13, 2, 0], [0, 5, 6, 0], [2, 3, 1, 0]],
    [[3, 2, 2, 0], [2, 9, 8, 1], [2, 14, 0, 1], [0, 6, 0, 0], [2, 3, 1, 1]],
    [[3, 2, 3, 0], [2, 9, 9, 0], [2, 15, 0, 0], [0, 6, 1, 0], [2, 3, 1, 2]],
    [[3, 2, 3, 1], [2, 9, 9, 2], [2, 15, 1, 0], [0, 7, 0, 0], [2, 3, 1, 2]],
    [[3, 2, 3, 2], [2, 9, 9, 2], [2, 15, 1, 0], [0, 7, 0, 0], [2, 3, 1, 2]],
];

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn releases_and_their_parts_only_grow() {
        let all: Vec<Release> = releases().collect();
        for pair in all.windows(2) {
            let (older, newer) = (pair[0], pair[1]);
            assert!(older.overlay < newer.overlay, "{}", newer.overlay);
            assert!(older.execline <= newer.execline, "{}", newer.overlay);
            assert!(older.s6 <= newer.s6, "{}", newer.overlay);
            assert!(older.s6_rc <= newer.s6_rc, "{}", newer.overlay);
            assert!(older.portable_utils <= newer.portable_utils);
        }
        assert_eq!(all.last().map(|row| row.overlay), Some(LATEST));
    }

    #[test]
    fn version_between_releases_is_like_the_one_before() {
        for (asked, found) in [
            ("3.1.6.2", Some("3.1.6.2")),
            ("3.1.9.0", Some("3.1.6.2")),
            ("9.0.0.0", Some("3.2.3.2")),
            ("1.22.1.0", None),
        ] {
            let asked = asked.parse().expect("a version");
            assert_eq!(
                release(asked).map(|row| row.overlay.to_string()).as_deref(),
                found
            );
        }
    }

    #[test]
    fn first_release_with_a_package() {
        for (execline, expected) in [
            ("2.9.1.0", Some("3.1.3.0")),
            ("2.9.6.0", Some("3.2.0.0")),
            ("2.9.9.1", Some("3.2.3.1")),
            ("2.9.99.0", None),
        ] {
            let execline = execline.parse().expect("a version");
            let found = first_with_execline(execline).map(|found| found.to_string());
            assert_eq!(found.as_deref(), expected);
        }
        assert_eq!(
            first_with_s6(Version::new(2, 11, 2, 0)),
            Some(Version::ELTEST)
        );
    }
}
