//! The cases, side by side: every toolkit, the shells and the floors in each round.

use super::cases::Case;
use super::contestant::{Contestant, Ratio, run_in_turns};
use super::place::{Party, Place, Shell};
use serde::Serialize;

/// What a case took.
#[derive(Serialize)]
pub struct Row {
    /// The case.
    pub case: &'static str,
    /// How many processes the work needs.
    pub processes: usize,
    /// Milliseconds of ours, the median.
    pub milliseconds: f64,
    /// Ours with every step executed, as a part of ours.
    pub unfused: Ratio,
    /// Ours as a part of as many bare spawns as the work needs processes.
    pub of_spawns: Ratio,
    /// Ours as a part of the floor: an assembly program that makes the same processes and
    /// executions, and does nothing else.
    pub of_floor: Ratio,
    /// Ours as a part of each reference.
    pub of_references: Vec<Ratio>,
    /// The floor as a part of each reference.
    pub floor_of_references: Vec<Ratio>,
    /// Ours as a part of each shell; `None` where a shell cannot do it.
    pub of_shells: Vec<Option<Ratio>>,
}

/// Measures a case.
pub fn measure(
    case: &Case,
    place: &Place,
    ours: &Party,
    unfused: &Party,
    references: &[Party],
    shells: &[Shell],
    rounds: usize,
) -> Row {
    let nothing = place.floor.nothing.to_str().expect("a path in UTF-8");
    let environment = ours.environment();
    let count = (case.processes - 1).to_string();
    let floor_program = place.floor.floor.to_str().expect("a path in UTF-8");
    let mut bare = vec!["floor", count.as_str(), nothing];
    for _ in 1..case.becomes {
        bare.extend([floor_program, "0", nothing]);
    }
    if case.becomes > 0 {
        bare.push(nothing);
    }
    let mut all = vec![
        place.contestant(ours, &case.work),
        place.contestant(unfused, &case.work),
        Contestant::new(&place.floor.nothing, &["nothing"], &environment).repeated(case.processes),
        Contestant::new(&place.floor.floor, &bare, &environment),
    ];
    let [one, executed, spawns, floor] = [0, 1, 2, 3];
    let first_reference = all.len();
    all.extend(
        references
            .iter()
            .map(|party| place.contestant(party, &case.work)),
    );
    let first_shell = all.len();
    if !case.shell.is_empty() {
        let script = place.file(&case.shell);
        for shell in shells {
            let mut words = shell.words.to_vec();
            words.push(&script);
            // What the finish script of the cases is given.
            words.push("111");
            all.push(Contestant::new(&shell.program, &words, &environment));
        }
    }
    run_in_turns(&mut all, rounds);
    let ours = &all[one];
    Row {
        case: case.name,
        processes: case.processes,
        milliseconds: ours.median() * 1e3,
        unfused: all[executed].ratio(ours),
        of_spawns: ours.ratio(&all[spawns]),
        of_floor: ours.ratio(&all[floor]),
        of_references: all[first_reference..first_shell]
            .iter()
            .map(|other| ours.ratio(other))
            .collect(),
        floor_of_references: all[first_reference..first_shell]
            .iter()
            .map(|other| all[floor].ratio(other))
            .collect(),
        of_shells: (0..shells.len())
            .map(|shell| all.get(first_shell + shell).map(|other| ours.ratio(other)))
            .collect(),
    }
}

/// The geometric mean.
pub fn geometric_mean(ratios: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = ratios.fold((0.0, 0.0), |(sum, count), ratio| {
        (sum + ratio.ln(), count + 1.0)
    });
    f64::exp(sum / count)
}
