//! `slow-finish`: a `finish` script takes longer than s6-supervise lets it.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, number, process};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "slow-finish",
    Group::Service,
    Level::Note,
    "`finish` may take longer than it is allowed to",
)
.why(
    "s6-supervise kills a finish script that is not done after five seconds, or after the \
     milliseconds that the file `timeout-finish` says; 0 means any time. What it had still to \
     do is not done.",
)
.samples(
    "== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n#!/bin/sh\nsleep 20\n",
    "== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n#!/bin/sh\nsleep 20\n\
     == timeout-finish\n30000\n",
)
.script(check);

/// What a finish gets without a file `timeout-finish`.
const ALLOWED: u32 = 5000;

/// Programs that wait for other machines.
const REMOTE: [&str; 9] = [
    "curl", "wget", "rsync", "scp", "ssh", "apt-get", "apk", "pip", "git",
];

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let service = match model.service_of(script) {
        Some(service) if script.role == Role::Finish => service,
        _ => return,
    };
    let said = service.file(model.tree, "timeout-finish").map(|node| {
        model
            .tree
            .entry(node)
            .bytes()
            .ok()
            .and_then(|text| number(text))
    });
    let allowed = match said {
        None => ALLOWED,
        // No number: another rule's business.
        Some(None | Some(0)) => return,
        Some(Some(milliseconds)) => milliseconds,
    };
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            let words = process::words(script, invocation);
            let slept = invocation
                .is_one_of(&["sleep", "s6-sleep"])
                .then(|| milliseconds(&words, invocation.is("s6-sleep")))
                .flatten();
            let message = match slept {
                Some(slept) if slept >= u64::from(allowed) => {
                    format!("`finish` sleeps, and is killed after {allowed} ms")
                }
                None if said.is_none() && invocation.is_one_of(&REMOTE) => format!(
                    "`{}` may take longer than the {allowed} ms that `finish` has",
                    String::from_utf8_lossy(invocation.name())
                ),
                _ => continue,
            };
            findings
                .script(script, invocation.span(), message)
                .help("write the milliseconds it may take into a file `timeout-finish`, or 0 for any time");
        }
    }
}

/// How long a sleep takes; `None` where that is not known.
fn milliseconds(words: &[(Vec<u8>, std::ops::Range<usize>)], knows_units: bool) -> Option<u64> {
    let is_in_milliseconds = knows_units && words.iter().any(|(word, _)| word == b"-m");
    let (word, _) = words.iter().find(|(word, _)| !word.starts_with(b"-"))?;
    if word == b"infinity" {
        return Some(u64::MAX);
    }
    let digits = word.strip_suffix(b"s").unwrap_or(word);
    let (digits, unit) = match digits.strip_suffix(b"m") {
        Some(digits) => (digits, 60_000),
        None if is_in_milliseconds => (digits, 1),
        None => (digits, 1000),
    };
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(finish: &str, files: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n{finish}\n{files}");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn time_is_what_the_file_allows() {
        let found = ["finish:2: note: `finish` sleeps, and is killed after"];
        check("#!/bin/sh\nsleep 5", "", &found);
        check("#!/bin/sh\nsleep 1m", "", &found);
        check(
            "#!/command/execlineb -P\nforeground { sleep 10 } true",
            "",
            &found,
        );
        check("#!/bin/sh\nsleep 3", "== timeout-finish\n2000\n", &found);
        check("#!/bin/sh\nsleep 4", "", &[]);
        check("#!/bin/sh\nsleep 10", "== timeout-finish\n20000\n", &[]);
        check("#!/bin/sh\nsleep 10", "== timeout-finish\n0\n", &[]);
        check("#!/command/execlineb -P\ns6-sleep -m 500 true", "", &[]);
        check("#!/bin/sh\nsleep \"$1\"", "", &[]);
    }

    #[test]
    fn other_machines_take_their_time() {
        let found = ["finish:2: note: `curl` may take longer"];
        check("#!/bin/sh\ncurl -s http://hook", "", &found);
        check(
            "#!/bin/sh\ncurl -s http://hook",
            "== timeout-finish\n9000\n",
            &[],
        );
    }
}
