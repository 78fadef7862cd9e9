//! How long s6-overlay waits, by version, where no variable says otherwise. Limits that a
//! service sets for itself (`timeout-up`, `timeout-finish`) are not here.
//!
//! Read at the tags from v3.0.0.0 to v3.2.3.2 in `skel/rc.init` and in the scripts
//! `services-up`, `services-down`, `cont-finish`; for 2.x in `init-stage2` and `init-stage3`
//! of v2.2.0.3. The README says 5000 for `S6_KILL_FINISH_MAXTIME` in every v3; the script has 0.

use super::version::Version;

/// How long services may take to start, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTimeout {
    /// Only legacy services, only if there is a CMD and `S6_CMD_WAIT_FOR_SERVICES` is set.
    WithCommand(u32),
    /// The whole start, `cont-init.d` included, with or without a CMD.
    Everything(u32),
    /// Any time.
    Unlimited,
}

/// The limit of the start where `S6_CMD_WAIT_FOR_SERVICES_MAXTIME` is not set.
pub fn start_timeout(version: Version) -> StartTimeout {
    if version < Version::V3 {
        StartTimeout::WithCommand(5000)
    } else if version < Version::WITHOUT_START_TIMEOUT {
        StartTimeout::Everything(5000)
    } else {
        StartTimeout::Unlimited
    }
}

/// How long a script of `cont-finish.d` may take, in milliseconds; nothing means any time.
pub fn finish_hook_timeout(version: Version) -> Option<u32> {
    (version < Version::V3).then_some(5000)
}

/// How long the services of `services.d` may take to stop, in milliseconds.
pub const SERVICES_GRACE: u32 = 3000;

/// How long other processes may take to end after SIGTERM, in milliseconds.
pub const KILL_GRACE: u32 = 3000;

/// How long s6 lets a `finish` script run without a `timeout-finish`, in milliseconds.
pub const FINISH_SCRIPT: u32 = 5000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_timeout_by_version() {
        for (version, expected) in [
            (Version::new(2, 2, 0, 3), StartTimeout::WithCommand(5000)),
            (Version::V3, StartTimeout::Everything(5000)),
            (Version::new(3, 1, 6, 2), StartTimeout::Everything(5000)),
            (Version::new(3, 2, 0, 0), StartTimeout::Unlimited),
        ] {
            assert_eq!(start_timeout(version), expected, "{version}");
        }
    }

    #[test]
    fn finish_hooks_of_version_3_may_take_any_time() {
        assert_eq!(finish_hook_timeout(Version::V2), Some(5000));
        assert_eq!(finish_hook_timeout(Version::V3), None);
    }
}
