//! The arguments that s6 gives to `run` and `finish`, and so to the scripts of a service.
//! `up` and `down` of a oneshot get none.
//!
//! Read in `src/supervision/s6-supervise.c` of s6 at v2.7.0.0 to v2.13.0.0 and in its NEWS
//! for 2.11.2.0 and 2.13.0.0; [`super::components`] says which release has which.

use super::components;
use super::version::Version;

/// An argument of a script of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The exit code of `run`, or 256 if a signal ended it.
    ExitCode,
    /// The number of the signal that ended `run`; meaningless if none did.
    Signal,
    /// The name of the service.
    ServiceName,
    /// The process group of `run`, or -1.
    ProcessGroup,
}

/// s6 tells scripts the name of their service.
const S6_WITH_NAME: Version = Version::new(2, 11, 2, 0);
/// s6 tells `finish` the process group.
const S6_WITH_GROUP: Version = Version::new(2, 13, 0, 0);

/// The arguments of `run` under a version of s6-overlay; of the latest, if none is given.
pub fn run_arguments(version: Option<Version>) -> &'static [Argument] {
    if s6(version) >= S6_WITH_NAME {
        &[Argument::ServiceName]
    } else {
        &[]
    }
}

/// The arguments of `finish` under a version of s6-overlay; of the latest, if none is given.
pub fn finish_arguments(version: Option<Version>) -> &'static [Argument] {
    use Argument::{ExitCode, ProcessGroup, ServiceName, Signal};
    let s6 = s6(version);
    if s6 >= S6_WITH_GROUP {
        &[ExitCode, Signal, ServiceName, ProcessGroup]
    } else if s6 >= S6_WITH_NAME {
        &[ExitCode, Signal, ServiceName]
    } else {
        &[ExitCode, Signal]
    }
}

fn s6(version: Option<Version>) -> Version {
    components::release(version.unwrap_or(components::LATEST))
        .map_or(Version::EARLIEST, |release| release.s6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_of_arguments_by_version() {
        for (version, run, finish) in [
            (Some(Version::new(1, 22, 1, 0)), 0, 2),
            (Some(Version::new(2, 2, 0, 3)), 0, 2),
            (Some(Version::new(3, 1, 2, 1)), 0, 2),
            (Some(Version::new(3, 1, 3, 0)), 1, 3),
            (Some(Version::new(3, 1, 6, 2)), 1, 3),
            (Some(Version::new(3, 2, 0, 0)), 1, 4),
            (None, 1, 4),
        ] {
            assert_eq!(run_arguments(version).len(), run, "run {version:?}");
            assert_eq!(
                finish_arguments(version).len(),
                finish,
                "finish {version:?}"
            );
        }
    }
}
