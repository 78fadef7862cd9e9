//! A version of s6-overlay, or of one of the packages in it: four numbers.
//!
//! The suffix of a rebuilt release (`3.2.0.0-1`) is read and dropped: no rebuild changed
//! what a service sees. The one tag that is an exception, v3.0.0.2-1, was built from
//! unreleased sources and replaced on the same day by v3.0.0.2-2.

use std::fmt;
use std::str::FromStr;

/// Four numbers, compared from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u32; 4]);

impl Version {
    /// Before everything.
    pub const EARLIEST: Version = Version::new(0, 0, 0, 0);
    /// `with-contenv` keeps the whole value of a variable; `with-contenv-legacy` begins.
    pub const V2: Version = Version::new(2, 0, 0, 0);
    /// The rewrite: s6-rc, s6-linux-init, `/command`.
    pub const V3: Version = Version::new(3, 0, 0, 0);
    /// Services inherit the PATH of the image; `config/global_path` is gone.
    pub const INHERITED_PATH: Version = Version::new(3, 1, 0, 0);
    /// The bundle `user2` and the variables `S6_STAGE2_HOOK` and `S6_VERBOSITY` begin.
    pub const USER2: Version = Version::new(3, 1, 1, 1);
    /// `eltest` begins, `s6-test` is deprecated, scripts get the name of their service.
    pub const ELTEST: Version = Version::new(3, 1, 3, 0);
    /// `s6-test` is gone.
    pub const WITHOUT_S6_TEST: Version = Version::new(3, 1, 4, 0);
    /// Services may take any time to start.
    pub const WITHOUT_START_TIMEOUT: Version = Version::new(3, 2, 0, 0);
    /// `user-bundles.d` begins.
    pub const USER_BUNDLES: Version = Version::new(3, 2, 3, 1);
    /// What an old user bundle lacks is written at boot.
    pub const COMPLETED_BUNDLES: Version = Version::new(3, 2, 3, 2);

    /// The version `a.b.c.d`.
    pub const fn new(a: u32, b: u32, c: u32, d: u32) -> Version {
        Version([a, b, c, d])
    }

    /// Reads `3.1.0.0`, `v3.2.0.0-1`, `3.2.0` (the fourth number is then 0).
    ///
    /// Fewer than three numbers name no release but a family, and give nothing.
    pub fn parse(text: &[u8]) -> Option<Version> {
        let text = text.trim_ascii();
        let text = text.strip_prefix(b"v").unwrap_or(text);
        let mut halves = text.splitn(2, |&byte| byte == b'-');
        let numbers = halves.next()?;
        if let Some(rebuild) = halves.next() {
            number(rebuild)?;
        }
        let mut parts = numbers.split(|&byte| byte == b'.');
        let version = Version([
            number(parts.next()?)?,
            number(parts.next()?)?,
            number(parts.next()?)?,
            parts.next().map_or(Some(0), number)?,
        ]);
        parts.next().is_none().then_some(version)
    }

    /// The first number.
    pub const fn major(self) -> u32 {
        let Version([major, ..]) = self;
        major
    }
}

/// Plain decimal digits; no sign and no blank, which `u32::from_str` would partly allow.
fn number(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version([a, b, c, d]) = self;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

/// The text is no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl fmt::Display for NoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is three or four numbers, as in 3.2.0.2")
    }
}

impl std::error::Error for NoVersion {}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Version, NoVersion> {
        Version::parse(text.as_bytes()).ok_or(NoVersion)
    }
}

/// The versions that have a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The first version that has it.
    pub since: Version,
    /// The first later version that does not.
    pub until: Option<Version>,
}

impl Lifetime {
    /// Every version has it.
    pub const ALWAYS: Lifetime = Lifetime::since(Version::EARLIEST);

    /// From `since` on.
    pub const fn since(since: Version) -> Lifetime {
        Lifetime { since, until: None }
    }

    /// From the beginning, but not in `until`.
    pub const fn until(until: Version) -> Lifetime {
        Lifetime {
            since: Version::EARLIEST,
            until: Some(until),
        }
    }

    /// From `since` on, but not in `until`.
    pub const fn between(since: Version, until: Version) -> Lifetime {
        Lifetime {
            since,
            until: Some(until),
        }
    }

    /// Whether `version` has it.
    pub fn has(&self, version: Version) -> bool {
        self.since <= version && self.until.is_none_or(|until| version < until)
    }

    /// Whether every version from 3.0.0.0 on has it.
    pub fn spans_v3(&self) -> bool {
        self.since <= Version::V3 && self.until.is_none()
    }

    /// Whether some version from 3.0.0.0 on has it.
    pub fn touches_v3(&self) -> bool {
        self.until.is_none_or(|until| until > Version::V3)
    }

    /// Whether the version has it, or nothing where that depends on a version not known.
    pub fn decide(&self, version: Option<Version>) -> Option<bool> {
        match version {
            Some(version) => Some(self.has(version)),
            None if *self == Lifetime::ALWAYS => Some(true),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_or_four_numbers() {
        for (text, expected) in [
            ("3.1.0.0", Some(Version::new(3, 1, 0, 0))),
            ("v3.2.0.0-1", Some(Version::new(3, 2, 0, 0))),
            ("3.2.0", Some(Version::new(3, 2, 0, 0))),
            (" 3.2.0.2\n", Some(Version::new(3, 2, 0, 2))),
            ("3", None),
            ("3.2", None),
            ("3.2.0.0.1", None),
            ("3.2.x", None),
            ("3..0", None),
            ("+3.2.0", None),
            ("3.2.0-rc1", None),
            ("3.2.0-", None),
            ("99999999999.0.0", None),
            ("${S6_OVERLAY_VERSION}", None),
            ("", None),
        ] {
            assert_eq!(Version::parse(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn printed_version_reads_back() {
        for version in [Version::V3, Version::new(3, 2, 10, 1), Version::EARLIEST] {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(Version::new(3, 2, 10, 0) > Version::new(3, 2, 9, 9));
        assert!(Version::V2 < Version::V3);
    }

    #[test]
    fn lifetime_ends_before_its_end() {
        let lifetime = Lifetime::between(Version::V3, Version::INHERITED_PATH);
        for (version, expected) in [
            (Version::V2, false),
            (Version::V3, true),
            (Version::new(3, 0, 0, 2), true),
            (Version::INHERITED_PATH, false),
        ] {
            assert_eq!(lifetime.has(version), expected, "{version}");
        }
        assert!(lifetime.touches_v3() && !lifetime.spans_v3());
    }

    #[test]
    fn unknown_version_decides_nothing_that_changed() {
        assert_eq!(Lifetime::since(Version::V3).decide(None), None);
        assert_eq!(Lifetime::ALWAYS.decide(None), Some(true));
    }
}
