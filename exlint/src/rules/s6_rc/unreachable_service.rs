//! `unreachable-service`: nothing that s6-overlay starts leads to a service.

use super::names::shown;
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Database, DefinitionId, DefinitionKind, Model};
use crate::overlay::builtin;
use crate::rule::{Group, Rule};
use std::collections::{HashMap, HashSet};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unreachable-service",
    Group::S6Rc,
    Level::Warning,
    "a service is in no bundle that is started",
)
.why(
    "s6-overlay starts what the bundles `user` and `user2` contain, and what that depends on. A \
     service that neither leads to is compiled and never started, without a word. Often its \
     entry in `user/contents.d` was forgotten, or it is in a bundle that is itself in no other.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/mine/type\nbundle\n\
     == etc/s6-overlay/s6-rc.d/mine/contents.d/web\n",
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/mine/type\nbundle\n\
     == etc/s6-overlay/s6-rc.d/mine/contents.d/web\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/mine\n",
)
.image(check);

/// Variables by which other bundles than those in the image may be started.
const CHOOSING: [&str; 3] = [
    "S6_RUNTIME_BUNDLEDIR",
    "S6_RUNTIME_PROFILE",
    "S6_STAGE2_HOOK",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut containers = model.all_containers();
    let is_chosen_elsewhere = containers.any(|container| {
        let is_set = |name: &&str| container.variable(name.as_bytes()).is_some();
        CHOOSING.iter().any(is_set)
    });
    if is_chosen_elsewhere {
        return;
    }
    for database in model.databases.iter().filter(|found| found.is_overlay) {
        let started = started(database, None);
        let mut unreached = database
            .nodes
            .iter()
            .filter(|(name, node)| {
                node.kind.is_some_and(DefinitionKind::is_atomic)
                    && !node.definitions.is_empty()
                    && !started.contains(&***name)
                    && builtin::definition(name, None).is_none()
            })
            .peekable();
        if unreached.peek().is_none() {
            continue;
        }
        let named = Named::in_files(model);
        let on_demand = self::started(database, Some(&named));
        let bundles = bundles(database);
        for (name, node) in unreached.filter(|(name, _)| !on_demand.contains(&***name)) {
            let bundle = bundles.get(&**name).copied();
            report(model, name, bundle, &node.definitions, findings);
        }
    }
}

/// All that is started at boot, as far as it can be told; also what something leads to that a
/// lower layer may start, or that something names.
fn started<'d>(database: &'d Database, named: Option<&Named<'_>>) -> HashSet<&'d [u8]> {
    let mut left: Vec<&[u8]> = vec![builtin::TOP.as_bytes()];
    let untyped = database
        .nodes
        .iter()
        .filter(|(_, node)| node.kind.is_none());
    left.extend(untyped.map(|(name, _)| name.as_slice()));
    if let Some(named) = named {
        let names = database.nodes.keys().map(Vec::as_slice);
        left.extend(names.filter(|name| named.has(name)));
    }
    let mut seen = HashSet::new();
    while let Some(name) = left.pop() {
        if seen.insert(name)
            && let Some(node) = database.nodes.get(name)
        {
            left.extend(node.edges().map(Vec::as_slice));
        }
    }
    seen
}

/// Words of what may start services by name, or list them for being started: scripts that
/// use s6-rc, wherever they are, the files beside the image.
struct Named<'m>(HashSet<&'m [u8]>);

/// A script longer than this was not written for one image.
const LONGEST_SCRIPT: u64 = 1 << 16;

