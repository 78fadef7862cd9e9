//! Rules about how an image is put together and started, a file each.

pub mod command_without_environment;
pub mod commands_not_in_path;
pub mod image_command_not_executable;
pub mod incomplete_overlay;
pub mod init_not_first_process;
pub mod root_step_without_root;
pub mod run_directory_of_root;
pub mod shadowed_bin_directory;
pub mod suexec_without_setuid;
pub mod swallowed_init_failure;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &command_without_environment::RULE,
    &commands_not_in_path::RULE,
    &image_command_not_executable::RULE,
    &incomplete_overlay::RULE,
    &init_not_first_process::RULE,
    &root_step_without_root::RULE,
    &run_directory_of_root::RULE,
    &shadowed_bin_directory::RULE,
    &suexec_without_setuid::RULE,
    &swallowed_init_failure::RULE,
];
