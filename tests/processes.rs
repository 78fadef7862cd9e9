//! How many processes the work takes: never more than the reference makes, and as few as the
//! work can be done with. The work is what the benchmark measures; every process that comes to
//! be is counted, the first one included.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![allow(dead_code, reason = "the other half is for measuring")]

#[path = "../benches/performance/cases.rs"]
mod cases;
#[path = "../benches/performance/contestant.rs"]
mod contestant;
#[path = "../benches/performance/floor.rs"]
mod floor;
#[path = "../benches/performance/place.rs"]
mod place;
#[path = "../benches/performance/resources.rs"]
mod resources;
#[path = "side_by_side/toolkit.rs"]
mod toolkit;

use place::{Party, Place};
use std::path::PathBuf;
use toolkit::Toolkit;

fn party(label: &str, directory: PathBuf, is_fused: bool) -> Party {
    Party {
        label: label.to_owned(),
        directory,
        is_fused,
    }
}

#[test]
fn work_takes_as_few_processes_as_it_can_and_never_more_than_upstream() {
    let place = Place::new();
    let fused = party("fused", place.ours.clone(), true);
    let unfused = party("unfused", place.ours.clone(), false);
    let reference = party("reference", Toolkit::reference().directory, true);
    let mut faults = Vec::new();
    for case in cases::all() {
        let [ours, executed, theirs] =
            [&fused, &unfused, &reference].map(|party| resources::processes(&place, party, &case));
        if ours != case.processes || ours > theirs || executed > theirs {
            faults.push(format!(
                "{}: needs {}, fused {ours}, unfused {executed}, reference {theirs}",
                case.name, case.processes
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
