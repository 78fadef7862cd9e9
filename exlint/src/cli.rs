//! The command line.

use crate::config::Threshold;
use crate::report::Format;
use crate::tree::Modes;
use clap::{Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::PathBuf;

/// Finds what would break at boot in execline scripts and s6 service directories, by reading
/// only: nothing is executed.
#[derive(Parser, Debug)]
#[command(
    name = "exlint",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 could not do its work.\n\
                  In a script, `# exlint: allow RULE reason` allows what a rule finds."
)]
pub struct Arguments {
    /// An execline script; a service directory; a services.d or scan directory; an s6-rc source
    /// directory; an s6-overlay etc; a root file system. Each is recognised by what it holds
    #[arg(
        value_name = "PATH",
        required_unless_present_any = ["explain", "list_rules", "completions"],
        value_hint = ValueHint::AnyPath
    )]
    pub paths: Vec<PathBuf>,

    /// How findings are shown [default: human on a terminal, short otherwise]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// The image's root: programs, interpreters and users are looked up in it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<PathBuf>,

    /// A lower layer, such as the base image's root; may be repeated, the lowest first
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub base: Vec<PathBuf>,

    /// The version of s6-overlay [default: read from the root]
    #[arg(long, value_name = "VERSION", value_hint = ValueHint::Other)]
    pub s6_overlay_version: Option<String>,

    /// Applies the safe fixes
    #[arg(long)]
    pub fix: bool,

    /// Shows the safe fixes as a diff, and applies nothing
    #[arg(long, conflicts_with = "fix")]
    pub diff: bool,

    /// From which level on findings are a failure [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,

    /// Explains a rule: what it finds, why, a bad and a good example
    #[arg(long, value_name = "RULE")]
    pub explain: Option<String>,

    /// Lists the rules
    #[arg(long)]
    pub list_rules: bool,

    /// Prints what a shell needs to complete this program's command line
    #[arg(long, value_enum, value_name = "SHELL")]
    pub completions: Option<Shell>,

    /// The configuration [default: exlint.toml in the directory of PATH, or above it]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Where the modes of files come from
    #[arg(long, value_enum, default_value = "fs")]
    pub modes: ModesFrom,
}

/// `--fail-on`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    Warning,
    /// Everything
    Note,
    /// Nothing
    Never,
}

impl From<FailOn> for Threshold {
    fn from(level: FailOn) -> Threshold {
        match level {
            FailOn::Error => Threshold::Error,
            FailOn::Warning => Threshold::Warning,
            FailOn::Note => Threshold::Note,
            FailOn::Never => Threshold::Never,
        }
    }
}

/// `--modes`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ModesFrom {
    /// The files themselves
    Fs,
    /// The index of the git repository, where it knows a file
    Git,
}

impl From<ModesFrom> for Modes {
    fn from(modes: ModesFrom) -> Modes {
        match modes {
            ModesFrom::Fs => Modes::Files,
            ModesFrom::Git => Modes::Git,
        }
    }
}