impl<'m> Named<'m> {
    fn in_files(model: &'m Model<'_>) -> Named<'m> {
        let scripts = model.scripts.iter().map(|script| &*script.text);
        let files = model.containers.iter().map(|file| &*file.text);
        let tree = model.tree;
        let others = tree.all().filter_map(|node| {
            let entry = tree.entry(node);
            let is_script =
                tree.is_file(node) && entry.size <= LONGEST_SCRIPT && entry.beginning(2) == b"#!";
            is_script.then(|| entry.bytes().ok()).flatten()
        });
        let words = scripts
            .chain(files)
            .chain(others.map(|text| &**text))
            .filter(|text| {
                let has = |part: &[u8]| contains(text, part);
                has(b"s6-rc ") || has(b"contents.d")
            })
            .flat_map(|text| text.split(|&byte| !is_of_name(byte)));
        Named(words.collect())
    }

    fn has(&self, name: &[u8]) -> bool {
        self.0.contains(name)
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b'+')
}

/// A bundle for each name that is in one.
fn bundles(database: &Database) -> HashMap<&[u8], &[u8]> {
    let bundles = database
        .nodes
        .iter()
        .filter(|(_, node)| node.kind == Some(DefinitionKind::Bundle));
    bundles
        .flat_map(|(bundle, node)| node.contents.iter().map(|name| (&**name, &**bundle)))
        .collect()
}

fn report(
    model: &Model<'_>,
    name: &[u8],
    bundle: Option<&[u8]>,
    definitions: &[DefinitionId],
    findings: &mut Findings<'_>,
) {
    let own = shown(name);
    for &id in definitions {
        let directory = model.definition(id).directory;
        let (message, help) = match bundle {
            Some(bundle) => {
                let bundle = shown(bundle);
                (
                    format!("`{own}` is never started: its bundle `{bundle}` is not in `user`"),
                    format!("make an empty file `{bundle}` in `user/contents.d`"),
                )
            }
            None => (
                format!("`{own}` is never started: it is in no bundle"),
                format!("make an empty file `{own}` in `user/contents.d`"),
            ),
        };
        findings.at(directory, message).help(help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn whatever_leads_to_it_starts_it() {
        let d = "etc/s6-overlay/s6-rc.d";
        let web = format!("== {d}/web/type\nlongrun\n== {d}/web/run\n");
        for (rest, expected) in [
            (format!("== {d}/user/contents.d/web\n"), vec![]),
            (format!("== {d}/user2/contents.d/web\n"), vec![]),
            (format!("== {d}/user/contents\nweb\n"), vec![]),
            (
                format!(
                    "== {d}/user/contents.d/a\n== {d}/a/type\noneshot\n== {d}/a/up\n\
                     == {d}/a/dependencies.d/web\n"
                ),
                vec![],
            ),
            // A lower layer has the rest of this one.
            (format!("== {d}/init-end/dependencies.d/web\n"), vec![]),
            // Something starts it by its name.
            (
                "== etc/cont-init.d/a 0755\n#!/bin/sh\ns6-rc -u change web\n".to_owned(),
                vec![],
            ),
            (
                "== usr/bin/lock 0755\n#!/bin/sh\nexec s6-rc -u change web\n".to_owned(),
                vec![],
            ),
            (
                format!(
                    "== {d}/mine/type\nbundle\n== {d}/mine/contents.d/web\n\
                     == usr/bin/lock 0755\n#!/bin/sh\nexec s6-rc -u change mine\n"
                ),
                vec![],
            ),
            (
                "== Dockerfile\nFROM x\nRUN touch /etc/s6-overlay/s6-rc.d/user/contents.d/web\n"
                    .to_owned(),
                vec![],
            ),
            (
                "== Dockerfile\nFROM x\nENV S6_RUNTIME_PROFILE=web\n\n".to_owned(),
                vec![],
            ),
            (
                format!("== {d}/user/content.d/web\n"),
                vec![format!(
                    "{d}/web: warning: `web` is never started: it is in no bundle"
                )],
            ),
            (
                format!("== {d}/mine/type\nbundle\n== {d}/mine/contents.d/web\n"),
                vec![format!(
                    "{d}/web: warning: `web` is never started: its bundle `mine`"
                )],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &format!("{web}{rest}"), &expected);
        }
        sampling::check(&RULE, "== a/type\noneshot\n== a/up\n", &[]);
    }
}
