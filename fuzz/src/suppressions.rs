//! A comment that allows rules in a file leaves nothing of them there, and what is found besides
//! was found before. The input is a script.

use super::samples;
use exlint::finding::Finding;
use std::collections::BTreeSet;

/// What is said about comments that allow nothing.
const ABOUT: &str = "unused-suppression";

pub fn allow(input: &[u8]) {
    let Some(before) = found(input) else { return };
    let rules: BTreeSet<&str> = before
        .iter()
        .filter(|finding| finding.path == b"run")
        .map(|finding| finding.rule)
        .filter(|rule| *rule != ABOUT)
        .collect();
    let parsed = execline::syntax::parse(input, 1 << 20);
    if rules.is_empty() || !parsed.errors.is_empty() || parsed.end < input.len() {
        return;
    }
    let names: Vec<&str> = rules.iter().copied().collect();
    let comment = format!("\n# exlint: allow-file {} because\n", names.join(", "));
    let Some(after) = found(&[input, comment.as_bytes()].concat()) else {
        panic!("a comment makes it unreadable");
    };
    for finding in after.iter().filter(|finding| finding.rule != ABOUT) {
        assert!(
            !names.contains(&finding.rule) || finding.path != b"run",
            "{finding:?}"
        );
        let was = |it: &Finding| it.rule == finding.rule && it.path == finding.path;
        assert!(before.iter().any(was), "{finding:?} was not found before");
    }
}

fn found(script: &[u8]) -> Option<Vec<Finding>> {
    let sample = format!("== run 0755 escapes\n{}\n", samples::escaped(script));
    let tree = samples::tree(sample.as_bytes())?;
    Some(samples::inspect(&tree).findings)
}
