//! `dangling-link`: a link in a definition or a service directory leads nowhere.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, Service};
use crate::rule::{Group, Rule};
use crate::tree::{Kind, Lookup, NodeId};

/// The rule.
pub const RULE: Rule = Rule::new(
    "dangling-link",
    Group::S6Rc,
    Level::Error,
    "a link of a service leads nowhere",
)
.why(
    "s6-rc-compile follows what stands in a source directory, and a definition's `type`, `up` \
     and `run`; where such a link leads nowhere it refuses the whole database. A service \
     directory whose `run` leads nowhere is tried again every second and never runs. Other \
     files that lead nowhere count as not there.",
)
.samples(
    "== etc/passwd\n== bin/sh 0755\n== etc/s6-rc/source/web/type\nlongrun\n\
     == etc/s6-rc/source/web/run -> ../../scripts/web\n",
    "== etc/passwd\n== bin/sh 0755\n== etc/s6-rc/source/web/type\nlongrun\n\
     == etc/s6-rc/source/web/run -> ../../scripts/web\n\
     == etc/s6-rc/scripts/web 0755\n#!/bin/sh\nexec sleep infinity\n",
)
.definition(check)
.service(check_service)
.image(check_sources);

/// What a link says, where it leads nowhere.
fn dangles<'m>(model: &'m Model<'_>, node: NodeId) -> Option<&'m [u8]> {
    match &model.tree.entry(node).kind {
        Kind::Link(target) if model.tree.follow(node) == Lookup::Missing => Some(target),
        _ => None,
    }
}

fn check_sources(model: &Model<'_>, findings: &mut Findings<'_>) {
    for source in &model.sources {
        for &child in model.tree.children(source.directory) {
            let name = model.tree.name(child);
            if !name.starts_with(b".")
                && let Some(target) = dangles(model, child)
            {
                findings
                    .at(
                        child,
                        format!("it leads to `{}`, which is not there", shown(target)),
                    )
                    .help("let it lead to a definition directory, or remove it");
            }
        }
    }
}

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let needed: &[&str] = match definition.kind {
        None => &["type"],
        Some(DefinitionKind::Longrun) => &["run"],
        Some(DefinitionKind::Oneshot) => &["up"],
        Some(DefinitionKind::Bundle) => &[],
    };
    let optional: &[&str] = match definition.kind {
        None => &[],
        Some(DefinitionKind::Longrun) => &[
            "finish",
            "notification-fd",
            "dependencies.d",
            "dependencies",
            "producer-for",
            "consumer-for",
            "data",
            "env",
            "timeout-up",
            "timeout-down",
            "timeout-kill",
            "timeout-finish",
            "down-signal",
        ],
        Some(DefinitionKind::Oneshot) => &[
            "down",
            "dependencies.d",
            "dependencies",
            "timeout-up",
            "timeout-down",
        ],
        Some(DefinitionKind::Bundle) => &["contents.d", "contents"],
    };
    if definition.is(DefinitionKind::Longrun) {
        check_copied(model, definition, findings);
    }
    for (names, level) in [(needed, Level::Error), (optional, Level::Warning)] {
        report(model, definition.directory, names, level, findings);
    }
}

/// `data` and `env` of a longrun are copied with the links in them, and nothing around them.
fn check_copied(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    for name in ["data", "env"] {
        let Some(directory) = definition.file(model.tree, name) else {
            continue;
        };
        for &child in model.tree.children(directory) {
            let Kind::Link(target) = &model.tree.entry(child).kind else {
                continue;
            };
            if !target.starts_with(b"../../") {
                continue;
            }
            let target = shown(target);
            findings
                .at(
                    child,
                    format!("it leads to `{target}`, which is not there after compiling"),
                )
                .level(Level::Warning)
                .help(format!(
                    "put the file itself into `{name}`, or let the link have an absolute path: \
                     s6-rc copies links as they are, and no more than the definition"
                ));
        }
    }
}

fn check_service(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    if service.is_longrun() {
        return;
    }
    let optional = ["finish", "notification-fd", "data", "env", "down-signal"];
    report(model, service.directory, &["run"], Level::Error, findings);
    report(
        model,
        service.directory,
        &optional,
        Level::Warning,
        findings,
    );
}

fn report(
    model: &Model<'_>,
    directory: NodeId,
    names: &[&str],
    level: Level,
    findings: &mut Findings<'_>,
) {
    for name in names {
        let Some(node) = model.tree.child(directory, name.as_bytes()) else {
            continue;
        };
        if let Some(target) = dangles(model, node) {
            let target = shown(target);
            findings
                .at(
                    node,
                    format!("`{name}` leads to `{target}`, which is not there"),
                )
                .level(level)
                .help(if level == Level::Error {
                    "let it lead to the file, or put the file in its place"
                } else {
                    "as it is, it counts as not there: let it lead to the file, or remove it"
                });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const ROOT: &str = "== etc/passwd\n== bin/sh 0755\n";

    #[test]
    fn only_in_a_whole_image_nothing_is_nowhere() {
        for (sample, expected) in [
            (
                "== etc/services.d/a/run -> /usr/bin/a\n== etc/services.d/a/finish 0755\n"
                    .to_owned(),
                &[][..],
            ),
            (
                format!(
                    "{ROOT}== etc/services.d/a/run -> /usr/bin/a\n== etc/services.d/a/finish 0755\n"
                ),
                &["etc/services.d/a/run: error: `run` leads to `/usr/bin/a`"],
            ),
            (
                format!(
                    "{ROOT}== etc/services.d/a/run -> /usr/bin/a\n== usr/bin/a 0755\n== etc/services.d/a/finish 0755\n"
                ),
                &[],
            ),
            (
                format!(
                    "{ROOT}== etc/s6-overlay/s6-rc.d/a -> ../gone\n== etc/s6-overlay/s6-rc.d/.b -> gone\n"
                ),
                &["etc/s6-overlay/s6-rc.d/a: error: it leads to `../gone`"],
            ),
            (
                format!(
                    "{ROOT}== etc/s6-overlay/s6-rc.d/a/type\noneshot\n== etc/s6-overlay/s6-rc.d/a/up\n\
                     == etc/s6-overlay/s6-rc.d/a/down -> up2\n== etc/s6-overlay/s6-rc.d/a/note -> gone\n"
                ),
                &["etc/s6-overlay/s6-rc.d/a/down: warning: `down` leads to `up2`"],
            ),
        ] {
            sampling::check(&RULE, &sample, expected);
        }
    }
}
