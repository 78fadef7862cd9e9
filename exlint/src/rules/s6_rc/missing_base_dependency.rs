//! `missing-base-dependency`: a service of s6-overlay does not wait for `base`.

use super::names::shown;
use super::reach::Backwards;
use crate::finding::Edit;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::overlay::builtin;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-base-dependency",
    Group::S6Rc,
    Level::Warning,
    "a service does not wait for `base`",
)
.why(
    "The bundle `base` stands for the scripts of cont-init.d and for fix-attrs.d. A service \
     that does not depend on it, directly or through others, is started at the same time as \
     they are, and finds what they prepare sometimes ready and sometimes not.",
)
.samples(
    "== etc/cont-init.d/prepare 0755\n#!/bin/sh\nmkdir -p /data/web\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
    "== etc/cont-init.d/prepare 0755\n#!/bin/sh\nmkdir -p /data/web\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
)
.fix(
    "`base` holds only what s6-overlay runs at boot in any case, so nothing more is started, \
     and as none of it depends on the service no circle can arise",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    // Without hooks there is nothing to wait for; the layer below may have some.
    let has_hooks = model.hooks.iter().any(|&directory| {
        let is_before = matches!(tree.name(directory), b"cont-init.d" | b"fix-attrs.d");
        is_before
            && tree
                .children(directory)
                .iter()
                .any(|&hook| !tree.name(hook).starts_with(b"."))
    });
    let level = if has_hooks {
        Level::Warning
    } else {
        Level::Note
    };
    for database in model.databases.iter().filter(|found| found.is_overlay) {
        let backwards = Backwards::new(database);
        let waiting = backwards.to([&b"base"[..], b"legacy-cont-init"]);
        let unknown = backwards.to_unknown();
        let before = database.closure(b"base");
        for (name, node) in &database.nodes {
            let is_atomic = node.kind.is_some_and(DefinitionKind::is_atomic);
            let is_settled = waiting.contains(&**name) || before.contains(name);
            let is_of_overlay = builtin::definition(name, None).is_some();
            if !is_atomic || is_settled || is_of_overlay || unknown.contains(&**name) {
                continue;
            }
            let Some(&id) = node.definitions.first() else {
                continue;
            };
            report(model, model.definition(id), level, findings);
        }
    }
}

fn report(model: &Model<'_>, definition: &Definition, level: Level, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let name = shown(&definition.name);
    let directory = definition.directory;
    let found = findings
        .at(directory, format!("`{name}` does not wait for `base`"))
        .level(level);
    let own = |name: &str| tree.child(directory, name.as_bytes());
    // A directory would make s6-rc pass over the list.
    if own("dependencies").is_some() && own("dependencies.d").is_none() {
        found.help("write a line `base` into `dependencies`");
        return;
    }
    if own("dependencies.d").is_some_and(|node| !tree.is_directory(node)) {
        found.help("make `dependencies.d` a directory, and in it an empty file `base`");
        return;
    }
    let file = tree.entry(directory).disk().join("dependencies.d/base");
    found
        .help("make an empty file `base` in `dependencies.d`")
        .edit(
            "let it depend on `base`",
            Edit::Create {
                file,
                text: Vec::new(),
                mode: 0o644,
            },
        );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn any_way_to_base_will_do() {
        let d = "etc/s6-overlay/s6-rc.d";
        let service = |name: &str, on: &str| {
            let mut text = format!("== {d}/{name}/type\noneshot\n== {d}/{name}/up\n");
            if !on.is_empty() {
                text += &format!("== {d}/{name}/dependencies.d/{on}\n");
            }
            text
        };
        let hook = "== etc/cont-init.d/a 0755\n#!/bin/sh\n";
        for (sample, expected) in [
            (service("a", "b") + &service("b", "base") + hook, vec![]),
            (service("a", "legacy-services") + hook, vec![]),
            (service("a", "legacy-cont-init") + hook, vec![]),
            (service("a", "of-a-base") + hook, vec![]),
            (
                format!("== etc/passwd\n== bin/sh 0755\n{}", service("a", "")),
                vec![format!("{d}/a: note: `a` does not wait")],
            ),
            // Most layers have no hooks, nor does what they are put on.
            (
                service("a", ""),
                vec![format!("{d}/a: note: `a` does not wait")],
            ),
            (
                service("a", "") + hook,
                vec![format!("{d}/a: warning: `a` does not wait for `base`")],
            ),
            (
                format!(
                    "{hook}== {d}/a/type\nlongrun\n== {d}/a/run\n== {d}/a/producer-for\nb\n\
                     == {d}/b/type\nlongrun\n== {d}/b/run\n== {d}/b/consumer-for\na\n\
                     == {d}/b/dependencies.d/base\n"
                ),
                vec![],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
        sampling::check(&RULE, "== a/type\noneshot\n== a/up\n", &[]);
    }
}
