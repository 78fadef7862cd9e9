//! `invalid-down-signal`: the file `down-signal` names no signal.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Service, signal};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-down-signal",
    Group::Service,
    Level::Error,
    "`down-signal` names no signal",
)
.why(
    "The first line of `down-signal` is the signal that s6-supervise sends when the service is \
     to stop: a name with or without SIG, or a number. s6-supervise cannot read anything else, \
     blanks and a carriage return behind the name included: it warns and sends SIGTERM, which \
     is what the file was to prevent. A number that is no signal's is taken, nothing is sent, \
     and the service never stops.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nweb\n== down-signal escapes\nSIGQUIT\\r\n",
    "== run 0755\n#!/command/execlineb -P\nweb\n== down-signal\nSIGQUIT\n",
)
.fix("the name is the same; only what s6-supervise cannot read is taken away")
.service(check);

/// s6-supervise reads so many bytes.
const READ: usize = 15;

fn check(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let Some(node) = service.file(tree, "down-signal") else {
        return;
    };
    let Ok(text) = tree.entry(node).bytes() else {
        return;
    };
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let read = line.get(..READ).unwrap_or(line);
    if is_signal(read) {
        return;
    }
    let shown = String::from_utf8_lossy(line).escape_debug().to_string();
    let is_number = !line.is_empty() && line.iter().all(u8::is_ascii_digit);
    let message = if line.is_empty() {
        "`down-signal` says nothing".to_owned()
    } else if is_number {
        format!("there is no signal {shown}, so the service is never told to stop")
    } else {
        format!("`{shown}` is no signal that s6-supervise can read")
    };
    let found = findings.span(node, 0..line.len(), message);
    let meant = line.trim_ascii();
    if meant != line && is_signal(meant) && !is_number {
        found
            .help("write the name alone in the line, without blanks and carriage return")
            .replace(
                "leave the signal's name alone",
                0..text.len(),
                [meant, b"\n"].concat(),
            );
    } else {
        found.help("write a name such as `SIGQUIT`; without the file, SIGTERM is sent");
    }
}

/// True for what s6-supervise takes as a signal and can send.
fn is_signal(line: &[u8]) -> bool {
    let name = line.to_ascii_uppercase();
    let name = name.strip_prefix(b"SIG").unwrap_or(&name);
    let number = std::str::from_utf8(name)
        .ok()
        .and_then(|it| it.parse().ok());
    let is_plain = name.iter().all(u8::is_ascii_digit);
    // A sign before the number is none that s6 reads.
    signal(line).is_some() && !line.starts_with(b"+")
        || matches!(name, b"POLL" | b"IOT" | b"CLD")
        || is_plain && number.is_some_and(|number: u32| (1..=64).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(content: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/bin/sh\nexec web\n== down-signal escapes\n{content}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn what_s6_supervise_takes_is_not_found() {
        for content in [
            "SIGQUIT",
            "quit",
            "Sigint",
            "3",
            "34",
            "64",
            "POLL",
            "SIG3",
            "SIGQUIT\\n",
            "SIGTERM\\nnever read",
        ] {
            check(content, &[]);
        }
    }

    #[test]
    fn what_it_does_not_take_is_found() {
        for (content, expected) in [
            (
                "SIGQUIT\\r",
                "down-signal:1: error: `SIGQUIT\\r` is no signal",
            ),
            ("QUIT ", "down-signal:1: error: `QUIT ` is no signal"),
            ("SIGRTMIN", "down-signal:1: error: `SIGRTMIN` is no signal"),
            (
                "SIGTERM # stop",
                "down-signal:1: error: `SIGTERM # stop` is no",
            ),
            ("", "down-signal:1: error: `down-signal` says nothing"),
            ("0", "down-signal:1: error: there is no signal 0"),
            ("99", "down-signal:1: error: there is no signal 99"),
            ("+3", "down-signal:1: error: `+3` is no signal"),
        ] {
            check(content, &[expected]);
        }
    }
}
