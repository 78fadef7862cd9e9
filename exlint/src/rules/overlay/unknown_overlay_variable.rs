//! `unknown-overlay-variable`: a variable for s6-overlay that it does not read, or not so.

use crate::bytes::contains;
use crate::container::{Fact, Kind, Value};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{ContainerFile, Model};
use crate::nearest::nearest;
use crate::overlay::Version;
use crate::overlay::variables::{self, Known};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unknown-overlay-variable",
    Group::Overlay,
    Level::Warning,
    "s6-overlay does not read this variable, or not with this value",
)
.why(
    "s6-overlay says nothing of a variable that it does not know: a name that is misspelt, too old \
     or too new for the version changes nothing. Nor does a switch that is set to `true`: \
     switches are numbers.",
)
.samples(
    "== Dockerfile\nFROM base\nENV S6_CMD_WAIT_FOR_SERVICE_MAXTIME=0\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
    "== Dockerfile\nFROM base\nENV S6_CMD_WAIT_FOR_SERVICES_MAXTIME=0\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if !model.overlay.is_present {
        return;
    }
    for file in &model.containers {
        for container in &file.containers {
            let is_own = container.kind != Kind::Compose || container.build.is_some();
            let version = model.overlay.version.filter(|_| is_own);
            for fact in &container.environment {
                check_variable(model, file, fact, version, findings);
            }
        }
    }
}

fn check_variable(
    model: &Model<'_>,
    file: &ContainerFile,
    fact: &Fact<(Vec<u8>, Value)>,
    version: Option<Version>,
    findings: &mut Findings<'_>,
) {
    let (name, value) = &fact.value;
    let shown = String::from_utf8_lossy(name).into_owned();
    // `ineffective-path-setting` has more to say of it.
    if shown == "S6_GLOBAL_PATH" {
        return;
    }
    let (message, help, level) = match variables::variable(name, version) {
        Known::Unrelated => return,
        Known::Setting(setting) => {
            let Some(value) = value.decided().filter(|value| !setting.values.allow(value)) else {
                return;
            };
            (
                format!("`{shown}` cannot be `{}`", String::from_utf8_lossy(value)),
                format!(
                    "{shown} {}; write {}",
                    setting.meaning,
                    setting.values.describe()
                ),
                Level::Warning,
            )
        }
        Known::NotYet(setting) => (
            format!("`{shown}` is read since {} only", setting.lifetime.since),
            format!("install s6-overlay {} or later", setting.lifetime.since),
            Level::Warning,
        ),
        Known::Outdated(outdated) => (
            format!("s6-overlay does not read `{shown}`"),
            outdated.instead.to_owned(),
            Level::Warning,
        ),
        Known::Unknown if is_used(model, file, name) => return,
        Known::Unknown => match nearest(&shown, variables::names(version)) {
            Some(meant) => (
                format!("s6-overlay does not read `{shown}`"),
                format!("write {meant}"),
                Level::Warning,
            ),
            None => (
                format!("s6-overlay does not read `{shown}`"),
                "names that begin with S6_ are s6-overlay's; use another one for what is not"
                    .to_owned(),
                Level::Note,
            ),
        },
    };
    findings
        .span(file.node, fact.span.clone(), message)
        .level(level)
        .help(help);
}

/// True where something of the image's own reads it.
fn is_used(model: &Model<'_>, file: &ContainerFile, name: &[u8]) -> bool {
    let read = |open: &[u8]| contains(&file.text, &[open, name].concat());
    read(b"$")
        || read(b"${")
        || model
            .scripts
            .iter()
            .any(|script| contains(&script.text, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, line: &str, expected: &[&str]) {
        let text = format!(
            "== exlint.toml\n{version}\n== Dockerfile\nFROM base\n{line}\n\
             == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\necho $S6_OWN\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn names_and_values() {
        for (line, expected) in [
            (
                "ENV S6_KEEP_ENV=true",
                vec!["Dockerfile:2: warning: `S6_KEEP_ENV` cannot be `true`"],
            ),
            (
                "ENV S6_KEEP_ENV=1 S6_KEEP_ENVS=1",
                vec!["Dockerfile:2: warning: s6-overlay does not"],
            ),
            (
                "ENV S6_USE_CATCHALL_LOGGER=1",
                vec!["Dockerfile:2: warning: s6-overlay does not"],
            ),
            (
                "ENV S6_SOMETHING_ELSE=1",
                vec!["Dockerfile:2: note: s6-overlay does not read"],
            ),
            ("ENV S6_OWN=1", vec![]),
            ("ENV S6_FILE=a\nRUN tar xf $S6_FILE", vec![]),
            ("ENV S6_OVERLAY_VERSION=3.1.0.0", vec![]),
            ("ENV S6_GLOBAL_PATH=/bin", vec![]),
            ("ARG KEEP\nENV S6_KEEP_ENV=$KEEP", vec![]),
            ("ENV S6_BEHAVIOUR_IF_STAGE2_FAILS=2", vec![]),
        ] {
            check("", line, &expected);
        }
    }

    #[test]
    fn version_decides_what_is_too_new() {
        let line = "ENV S6_VERBOSITY=1";
        check("s6-overlay-version = \"3.2.0.0\"", line, &[]);
        check("", line, &[]);
        check(
            "s6-overlay-version = \"3.1.0.0\"",
            line,
            &["Dockerfile:2: warning: `S6_VERBOSITY` is read since 3.1.1.1 only"],
        );
    }

    #[test]
    fn other_images_of_a_compose_file_have_other_versions() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.1.0.0\"\n\
             == compose.yaml\nservices:\n  a:\n    image: other\n    environment:\n\
             \x20     S6_VERBOSITY: 1\n  b:\n    build: .\n    environment:\n      - S6_VERBOSITY=1\n\
             == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\n",
            &["compose.yaml:9: warning: `S6_VERBOSITY` is read since 3.1.1.1 only"],
        );
    }
}
