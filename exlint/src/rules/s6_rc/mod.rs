//! Rules about s6-rc source directories, a file each.

pub mod broken_pipeline;
pub mod dangling_link;
pub mod dependency_cycle;
pub mod duplicate_definition;
pub mod file_of_another_type;
pub mod ignored_down_file;
pub mod ignored_list;
pub mod ignored_log_directory;
pub mod invalid_number_file;
pub mod invalid_type;
pub mod missing_contents;
pub mod missing_run;
pub mod missing_type;
pub mod missing_up;
pub mod misspelt_directory;
pub mod misspelt_file;
pub mod mistaken_file_kind;
mod names;
pub mod readiness_in_oneshot;
pub mod undefined_content;
pub mod undefined_dependency;
mod undefined_name;
pub mod unsuitable_name;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &broken_pipeline::RULE,
    &dangling_link::RULE,
    &dependency_cycle::RULE,
    &duplicate_definition::RULE,
    &file_of_another_type::RULE,
    &ignored_down_file::RULE,
    &ignored_list::RULE,
    &ignored_log_directory::RULE,
    &invalid_number_file::RULE,
    &invalid_type::RULE,
    &missing_contents::RULE,
    &missing_run::RULE,
    &missing_type::RULE,
    &missing_up::RULE,
    &misspelt_directory::RULE,
    &misspelt_file::RULE,
    &mistaken_file_kind::RULE,
    &readiness_in_oneshot::RULE,
    &undefined_content::RULE,
    &undefined_dependency::RULE,
    &unsuitable_name::RULE,
];
