//! A code quality report of GitLab, version of the Code Climate form that GitLab reads.
//! https://docs.gitlab.com/ci/testing/code_quality/
//! What is about a whole file or directory is shown at line 1, because a line must be given.

use super::fingerprint::Fingerprints;
use super::json::write_document;
use super::{Places, Report};
use crate::level::Level;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes it.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report.texts);
    let mut fingerprints = Fingerprints::default();
    let issues = report.findings.iter().map(|finding| {
        let place = places.of(&finding.path, finding.span.as_ref());
        let path = finding.path.strip_prefix(b"./").unwrap_or(&finding.path);
        Issue {
            description: &finding.message,
            check_name: finding.rule,
            fingerprint: fingerprints.of(finding, &mut places),
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note => "info",
            },
            location: Location {
                path: String::from_utf8_lossy(path).into_owned(),
                lines: Lines {
                    begin: place.map_or(1, |it| it.start.line),
                    end: place.map_or(1, |it| it.end.line),
                },
            },
        }
    });
    write_document(&issues.collect::<Vec<_>>(), out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use serde_json::{Value, json};
    use std::collections::HashSet;

    #[test]
    fn issues_are_as_gitlab_reads_them() {
        let findings = sample::findings();
        let mut out = Vec::new();
        write(&sample::report(&findings), &mut out).unwrap();
        let mut issues: Vec<Value> = serde_json::from_slice(&out).unwrap();
        let prints: HashSet<String> = (issues.iter_mut())
            .map(|issue| issue["fingerprint"].take().as_str().unwrap().to_owned())
            .collect();
        assert_eq!(prints.len(), findings.len());
        assert!(prints.iter().all(|it| it.len() == 32));
        assert_eq!(
            issues[0],
            json!({
                "description": "the hook is not executable",
                "check_name": "hook-not-executable",
                "fingerprint": null,
                "severity": "critical",
                "location": {"path": "cont-init.d/10-x", "lines": {"begin": 1, "end": 1}},
            })
        );
        assert_eq!(
            issues[3],
            json!({
                "description": "nothing before binds the key caf\u{e9}",
                "check_name": "unbound-key",
                "fingerprint": null,
                "severity": "major",
                "location": {"path": "services.d/web/run", "lines": {"begin": 3, "end": 3}},
            })
        );
        assert_eq!(issues[1]["severity"], "info");
    }

    #[test]
    fn nothing_found_is_an_empty_list() {
        let mut out = Vec::new();
        write(&sample::report(&[]), &mut out).unwrap();
        assert_eq!(out, b"[]\n");
    }
}
