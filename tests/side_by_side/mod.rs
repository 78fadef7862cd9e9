//! Runs one case on two toolkits side by side: this project's program, fused
//! and unfused, and an installed reference.
//!
//! A case is data: what is run, in which surroundings, and what comes out.
//! The expectation in the case is the judge; the reference is run to show that
//! the expectation is a fact about it and not an opinion of ours.
//!
//! This is deliberately not a recorder. Nothing here writes an expectation.
//! To check every expectation against a newer reference than the installed one:
//!
//! ```text
//! EXECLINE_REFERENCE=DIR EXECLINE_REFERENCE_VERSION=2.9.9.2 cargo test --test conformance
//! ```
//!
//! where DIR holds that version's commands. Without these variables the
//! reference is Debian's: the packages `execline` and `s6`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

pub mod case;
mod report;
mod run;
pub mod toolkit;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;
use report::Difference;
use toolkit::Toolkit;

/// Runs every case of one area on every toolkit it is about, all cases before
/// the verdict, and panics with all differences at once.
pub fn check(area: &str, cases: &[Case]) {
    assert!(
        !cases.is_empty(),
        "{area}: there are no cases, so nothing was checked"
    );
    run::keep_descriptors_private();
    // The mode of created files is part of what is compared.
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));

    let installed = tempfile::tempdir().expect("a directory for the links of our commands");
    let fused = Toolkit::ours(installed.path(), true);
    let unfused = Toolkit::ours(installed.path(), false);
    let reference = Toolkit::reference();

    let mut work: Vec<(&Case, &Toolkit)> = Vec::new();
    let mut compared = 0;
    for case in cases {
        work.push((case, &fused));
        work.push((case, &unfused));
        if case.holds_for(&reference) {
            work.push((case, &reference));
            compared += 1;
        }
    }

    let next = AtomicUsize::new(0);
    let differences: Mutex<Vec<(usize, Difference)>> = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((case, toolkit)) = work.get(at) else {
                        return;
                    };
                    let outcome = run::run(case, toolkit);
                    if let Some(difference) = report::compare(case, toolkit, &outcome) {
                        differences.lock().unwrap().push((at, difference));
                    }
                }
            });
        }
    });

    let mut differences = differences.into_inner().unwrap();
    differences.sort_by_key(|(at, _)| *at);
    let differences: Vec<Difference> = differences.into_iter().map(|(_, d)| d).collect();
    println!(
        "{area}: {} cases, {compared} of them compared with the reference",
        cases.len()
    );
    assert!(
        differences.is_empty(),
        "{}",
        report::summary(area, cases.len(), &differences)
    );
}
