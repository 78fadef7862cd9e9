//! The program `exlint`: its command line and its exit code. The work is in the library.

use clap::Parser;
use exlint::cli::Arguments;
use exlint::report::visible_lines;
use exlint::work::{self, Verdict};
use std::io::Write;
use std::process::ExitCode;

/// It could not do its work. clap ends with the same on a wrong command line.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    match work::run(&Arguments::parse()) {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::FAILURE,
        Ok(Verdict::Failed) => ExitCode::from(FAILED),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "exlint: {}", visible_lines(&error));
            ExitCode::from(FAILED)
        }
    }
}
