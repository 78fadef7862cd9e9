//! `missing-preparation-dependency`: a service does not wait for the oneshot that, going by
//! its name, prepares it.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Database, DefinitionKind, Model};
use crate::rule::{Group, Rule};
use std::collections::{HashSet, VecDeque};

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-preparation-dependency",
    Group::S6Rc,
    Level::Note,
    "a service does not wait for the oneshot that seems to prepare it",
)
.why(
    "A oneshot called like a service, with `init`, `prepare` or `setup` before or behind it, \
     most likely makes what the service needs. Without a dependency both are started at the \
     same time, and the service may come first.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == init-web/type\noneshot\n== init-web/up\nmkdir -p /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/web\n== all/contents.d/init-web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependencies.d/init-web\n\
     == init-web/type\noneshot\n== init-web/up\nmkdir -p /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/web\n== all/contents.d/init-web\n",
)
.image(check);

/// What stands before or behind the name of what is prepared.
const PREPARING: [&str; 5] = ["init", "prepare", "setup", "config", "configure"];

/// More names than this are not followed: then nothing is said.
const MOST: usize = 2000;

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for database in &model.databases {
        for (name, node) in &database.nodes {
            if node.kind != Some(DefinitionKind::Longrun) {
                continue;
            }
            let Some(&id) = node.definitions.first() else {
                continue;
            };
            for preparation in preparations(database, name) {
                if waits(database, name, &preparation) {
                    continue;
                }
                let directory = model.definition(id).directory;
                let (name, other) = (shown(name), shown(&preparation));
                let first = database
                    .nodes
                    .get(&preparation)
                    .and_then(|node| node.definitions.first());
                let found = findings
                    .at(directory, format!("`{name}` does not wait for `{other}`"))
                    .help(format!(
                        "if `{other}` prepares it, make an empty file `{other}` in \
                         `{name}/dependencies.d`"
                    ));
                if let Some(&first) = first {
                    found.related(model.definition(first).directory, None, "the oneshot");
                }
            }
        }
    }
}

/// The oneshots that are called so.
fn preparations(database: &Database, name: &[u8]) -> Vec<Vec<u8>> {
    let own = name.strip_prefix(b"svc-").unwrap_or(name);
    let mut found: Vec<Vec<u8>> = PREPARING
        .iter()
        .flat_map(|word| {
            let word = word.as_bytes();
            [
                [word, b"-", own].concat(),
                [own, b"-", word].concat(),
                [word, b"-", name].concat(),
                [name, b"-", word].concat(),
            ]
        })
        .filter(|candidate| {
            let node = database.nodes.get(candidate);
            node.is_some_and(|node| node.kind == Some(DefinitionKind::Oneshot))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// True where the one must be up before the other, or where that cannot be told. Nearer names
/// are looked at first.
fn waits(database: &Database, name: &[u8], target: &[u8]) -> bool {
    let mut seen: HashSet<&[u8]> = HashSet::new();
    let mut left = VecDeque::from([name]);
    while let Some(name) = left.pop_front() {
        if name == target || seen.len() > MOST {
            return true;
        }
        if !seen.insert(name) {
            continue;
        }
        match database.nodes.get(name) {
            Some(node) if node.kind.is_some() => left.extend(node.edges().map(Vec::as_slice)),
            _ => return true,
        }
    }
    // The other way round it does not prepare it.
    database
        .nodes
        .get(target)
        .is_some_and(|node| node.edges().any(|other| other == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(dependencies: &str, oneshot: &str, expected: &[&str]) {
        let sample = format!(
            "== svc-web/type\nlongrun\n== svc-web/run\n{dependencies}\
             == {oneshot}/type\noneshot\n== {oneshot}/up\n\
             == base/type\nbundle\n== base/contents.d/{oneshot}\n"
        );
        sampling::check(&RULE, &sample, expected);
    }

    #[test]
    fn names_tell_what_prepares_what() {
        let found = "svc-web: note: `svc-web` does not wait for";
        check("", "init-web", &[found]);
        check("", "svc-web-prepare", &[found]);
        check("", "init-website", &[]);
        check("== svc-web/dependencies.d/init-web\n", "init-web", &[]);
        check("== svc-web/dependencies.d/base\n", "init-web", &[]);
        check("== svc-web/dependencies.d/elsewhere\n", "init-web", &[]);
    }
}
