//! `invalid-number-file`: a file that must hold a number holds something else.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, Service, number, timeout};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-number-file",
    Group::S6Rc,
    Level::Error,
    "a file that must hold a number holds something else",
)
.why(
    "`notification-fd`, the timeouts and their like hold digits and a newline: no blank, no \
     carriage return, no unit. In an s6-rc definition anything else, an empty file too, makes \
     s6-rc-compile refuse the whole database, and no service starts. In another service \
     directory s6-supervise warns and goes on as if the file were not there.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/timeout-kill escapes\n5000\\r\\n\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/timeout-kill\n5000\n\
     == all/type\nbundle\n== all/contents.d/web\n",
)
.fix("the number stands there already, and what goes is blanks and carriage returns only")
.definition(check)
.service(check_service);

/// Of service directories.
const OF_SERVICES: [&str; 5] = [
    "notification-fd",
    "lock-fd",
    "timeout-kill",
    "timeout-finish",
    "max-death-tally",
];

/// Of longruns and oneshots.
const OF_DEFINITIONS: [&str; 2] = ["timeout-up", "timeout-down"];

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    // Where `type` says nothing, the scripts do.
    let has = |name: &str| definition.file(tree, name).is_some();
    let kind = match definition.kind {
        None if has("run") => DefinitionKind::Longrun,
        None if has("up") => DefinitionKind::Oneshot,
        None => return,
        Some(kind) => kind,
    };
    if !kind.is_atomic() {
        return;
    }
    for name in OF_DEFINITIONS {
        if let Some(node) = definition.file(tree, name) {
            check_file(model, node, name, timeout, Level::Error, findings);
        }
    }
    if kind != DefinitionKind::Longrun {
        return;
    }
    for name in OF_SERVICES {
        if let Some(node) = definition.file(tree, name) {
            check_file(model, node, name, number, Level::Error, findings);
        }
    }
    let value = |name: &str| {
        let node = definition.file(tree, name)?;
        Some((node, number(tree.entry(node).bytes().ok()?)?))
    };
    let notification = value("notification-fd");
    if let Some((node, descriptor @ 0..=2)) = notification {
        findings
            .at(
                node,
                format!("`notification-fd` is {descriptor}, which the program uses already"),
            )
            .level(Level::Warning)
            .help("write 3, or another number from 3 on");
    }
    if let (Some((node, descriptor)), Some((lock, same))) = (notification, value("lock-fd"))
        && descriptor == same
        && descriptor > 2
    {
        findings
            .at(
                lock,
                format!("`lock-fd` and `notification-fd` are both {descriptor}"),
            )
            .related(node, None, "the same descriptor")
            .help("write different numbers from 3 on");
    }
}

fn check_service(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    if service.is_longrun() {
        return;
    }
    for name in OF_SERVICES {
        if let Some(node) = service.file(model.tree, name) {
            check_file(model, node, name, number, Level::Warning, findings);
        }
    }
}

fn check_file(
    model: &Model<'_>,
    node: NodeId,
    name: &str,
    read: fn(&[u8]) -> Option<u32>,
    level: Level,
    findings: &mut Findings<'_>,
) {
    let Ok(text) = model.tree.entry(node).bytes() else {
        return;
    };
    if read(text).is_some() {
        return;
    }
    let help = match name {
        "notification-fd" | "lock-fd" => "write the number of a descriptor, and nothing else",
        "max-death-tally" => "write a number of deaths, and nothing else",
        _ => "write a number of milliseconds, and nothing else",
    };
    if text.is_empty() {
        let message = format!("`{name}` is empty");
        findings.at(node, message).level(level).help(help);
        return;
    }
    let whole = 0..text.len();
    let first = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
    let line: String = shown(first).chars().take(40).collect();
    let meant = text.trim_ascii();
    let found = findings
        .span(
            node,
            whole.clone(),
            format!("`{name}` says `{line}`, which is no number"),
        )
        .level(level)
        .help(help);
    if read(meant).is_some() {
        found.replace("write the number alone", whole, [meant, b"\n"].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(files: &str, expected: &[&str]) {
        let sample = format!(
            "== a/type\nlongrun\n== a/run\nx\n{files}== all/type\nbundle\n== all/contents.d/a\n"
        );
        sampling::check(&RULE, &sample, expected);
    }

    #[test]
    fn numbers_are_digits_and_a_newline() {
        check("== a/notification-fd no-newline\n3\n", &[]);
        check("== a/timeout-up\n0\n", &[]);
        check(
            "== a/notification-fd\n",
            &["a/notification-fd: error: `notification-fd` is empty"],
        );
        check(
            "== a/timeout-up\n5s\n",
            &["a/timeout-up:1: error: `timeout-up` says `5s`, which is no number"],
        );
        check(
            "== a/notification-fd\n1\n",
            &["a/notification-fd: warning: `notification-fd` is 1, which"],
        );
        check(
            "== a/notification-fd\n3\n== a/lock-fd\n3\n",
            &["a/lock-fd: error: `lock-fd` and `notification-fd` are both 3"],
        );
    }

    #[test]
    fn a_service_directory_is_read_all_the_same() {
        for (sample, expected) in [
            (
                "== etc/services.d/a/run 0755\n#!/bin/sh\n== etc/services.d/a/notification-fd\nthree\n",
                &["etc/services.d/a/notification-fd:1: warning: `notification-fd` says `three`"][..],
            ),
            (
                "== etc/services.d/a/run 0755\n#!/bin/sh\n== etc/services.d/a/timeout-up\nnever\n",
                &[],
            ),
            (
                "== a/type\nbundle\n== a/contents.d/\n== a/timeout-up\nnever\n",
                &[],
            ),
        ] {
            sampling::check(&RULE, sample, expected);
        }
    }
}
