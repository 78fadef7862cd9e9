//! `start-up-timeout`: scripts that take their time, under a version that gives them five
//! seconds.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::{Command, commands};
use crate::model::description::{dockerfiles, installs_overlay, may_be_set};
use crate::model::{Model, Role, Script, number};
use crate::overlay::timeouts::{StartTimeout, start_timeout};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "start-up-timeout",
    Group::Overlay,
    Level::Warning,
    "the start may take longer than it is given",
)
.why(
    "From s6-overlay 3.0.0.0 to 3.1.6.2, everything from cont-init.d to the last service has five \
     seconds in all, unless S6_CMD_WAIT_FOR_SERVICES_MAXTIME says otherwise. What is not up then \
     is given up: services are missing, on a slow machine or with a slow network only.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.1.6.2/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.1.6.2/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/cont-init.d/10-fetch 0755\n#!/command/with-contenv sh\n\
     wget -O /data/list https://example.com/list\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.1.6.2/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.1.6.2/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENV S6_CMD_WAIT_FOR_SERVICES_MAXTIME=0\n\
     ENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/cont-init.d/10-fetch 0755\n#!/command/with-contenv sh\n\
     wget -O /data/list https://example.com/list\n",
)
.image(check);

const SETTING: &str = "S6_CMD_WAIT_FOR_SERVICES_MAXTIME";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let Some(StartTimeout::Everything(limit)) = model.overlay.version.map(start_timeout) else {
        return;
    };
    if may_be_set(model, SETTING.as_bytes()) {
        return;
    }
    // An image that this one builds on may have set it.
    let Some((file, container)) = dockerfiles(model).find(|(_, it)| installs_overlay(it)) else {
        return;
    };
    let step = model.scripts.iter().find_map(slow_step);
    let Some(slow) = step.or_else(|| patient_service(model, limit)) else {
        return;
    };
    let place = container
        .from
        .as_ref()
        .map_or(0..0, |from| from.span.clone());
    findings
        .span(
            file.node,
            place,
            format!(
                "`{}` and all else that starts get {} seconds, as nothing sets `{SETTING}`",
                slow.what,
                limit / 1000
            ),
        )
        .help(format!(
            "write ENV {SETTING}=0 for any time, or milliseconds"
        ))
        .related(slow.node, slow.span, "this may take longer");
}

/// Something that takes its time.
struct Slow {
    node: NodeId,
    span: Option<Range<usize>>,
    what: String,
}

/// A service that says itself that it may take longer.
fn patient_service(model: &Model<'_>, limit: u32) -> Option<Slow> {
    model.definitions.iter().find_map(|definition| {
        let node = definition.file(model.tree, "timeout-up")?;
        let time = number(model.tree.entry(node).bytes().ok()?)?;
        (time > limit).then(|| Slow {
            node,
            span: None,
            what: String::from_utf8_lossy(&definition.name).into_owned(),
        })
    })
}

/// A step of the start that waits for the network, or for anything.
fn slow_step(script: &Script) -> Option<Slow> {
    let is_start = matches!(
        script.role,
        Role::InitHook | Role::NamedByOneshot | Role::Up
    );
    commands(script)
        .iter()
        .filter(|_| is_start)
        .find(|command| is_slow(command))
        .and_then(|command| {
            let first = command.words.first()?;
            Some(Slow {
                node: script.node,
                span: Some(first.span.clone()),
                what: String::from_utf8_lossy(command.name()).into_owned(),
            })
        })
}

fn is_slow(command: &Command) -> bool {
    let says = |word: &[u8]| command.arguments().iter().any(|said| said.value == word);
    match command.name() {
        b"wget" | b"curl" | b"git" | b"apt-get" => {
            !says(b"--version") && !says(b"config") && !says(b"rev-parse")
        }
        b"apk" => says(b"add"),
        b"pip" | b"pip3" | b"npm" | b"yarn" => says(b"install"),
        b"chown" => says(b"-R"),
        b"sleep" => {
            let seconds = command.arguments().first().map(|word| word.value.clone());
            let seconds = seconds.and_then(|word| String::from_utf8(word).ok());
            seconds
                .and_then(|word| word.parse::<u32>().ok())
                .is_some_and(|it| it >= 5)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, more: &str, step: &str, is_found: bool) {
        let text = format!(
            "== Dockerfile\nFROM alpine\n\
             ADD https://github.com/just-containers/s6-overlay/releases/download/v{version}/s6-overlay-noarch.tar.xz /tmp/\n\
             {more}\n== rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\n{step}\n"
        );
        let expected = ["Dockerfile:1: warning: "];
        sampling::check(&RULE, &text, if is_found { &expected } else { &[] });
    }

    #[test]
    fn only_slow_steps_under_a_limit_are_found() {
        for (version, more, step, is_found) in [
            ("3.1.0.0", "", "curl https://x", true),
            ("3.1.0.0", "", "chown -R app /data", true),
            ("3.1.0.0", "", "sleep 10", true),
            ("3.1.0.0", "", "sleep 1", false),
            ("3.1.0.0", "", "mkdir /data", false),
            (
                "3.1.0.0",
                "ENV S6_CMD_WAIT_FOR_SERVICES_MAXTIME=30000",
                "sleep 10",
                false,
            ),
            ("3.2.0.0", "", "sleep 10", false),
        ] {
            check(version, more, step, is_found);
        }
    }

    #[test]
    fn base_image_may_have_set_it() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.1.0.0\"\n== Dockerfile\nFROM base\n\
             == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\nsleep 10\n",
            &[],
        );
    }
}
