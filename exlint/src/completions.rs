//! What `--completions` prints: a script for a shell, with the names of the rules in it.
//! Deliberately the rules are no possible values for the program itself: of a name that is
//! wrong it says which was meant, instead of listing them all.

use crate::cli::Arguments;
use crate::rules;
use clap::CommandFactory;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_complete::Shell;

/// The script for this shell.
pub fn script(shell: Shell) -> String {
    let names = rules::all()
        .into_iter()
        .map(|rule| PossibleValue::new(rule.name).help(rule.summary))
        .collect::<Vec<_>>();
    let mut command = Arguments::command().mut_arg("explain", |explain| {
        explain.value_parser(PossibleValuesParser::new(names))
    });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "exlint", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    // With two colons zsh would take every word behind the first path for a path.
    script.replace("'*::paths ", "'*:paths ")
}
