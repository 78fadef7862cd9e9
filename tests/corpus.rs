//! The scripts of `corpus/scripts`, written as services write theirs, on ours and on the
//! reference: each does what the comments at its head say.
//!
//! The head is the expectation, so that a script and what comes of it are read together.
//! After `#`, lines of these forms are obeyed; all others are prose:
//!
//! | line | meaning |
//! | --- | --- |
//! | `Arguments: WORDS` | the script's arguments; double quotes keep spaces |
//! | `Environment: KEY=VALUE` | a variable |
//! | `File NAME: LINE` | a line of a file that is there before |
//! | `Prints: LINE` | a line of standard output |
//! | `Says: LINE` | a line of standard error |
//! | `Leaves NAME: LINE` | a line of a file that is new or changed afterwards |
//! | `Ends with: CODE` | the exit code, where it is not 0 |
//!
//! It deliberately holds no expectation of its own, and no script that behaves differently
//! on an older reference: such facts are `conformance`'s.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[allow(
    dead_code,
    reason = "these cases are read from scripts, not from tables"
)]
mod side_by_side;

use side_by_side::case::{Case, Ending, Files, Program};
use std::path::Path;

/// The name a script has in the directory it runs in.
const SCRIPT: &str = "script";

#[test]
fn each_script_does_what_its_head_says() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/scripts");
    let mut cases: Vec<Case> = std::fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| case(&entry.expect("an entry of the corpus").path()))
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    side_by_side::check("corpus", &cases);
}

/// The script in `file` and what its head says of it.
fn case(file: &Path) -> Case {
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (shebang, body) = text.split_once('\n').unwrap_or_default();
    let mut interpreter = shebang.split(' ');
    assert_eq!(
        interpreter.next(),
        Some("#!/command/execlineb"),
        "{name} is a script"
    );
    let mut argv = vec![b"execlineb".to_vec()];
    argv.extend(interpreter.map(Vec::from));
    argv.push(SCRIPT.into());

    let mut case = Case {
        name,
        program: Program::Argv(Vec::new()),
        env: Vec::new(),
        stdin: None,
        files: Files::new(),
        stdout: Vec::new(),
        stderr: Vec::new(),
        ending: Ending::Code(0),
        after: Files::new(),
        gone: Vec::new(),
        unordered: false,
        since: None,
        deviation: None,
    };
    let mut prose = 0;
    for line in body.lines().map_while(|line| line.strip_prefix("# ")) {
        let (what, value) = line.split_once(": ").unwrap_or((line, ""));
        let (kind, object) = what.split_once(' ').unwrap_or((what, ""));
        match (kind, object) {
            ("Arguments", "") => argv.extend(words(value)),
            ("Environment", "") => {
                let (key, value) = value.split_once('=').expect("KEY=VALUE");
                case.env.push((key.into(), value.into()));
            }
            ("Prints", "") => append(&mut case.stdout, value),
            ("Says", "") => append(&mut case.stderr, value),
            ("File", file) => append(case.files.entry(file.to_owned()).or_default(), value),
            ("Leaves", file) => append(case.after.entry(file.to_owned()).or_default(), value),
            ("Ends", "with") => case.ending = Ending::Code(value.parse().expect("a code")),
            _ => prose += 1,
        }
    }
    assert!(prose > 0, "{} says what it shows", case.name);
    case.files.insert(SCRIPT.to_owned(), text.into_bytes());
    case.program = Program::Argv(argv);
    case
}

/// Adds a line to `text`.
fn append(text: &mut Vec<u8>, line: &str) {
    text.extend_from_slice(line.as_bytes());
    text.push(b'\n');
}

/// Words apart by spaces, except between double quotes.
fn words(text: &str) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').expect("a second quote"),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.into());
        rest = behind.trim_start();
    }
    words
}
