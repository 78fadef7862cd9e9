//! Comments that allow what a rule finds: `# exlint: allow RULE reason`.
//!
//! One on a line with code is meant for that line; one on a line of its own for the next line
//! with code; `allow-file` for the whole file. What is found about a file as a whole is allowed
//! by any of them in it. One that allows nothing is a finding itself.

use crate::bytes::{contains, find};
use crate::finding::Finding;
use crate::findings::Findings;
use crate::model::Model;
use crate::nearest::nearest;
use crate::rules;
use crate::rules::exlint::unused_suppression;
use crate::tree::NodeId;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, space0, space1};
use nom::combinator::map;
use nom::multi::separated_list1;
use nom::{IResult, Parser};
use std::collections::HashMap;
use std::ops::Range;

/// How a suppression begins.
const MARK: &str = "# exlint:";

/// A comment that allows something.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Suppression {
    /// The rules.
    rules: Vec<String>,
    /// Where the comment stands.
    span: Range<usize>,
    /// The bytes it is meant for.
    scope: Range<usize>,
}

/// What stands behind the mark.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Written<'t> {
    is_for_file: bool,
    rules: Vec<&'t str>,
    reason: &'t str,
}

fn written(text: &str) -> IResult<&str, Written<'_>> {
    let name = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let comma = (space0, char(','), space0);
    let scope = alt((
        map(tag("allow-file"), |_| true),
        map(tag("allow"), |_| false),
    ));
    let parts = (
        space0,
        scope,
        space1,
        separated_list1(comma, name),
        take_while(|_| true),
    );
    map(parts, |(_, is_for_file, _, rules, reason)| Written {
        is_for_file,
        rules,
        reason: reason.trim(),
    })
    .parse(text)
}

/// The suppressions of a text, and the comments that were meant as one and are none.
fn read(text: &[u8]) -> (Vec<Suppression>, Vec<Range<usize>>) {
    let mut suppressions = Vec::new();
    let mut faults = Vec::new();
    // Those on lines of their own, which wait for the next line with code.
    let mut waiting: Vec<Suppression> = Vec::new();
    let mut start = 0;
    for line in text.split(|&byte| byte == b'\n') {
        let whole = start..start + line.len();
        start += line.len() + 1;
        let mark = find(line, MARK.as_bytes());
        let code = line.get(..mark.unwrap_or(line.len())).unwrap_or_default();
        let has_code = !code.trim_ascii_start().is_empty() && !is_comment(line);
        if has_code {
            for mut suppression in waiting.drain(..) {
                suppression.scope = whole.clone();
                suppressions.push(suppression);
            }
        }
        let Some(mark) = mark else { continue };
        let span = whole.start + mark..whole.end;
        let behind = line.get(mark + MARK.len()..).unwrap_or_default();
        let behind = String::from_utf8_lossy(behind).into_owned();
        let Ok((_, written)) = written(&behind) else {
            faults.push(span);
            continue;
        };
        let suppression = Suppression {
            rules: written
                .rules
                .iter()
                .map(|rule| (*rule).to_owned())
                .collect(),
            span,
            scope: if written.is_for_file {
                0..text.len()
            } else {
                whole
            },
        };
        if written.is_for_file || has_code {
            suppressions.push(suppression);
        } else {
            waiting.push(suppression);
        }
    }
    suppressions.append(&mut waiting);
    (suppressions, faults)
}

/// True for a line that is only a comment. The first line's `#!` is none.
fn is_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"#") && !line.starts_with(b"#!")
}

/// The findings that nothing allows, and those about suppressions.
pub fn apply(model: &Model<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut texts: HashMap<Vec<u8>, (NodeId, &[u8])> = HashMap::new();
    let scripts = model
        .scripts
        .iter()
        .map(|script| (script.node, &*script.text));
    let files = model.containers.iter().map(|file| (file.node, &*file.text));
    for (node, text) in scripts.chain(files) {
        if model.tree.is_given(node) && contains(text, MARK.as_bytes()) {
            texts.insert(model.tree.entry(node).shown(), (node, text));
        }
    }
    if texts.is_empty() {
        return findings;
    }
    let mut known: HashMap<&[u8], Vec<(Suppression, bool)>> = HashMap::new();
    let mut about = Findings::new(model.tree, &unused_suppression::RULE);
    for (path, (node, text)) in &texts {
        let (suppressions, faults) = read(text);
        for span in faults {
            about
                .span(
                    *node,
                    span,
                    "this comment allows nothing: it cannot be read",
                )
                .help("write `# exlint: allow RULE reason` or `# exlint: allow-file RULE reason`");
        }
        let suppressions = suppressions.into_iter().map(|s| (s, false)).collect();
        known.insert(path, suppressions);
    }
    let mut left = Vec::new();
    for finding in findings {
        let mut is_allowed = false;
        for (suppression, is_used) in known.get_mut(&*finding.path).into_iter().flatten() {
            if suppression.allows(&finding) {
                *is_used = true;
                is_allowed = true;
            }
        }
        if !is_allowed {
            left.push(finding);
        }
    }
    for (path, suppressions) in &known {
        let Some((node, _)) = texts.get(*path) else {
            continue;
        };
        for (suppression, is_used) in suppressions {
            if !is_used {
                unused(&mut about, *node, suppression);
            }
        }
    }
    left.extend(about.into_list());
    left
}

fn unused(about: &mut Findings<'_>, node: NodeId, suppression: &Suppression) {
    let all = rules::all();
    let unknown = suppression
        .rules
        .iter()
        .find(|name| !all.iter().any(|rule| rule.name == **name));
    let (message, help) = match unknown {
        Some(name) => {
            let names = all.iter().map(|rule| rule.name);
            let near = nearest(name, names).map_or_else(
                || "`exlint --list-rules` lists the rules".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            (format!("there is no rule `{name}`"), near)
        }
        None => (
            format!("`{}` is not found here", suppression.rules.join("`, `")),
            "remove the comment".to_owned(),
        ),
    };
    about
        .span(node, suppression.span.clone(), message)
        .help(help);
}

impl Suppression {
    fn allows(&self, finding: &Finding) -> bool {
        self.rules.iter().any(|rule| rule == finding.rule)
            && finding
                .span
                .as_ref()
                .is_none_or(|span| span.start >= self.scope.start && span.start <= self.scope.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let (suppressions, _) = read(text.as_bytes());
        let found: Vec<(String, &str)> = suppressions
            .iter()
            .map(|found| (found.rules.join(","), &text[found.scope.clone()]))
            .collect();
        let expected: Vec<(String, &str)> = expected
            .iter()
            .map(|(r, s)| ((*r).to_owned(), *s))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_comment_is_meant_for_its_line_or_the_next_one() {
        check(
            "a b # exlint: allow x because\nc\n",
            &[("x", "a b # exlint: allow x because")],
        );
        check(
            "# exlint: allow x, y-z because\n\n# more\nc d\n",
            &[("x,y-z", "c d")],
        );
        check(
            "#!/bin/sh\n# exlint: allow-file x\nb",
            &[("x", "#!/bin/sh\n# exlint: allow-file x\nb")],
        );
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in ["# exlint: alow x", "# exlint: allow", "# exlint:"] {
            let (suppressions, faults) = read(text.as_bytes());
            assert!(suppressions.is_empty() && faults.len() == 1, "{text}");
        }
    }
}
