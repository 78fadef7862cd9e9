//! Says where a run differs from what its case expects, for a person to read.
//! Runs nothing.

use std::fmt::Write;

use super::case::{Case, Files, Program};
use super::run::Outcome;
use super::toolkit::{Kind, Toolkit};

/// One run that is not as expected, as text.
pub struct Difference(String);

/// All differences of an area.
pub fn summary(area: &str, cases: usize, differences: &[Difference]) -> String {
    let mut text = format!(
        "{area}: {} runs of {cases} cases differ\n",
        differences.len()
    );
    for difference in differences {
        text.push_str(&difference.0);
    }
    text
}

/// Compares a run with its case.
pub fn compare(case: &Case, toolkit: &Toolkit, outcome: &Outcome) -> Option<Difference> {
    let order = |text: &[u8]| {
        if case.unordered {
            sorted(text)
        } else if toolkit.kind == Kind::Unfused {
            with_variables_sorted(text)
        } else {
            text.to_vec()
        }
    };
    let stderr = if toolkit.kind == Kind::Reference {
        outcome.stderr.clone()
    } else {
        without_elaboration(&outcome.stderr)
    };

    let mut differing = String::new();
    match outcome.ending {
        None => differing.push_str("    it did not end within the time limit\n"),
        Some(ending) if ending != case.ending => {
            let _ = writeln!(
                differing,
                "    ends with {:?} instead of {:?}",
                ending, case.ending
            );
        }
        Some(_) => {}
    }
    differing += &difference("stdout", &order(&case.stdout), &order(&outcome.stdout));
    differing += &difference("stderr", &order(&case.stderr), &order(&stderr));
    differing += &difference_of_files(&case.after, &outcome.after);
    if case.gone != outcome.gone {
        let _ = writeln!(
            differing,
            "    removed files {:?} instead of {:?}",
            outcome.gone, case.gone
        );
    }
    if differing.is_empty() {
        return None;
    }

    let who = match toolkit.kind {
        Kind::Fused => "ours, fused",
        Kind::Unfused => "ours, unfused",
        Kind::Reference => "the reference",
    };
    let mut text = format!("\n  {} [{who}]\n", case.name);
    match &case.program {
        Program::Script(script, arguments) => {
            for line in printable(script).lines() {
                let _ = writeln!(text, "    | {line}");
            }
            if !arguments.is_empty() {
                let _ = writeln!(text, "    arguments: {}", words(arguments));
            }
        }
        Program::Argv(argv) => {
            let _ = writeln!(text, "    | {}", words(argv));
        }
    }
    text += &differing;
    Some(Difference(text))
}

/// Standard error without the lines that ours may add for people: they begin
/// with two spaces, and the reference has no such line.
fn without_elaboration(stderr: &[u8]) -> Vec<u8> {
    stderr
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !line.starts_with(b"  "))
        .collect::<Vec<&[u8]>>()
        .concat()
}

fn sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    lines.concat()
}

/// The text with each stretch of lines that look like an environment sorted.
///
/// Taking a variable out of an environment moves the last one into its place,
/// so the one variable more that an unfused run has may change where others
/// stand. A fused run is compared with the order as it is.
fn with_variables_sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    for stretch in lines.chunk_by_mut(|one, next| one.contains(&b'=') == next.contains(&b'=')) {
        if stretch[0].contains(&b'=') {
            stretch.sort_unstable();
        }
    }
    lines.concat()
}

/// The lines that differ, `-` for what was expected and `+` for what came; the
/// lines both begin and end with are left out.
fn difference(what: &str, expected: &[u8], found: &[u8]) -> String {
    if expected == found {
        return String::new();
    }
    let (expected, found) = (printable(expected), printable(found));
    let expected: Vec<&str> = expected.split_inclusive('\n').collect();
    let found: Vec<&str> = found.split_inclusive('\n').collect();
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let before = expected.iter().zip(&found).take_while(same).count();
    let shorter = expected.len().min(found.len());
    let after = expected
        .iter()
        .rev()
        .zip(found.iter().rev())
        .take_while(same)
        .count()
        .min(shorter - before);
    let mut text = format!("    {what} differs");
    if before > 0 {
        let _ = write!(text, " after line {before}");
    }
    text.push('\n');
    for (sign, lines) in [('-', &expected), ('+', &found)] {
        for line in &lines[before..lines.len() - after] {
            let ended = line.strip_suffix('\n');
            let _ = writeln!(text, "    {sign} {}", ended.unwrap_or(line));
            if ended.is_none() {
                let _ = writeln!(text, "      (no newline)");
            }
        }
    }
    text
}

fn difference_of_files(expected: &Files, found: &Files) -> String {
    let mut text = String::new();
    for name in expected.keys() {
        if !found.contains_key(name) {
            let _ = writeln!(text, "    the file {name} was not written");
        }
    }
    for (name, content) in found {
        match expected.get(name) {
            Some(expected) => text += &difference(&format!("file {name}"), expected, content),
            None => {
                let _ = writeln!(
                    text,
                    "    an unexpected file {name}: {}",
                    printable(content)
                );
            }
        }
    }
    text
}

fn words(argv: &[Vec<u8>]) -> String {
    let words: Vec<String> = argv
        .iter()
        .map(|word| format!("`{}`", printable(word)))
        .collect();
    words.join(" ")
}

/// Text with every byte visible: what is not UTF-8 as the case files write it,
/// control characters escaped, newlines kept.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() && character != '\n' {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        if !chunk.invalid().is_empty() {
            text.push_str("@x");
            for byte in chunk.invalid() {
                let _ = write!(text, "{byte:02X}");
            }
            text.push('@');
        }
    }
    text
}
