//! Finds what would break at boot in execline scripts, service directories and the trees
//! around them, by reading only.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a test that cannot go on has failed"
    )
)]

pub mod bar;
pub mod bytes;
pub mod cli;
pub mod completions;
pub mod config;
pub mod container;
pub mod explanation;
pub mod finding;
pub mod findings;
pub mod fix;
pub mod inspection;
pub mod level;
pub mod lint;
pub mod model;
pub mod nearest;
pub mod overlay;
pub mod programs;
pub mod report;
pub mod rule;
pub mod rules;
pub mod script;
pub mod shell;
pub mod suppression;
pub mod tree;
pub mod work;
