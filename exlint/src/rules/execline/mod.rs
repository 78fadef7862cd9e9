//! Rules about the text of execline scripts, a file each.

pub mod loader_without_program;
pub mod syntax_error;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[&loader_without_program::RULE, &syntax_error::RULE];
