//! Service directories with our commands under a real s6 supervisor: readiness,
//! restarts, finish scripts, an orderly end, and nothing left behind. The same
//! claims are made of ours fused, ours with every step executed, and the reference.
//! Deliberately not a test of single commands: those are the conformance tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "supervision/claims.rs"]
mod claims;
#[path = "supervision/deadline.rs"]
mod deadline;
#[path = "supervision/process_table.rs"]
mod process_table;
#[path = "supervision/scan_directory.rs"]
mod scan_directory;
#[path = "supervision/toolkit.rs"]
mod toolkit;
#[path = "supervision/workspace.rs"]
mod workspace;

use toolkit::Toolkit;
use workspace::Workspace;

/// Makes one claim of one toolkit, in a workspace of its own.
fn check(toolkit: Toolkit, claim: fn(&Workspace)) {
    claim(&Workspace::new(toolkit));
}

/// Each claim as a test of each toolkit.
macro_rules! claims {
    ($($claim:ident,)*) => {
        claims! { in fused of Fused: $($claim,)* }
        claims! { in unfused of Unfused: $($claim,)* }
        claims! { in reference of Reference: $($claim,)* }
    };
    (in $module:ident of $toolkit:ident: $($claim:ident,)*) => {
        mod $module {
            use super::{Toolkit, check, claims};

            $(
                #[test]
                fn $claim() {
                    check(Toolkit::$toolkit, claims::$claim);
                }
            )*
        }
    };
}

claims! {
    readiness_follows_the_agents_notification,
    dependent_service_waits_for_readiness,
    failed_agent_is_tried_again_and_not_ready,
    dependent_service_runs_unprivileged_in_its_directory,
    crashed_service_is_restarted,
    finish_tells_how_the_service_died,
    clean_stop_is_told_from_a_crash,
    staying_programs_are_all_that_is_left_of_the_scripts,
    staying_programs_inherit_what_the_reference_leaves_them,
    termination_stops_every_service_cleanly,
    script_gives_the_environment_directory_and_the_arguments,
}
