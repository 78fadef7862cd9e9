//! The program `exlint`: its command line and its exit code. The work is in the library.

use clap::Parser;
use exlint::cli::Arguments;
use exlint::report::visible_lines;
use exlint::work::{self, Verdict};
use std::io::Write;
use std::process::ExitCode;

/// It could not do its work. clap ends with the same on a wrong command line.
const FAILED: u8 = 2;

/// As many characters are shown of the beginning and of the end of a message.
const SHOWN: usize = 1000;

/// A configuration can have lines that nobody wants to see whole.
fn shortened(message: &str) -> String {
    let count = message.chars().count();
    if count <= 2 * SHOWN {
        return message.to_owned();
    }
    let beginning = message.chars().take(SHOWN);
    let end = message.chars().skip(count - SHOWN);
    beginning.chain(" ... ".chars()).chain(end).collect()
}

fn main() -> ExitCode {
    match work::run(&Arguments::parse()) {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::FAILURE,
        Ok(Verdict::Failed) => ExitCode::from(FAILED),
        Err(error) => {
            let error = shortened(&error);
            let _ = writeln!(std::io::stderr(), "exlint: {}", visible_lines(&error));
            ExitCode::from(FAILED)
        }
    }
}
