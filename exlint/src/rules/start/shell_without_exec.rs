//! `shell-without-exec`: a `run` in shell that starts its daemon and waits for it.

use super::errands::is_errand;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::shell::{Command, Connector, Item};

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-without-exec",
    Group::Start,
    Level::Warning,
    "a run script in shell ends with a program that it does not exec",
)
.why(
    "The supervisor sends signals to the process it started, which is the shell. Without `exec` \
     the daemon is a child of the shell: to stop the service ends the shell alone, the daemon \
     goes on unsupervised, and the next start meets one that is still there.",
)
.samples(
    "== run 0755\n#!/bin/sh\nmkdir -p /run/web\nweb --port 80\n",
    "== run 0755\n#!/bin/sh\nmkdir -p /run/web\nexec web --port 80\n",
)
.fix(
    "the program is the last command, no trap, function or sourced file is in the way, and its \
     exit code stays the script's",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    let does_more = shell.commands.iter().any(|command| {
        command.is_any(&[b"trap", b"wait"])
            || command.connector == Connector::Background
            || command
                .name()
                .is_some_and(|name| name.starts_with(b"s6-svc"))
    });
    if script.role != Role::Run || does_more || defines_unseen(shell) {
        return;
    }
    let pipeline = shell.last_pipeline();
    let [Item::Command(last)] = &pipeline[..] else {
        return;
    };
    let Some(name) = daemon(last) else {
        return;
    };
    if shell.functions().any(|function| function == name) {
        return;
    }
    let Some(program) = last.words.first() else {
        return;
    };
    let shown = String::from_utf8_lossy(&name).into_owned();
    let found = findings
        .script(
            script,
            last.span.clone(),
            format!("the shell stays and waits for `{shown}`, so signals do not reach it"),
        )
        .help(format!("write exec before it: exec {shown} ..."));
    if last.assignments.is_empty() && !shell.has_unseen_commands() {
        let start = program.span.start;
        found.replace("let the shell become the program", start..start, "exec ");
    }
}

/// True where commands that cannot be seen here may define functions; files of settings do not.
fn defines_unseen(shell: &crate::shell::Script) -> bool {
    const SETTINGS: [&[u8]; 4] = [
        b"/etc/default/",
        b"/etc/conf.d/",
        b"/etc/sysconfig/",
        b"/run/",
    ];
    shell.commands.iter().any(|command| {
        let sourced = command.sourced().map(crate::shell::Word::prefix);
        match sourced {
            Some(path) => {
                !SETTINGS.iter().any(|place| path.starts_with(place)) && !path.ends_with(b".env")
            }
            None => command.is_any(&[b".", b"source", b"eval"]),
        }
    })
}

/// The program of a command that may run for long.
fn daemon(command: &Command) -> Option<Vec<u8>> {
    let name = command.name()?;
    let is_plain = name
        .iter()
        .all(|&byte| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte));
    // bashio's functions and their like have such names.
    let is_daemon = is_plain && !name.is_empty() && !is_errand(&name) && !command.negated;
    // `a || b`: b only runs where a fails.
    is_daemon.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_a_last_program_without_exec_is_found() {
        for (body, expected) in [
            ("web", true),
            ("test -d /x && web --flag", true),
            ("A=1 web", true),
            ("exec web", false),
            ("if test -d /x; then exec web; else exec web -n; fi", false),
            ("web || exit 1", false),
            ("while true; do web; done", false),
            ("while true; do date; sleep 60; done", false),
            ("certbot renew\nsleep 86400", false),
            ("trap 'kill $!' TERM\nweb &\nwait", false),
            ("trap 'rm -f /run/x' EXIT\nweb", false),
            ("main() { exec web; }\nmain", false),
            (". /etc/functions\nmain", false),
            ("set -a; . /etc/default/web\nset +a\nexec web", false),
            ("bashio::log.info hello", false),
            ("\"$program\" --flag", false),
            ("mkdir -p /x", false),
            ("s6-svc -d .", false),
            ("web\ns6-svc -Od .", false),
            ("web\nexit $?", false),
        ] {
            let text = format!("== notification-fd\n3\n== run 0755\n#!/bin/bash\n{body}\n");
            let expected: &[&str] = if expected {
                &["run:2: warning: the shell stays"]
            } else {
                &[]
            };
            sampling::check(&RULE, &text, expected);
        }
    }

    #[test]
    fn what_soon_ends_needs_no_exec() {
        for text in [
            "== notification-fd\n3\n== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n#!/bin/sh\ncleanup\n",
            "== etc/cont-init.d/1 0755\n#!/bin/sh\nsetup\n",
            // The layer below has `type`, and an `up` that names it.
            "== etc/s6-overlay/s6-rc.d/users/run 0755\n#!/bin/sh\nset-owner /config\n",
        ] {
            sampling::check(&RULE, text, &[]);
        }
    }
}
