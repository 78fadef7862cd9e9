//! `file-of-another-type`: a definition has files that mean nothing for its type.

use super::names::listed;
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "file-of-another-type",
    Group::S6Rc,
    Level::Warning,
    "a definition has files that mean nothing for its type",
)
.why(
    "s6-rc-compile reads only the files that belong to the type: `run`, `finish` and what \
     s6-supervise knows for a longrun, `up` and `down` for a oneshot, `contents.d` for a \
     bundle. It passes over the others without a word, so what they say does not happen.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/up\nmkdir -p /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nforeground { mkdir -p /var/lib/web }\nweb\n\
     == all/type\nbundle\n== all/contents.d/web\n",
)
.definition(check);

/// Files of longruns. `notification-fd` has a rule of its own.
const OF_LONGRUNS: [&str; 12] = [
    "run",
    "finish",
    "lock-fd",
    "timeout-kill",
    "timeout-finish",
    "max-death-tally",
    "down-signal",
    "flag-newpidns",
    "flag-timeout-killpg",
    "producer-for",
    "consumer-for",
    "pipeline-name",
];

/// Files of all services that are no bundles.
const OF_ATOMS: [&str; 2] = ["timeout-up", "timeout-down"];

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let Some(kind) = definition.kind else {
        return;
    };
    let tree = model.tree;
    let present = |names: &[&'static str]| -> Vec<(&'static str, NodeId)> {
        names
            .iter()
            .filter_map(|name| Some((*name, tree.child(definition.directory, name.as_bytes())?)))
            .collect()
    };
    let strange = match kind {
        // A `down` in a longrun has a rule of its own.
        DefinitionKind::Longrun => present(&["up"]),
        DefinitionKind::Oneshot => present(&OF_LONGRUNS)
            .into_iter()
            .filter(|(name, _)| !is_named_by_oneshot(model, definition, name))
            .collect(),
        DefinitionKind::Bundle => {
            let mut strange = present(&["up", "down"]);
            strange.extend(present(&OF_LONGRUNS));
            strange.extend(present(&OF_ATOMS));
            strange
        }
    };
    let Some(&(_, first)) = strange.first() else {
        return;
    };
    let names = strange.iter().map(|(name, _)| name.as_bytes());
    let means = if strange.len() == 1 { "means" } else { "mean" };
    findings
        .at(
            first,
            format!("{} {means} nothing in a {}", listed(names), kind.name()),
        )
        .help(match kind {
            DefinitionKind::Longrun => {
                "do what `up` says at the beginning of `run`, or in a oneshot that the service \
                 depends on"
            }
            DefinitionKind::Oneshot => {
                "remove it, or make the service a longrun; what is to happen at the end goes \
                 into `down`, and a time limit into `timeout-up`"
            }
            DefinitionKind::Bundle => "move it to the service that it is about, or remove it",
        });
}

/// A script may stand beside the `up` that names it.
fn is_named_by_oneshot(model: &Model<'_>, definition: &Definition, name: &str) -> bool {
    let ending = format!("/{name}");
    ["up", "down"].iter().any(|file| {
        let text = definition.file(model.tree, file);
        let text = text.and_then(|node| model.tree.entry(node).bytes().ok());
        text.is_some_and(|text| contains(text, ending.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_files_that_nobody_reads_are_found() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            (
                "== a/type\noneshot\n== a/up\n/etc/s6-overlay/s6-rc.d/a/run\n== a/run 0755\n#!/bin/sh\n",
                &[][..],
            ),
            (
                "== a/type\noneshot\n== a/up\ntrue\n== a/down\ntrue\n== a/timeout-up\n500\n== a/README\n",
                &[],
            ),
            (
                "== a/type\noneshot\n== a/up\ntrue\n== a/finish\ntrue\n== a/run\ntrue\n",
                &["a/run: warning: `run` and `finish` mean nothing in a oneshot"],
            ),
            (
                "== a/type\nbundle\n== a/contents.d/\n== a/timeout-up\n5\n",
                &["a/timeout-up: warning: `timeout-up` means nothing in a bundle"],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/down\n== a/finish\nx\n",
                &[],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
