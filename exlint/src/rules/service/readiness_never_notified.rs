//! `readiness-never-notified`: a service is set up for readiness notification, and its program
//! certainly never notifies. Of programs that are not known nothing is said.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, number, process};
use crate::programs::{Channel, DaemonMode, daemon, readiness};
use crate::rule::{Group, Rule};
use crate::script::Invocation;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "readiness-never-notified",
    Group::Service,
    Level::Warning,
    "`notification-fd` is there, but the program never notifies",
)
.why(
    "With a file `notification-fd`, the service counts as ready only once its program has \
     written a newline to that descriptor. A program that does not know of it never does: \
     everything that depends on the service waits, forever or until a timeout ends the start of \
     the whole container.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nsshd -D -e\n== notification-fd\n3\n",
    "== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck\nsshd -D -e\n\
     == data/check 0755\n#!/bin/sh\nexec nc -z localhost 22\n== notification-fd\n3\n",
)
.script(check);

/// Programs that run before and surely write to no descriptor that they are not told of.
const SILENT: [&str; 36] = [
    "[", "cat", "cd", "chmod", "chown", "cp", "date", "dirname", "echo", "eltest", "exec",
    "export", "false", "grep", "id", "install", "ln", "ls", "mkdir", "mktemp", "mv", "printf",
    "rm", "s6-chmod", "s6-chown", "s6-echo", "s6-ln", "s6-mkdir", "s6-rmrf", "s6-sleep",
    "s6-touch", "sed", "set", "sleep", "test", "touch",
];

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let service = match model.service_of(script) {
        Some(service) if script.role == Role::Run => service,
        _ => return,
    };
    let tree = model.tree;
    let Some(node) = service.file(tree, "notification-fd") else {
        return;
    };
    let Some(descriptor) = tree.entry(node).bytes().ok().and_then(|text| number(text)) else {
        return;
    };
    let mut last: Option<Range<usize>> = None;
    for line in process::command_lines(model, script) {
        let ends: Vec<Range<usize>> = if line.is_last {
            process::endings(&line.chain)
                .iter()
                .map(|ending| ending.program.program.span.clone())
                .collect()
        } else {
            Vec::new()
        };
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            let is_silent = if ends.contains(&invocation.program.span) {
                last = Some(invocation.program.span.clone());
                never_notifies(script, invocation)
            } else {
                is_silent(script, invocation)
            };
            let words = process::words(script, invocation);
            // `-1` is how programs are told to notify on standard output.
            let is_told = words
                .iter()
                .any(|(word, _)| names(word, descriptor) || **word == *b"-1");
            if !is_silent || is_told {
                return;
            }
        }
    }
    let redirects = script.shell.iter().flat_map(|shell| shell.redirections());
    let mut redirected = redirects.map(|it| script.slice(&it.span));
    let is_unseen = script
        .shell
        .as_ref()
        .is_some_and(|shell| shell.has_unseen_commands());
    if is_unseen || redirected.any(|text| names(text, descriptor)) {
        return;
    }
    let Some(span) = last else {
        return;
    };
    let name = String::from_utf8_lossy(script.slice(&span)).into_owned();
    findings
        .at(
            node,
            format!("`{name}` never notifies descriptor {descriptor} that it is ready"),
        )
        .related(script.node, Some(span), "this is what the service becomes")
        .help(
            "run it under `s6-notifyoncheck` with a check in `data/check`, give it the option \
             that makes it notify where it has one, or remove `notification-fd`",
        );
}

/// True for a loader or a small program of which it is known that it does not notify.
fn is_silent(script: &Script, invocation: &Invocation) -> bool {
    if readiness(&invocation.program.value).is_some() || invocation.program.may_change() {
        return false;
    }
    let chains = invocation
        .signature
        .as_ref()
        .is_some_and(|signature| signature.rest.chains());
    let is_aside = invocation.is_one_of(&["background", "pipeline", "forbacktickx", "trap"]);
    // A server that only checks its configuration.
    let is_errand = daemon(&invocation.program.value).is_some_and(|daemon| {
        let words = process::words(script, invocation);
        let words: Vec<&[u8]> = words.iter().map(|(word, _)| &**word).collect();
        daemon.mode(&words) == DaemonMode::Errand
    });
    !is_aside && chains || is_errand || invocation.is_one_of(&SILENT)
}

/// True for a program that serves and is known not to notify as it is called.
fn never_notifies(script: &Script, invocation: &Invocation) -> bool {
    let word = &invocation.program.value;
    let words = process::words(script, invocation);
    if invocation.program.may_change() || process::may_change(&words) {
        return false;
    }
    match readiness(word) {
        Some(readiness) => {
            let is_given = words.iter().any(|(word, _)| {
                readiness.options.iter().any(|option| {
                    let is_long = option.len() > 2;
                    word.starts_with(option.as_bytes())
                        || !is_long
                            && word.starts_with(b"-")
                            && option.as_bytes().get(1).is_some_and(|it| word.contains(it))
                })
            });
            readiness.channel == Channel::Argument && !is_given
        }
        None => daemon(word).is_some(),
    }
}

/// True where a text holds this number, not as a part of a longer one.
fn names(text: &[u8], number: u32) -> bool {
    let number = number.to_string();
    text.split(|byte| !byte.is_ascii_digit())
        .any(|digits| digits == number.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n{script}\n== notification-fd\n3\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn programs_that_do_not_know_of_it_are_found() {
        for (script, name) in [
            (
                "#!/command/execlineb -P\nfdmove -c 2 1\nnginx -g \"daemon off;\"",
                "nginx",
            ),
            (
                "#!/bin/sh\nmkdir -p /run/sshd\nexec /usr/sbin/sshd -D",
                "/usr/sbin/sshd",
            ),
            ("#!/command/execlineb -P\ns6-log n10 /var/log/x", "s6-log"),
        ] {
            let found = format!("notification-fd: warning: `{name}` never notifies descriptor 3");
            check(script, &[&found]);
        }
    }

    #[test]
    fn whatever_may_notify_is_not_found() {
        for script in [
            "#!/command/execlineb -P\ns6-notifyoncheck nginx",
            "#!/command/execlineb -P\ns6-log -d3 n10 /var/log/x",
            "#!/command/execlineb -P\ns6-log -bd 3 n10 /var/log/x",
            "#!/command/execlineb -P\nweb",
            "#!/command/execlineb -P\nwrapper nginx",
            "#!/command/execlineb -P\nbackground { notify } nginx",
            "#!/command/execlineb -P\nforeground { prepare } nginx",
            "#!/command/execlineb -P\nforeground { fdmove 1 3 echo } nginx",
            "#!/command/execlineb -P\nfdmove 1 4\nhostapd -1 /etc/hostapd.conf",
            "#!/bin/sh\necho >&3\nexec nginx",
            "#!/bin/sh\n. /etc/notify\nexec nginx",
            "#!/bin/sh\n(while ! nc -z localhost 80; do sleep 1; done; echo >&3) &\nexec nginx",
            "#!/bin/sh\nexec nginx $OPTIONS",
            "#!/bin/sh\nexec logutil-service /var/log/x",
        ] {
            check(script, &[]);
        }
        sampling::check(&RULE, "== run 0755\n#!/bin/sh\nexec nginx\n", &[]);
    }
}
