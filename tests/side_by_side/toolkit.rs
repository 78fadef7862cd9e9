//! The toolkits a case can be run on: where their commands are and how their
//! environment is told apart. Not how a case is run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian's package puts the commands, and which version that is.
const INSTALLED: (&str, &str) = ("/usr/lib/execline/bin", "2.9.3.0");

/// Which toolkit answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Our program as people run it.
    Fused,
    /// Our program with every step a real `execve`.
    Unfused,
    /// The toolkit we follow.
    Reference,
}

/// A directory of commands.
pub struct Toolkit {
    /// Which one this is.
    pub kind: Kind,
    /// The directory; `@DIR@` in a case.
    pub directory: PathBuf,
    /// The reference's version; what ours promises for ours.
    pub version: Version,
}

impl Toolkit {
    /// Our commands, linked into `directory` by the program itself.
    pub fn ours(directory: &Path, fused: bool) -> Self {
        let program = env!("CARGO_BIN_EXE_execline");
        let installed = Command::new(program)
            .arg("--install")
            .arg(directory)
            .output()
            .expect("our program starts");
        assert!(
            installed.status.success(),
            "{program} --install {} ended with {}: {}",
            directory.display(),
            installed.status,
            String::from_utf8_lossy(&installed.stderr),
        );
        Self {
            kind: if fused { Kind::Fused } else { Kind::Unfused },
            directory: directory.to_path_buf(),
            version: Version::parse("2.9.9.2"),
        }
    }

    /// The installed reference, or the one the environment names.
    ///
    /// Its absence is a failure: a suite that quietly compares nothing proves
    /// nothing.
    pub fn reference() -> Self {
        let directory = std::env::var("EXECLINE_REFERENCE");
        let version = std::env::var("EXECLINE_REFERENCE_VERSION");
        assert_eq!(
            directory.is_ok(),
            version.is_ok(),
            "EXECLINE_REFERENCE and EXECLINE_REFERENCE_VERSION are set together or not at all"
        );
        let directory = PathBuf::from(directory.unwrap_or_else(|_| INSTALLED.0.to_owned()));
        let version = version.unwrap_or_else(|_| INSTALLED.1.to_owned());
        assert!(
            directory.join("execlineb").exists(),
            "the reference is missing: there is no {}/execlineb.\n\
             Install the Debian packages execline and s6, or name another reference with \
             EXECLINE_REFERENCE=DIR and EXECLINE_REFERENCE_VERSION=2.9.9.2.",
            directory.display()
        );
        Self {
            kind: Kind::Reference,
            directory,
            version: Version::parse(&version),
        }
    }
}

/// A version of the reference, ordered by its numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Version(Vec<u32>);

impl Version {
    /// Reads `2.9.9.2`; anything else is a mistake in a case file.
    pub fn parse(text: &str) -> Self {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers {
            Ok(numbers) if numbers.len() == 4 => Self(numbers),
            _ => panic!("`{text}` is not a version of four numbers"),
        }
    }
}
