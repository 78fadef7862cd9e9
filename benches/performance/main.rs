//! What the toolkit costs: whole runs, side by side with the reference, with shells, and with
//! the least that the kernel asks for such work.
//!
//! Everything is measured in one run and in turns; the ratios are medians of the ratios inside
//! a round, which a busy machine moves least. All of it runs on one processor: what it costs
//! to move a process to another, which the scheduler does by chance, is more than what most of
//! these scripts take. With `--spread` it may. It is deliberately not a test: nothing here fails
//! for a time. What it does refuse is a run that does not end with 0, as there would be nothing
//! to compare then.
//!
//! ```text
//! cargo bench --bench performance -- [--rounds N] [--reference LABEL=DIR]...
//!                                    [--only TEXT] [--json FILE] [--spread]
//! ```
//!
//! Debian's package is the first reference; others are directories of commands. `--only` takes
//! the cases whose names contain a text, and leaves out growth and resources. The figures are
//! written to `target/performance.json` too, or to another file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on has nothing to show"
)]

mod cases;
mod compare;
mod contestant;
mod floor;
mod growth;
mod place;
mod resources;
#[allow(dead_code, reason = "the other half is for comparing outcomes")]
#[path = "../../tests/side_by_side/toolkit.rs"]
mod toolkit;

use compare::geometric_mean;
use contestant::Ratio;
use execline::commands::COMMANDS;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use place::{Party, Place, Shell};
use serde::Serialize;
use std::path::{Path, PathBuf};
use toolkit::Toolkit;

/// How many rounds are measured when the command line names no number.
const ROUNDS: usize = 300;

/// One in so many rounds for what grows: the large sizes take long.
const ROUNDS_FOR_GROWTH: usize = 30;

/// What the command line asks for.
struct Request {
    rounds: usize,
    references: Vec<Party>,
    only: Option<String>,
    json: PathBuf,
    spread: bool,
}

/// All figures.
#[derive(Serialize)]
struct Figures {
    rounds: usize,
    /// Whether more than one processor took part.
    spread: bool,
    references: Vec<String>,
    shells: Vec<&'static str>,
    cases: Vec<compare::Row>,
    growth: Vec<growth::Row>,
    resources: Vec<Resources>,
}

/// What one toolkit takes beside time.
#[derive(Serialize)]
struct Resources {
    toolkit: String,
    waiting_foreground: resources::Memory,
    bytes: u64,
    processes: Vec<usize>,
}

impl Request {
    fn read() -> Request {
        let target = Path::new(env!("CARGO_BIN_EXE_execline")).ancestors().nth(2);
        let mut request = Request {
            rounds: ROUNDS,
            references: vec![Party {
                label: "Debian".to_owned(),
                directory: Toolkit::reference().directory,
                is_fused: true,
            }],
            only: None,
            json: target.unwrap().join("performance.json"),
            spread: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .unwrap_or_else(|| panic!("{word} needs a value"))
            };
            match word.as_str() {
                // An option that `cargo bench` adds.
                "--bench" => {}
                "--rounds" => request.rounds = value().parse().expect("a number of rounds"),
                "--spread" => request.spread = true,
                "--only" => request.only = Some(value()),
                "--json" => request.json = value().into(),
                "--reference" => {
                    let value = value();
                    let (label, directory) = value.split_once('=').expect("LABEL=DIR");
                    let directory = PathBuf::from(directory);
                    assert!(
                        directory.join("execlineb").exists(),
                        "there is no execlineb in {}",
                        directory.display()
                    );
                    request.references.push(Party {
                        label: label.to_owned(),
                        directory,
                        is_fused: true,
                    });
                }
                _ => panic!("{word} is no option of this benchmark; its head names them"),
            }
        }
        request
    }
}

fn shells() -> Vec<Shell> {
    [
        ("dash", "/bin/dash", &["dash"][..]),
        ("busybox sh", "/bin/busybox", &["busybox", "sh"][..]),
    ]
    .into_iter()
    .filter(|(_, program, _)| Path::new(program).exists())
    .map(|(label, program, words)| Shell {
        label,
        program: program.into(),
        words,
    })
    .collect()
}

/// Keeps this process, and all that it starts, on the last processor it may run on: the first
/// one has more to do.
fn stay_on_one_processor() {
    let this = Pid::from_raw(0);
    let allowed = sched_getaffinity(this).expect("the processors");
    let last = (0..CpuSet::count())
        .rev()
        .find(|&processor| allowed.is_set(processor) == Ok(true));
    let mut one = CpuSet::new();
    one.set(last.expect("a processor to run on"))
        .expect("a number of a processor");
    sched_setaffinity(this, &one).expect("a processor");
}

