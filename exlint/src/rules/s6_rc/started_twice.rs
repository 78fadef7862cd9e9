//! `started-twice`: the same service, or the same program, is started by two mechanisms.

use super::names::shown;
use crate::bytes::base_name;
use crate::container::CommandLine;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{DefinitionKind, Model, Role, Script, ServiceKind};
use crate::rule::{Group, Rule};
use std::collections::HashMap;

/// The rule.
pub const RULE: Rule = Rule::new(
    "started-twice",
    Group::S6Rc,
    Level::Warning,
    "a service is started twice",
)
.why(
    "s6-overlay starts services.d, the services of s6-rc and the container's command, and \
     knows nothing of one when it starts the other. Two services of the same name get the \
     same directory in /run/service, where the one from services.d takes the other's place; \
     two copies of a program fight for the same port or files.",
)
.samples(
    "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nweb --port 8080\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb --port 8080\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb --port 8080\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    same_name(model, findings);
    same_command(model, findings);
}

fn same_name(model: &Model<'_>, findings: &mut Findings<'_>) {
    let Some(database) = model.databases.iter().find(|found| found.is_overlay) else {
        return;
    };
    for scan in model.scan_directories.iter().filter(|scan| scan.is_legacy) {
        for &id in &scan.services {
            let service = model.service(id);
            let Some(node) = database.nodes.get(&service.name) else {
                continue;
            };
            let (Some(DefinitionKind::Longrun), Some(&id)) = (node.kind, node.definitions.first())
            else {
                continue;
            };
            let name = shown(&service.name);
            let other = model.definition(id).directory;
            let message = format!("`{name}` is a service of services.d and of s6-rc");
            // Either of them may be what people gave.
            let (here, there) = if model.tree.is_given(service.directory) {
                (service.directory, other)
            } else {
                (other, service.directory)
            };
            findings
                .at(here, message)
                .related(there, None, "the other one")
                .help("remove one of them, or rename it if both are meant");
        }
    }
}

/// Programs that say nothing of what is run by them.
const GENERAL: [&str; 26] = [
    "sh",
    "bash",
    "ash",
    "dash",
    "zsh",
    "env",
    "exec",
    "python",
    "python3",
    "node",
    "java",
    "perl",
    "php",
    "ruby",
    "sleep",
    "tail",
    "cat",
    "true",
    "s6-pause",
    "pause",
    "with-contenv",
    "execlineb",
    "s6-log",
    "logutil-service",
    "su-exec",
    "gosu",
];

/// A program that both the container's command and a service start, with the same arguments.
fn same_command(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut commands: HashMap<Vec<Vec<u8>>, &Script> = HashMap::new();
    for script in model
        .scripts
        .iter()
        .filter(|script| script.role == Role::Run)
    {
        let is_started = model.service_of(script).is_some_and(|service| {
            matches!(service.kind, ServiceKind::Legacy | ServiceKind::Longrun(_))
        });
        if let Some(words) = last_command(script).filter(|_| is_started) {
            commands.entry(words).or_insert(script);
        }
    }
    for file in &model.containers {
        for container in &file.containers {
            let Some(fact) = &container.command else {
                continue;
            };
            let CommandLine::Exec(words) = &fact.value else {
                continue;
            };
            let Some(words) = comparable(words.clone()) else {
                continue;
            };
            if let Some(script) = commands.get(&words) {
                let program = words.first().map(|word| shown(word)).unwrap_or_default();
                findings
                    .span(
                        file.node,
                        fact.span.clone(),
                        format!("`{program}` is the container's command and a service"),
                    )
                    .related(script.node, None, "the service starts it too")
                    .help("remove the command, or the service");
            }
        }
    }
}

/// The program's name without directories, and its arguments; `None` where that tells
/// nothing.
fn comparable(mut words: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    let first = words.first_mut()?;
    *first = base_name(first).to_vec();
    let is_general = GENERAL.iter().any(|name| name.as_bytes() == *first);
    (!is_general && !first.is_empty()).then_some(words)
}

/// What a service's script becomes in the end.
fn last_command(script: &Script) -> Option<Vec<Vec<u8>>> {
    if let Some(execline) = &script.execline {
        let last = execline.chain.last()?;
        let words = last.own_words();
        if words.iter().any(|word| word.may_change()) {
            return None;
        }
        return comparable(words.iter().map(|word| word.value.to_vec()).collect());
    }
    let shell = script
        .shell
        .as_ref()
        .filter(|shell| shell.broken.is_none())?;
    let last = shell.commands.last()?;
    let words = last.executed()?;
    let literal: Option<Vec<Vec<u8>>> = words.iter().map(|word| word.literal()).collect();
    comparable(literal?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn a_command_that_a_service_has_too() {
        let run = "== rootfs/etc/services.d/web/run 0755\n#!/bin/sh\nexec /usr/bin/web --port 80\n";
        for (command, expected) in [
            (
                "CMD [\"web\", \"--port\", \"80\"]",
                &["Dockerfile:2: warning: `web` is the container's command and a service"][..],
            ),
            ("CMD [\"web\", \"--port\", \"81\"]", &[]),
            ("CMD [\"sleep\", \"infinity\"]", &[]),
            ("CMD web", &[]),
        ] {
            let sample = format!("{run}== Dockerfile\nFROM alpine\n{command}\n");
            sampling::check(&RULE, &sample, expected);
        }
    }

    #[test]
    fn a_oneshot_may_be_called_like_a_service() {
        let d = "etc/s6-overlay/s6-rc.d";
        let web = "== etc/services.d/web/run 0755\n#!/bin/sh\nexec web\n";
        sampling::check(
            &RULE,
            &format!("{web}== {d}/web/type\noneshot\n== {d}/web/up\n"),
            &[],
        );
    }
}
