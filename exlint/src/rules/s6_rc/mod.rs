//! Rules about s6-rc source directories, a file each.

pub mod broken_pipeline;
pub mod bundle_written_at_boot;
pub mod bundles_in_two_places;
pub mod daemon_in_oneshot;
pub mod dangling_link;
pub mod dependency_cycle;
pub mod down_after_failed_up;
pub mod duplicate_definition;
pub mod early_user2_service;
pub mod file_of_another_type;
pub mod ignored_down_file;
pub mod ignored_list;
pub mod ignored_log_directory;
pub mod invalid_number_file;
pub mod invalid_type;
pub mod misplaced_user_bundle;
pub mod missing_base_dependency;
pub mod missing_contents;
pub mod missing_preparation_dependency;
pub mod missing_run;
pub mod missing_type;
pub mod missing_up;
pub mod misspelt_directory;
pub mod misspelt_file;
pub mod mistaken_file_kind;
mod names;
mod reach;
pub mod readiness_in_oneshot;
pub mod services_behind_oneshot;
pub mod shell_in_up;
pub mod started_twice;
pub mod undefined_content;
pub mod undefined_dependency;
mod undefined_name;
pub mod unreachable_service;
pub mod unsuitable_name;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &broken_pipeline::RULE,
    &bundle_written_at_boot::RULE,
    &bundles_in_two_places::RULE,
    &daemon_in_oneshot::RULE,
    &dangling_link::RULE,
    &dependency_cycle::RULE,
    &down_after_failed_up::RULE,
    &duplicate_definition::RULE,
    &early_user2_service::RULE,
    &file_of_another_type::RULE,
    &ignored_down_file::RULE,
    &ignored_list::RULE,
    &ignored_log_directory::RULE,
    &invalid_number_file::RULE,
    &invalid_type::RULE,
    &misplaced_user_bundle::RULE,
    &missing_base_dependency::RULE,
    &missing_contents::RULE,
    &missing_preparation_dependency::RULE,
    &missing_run::RULE,
    &missing_type::RULE,
    &missing_up::RULE,
    &misspelt_directory::RULE,
    &misspelt_file::RULE,
    &mistaken_file_kind::RULE,
    &readiness_in_oneshot::RULE,
    &services_behind_oneshot::RULE,
    &shell_in_up::RULE,
    &started_twice::RULE,
    &undefined_content::RULE,
    &undefined_dependency::RULE,
    &unreachable_service::RULE,
    &unsuitable_name::RULE,
];