fn main() {
    let request = Request::read();
    if !request.spread {
        stay_on_one_processor();
    }
    let place = Place::new();
    let shells = shells();
    let [ours, unfused] =
        [("ours", true), ("ours, unfused", false)].map(|(label, is_fused)| Party {
            label: label.to_owned(),
            directory: place.ours.clone(),
            is_fused,
        });
    let cases: Vec<_> = cases::all()
        .into_iter()
        .filter(|case| {
            request
                .only
                .as_ref()
                .is_none_or(|text| case.name.contains(text))
        })
        .collect();

    let rows: Vec<_> = cases
        .iter()
        .map(|case| {
            let references = &request.references;
            compare::measure(
                case,
                &place,
                &ours,
                &unfused,
                references,
                &shells,
                request.rounds,
            )
        })
        .collect();
    print_cases(&rows, &request.references, &shells);

    let parties: Vec<&Party> = [&ours].into_iter().chain(&request.references).collect();
    let (growth, resources) = if request.only.is_some() {
        (Vec::new(), Vec::new())
    } else {
        let growth = growth::measure(&place, &parties, request.rounds.div_ceil(ROUNDS_FOR_GROWTH));
        print_growth(&growth, &parties);
        let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        let resources = parties
            .iter()
            .map(|party| Resources {
                toolkit: party.label.clone(),
                waiting_foreground: resources::waiting_foreground(&place, party),
                bytes: resources::size(&party.directory, &names),
                processes: cases
                    .iter()
                    .map(|case| resources::processes(&place, party, case))
                    .collect(),
            })
            .collect::<Vec<_>>();
        print_resources(&resources, &cases);
        (growth, resources)
    };
    let figures = Figures {
        rounds: request.rounds,
        spread: request.spread,
        references: request
            .references
            .into_iter()
            .map(|party| party.label)
            .collect(),
        shells: shells.iter().map(|shell| shell.label).collect(),
        cases: rows,
        growth,
        resources,
    };
    let text = serde_json::to_string_pretty(&figures).unwrap();
    std::fs::write(&request.json, text + "\n").expect("a file for the figures");
    println!("The figures are in {}.", request.json.display());
}

fn print_row(cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    println!("| {} |", cells.join(" | "));
}

fn print_head(cells: &[String]) {
    print_row(cells.iter().cloned());
    print_row(
        cells
            .iter()
            .enumerate()
            .map(|(column, _)| if column == 0 { "---" } else { "---:" }.to_owned()),
    );
}

/// A column of ratios: what it is called, and where it is taken from.
type Column<'c> = (String, Box<dyn Fn(&compare::Row) -> Option<Ratio> + 'c>);

fn print_cases(rows: &[compare::Row], references: &[Party], shells: &[Shell]) {
    let mut columns: Vec<Column> = Vec::new();
    for (place, party) in references.iter().enumerate() {
        columns.push((
            format!("of {}", party.label),
            Box::new(move |row| Some(row.of_references[place])),
        ));
    }
    for (place, shell) in shells.iter().enumerate() {
        columns.push((
            format!("of {}", shell.label),
            Box::new(move |row| row.of_shells[place]),
        ));
    }
    columns.push((
        "unfused of fused".to_owned(),
        Box::new(|row| Some(row.unfused)),
    ));
    print_ratios("ours, the median in pairs", rows, &columns, |ratio| {
        ratio.median
    });
    print_ratios("ours, the least times", rows, &columns, |ratio| ratio.least);

    let mut columns: Vec<Column> = vec![
        (
            "of its spawns".to_owned(),
            Box::new(|row| Some(row.of_spawns)),
        ),
        (
            "of the floor".to_owned(),
            Box::new(|row| Some(row.of_floor)),
        ),
    ];
    for (place, party) in references.iter().enumerate() {
        columns.push((
            format!("floor of {}", party.label),
            Box::new(move |row| Some(row.floor_of_references[place])),
        ));
    }
    print_ratios("floors, the median in pairs", rows, &columns, |ratio| {
        ratio.median
    });
    print_ratios("floors, the least times", rows, &columns, |ratio| {
        ratio.least
    });
}

fn print_ratios(
    title: &str,
    rows: &[compare::Row],
    columns: &[Column],
    value: impl Fn(Ratio) -> f64,
) {
    let mut head: Vec<String> = [title, "ms"].map(String::from).into();
    head.extend(columns.iter().map(|(name, _)| name.clone()));
    print_head(&head);
    let show = |ratio: f64| format!("{ratio:.3}");
    for row in rows {
        let mut cells = vec![row.case.to_owned(), format!("{:.3}", row.milliseconds)];
        cells.extend(
            columns
                .iter()
                .map(|(_, ratio)| ratio(row).map_or_else(String::new, |ratio| show(value(ratio)))),
        );
        print_row(cells);
    }
    let mut means = vec!["geometric mean".to_owned(), String::new()];
    means.extend(
        columns
            .iter()
            .map(|(_, ratio)| show(geometric_mean(rows.iter().filter_map(ratio).map(&value)))),
    );
    print_row(means);
    println!();
}

fn print_growth(rows: &[growth::Row], parties: &[&Party]) {
    let mut head: Vec<String> = ["what grows", "size"].map(String::from).into();
    head.extend(parties.iter().map(|party| format!("{}, ms", party.label)));
    head.push("ours, ns for each more".to_owned());
    print_head(&head);
    for row in rows {
        let mut cells = vec![
            row.dimension.to_owned(),
            format!("{} {}", row.size, row.unit),
        ];
        cells.extend(
            row.milliseconds
                .iter()
                .map(|time| time.map_or_else(String::new, |time| format!("{time:.3}"))),
        );
        cells.push(
            row.nanoseconds_per_unit
                .map_or_else(String::new, |time| format!("{time:.1}")),
        );
        print_row(cells);
    }
    println!();
}

fn print_resources(all: &[Resources], cases: &[cases::Case]) {
    let mut head = vec!["what it takes".to_owned()];
    head.extend(all.iter().map(|resources| resources.toolkit.clone()));
    print_head(&head);
    let row = |name: &str, cell: &dyn Fn(&Resources) -> String| {
        print_row([name.to_owned()].into_iter().chain(all.iter().map(cell)));
    };
    row("anonymous memory of a waiting foreground, kB", &|one| {
        one.waiting_foreground.anonymous.to_string()
    });
    row("memory that is only its own, kB", &|one| {
        one.waiting_foreground.private.to_string()
    });
    row("bytes of all commands", &|one| one.bytes.to_string());
    for (place, case) in cases.iter().enumerate() {
        row(&format!("processes: {}", case.name), &|one| {
            one.processes[place].to_string()
        });
    }
    println!();
}
