//! Rules about service directories and what their scripts do, a file each.

pub mod errors_not_logged;
pub mod invalid_down_signal;
pub mod logger_cannot_write;
pub mod logger_without_run;
pub mod misread_finish_arguments;
pub mod notifyoncheck_in_another_directory;
pub mod notifyoncheck_without_notification_fd;
pub mod polling_start;
pub mod readiness_never_notified;
pub mod run_time_state;
pub mod self_daemonizing_program;
pub mod service_name_as_argument;
pub mod service_names;
pub mod sibling_file_not_copied;
pub mod slow_finish;
pub mod stray_entry;
pub mod svwait_without_readiness;
pub mod unknown_account;
pub mod unknown_service;
pub mod unsuited_notification_fd;
pub mod unsuited_stop_signal;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &errors_not_logged::RULE,
    &invalid_down_signal::RULE,
    &logger_cannot_write::RULE,
    &logger_without_run::RULE,
    &misread_finish_arguments::RULE,
    &notifyoncheck_in_another_directory::RULE,
    &notifyoncheck_without_notification_fd::RULE,
    &polling_start::RULE,
    &readiness_never_notified::RULE,
    &run_time_state::RULE,
    &self_daemonizing_program::RULE,
    &service_name_as_argument::RULE,
    &sibling_file_not_copied::RULE,
    &slow_finish::RULE,
    &stray_entry::RULE,
    &svwait_without_readiness::RULE,
    &unknown_account::RULE,
    &unknown_service::RULE,
    &unsuited_notification_fd::RULE,
    &unsuited_stop_signal::RULE,
];
