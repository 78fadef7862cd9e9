//! Asking one rule about a sample, for the tests beside the rules.

use crate::config::Config;
use crate::inspection::Inspection;
use crate::programs::Programs;
use crate::rule::Rule;
use crate::tree::{Tree, sample};
use execline::syntax::Position;

/// What the rule finds in a sample, as `path:line: level: message`, without the line for a
/// finding about a whole file.
pub fn found(rule: &'static Rule, text: &str) -> Vec<String> {
    let tree = sample::tree(text).unwrap();
    let config = match file(&tree, "exlint.toml") {
        Some(text) => Config::read(std::str::from_utf8(&text).unwrap()).unwrap(),
        None => Config::default(),
    };
    let programs = Programs::known()
        .with_configured(config.programs.iter().map(String::as_str))
        .unwrap();
    let outcome = Inspection::of_sample(&tree, &config, &programs, &[rule]).run(&|_| {});
    assert!(outcome.pieces > 0, "nothing is recognised in\n{text}");
    let findings = outcome.findings.iter().map(|finding| {
        let path = String::from_utf8_lossy(&finding.path);
        let line = finding.span.as_ref().map(|span| {
            let text = file(&tree, &path).unwrap_or_default();
            format!("{}:", Position::of(&text, span.start).line)
        });
        format!(
            "{path}:{} {}: {}",
            line.unwrap_or_default(),
            finding.level.name(),
            finding.message
        )
    });
    findings.collect()
}

/// Claims that the rule finds this and nothing else; of each line, what it begins with.
pub fn check(rule: &'static Rule, text: &str, expected: &[&str]) {
    let found = found(rule, text);
    let is_same = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| found.starts_with(expected));
    assert!(
        is_same,
        "{} in\n{text}\n  found {found:#?}\n  not {expected:#?}",
        rule.name
    );
}

fn file(tree: &Tree, path: &str) -> Option<Vec<u8>> {
    let node = tree.within(tree.root(), path.as_bytes())?;
    Some(tree.entry(node).bytes().ok()?.to_vec())
}
