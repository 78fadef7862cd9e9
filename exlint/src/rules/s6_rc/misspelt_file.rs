//! `misspelt-file`: a file of a service is nearly called like one that s6 reads.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, SERVICE_FILES, Service};
use crate::nearest::distance;
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "misspelt-file",
    Group::S6Rc,
    Level::Warning,
    "a file is nearly called like one that is read",
)
.why(
    "s6 and s6-rc read the files they know, and pass over all others without a word. What a \
     misspelt one says has no effect.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/timeout_kill\n5000\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/timeout-kill\n5000\n\
     == all/type\nbundle\n== all/contents.d/web\n",
)
.definition(check)
.service(check_service);

const OF_DEFINITIONS: [&str; 13] = [
    "type",
    "up",
    "down",
    "dependencies",
    "contents",
    "timeout-up",
    "timeout-down",
    "producer-for",
    "consumer-for",
    "pipeline-name",
    "flag-essential",
    "flag-recommended",
    "reload",
];

/// The file that was meant by a name that is no known file's.
fn meant(name: &[u8], known: impl Iterator<Item = &'static str> + Clone) -> Option<&'static str> {
    if known.clone().any(|known| known.as_bytes() == name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    known
        .filter_map(|known| {
            // Short names are near to each other by chance.
            let most = match known.len() {
                0..=5 => 0,
                6..=8 => 1,
                _ => 2,
            };
            Some((distance(&lower, known.as_bytes(), most)?, known))
        })
        .min()
        .map(|(_, known)| known)
}

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let known = OF_DEFINITIONS.iter().chain(&SERVICE_FILES).copied();
    // A longrun's files are looked at below, with what its scripts say.
    if !definition.is(DefinitionKind::Longrun) {
        check_files(model, definition.directory, known, findings);
    }
}

fn check_service(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let all = OF_DEFINITIONS.iter().chain(&SERVICE_FILES).copied();
    if service.is_longrun() {
        check_files(model, service.directory, all, findings);
    } else {
        let known = SERVICE_FILES.iter().copied();
        check_files(model, service.directory, known, findings);
    }
}

fn check_files(
    model: &Model<'_>,
    directory: NodeId,
    known: impl Iterator<Item = &'static str> + Clone,
    findings: &mut Findings<'_>,
) {
    let tree = model.tree;
    for &child in tree.children(directory) {
        let name = tree.name(child);
        if tree.is_directory(child) || is_read_by_script(model, directory, name) {
            continue;
        }
        let Some(meant) = meant(name, known.clone()) else {
            continue;
        };
        // Where both are there, the other one is a copy or a note.
        if tree.child(directory, meant.as_bytes()).is_some() {
            continue;
        }
        findings
            .at(child, format!("`{}` is read by nobody", shown(name)))
            .help(format!("rename it to `{meant}` if that is meant"));
    }
}

/// A script beside it may name the file.
fn is_read_by_script(model: &Model<'_>, directory: NodeId, name: &[u8]) -> bool {
    ["run", "finish", "up", "down", "data/check"]
        .iter()
        .any(|script| {
            let node = model.tree.within(directory, script.as_bytes());
            let text = node.and_then(|node| model.tree.entry(node).bytes().ok());
            text.is_some_and(|text| text.windows(name.len().max(1)).any(|part| part == name))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn near_names_are_told() {
        let known = || OF_DEFINITIONS.iter().chain(&SERVICE_FILES).copied();
        for (name, expected) in [
            ("notification_fd", Some("notification-fd")),
            ("notifcation-fd", Some("notification-fd")),
            ("flag-esential", Some("flag-essential")),
            ("producer_for", Some("producer-for")),
            ("Run", Some("run")),
            ("finnish", Some("finish")),
            ("run2", None),
            ("rum", None),
            ("README", None),
            ("upload", None),
            ("content", Some("contents")),
            ("finish", None),
        ] {
            assert_eq!(meant(name.as_bytes(), known()), expected, "{name}");
        }
    }

    #[test]
    fn what_a_script_names_is_no_slip() {
        for (sample, expected) in [
            (
                "== run 0755\n#!/bin/sh\nexec ./finished\n== finished 0755\n#!/bin/sh\n",
                &[][..],
            ),
            (
                "== run 0755\n#!/bin/sh\nexec app\n== finish 0755\n#!/bin/sh\n== Finish\n",
                &[],
            ),
            (
                "== run 0755\n#!/bin/sh\nexec app\n== notification-fb\n3\n",
                &["notification-fb: warning: `notification-fb` is read by nobody"],
            ),
        ] {
            sampling::check(&RULE, sample, expected);
        }
    }
}
