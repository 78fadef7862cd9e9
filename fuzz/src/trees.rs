//! Whatever is in a tree, exlint ends, points at places that there are, and writes reports that
//! machines can read and terminals can show. The input is a tree in the notation of exlint's
//! samples (`== PATH MODE`, and the text behind it).

use super::samples::{self, Texts};
use exlint::finding::Finding;
use exlint::report::{self, Format, Report, Terminal};
use exlint::tree::Tree;

pub fn are_survived(input: &[u8]) {
    if let Some(tree) = samples::tree(input) {
        is_survived(&tree);
    }
}

pub(super) fn is_survived(tree: &Tree) {
    let outcome = samples::inspect(tree);
    let texts = Texts::of(tree);
    for finding in &outcome.findings {
        points_into(finding, &texts);
    }
    let again = samples::inspect(tree);
    assert_eq!(
        outcome.findings, again.findings,
        "what is found is found again"
    );
    let plan = texts.plan(&outcome.findings);
    let mut difference = Vec::new();
    plan.diff(&mut difference, true).expect("a difference");
    reports(&outcome.findings, outcome.files, &texts);
}

fn points_into(finding: &Finding, texts: &Texts) {
    assert!(
        !finding.message.is_empty() && !finding.message.ends_with('.'),
        "{finding:?}"
    );
    let related = finding.related.iter().map(|it| (&it.path, &it.span));
    for (path, span) in related.chain([(&finding.path, &finding.span)]) {
        if let Some(span) = span {
            let text = texts
                .shown
                .get(path)
                .unwrap_or_else(|| panic!("no text: {finding:?}"));
            assert!(text.get(span.clone()).is_some(), "{finding:?}");
        }
    }
    if let Some(fix) = &finding.fix {
        assert!(
            !fix.edits.is_empty() && !fix.title.is_empty(),
            "{finding:?}"
        );
    }
}

fn reports(findings: &[Finding], files: usize, texts: &Texts) {
    let report = Report {
        findings,
        files,
        texts: &|path| texts.shown.get(path).cloned(),
        rules: &[],
        version: "0",
        information_uri: None,
    };
    for format in [
        Format::Human,
        Format::Short,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
    ] {
        let mut written = Vec::new();
        report::write(format, &report, &Terminal::plain(), &mut written).expect("a report");
        let text = std::str::from_utf8(&written).expect("a report is text");
        if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
            let value: Result<serde_json::Value, _> = serde_json::from_str(text);
            assert!(value.is_ok(), "{format:?}: {text}");
        } else {
            let harmful = text.chars().find(|c| c.is_control() && *c != '\n');
            assert_eq!(harmful, None, "{format:?}: {text:?}");
        }
    }
}
