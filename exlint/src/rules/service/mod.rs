//! The rules of this group, a file each.

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[];
