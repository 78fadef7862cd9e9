//! What was found, written down: one file per format. Nothing here decides what is wrong or
//! which findings are wanted, and nothing reads a file: texts are handed in.

use crate::finding::Finding;
use crate::level::Level;
use std::collections::HashSet;
use std::fmt;
use std::io;
use std::sync::Arc;

mod excerpt;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
mod places;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod short;
mod terminal;
mod visible;

pub use places::{Place, Places};
pub use terminal::Terminal;
pub use visible::{visible, visible_lines};

/// Where the text of a path of findings is found: the bytes that were looked at, or `None`
/// for what is not a file or is not known any more.
pub type Texts<'a> = &'a dyn Fn(&[u8]) -> Option<Arc<[u8]>>;

/// What a report says about a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleDescription<'a> {
    /// The rule's name.
    pub name: &'a str,
    /// The group it belongs to.
    pub group: &'a str,
    /// Its level where no configuration says otherwise.
    pub level: Level,
    /// What it finds, in a line.
    pub summary: &'a str,
    /// Why that is wrong, in sentences.
    pub why: &'a str,
}

/// All that a format needs.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What was found, in the order of [`sort`].
    pub findings: &'a [Finding],
    /// How many files were looked at.
    pub files: usize,
    /// Where lines and columns are counted.
    pub texts: Texts<'a>,
    /// The rules there are; findings may name others.
    pub rules: &'a [RuleDescription<'a>],
    /// The version of this program.
    pub version: &'a str,
    /// Where the program is described, where it is.
    pub information_uri: Option<&'a str>,
}

/// The formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// The lines in question, the reason, and what to do next
    Human,
    /// One line for each finding: path:line:column: level[rule]: message
    Short,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
}

/// Writes a report. A reader that went away is not an error: it has seen what it wanted.
pub fn write(
    format: Format,
    report: &Report,
    terminal: &Terminal,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let written = match format {
        Format::Human => human::write(report, terminal, out),
        Format::Short => short::write(report, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Brings findings into the order of reports: by path, then by place, what is about the
/// whole file first; at one place the worst first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| finding.span.as_ref().map(|span| (span.start, span.end));
        (a.path.cmp(&b.path))
            .then_with(|| place(a).cmp(&place(b)))
            .then_with(|| b.level.cmp(&a.level))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.message.cmp(&b.message))
    });
}

/// How much was found. As text it is the summary line, without a newline.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Summary {
    /// The files that were looked at.
    pub files: usize,
    /// The paths something was found about.
    pub concerned: usize,
    /// The findings of level error.
    pub errors: usize,
    /// The findings of level warning.
    pub warnings: usize,
    /// The findings of level note.
    pub notes: usize,
    /// The findings that come with a fix.
    pub fixable: usize,
}

impl Report<'_> {
    /// Counts.
    pub fn summary(&self) -> Summary {
        let of = |level| self.findings.iter().filter(|it| it.level == level).count();
        let paths: HashSet<&[u8]> = self.findings.iter().map(|it| it.path.as_slice()).collect();
        Summary {
            files: self.files,
            concerned: paths.len(),
            errors: of(Level::Error),
            warnings: of(Level::Warning),
            notes: of(Level::Note),
            fixable: self.findings.iter().filter(|it| it.fix.is_some()).count(),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let kinds: Vec<String> = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ]
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, name)| format!("{count} {name}{}", plural(*count)))
        .collect();
        // Directories are concerned too, and are not among the files that were looked at.
        let files = self.files.max(self.concerned);
        if kinds.is_empty() {
            return write!(f, "nothing found in {files} file{}", plural(files));
        }
        write!(
            f,
            "{} in {} of {files} file{}",
            kinds.join(", "),
            self.concerned,
            plural(files)
        )?;
        if self.fixable != 0 {
            write!(f, "; {} can be fixed with --fix", self.fixable)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_say_what_there_is_and_no_more() {
        let summary = |errors, warnings, notes, concerned, files, fixable| {
            Summary {
                files,
                concerned,
                errors,
                warnings,
                notes,
                fixable,
            }
            .to_string()
        };
        for (expected, found) in [
            ("nothing found in 14 files", summary(0, 0, 0, 0, 14, 0)),
            ("nothing found in 1 file", summary(0, 0, 0, 0, 1, 0)),
            (
                "3 errors, 1 warning in 2 of 14 files; 2 can be fixed with --fix",
                summary(3, 1, 0, 2, 14, 2),
            ),
            ("2 notes in 1 of 1 file", summary(0, 0, 2, 1, 1, 0)),
            ("1 error in 1 of 1 file", summary(1, 0, 0, 1, 0, 0)),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn findings_are_sorted_by_path_and_place() {
        let mut findings = sample::findings();
        let sorted = findings.clone();
        findings.reverse();
        sort(&mut findings);
        assert_eq!(findings, sorted);
    }

    /// A reader that goes away after some bytes.
    struct Leaving(usize);

    impl io::Write for Leaving {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let findings = sample::findings();
        for format in <Format as clap::ValueEnum>::value_variants() {
            for bytes in [0, 1, 200] {
                let report = sample::report(&findings);
                let written = write(*format, &report, &Terminal::plain(), &mut Leaving(bytes));
                assert!(written.is_ok(), "{format:?} after {bytes}");
            }
        }
    }

    #[test]
    fn no_format_lets_control_characters_through() {
        let findings = sample::findings();
        for format in <Format as clap::ValueEnum>::value_variants() {
            for terminal in [Terminal::plain(), sample::unicode_terminal()] {
                let mut out = Vec::new();
                write(*format, &sample::report(&findings), &terminal, &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                let bad = text.chars().find(|&c| c != '\n' && visible::is_unsafe(c));
                assert_eq!(bad, None, "{format:?}: {text}");
            }
        }
    }
}
