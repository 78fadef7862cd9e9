//! `hook-not-executable`: a script in `cont-init.d` or `cont-finish.d` that nobody may execute.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::leftover::is_leftover;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::Language;

/// The rule.
pub const RULE: Rule = Rule::new(
    "hook-not-executable",
    Group::Start,
    Level::Error,
    "a script in cont-init.d or cont-finish.d is not executable",
)
.why(
    "s6-overlay executes each file in these directories. Without the mode bit that fails with \
     \"Permission denied\", exit code 126, and the container goes on without what the script \
     sets up. Version 2 made the files executable at boot; version 3 does not.",
)
.samples(
    "== etc/cont-init.d/10-directories 0644\n#!/command/with-contenv sh\nmkdir -p /data/cache\n",
    "== etc/cont-init.d/10-directories 0755\n#!/command/with-contenv sh\nmkdir -p /data/cache\n",
)
.fix("a script in these directories has no other use than to be executed")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let is_hook = matches!(script.role, Role::InitHook | Role::FinishHook);
    let entry = model.tree.entry(script.node);
    if !is_hook || entry.is_executable() || model.overlay.generation == Some(2) {
        return;
    }
    // Text that nobody wrote as a script does not become one by its mode.
    if script.language == Language::Unknown && is_leftover(model.tree.name(script.entry))
        || model.sets_modes()
    {
        return;
    }
    let found = findings
        .at(
            script.node,
            "this script is not executable, so it does not run",
        )
        .help("make it executable: chmod +x")
        .make_executable("make the script executable");
    // Version 2 would repair it.
    if model.overlay.generation.is_none() {
        found.level(Level::Warning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn mode_counts_from_version_3_on() {
        let script = "\n#!/bin/sh\ntrue\n";
        for (file, expected) in [
            ("== etc/cont-init.d/1 0644", Some("error")),
            ("== etc/cont-finish.d/1 0644", Some("error")),
            ("== etc/cont-init.d/1.sh 0700", None),
            ("== etc/cont-init.d/.gitkeep 0644", None),
        ] {
            let text = format!("== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n{file}{script}");
            let path = file.split(' ').nth(1).unwrap_or_default();
            let expected = expected.map(|level| format!("{path}: {level}: this script"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            sampling::check(&RULE, &text, &expected);
        }
        let file = "== etc/cont-init.d/1 0644\n#!/bin/sh\ntrue\n";
        sampling::check(&RULE, file, &["etc/cont-init.d/1: warning: this script"]);
        let version_2 = format!("== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n{file}");
        sampling::check(&RULE, &version_2, &[]);
    }

    #[test]
    fn modes_that_the_build_sets_are_not_seen() {
        let hook = "== rootfs/etc/cont-init.d/1 0644\n#!/command/with-contenv sh\ntrue\n";
        for from in ["scratch", "ghcr.io/linuxserver/baseimage-alpine:3.20"] {
            let text = format!("== Dockerfile\nFROM {from}\nCOPY rootfs/ /\n{hook}");
            sampling::check(&RULE, &text, &[]);
        }
        for (line, expected) in [
            ("COPY --chmod=0755 rootfs /", 0),
            ("RUN chmod +x /etc/cont-init.d/*", 0),
            ("RUN chmod 0600 /srv/key", 1),
            ("COPY rootfs /", 1),
        ] {
            let text = format!("== Dockerfile\nFROM alpine\n{line}\n{hook}");
            let expected = vec!["rootfs/etc/cont-init.d/1: error: this script"; expected];
            sampling::check(&RULE, &text, &expected);
        }
    }

    #[test]
    fn notes_are_no_scripts() {
        let text = "== etc/cont-init.d/README.md\nNotes\n== etc/cont-init.d/1 0755\n#!/bin/sh\n";
        sampling::check(&RULE, text, &[]);
    }
}
