//! `exlint.toml`: levels, the version of s6-overlay, the root, signatures of programs.

use crate::level::Level;
use crate::overlay::Version;
use crate::tree;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

mod globs;

pub use globs::Globs;

/// The name of the file.
pub const FILE: &str = "exlint.toml";

/// A longer configuration was not written by people.
const LONGEST: u64 = 1 << 20;

/// No image has more layers.
const MOST_BASES: usize = 128;

/// What a configuration's file holds that people named: it may be a pipe.
///
/// # Errors
///
/// Where it cannot be read, or is longer than any configuration.
pub fn text(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = File::open(file)?;
    file.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other(format!(
            "it is longer than {LONGEST} bytes"
        )));
    }
    Ok(text)
}

/// The same of one that was found, which a stranger may have put there: it is a regular file, and
/// no link has a file shown that stands elsewhere.
///
/// # Errors
///
/// The same, and where it is something else.
pub fn found_text(file: &Path) -> io::Result<String> {
    match tree::read_found(file, LONGEST) {
        Ok(bytes) => String::from_utf8(bytes).map_err(io::Error::other),
        Err(error) if file.is_symlink() => Err(io::Error::new(
            error.kind(),
            "it is a link, which is not followed; if it is meant, give it by --config",
        )),
        Err(error) => Err(error),
    }
}

/// A directory that a configuration which was found names, with its links followed. One in a
/// strangers' tree must not have exlint look around on the machine: it leads to what lies in its
/// own directory, or in the git repository that this belongs to.
///
/// # Errors
///
/// Where there is no such directory, and where it lies elsewhere.
pub fn inside(directory: &Path, named: &Path) -> Result<PathBuf, String> {
    let path = directory.join(named);
    let real = path
        .canonicalize()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let repository = directory
        .ancestors()
        .find(|above| above.join(".git").symlink_metadata().is_ok());
    if real.starts_with(repository.unwrap_or(directory)) {
        return Ok(real);
    }
    Err(format!(
        "{}: it lies outside of the directory of {FILE} and of the git repository around; if it is \
         meant, name it, or the configuration, on the command line",
        path.display()
    ))
}

/// What the configuration says.
#[derive(Clone, Default, Debug)]
pub struct Config {
    /// The version of s6-overlay.
    pub overlay_version: Option<Version>,
    /// The image's root, below the configuration's directory.
    pub root: Option<PathBuf>,
    /// Lower layers, below the configuration's directory.
    pub bases: Vec<PathBuf>,
    /// From which level on findings are a failure.
    pub fail_on: Option<Threshold>,
    /// Usage lines of programs that are not known otherwise.
    pub programs: Vec<String>,
    /// Levels by rule.
    pub rules: BTreeMap<String, Setting>,
    /// Which paths, below the configuration's directory, have levels of their own.
    pub globs: Globs,
    /// For each of `globs`, levels by rule, where `*` stands for all; the last that matches
    /// counts.
    pub paths: Vec<BTreeMap<String, Setting>>,
}

/// How bad the findings of a rule are said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// They are not reported.
    Off,
    /// A note.
    Note,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl Setting {
    /// The level; `None` for `off`.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Note => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

/// From which level on findings are a failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Threshold {
    /// From notes on.
    Note,
    /// From warnings on.
    Warning,
    /// Errors only.
    Error,
    /// Nothing is a failure.
    Never,
}

impl Threshold {
    /// True where a finding of this level is a failure.
    pub fn is_reached(self, level: Level) -> bool {
        match self {
            Self::Note => true,
            Self::Warning => level >= Level::Warning,
            Self::Error => level >= Level::Error,
            Self::Never => false,
        }
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    s6_overlay_version: Option<String>,
    root: Option<PathBuf>,
    #[serde(default)]
    base: Vec<PathBuf>,
    fail_on: Option<Threshold>,
    #[serde(default)]
    programs: Vec<String>,
    #[serde(default)]
    rules: BTreeMap<String, Setting>,
    #[serde(default, rename = "path")]
    paths: Vec<WrittenPath>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPath {
    glob: String,
    rules: BTreeMap<String, Setting>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// Says what is wrong and where, for people.
    pub fn read(text: &str) -> Result<Config, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let overlay_version = match written.s6_overlay_version {
            Some(version) => Some(Version::parse(version.as_bytes()).ok_or_else(|| {
                format!("s6-overlay-version: `{version}` is no version such as 3.2.0.0")
            })?),
            None => None,
        };
        if written.base.len() > MOST_BASES {
            return Err(format!("base: there are more than {MOST_BASES}"));
        }
        let globs: Vec<&str> = written.paths.iter().map(|path| &*path.glob).collect();
        let globs = Globs::read(&globs)?;
        let paths = written.paths.into_iter().map(|path| path.rules).collect();
        let config = Config {
            overlay_version,
            root: written.root,
            bases: written.base,
            fail_on: written.fail_on,
            programs: written.programs,
            rules: written.rules,
            globs,
            paths,
        };
        config.check_names()?;
        Ok(config)
    }

    fn check_names(&self) -> Result<(), String> {
        let known = crate::rules::all();
        let names = self
            .rules
            .keys()
            .chain(self.paths.iter().flat_map(BTreeMap::keys));
        for name in names {
            if name != "*" && !known.iter().any(|rule| rule.name == name) {
                return Err(format!(
                    "rules: there is no rule `{name}`; `exlint --list-rules` lists them"
                ));
            }
        }
        Ok(())
    }

    /// What is said of a rule for a path below the configuration's directory.
    pub fn setting(&self, rule: &str, path: &std::path::Path) -> Option<Setting> {
        let of =
            |rules: &BTreeMap<String, Setting>| rules.get(rule).or_else(|| rules.get("*")).copied();
        let matching = self.globs.matching(path).into_iter().rev();
        matching
            .filter_map(|place| self.paths.get(place))
            .find_map(of)
            .or_else(|| of(&self.rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_last_path_that_matches_counts() {
        let config = Config::read(
            "s6-overlay-version = \"3.2.0.2\"\nprograms = [\"retry [ -n count ] prog...\"]\n\
             [rules]\nsyntax-error = \"warning\"\n\
             [[path]]\nglob = \"old/**\"\nrules = { syntax-error = \"off\" }\n\
             [[path]]\nglob = \"old/new/**\"\nrules = { \"*\" = \"note\" }\n",
        )
        .unwrap();
        for (path, setting) in [
            ("run", Setting::Warning),
            ("old/run", Setting::Off),
            ("old/new/run", Setting::Note),
        ] {
            assert_eq!(
                config.setting("syntax-error", Path::new(path)),
                Some(setting)
            );
        }
        assert_eq!(
            config.setting("loader-without-program", Path::new("run")),
            None
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            (
                "[rules]\nno-such-rule = \"off\"\n",
                "no rule `no-such-rule`",
            ),
            ("[rules]\nsyntax-error = \"fatal\"\n", "fatal"),
            ("s6-overlay-version = \"new\"\n", "`new` is no version"),
            ("rots = \"x\"\n", "rots"),
            ("[[path]]\nglob = \"[\"\nrules = {}\n", "glob `[`"),
            (
                &format!("base = [{}]\n", "'a',".repeat(129)),
                "more than 128",
            ),
        ] {
            let error = Config::read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
