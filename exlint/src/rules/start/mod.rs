//! Rules about how scripts are started, a file each: first lines, modes, interpreters, and
//! what a shell does with signals.

pub mod absolute_path_to_command;
pub mod carriage_return_in_shebang;
pub mod container_environment_not_loaded;
mod errands;
pub mod hook_not_executable;
pub mod missing_interpreter;
pub mod missing_program;
pub mod missing_readiness_check;
pub mod missing_shebang;
pub mod outdated_interpreter_path;
pub mod path_relative_to_workdir;
pub mod run_not_executable;
pub mod several_interpreter_arguments;
pub mod shell_dialect_mismatch;
pub mod shell_pipeline_as_daemon;
pub mod shell_without_exec;
pub mod sourced_with_contenv;
pub mod up_script_not_executable;
pub mod wrapper_without_exec;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &absolute_path_to_command::RULE,
    &carriage_return_in_shebang::RULE,
    &container_environment_not_loaded::RULE,
    &hook_not_executable::RULE,
    &missing_interpreter::RULE,
    &missing_program::RULE,
    &missing_readiness_check::RULE,
    &missing_shebang::RULE,
    &outdated_interpreter_path::RULE,
    &path_relative_to_workdir::RULE,
    &run_not_executable::RULE,
    &several_interpreter_arguments::RULE,
    &shell_dialect_mismatch::RULE,
    &shell_pipeline_as_daemon::RULE,
    &shell_without_exec::RULE,
    &sourced_with_contenv::RULE,
    &up_script_not_executable::RULE,
    &wrapper_without_exec::RULE,
];
