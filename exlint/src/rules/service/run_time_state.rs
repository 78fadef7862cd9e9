//! `run-time-state`: what s6 makes while it runs is part of the image.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "run-time-state",
    Group::Service,
    Level::Warning,
    "what s6 makes while it runs is part of the image",
)
.why(
    "`supervise` and `event` in a service directory hold the state, the lock and the pipes of a \
     service that runs, and the directories of s6 below /run that of a container that runs. \
     Copied into an image they are taken for the state of the new one: stale process numbers, \
     wrong owners, pipes that became files.",
)
.samples(
    "== services/web/run 0755\n#!/bin/sh\nexec web\n== services/web/supervise/status\nx\n",
    "== services/web/run 0755\n#!/bin/sh\nexec web\n",
)
.image(check);

/// What s6-overlay makes at boot.
const AT_BOOT: [&str; 5] = [
    "/run/s6",
    "/run/s6-rc",
    "/run/service",
    "/run/s6-linux-init-container-results",
    "/run/uncaught-logs",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    for service in &model.services {
        for name in ["supervise", "event"] {
            let Some(node) = tree.child(service.directory, name.as_bytes()) else {
                continue;
            };
            // A link, and a directory for a mount, are prepared on purpose.
            if tree.is_directory(node) && !tree.children(node).is_empty() {
                let found = findings.at(
                    node,
                    format!(
                        "`{name}` is the state of a service that runs, not a part of `{}`",
                        String::from_utf8_lossy(&service.name)
                    ),
                );
                let found = if service.is_longrun() {
                    // s6-rc-compile does not copy it.
                    found.level(Level::Note)
                } else {
                    found
                };
                found.help("remove it from the image, and keep it out of what is copied there");
            }
        }
    }
    if !model.overlay.is_present || !model.overlay.may_be_v3() {
        return;
    }
    for place in AT_BOOT {
        let Some(node) = tree.absolute(place.as_bytes()).found() else {
            continue;
        };
        if tree.is_directory(node) && !tree.children(node).is_empty() {
            findings
                .at(
                    node,
                    format!("`{place}` is made at boot, not shipped in the image"),
                )
                .help("remove it from the image; what is to be there is made by a script at boot");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn state_is_what_a_directory_holds() {
        let check = |files: &str, expected: &[&str]| {
            let text = format!("== s/web/run 0755\n#!/bin/sh\nexec web\n{files}");
            sampling::check(&RULE, &text, expected);
        };
        check("== s/web/supervise -> /run/supervise/web\n", &[]);
        check("== s/web/supervise/\n", &[]);
        check("== s/web/data/supervise/x\n", &[]);
        check(
            "== s/web/event/ftrig1\n",
            &["s/web/event: warning: `event` is the state"],
        );
        check(
            "== s/web/type\nlongrun\n== s/web/supervise/lock\n",
            &["s/web/supervise: note: `supervise` is the state"],
        );
    }

    #[test]
    fn run_belongs_to_the_boot() {
        let found = ["run/s6: warning: `/run/s6` is made at boot"];
        let file = "== run/s6/container_environment/A\nx\n";
        let overlay = "== etc/services.d/web/run 0755\n#!/bin/sh\nexec web\n";
        sampling::check(&RULE, &format!("{overlay}{file}"), &found);
        let plain = "== etc/passwd\n";
        sampling::check(&RULE, &format!("{plain}{file}"), &[]);
        sampling::check(&RULE, &format!("{overlay}== run/web/x\n"), &[]);
    }
}
