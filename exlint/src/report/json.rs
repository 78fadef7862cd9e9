//! One JSON object on one line, version 1: `{"version":1,"findings":[...],"summary":{...}}`.
//! Line and column count from one, in characters, the end is the place after; they are
//! absent for what is about a whole file or directory. New members may come, none goes.

use super::{Places, Report, visible};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    findings: Vec<Entry<'a>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    level: &'a str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    message: &'a str,
    help: &'a str,
    fixable: bool,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// Writes it.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report.texts);
    let findings = report.findings.iter().map(|finding| {
        let place = places.of(&finding.path, finding.span.as_ref());
        Entry {
            rule: finding.rule,
            level: finding.level.name(),
            path: String::from_utf8_lossy(&finding.path).into_owned(),
            line: place.map(|it| it.start.line),
            column: place.map(|it| it.start.column),
            end_line: place.map(|it| it.end.line),
            end_column: place.map(|it| it.end.column),
            message: &finding.message,
            help: &finding.help,
            fixable: finding.fix.is_some(),
        }
    });
    let findings = findings.collect();
    let summary = report.summary();
    let document = Document {
        version: 1,
        findings,
        summary: Counts {
            files: summary.files,
            errors: summary.errors,
            warnings: summary.warnings,
            notes: summary.notes,
        },
    };
    write_document(&document, out)
}

/// Writes any document on one line, with every character escaped that a terminal would obey.
pub(super) fn write_document(document: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// serde_json escapes what JSON demands, the characters below a space; others are no less
/// dangerous.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| visible::is_unsafe(*c)) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_object_is_as_promised() {
        let findings = sample::findings();
        let mut out = Vec::new();
        write(&sample::report(&findings), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!({
            "version": 1,
            "findings": [
                {
                    "rule": "hook-not-executable", "level": "error",
                    "path": "cont-init.d/10-x",
                    "message": "the hook is not executable",
                    "help": "Make it executable: `chmod +x`.", "fixable": true,
                },
                {
                    "rule": "unused-key", "level": "note",
                    "path": "data/\u{fffd}\n\u{1b}[31m%,:run",
                    "line": 2, "column": 3, "end_line": 2, "end_column": 9,
                    "message": "the key \u{1b}]0;x\u{7} is never used\nat all",
                    "help": "", "fixable": false,
                },
                {
                    "rule": "carriage-return-in-shebang", "level": "error",
                    "path": "services.d/web/run",
                    "line": 1, "column": 24, "end_line": 1, "end_column": 25,
                    "message": "the first line ends with a carriage return",
                    "help": "Save the file with Unix line ends.\nThe kernel looks for a \
                             program with that name.",
                    "fixable": true,
                },
                {
                    "rule": "unbound-key", "level": "warning",
                    "path": "services.d/web/run",
                    "line": 3, "column": 1, "end_line": 3, "end_column": 19,
                    "message": "nothing before binds the key caf\u{e9}",
                    "help": "", "fixable": false,
                },
            ],
            "summary": {"files": 14, "errors": 2, "warnings": 1, "notes": 1},
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_found_is_a_document_too() {
        let mut out = Vec::new();
        write(&sample::report(&[]), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"version\":1,\"findings\":[],\"summary\":{\"files\":14,\"errors\":0,\
             \"warnings\":0,\"notes\":0}}\n"
        );
    }

    #[test]
    fn dangerous_characters_are_escaped_and_survive() {
        let text = "a\u{9b}b\u{202e}c\u{7f}\"\\\n";
        let mut out = Vec::new();
        write_document(&text, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out.clone()).unwrap(),
            "\"a\\u009bb\\u202ec\\u007f\\\"\\\\\\n\"\n"
        );
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
