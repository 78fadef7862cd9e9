//! `unsuited-notification-fd`: the notification descriptor is one that is used otherwise.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Service, number};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unsuited-notification-fd",
    Group::Service,
    Level::Warning,
    "`notification-fd` is a descriptor that is used otherwise",
)
.why(
    "Descriptors 0, 1 and 2 are standard input, output and error. If one of them is the \
     notification descriptor, what the program prints is taken as the news that it is ready, \
     and reaches no log. One descriptor for the notification and the lock of the service is \
     refused by s6-rc-compile: nothing starts.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nweb --ready-fd 1\n== notification-fd\n1\n",
    "== run 0755\n#!/command/execlineb -P\nweb --ready-fd 3\n== notification-fd\n3\n",
)
.service(check);

fn check(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let read = |name: &str| {
        let node = service.file(model.tree, name)?;
        let text = model.tree.entry(node).bytes().ok()?;
        Some((node, number(text)?, text.trim_ascii().len()))
    };
    let Some((node, descriptor, length)) = read("notification-fd") else {
        return;
    };
    if let Some((lock, locked, end)) = read("lock-fd")
        && locked == descriptor
    {
        let level = if service.is_longrun() {
            Level::Error
        } else {
            Level::Warning
        };
        let message = format!("descriptor {descriptor} is both for notification and for the lock");
        findings
            .span(node, 0..length, message)
            .level(level)
            .related(lock, Some(0..end), "the lock's descriptor is said here")
            .help("write another number into one of the two files");
    }
    if descriptor == 1 && notifies_on_output(model, service) {
        return;
    }
    let name = match descriptor {
        0 => "input",
        1 => "output",
        2 => "error",
        _ => return,
    };
    findings
        .span(
            node,
            0..length,
            format!("descriptor {descriptor} is standard {name}, not for notification"),
        )
        .help("take 3 or more, and tell the program the same number");
}

/// True where a word of the script is `-1`: the servers of s6 say so on standard output, and
/// close it, that they are ready.
fn notifies_on_output(model: &Model<'_>, service: &Service) -> bool {
    let Some(node) = service.file(model.tree, "run") else {
        return false;
    };
    let text = model.tree.entry(node).bytes();
    text.is_ok_and(|text| {
        text.split(u8::is_ascii_whitespace)
            .any(|word| word == b"-1" || word == b"-d1")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(files: &str, expected: &[&str]) {
        let text = format!("== s/run\n#!/bin/sh\nexec web\n{files}");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn three_and_more_are_free() {
        check("== s/notification-fd\n3\n", &[]);
        check("== s/notification-fd\n3\n== s/lock-fd\n4\n", &[]);
        // Not a number at all: another rule's business.
        check("== s/notification-fd\nx\n", &[]);
        check(
            "== s/notification-fd\n2\n",
            &["s/notification-fd:1: warning: descriptor 2 is standard error"],
        );
    }

    #[test]
    fn servers_of_s6_notify_on_standard_output() {
        for line in [
            "s6-ipcserver -1 -a 0700 -- s app",
            "s6-fdholder-daemon -1 -- s",
        ] {
            sampling::check(
                &RULE,
                &format!("== s/run\n#!/bin/execlineb -P\n{line}\n== s/notification-fd\n1\n"),
                &[],
            );
        }
    }

    #[test]
    fn s6_rc_refuses_one_descriptor_for_two() {
        check(
            "== s/notification-fd\n4\n== s/lock-fd\n4\n== s/type\nlongrun\n",
            &["s/notification-fd:1: error: descriptor 4 is both"],
        );
        check(
            "== s/notification-fd\n4\n== s/lock-fd\n4\n",
            &["s/notification-fd:1: warning: descriptor 4 is both"],
        );
    }
}
