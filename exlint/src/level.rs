//! How bad a finding is.

use serde::Deserialize;

/// How bad a finding is; more is worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Style, robustness.
    Note,
    /// Works by luck, or not on some version.
    Warning,
    /// Will not boot, never starts, never works.
    Error,
}

impl Level {
    /// Its name in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
