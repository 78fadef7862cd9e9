//! How cost grows with what a script holds. Linear means that the last column stays level.

use super::cases::Work;
use super::contestant::run_in_turns;
use super::place::{Party, Place};
use serde::Serialize;

/// A toolkit that needs longer than this for a size is not asked for the next, in seconds.
const PATIENCE: f64 = 1.0;

/// Something that can be made larger and larger.
struct Dimension {
    name: &'static str,
    /// What is counted.
    unit: &'static str,
    sizes: &'static [usize],
    work: fn(usize) -> String,
    /// How many variables there are in the environment beside the usual.
    variables: fn(usize) -> usize,
}

/// What a size took.
#[derive(Serialize)]
pub struct Row {
    /// What grew.
    pub dimension: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// How many there were.
    pub size: usize,
    /// Milliseconds of each toolkit, the median; `None` where it was not asked.
    pub milliseconds: Vec<Option<f64>>,
    /// Nanoseconds of ours for each unit more than at the size before.
    pub nanoseconds_per_unit: Option<f64>,
}

fn chain_of(length: usize) -> String {
    let steps: String = (0..length)
        .map(|step| format!("export NAME value-{step}\n"))
        .collect();
    format!("{steps}@NOTHING@\n")
}

fn none(_: usize) -> usize {
    0
}

const DIMENSIONS: [Dimension; 6] = [
    Dimension {
        name: "chain of exports",
        unit: "steps",
        sizes: &[10, 100, 1_000, 3_000],
        work: chain_of,
        variables: none,
    },
    Dimension {
        name: "script of comments",
        unit: "bytes",
        sizes: &[1_000, 10_000, 100_000, 1_000_000, 10_000_000],
        work: |size| {
            format!(
                "{}\n@NOTHING@\n",
                "# words of a comment, 49 bytes of it in all lines\n".repeat(size / 50)
            )
        },
        variables: none,
    },
    Dimension {
        name: "words, substituted",
        unit: "words",
        sizes: &[10, 100, 1_000, 10_000, 100_000],
        work: |size| format!("define A value\n@NOTHING@ {}\n", "${A} ".repeat(size)),
        variables: none,
    },
    Dimension {
        name: "words behind 30 exports",
        unit: "words",
        sizes: &[10, 100, 1_000, 10_000, 100_000],
        work: |size| chain_of(30).trim_end().to_owned() + &" word".repeat(size) + "\n",
        variables: none,
    },
    Dimension {
        name: "variables around 30 exports",
        unit: "variables",
        sizes: &[10, 100, 1_000, 10_000],
        work: |_| chain_of(30),
        variables: |size| size,
    },
    Dimension {
        name: "values of forx, eltest",
        unit: "values",
        sizes: &[10, 100, 1_000, 10_000, 100_000],
        work: |size| {
            format!(
                "forx v {{ {} }} importas v v eltest -n ${{v}}\n",
                "v ".repeat(size)
            )
        },
        variables: none,
    },
];

/// Measures all, with `parties` side by side; the first is ours.
pub fn measure(place: &Place, parties: &[&Party], rounds: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for dimension in &DIMENSIONS {
        let mut patient = vec![true; parties.len()];
        let mut before: Option<(usize, f64)> = None;
        for &size in dimension.sizes {
            let work = Work::Script {
                options: "-P",
                text: (dimension.work)(size),
                arguments: &[],
            };
            let variables: Vec<String> = (0..(dimension.variables)(size))
                .map(|number| format!("VARIABLE_{number}=a value of usual length"))
                .collect();
            let asked: Vec<usize> = (0..parties.len()).filter(|&party| patient[party]).collect();
            let mut all: Vec<_> = asked
                .iter()
                .map(|&party| {
                    place
                        .contestant(parties[party], &work)
                        .surrounded(&variables)
                })
                .collect();
            run_in_turns(&mut all, rounds);
            let mut milliseconds = vec![None; parties.len()];
            for (&party, contestant) in asked.iter().zip(&all) {
                milliseconds[party] = Some(contestant.median() * 1e3);
                patient[party] = contestant.median() < PATIENCE;
            }
            let ours = milliseconds[0].expect("ours is patient");
            rows.push(Row {
                dimension: dimension.name,
                unit: dimension.unit,
                size,
                milliseconds,
                nanoseconds_per_unit: before
                    .map(|(fewer, time)| (ours - time) * 1e6 / (size - fewer) as f64),
            });
            before = Some((size, ours));
            // No toolkit waits for ours to be impatient.
            patient[0] = true;
        }
    }
    rows
}
