//! `unused-suppression`: a comment allows what nobody finds. What finds it is `suppression`,
//! which sees what every rule found.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unused-suppression",
    Group::Exlint,
    Level::Note,
    "a comment allows something that is not there",
)
.why(
    "The reason for it is gone, or the rule's name is misspelt and the comment never did \
     anything. Left in place it hides the next mistake.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\n# exlint: allow dead-words it ends here\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nserver\n",
)
.image(check);

fn check(_: &Model<'_>, _: &mut Findings<'_>) {}
