//! Rules about exlint's own work, a file each.

pub mod unreadable_entry;
pub mod unused_suppression;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[&unreadable_entry::RULE, &unused_suppression::RULE];
