//! `unsuited-stop-signal`: a program that another signal than SIGTERM stops better.

use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::programs::stop_signal;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unsuited-stop-signal",
    Group::Service,
    Level::Note,
    "the program stops better with another signal than SIGTERM",
)
.why(
    "Without a file `down-signal`, s6-supervise stops a service with SIGTERM. Some programs \
     take it as \"at once\" and drop their clients, some as \"once everybody has gone\", and \
     one reloads. Their manuals name another signal for an orderly end.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\npostgres -D /data\n",
    "== run 0755\n#!/command/execlineb -P\npostgres -D /data\n== down-signal\nSIGINT\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let service = match model.service_of(script) {
        Some(service) if script.role == Role::Run => service,
        _ => return,
    };
    if model
        .tree
        .child(service.directory, b"down-signal")
        .is_some()
    {
        return;
    }
    for line in process::command_lines(model, script) {
        if !line.is_last {
            continue;
        }
        for ending in process::endings(&line.chain) {
            let word = &ending.program.program;
            let words = process::words(script, ending.program);
            let says_itself = words.iter().any(|(word, _)| {
                let says = |text: &[u8]| contains(word, text);
                says(b"die-on-term") || says(b"no-orphans")
            });
            let Some(stop) = stop_signal(&word.value).filter(|_| !says_itself) else {
                continue;
            };
            let message = format!(
                "`{}` is stopped with SIGTERM, though {} is what it wants",
                word.shown(),
                stop.signal
            );
            findings
                .at(service.directory, message)
                .related(script.node, Some(word.span.clone()), "it is started here")
                .help(format!(
                    "{}: write `{}` into the file `down-signal` beside `run`",
                    stop.reason, stop.signal
                ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn a_down_signal_is_a_decision() {
        let check = |files: &str, expected: &[&str]| {
            let text = format!("== run 0755\n#!/bin/sh\nexec php-fpm8.2 -F\n{files}");
            sampling::check(&RULE, &text, expected);
        };
        check("", &[".: note: `php-fpm8.2` is stopped with SIGTERM"]);
        check("== down-signal\nSIGTERM\n", &[]);
        sampling::check(&RULE, "== run 0755\n#!/bin/sh\nexec web\n", &[]);
    }
}
