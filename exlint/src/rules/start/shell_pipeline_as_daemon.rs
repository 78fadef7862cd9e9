//! `shell-pipeline-as-daemon`: what the supervisor starts is a shell that waits for a pipeline.

use super::errands::is_errand;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::shell::Item;

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-pipeline-as-daemon",
    Group::Start,
    Level::Warning,
    "a shell script runs its daemon in a pipeline",
)
.why(
    "A shell cannot become a pipeline, not even with `exec`: it starts the programs of it and \
     waits. s6-supervise then controls the shell only. A signal to stop the service ends the \
     shell and not the daemon, and the service's exit code is that of the last program in the \
     pipeline.",
)
.samples(
    "== run 0755\n#!/bin/sh\nexec web 2>&1 | awk '{ print \"web: \" $0 }'\n",
    "== run 0755\n#!/bin/sh\nexec web 2>&1\n== log/run 0755\n#!/bin/sh\n\
     exec s6-log p\"web: \" 1\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    if script.role != Role::Run || shell.commands.iter().any(|command| command.is(b"trap")) {
        return;
    }
    let pipeline = shell.last_pipeline();
    let [Item::Command(first), .., Item::Command(last)] = &pipeline[..] else {
        return;
    };
    let program = match first.executed() {
        Some(words) => words.first(),
        None => first.words.first(),
    };
    let Some(name) = program.and_then(crate::shell::Word::literal) else {
        return;
    };
    // A pipeline that soon ends is no daemon.
    if is_errand(&name) || first.place.is_some() {
        return;
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    findings
        .script(
            script,
            first.span.start..last.span.end,
            format!("`{name}` runs in a pipeline, so signals reach the shell instead of it"),
        )
        .help(
            "give the output to a logger of the service (s6-log writes a prefix with its \
             directive p), or use `pipeline -w` of execline, which lets the daemon stay the \
             process that is supervised",
        );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_a_pipeline_at_the_end_holds_the_daemon() {
        for (line, expected) in [
            ("web | ts", true),
            ("exec web 2>&1 | sed -u s/^/x/", true),
            ("web | while read -r line; do echo \"$line\"; done", false),
            ("echo start | tee /dev/stderr", false),
            ("port=$(cat x | head -1)\nexec web", false),
            ("ps | grep web\nexec web", false),
            ("exec web > >(ts)", false),
            ("trap 'kill 0' TERM\nweb | ts", false),
        ] {
            let text = format!("== notification-fd\n3\n== run 0755\n#!/bin/bash\n{line}\n");
            let expected: &[&str] = if expected {
                &["run:2: warning: `web` runs"]
            } else {
                &[]
            };
            sampling::check(&RULE, &text, expected);
        }
    }
}
