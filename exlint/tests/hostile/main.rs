//! Trees that nobody means well with, or that nobody meant at all: whatever is in them, the
//! program ends in time with one of its exit codes, writes what machines can read and terminals
//! can show, and reads nothing but what it was given. What rules find is not asked here.
//!
//! `EXLINT_CASES=1000` tries more of what is made up at random.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod bounds;
mod growth;
mod killed;
mod outside;
mod plant;
mod random;
mod run;
mod shapes;
mod texts;
mod trace;
mod writing;

/// How many cases of a kind are tried.
fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("EXLINT_CASES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(usual)
}
