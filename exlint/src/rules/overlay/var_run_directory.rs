//! `var-run-directory`: files below `/var/run`, which s6-overlay replaces by a link at boot.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};
use crate::tree::{NodeId, Tree};

/// The rule.
pub const RULE: Rule = Rule::new(
    "var-run-directory",
    Group::Overlay,
    Level::Warning,
    "/var/run is a directory with something in it",
)
.why(
    "s6-overlay 3 wants /var/run to be a link to /run. Where it is a directory, it is removed at \
     boot with all that is in it, and what is looked for there is not found.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n\
     == var/run/mysqld/ 0755\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\nmkdir -p /run/mysqld\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    if model.overlay.generation != Some(3) {
        return;
    }
    let Some(directory) = var_run(tree).filter(|&node| tree.is_directory(node)) else {
        return;
    };
    let lost = tree
        .children(directory)
        .iter()
        .find(|&&child| !tree.name(child).starts_with(b".") && tree.is_given(child));
    if let Some(&lost) = lost {
        let name = String::from_utf8_lossy(tree.name(lost)).into_owned();
        findings
            .at(
                directory,
                format!("s6-overlay removes `/var/run/{name}` at boot"),
            )
            .help(format!(
                "make /run/{name} in a oneshot or in cont-init.d, as /run is empty at boot, and \
                 leave /var/run a link to /run"
            ));
    }
}

/// The directory or link itself.
fn var_run(tree: &Tree) -> Option<NodeId> {
    let var = tree.absolute(b"/var").found()?;
    tree.child(var, b"run")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn links_and_empty_directories_are_fine() {
        for run in [
            "var/run -> /run\n== run/mysqld/",
            "var/run/",
            "var/run/.keep",
        ] {
            let text = format!(
                "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
                 == etc/cont-init.d/1 0755\n#!/bin/sh\n== {run}\n"
            );
            sampling::check(&RULE, &text, &[]);
        }
        sampling::check(
            &RULE,
            "== etc/cont-init.d/1 0755\n#!/bin/sh\n== var/run/a/\n",
            &[],
        );
    }
}
