//! `unreadable-entry`: a file or directory could not be looked at, so nothing is known of it.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{MOST_OF_SCRIPTS, Model};
use crate::rule::{Group, Rule};
use crate::tree::LARGEST;

/// The rule.
pub const RULE: Rule = Rule::new(
    "unreadable-entry",
    Group::Exlint,
    Level::Warning,
    "a file or directory could not be read",
)
.why(
    "What cannot be read cannot be checked: findings may be missing. Most often exlint runs as \
     another user than the one who owns the tree. A script of more than 1 MiB is not read, nor one \
     behind 32 MiB of others: that is a note, and bounds exlint's memory.",
)
.samples(
    "== run 0700 unreadable\n",
    "== run 0755\n#!/command/execlineb -P\nserver\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    for node in tree.all() {
        if let Some(fault) = &tree.entry(node).fault {
            findings
                .at(node, format!("it cannot be looked at: {fault}"))
                .help("run exlint as a user who may read it");
        }
    }
    for script in &model.scripts {
        let entry = tree.entry(script.node);
        if entry.size > LARGEST {
            findings
                .at(
                    script.node,
                    format!("it is not read: it is longer than {LARGEST} bytes"),
                )
                .level(Level::Note)
                .help("put what it carries into a file of its own");
        } else if let Err(fault) = entry.bytes() {
            findings
                .at(script.node, format!("it cannot be read: {fault}"))
                .help("run exlint as a user who may read it");
        }
    }
    for &node in &model.unread {
        findings
            .at(
                node,
                format!(
                    "it is not read: the scripts before it have {MOST_OF_SCRIPTS} bytes together"
                ),
            )
            .level(Level::Note)
            .help("give exlint a part of the tree");
    }
}
