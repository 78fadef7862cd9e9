//! What must hold of any input: a function for each claim, which panics where it finds the
//! claim broken. The fuzz targets call them with what libFuzzer makes up, and a test of exlint
//! with what they were broken by once. Nothing is drawn at random here, and nothing is executed.
//!
//! Inputs are texts that people can read and write, so that a broken one can be kept as a file
//! that still means the same when a property has changed; each module says what they look like.

pub mod configuration;
pub mod containers;
pub mod envfile;
pub mod expressions;
pub mod fixes;
pub mod fnmatch;
pub mod git_index;
pub mod globbing;
pub mod lexing;
pub mod options;
mod oracle;
pub mod quoting;
pub mod random_trees;
pub mod regex;
mod samples;
pub mod scripts;
pub mod splitting;
pub mod substitution;
pub mod suppressions;
pub mod trees;

/// The models that the properties of the runtime have too.
#[path = "../../tests/properties/value_models.rs"]
mod value_models;

/// A claim about inputs.
pub type Property = fn(&[u8]);

/// Each fuzz target by its name.
pub const TARGETS: &[(&str, Property)] = &[
    ("configuration", configuration::is_read),
    ("dockerfiles", containers::dockerfile_is_read),
    ("envfile", envfile::survives),
    ("execline_scripts", scripts::execline_is_read),
    ("expressions", expressions::agrees),
    ("fixes", fixes::settle),
    ("fnmatch", fnmatch::agrees),
    ("git_index", git_index::is_read),
    ("globbing", globbing::agrees),
    ("lexing", lexing::tiles),
    ("options", options::agree),
    ("quoting", quoting::survives),
    ("random_trees", random_trees::are_survived),
    ("regex", regex::agrees),
    ("shell_scripts", scripts::shell_is_read),
    ("splitting", splitting::agrees),
    ("substitution", substitution::agrees),
    ("suppressions", suppressions::allow),
    ("trees", trees::are_survived),
    ("yaml", containers::yaml_is_read),
];

/// The first line of an input, and what is behind it.
fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.iter().position(|&byte| byte == b'\n');
    match end {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[]),
    }
}

/// What C can hold: the bytes before the first NUL.
fn before_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&byte| byte == 0);
    &bytes[..end.unwrap_or(bytes.len())]
}
