//! Rules about how scripts are started, a file each: first lines, modes, interpreters, and
//! what a shell does with signals.

pub mod carriage_return_in_shebang;
mod errands;
pub mod hook_not_executable;
pub mod leftover;
pub mod missing_shebang;
pub mod run_not_executable;
pub mod several_interpreter_arguments;
pub mod shell_pipeline_as_daemon;
pub mod shell_without_exec;
pub mod sourced_with_contenv;
pub mod up_script_not_executable;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &carriage_return_in_shebang::RULE,
    &hook_not_executable::RULE,
    &missing_shebang::RULE,
    &run_not_executable::RULE,
    &several_interpreter_arguments::RULE,
    &shell_pipeline_as_daemon::RULE,
    &shell_without_exec::RULE,
    &sourced_with_contenv::RULE,
    &up_script_not_executable::RULE,
];
