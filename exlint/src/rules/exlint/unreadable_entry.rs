//! `unreadable-entry`: a file or directory could not be looked at, so nothing is known of it.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unreadable-entry",
    Group::Exlint,
    Level::Warning,
    "a file or directory could not be read",
)
.why(
    "What cannot be read cannot be checked: findings may be missing. Most often exlint runs as \
     another user than the one who owns the tree.",
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
        if let Err(fault) = tree.entry(script.node).bytes() {
            findings
                .at(script.node, format!("it cannot be read: {fault}"))
                .help("run exlint as a user who may read it");
        }
    }
}
