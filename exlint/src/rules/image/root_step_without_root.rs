//! `root-step-without-root`: a script does what only root may, in an image of another user.

use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::{Command, commands};
use crate::model::description::{dockerfiles, user};
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::shell::Connector;

/// The rule.
pub const RULE: Rule = Rule::new(
    "root-step-without-root",
    Group::Image,
    Level::Warning,
    "a script needs root, and the image has another user",
)
.why(
    "With USER in the Dockerfile, s6-overlay runs all scripts and services as that user. Only \
     root may change accounts, owners and the user that a program runs as: the command fails, \
     and so does a service that begins with it.",
)
.samples(
    "== Dockerfile\nFROM base\nUSER app\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/execlineb -P\ns6-setuidgid app\nweb\n",
    "== Dockerfile\nFROM base\nUSER app\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/execlineb -P\nweb\n",
)
.image(check);

/// What fails for everybody but root.
const STEPS: [&[u8]; 19] = [
    b"usermod",
    b"groupmod",
    b"useradd",
    b"groupadd",
    b"userdel",
    b"groupdel",
    b"adduser",
    b"addgroup",
    b"deluser",
    b"delgroup",
    b"s6-setuidgid",
    b"s6-applyuidgid",
    b"su-exec",
    b"gosu",
    b"logutil-service",
    b"chroot",
    b"apk",
    b"apt-get",
    b"mount",
];
/// What may be no change at all, and then works.
const OWNERS: [&[u8]; 2] = [b"chown", b"s6-chown"];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if !model.overlay.is_present {
        return;
    }
    // Of several Dockerfiles, one may be for an image that root runs.
    let mut users = Vec::new();
    for (file, container) in dockerfiles(model) {
        match user(model, container) {
            Some(user) => users.push((file, user)),
            None => return,
        }
    }
    let Some((file, user)) = users.into_iter().next() else {
        return;
    };
    let name = String::from_utf8_lossy(&user.name).into_owned();
    for script in &model.scripts {
        for (command, level) in steps(script) {
            let Some(word) = command.words.first() else {
                continue;
            };
            let step = String::from_utf8_lossy(command.name()).into_owned();
            findings
                .script(
                    script,
                    word.span.clone(),
                    format!("`{step}` needs root, and `{name}` runs the image"),
                )
                .level(level)
                .help("do it where the image is built, before USER, or leave it out")
                .related(file.node, Some(user.span.clone()), "the user is set here");
        }
    }
}

fn steps(script: &Script) -> Vec<(Command, Level)> {
    let is_run = matches!(
        script.role,
        Role::InitHook | Role::NamedByOneshot | Role::Up | Role::Run | Role::FinishHook
    );
    // A script that asks who it is knows what it may do.
    const ASKS: [&[u8]; 8] = [
        b"id -u", b"id -n", b"whoami", b"$UID", b"${UID", b"$EUID", b"${EUID", b"sudo",
    ];
    if !is_run || ASKS.iter().any(|part| contains(&script.text, part)) {
        return Vec::new();
    }
    let commands = commands(script);
    let forgiven = |place: usize| {
        let shell = script.shell.as_ref();
        let read = shell.and_then(|shell| shell.commands.get(place));
        read.is_some_and(|read| read.connector == Connector::Or)
    };
    let found = commands
        .into_iter()
        .enumerate()
        .filter_map(|(place, command)| {
            let level = if STEPS.contains(&command.name()) {
                Level::Warning
            } else if OWNERS.contains(&command.name()) {
                Level::Note
            } else {
                return None;
            };
            (!forgiven(place)).then_some((command, level))
        });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(lines: &str, script: &str, expected: &[&str]) {
        let text = format!(
            "== Dockerfile\nFROM base\n{lines}\n== rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\n{script}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn steps_of_root() {
        let found = ["rootfs/etc/cont-init.d/1:2: warning: `usermod` needs root, and `app`"];
        for (lines, script, expected) in [
            ("USER app", "usermod -u \"$PUID\" app", &found[..]),
            ("USER app:app", "usermod -u 5 app", &found),
            (
                "USER app",
                "chown -R app /data",
                &["rootfs/etc/cont-init.d/1:2: note: `chown`"],
            ),
            ("USER app", "usermod -u 5 app || true", &[]),
            (
                "USER app",
                "if [ \"$(id -u)\" = 0 ]; then usermod -u 5 app; fi",
                &[],
            ),
            ("USER root", "usermod -u 5 app", &[]),
            ("USER 0", "usermod -u 5 app", &[]),
            ("USER app\nUSER root", "usermod -u 5 app", &[]),
            ("ARG WHO\nUSER $WHO", "usermod -u 5 app", &[]),
            ("", "usermod -u 5 app", &[]),
            ("USER app", "mkdir /data/x", &[]),
        ] {
            check(lines, script, expected);
        }
    }

    #[test]
    fn compose_may_run_it_as_root() {
        sampling::check(
            &RULE,
            "== Dockerfile\nFROM base\nUSER app\n\
             == compose.yaml\nservices:\n  a:\n    build: .\n    user: root\n\
             == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\nusermod -u 5 app\n",
            &[],
        );
    }
}
