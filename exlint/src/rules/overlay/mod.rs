//! Rules about the conventions of s6-overlay, a file each, and what they share.

pub mod database_edited_at_boot;
pub mod deprecated_fix_attrs;
mod fix_attrs;
pub mod ineffective_path_setting;
pub mod lost_environment;
pub mod newline_in_container_environment;
pub mod outdated_overlay_path;
mod removal;
pub mod removed_s6_test;
pub mod skipped_fix_attrs_line;
pub mod start_up_timeout;
pub mod unknown_overlay_variable;
pub mod var_run_directory;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &database_edited_at_boot::RULE,
    &deprecated_fix_attrs::RULE,
    &ineffective_path_setting::RULE,
    &lost_environment::RULE,
    &newline_in_container_environment::RULE,
    &outdated_overlay_path::RULE,
    &removed_s6_test::RULE,
    &skipped_fix_attrs_line::RULE,
    &start_up_timeout::RULE,
    &unknown_overlay_variable::RULE,
    &var_run_directory::RULE,
];
