//! `daemon-in-oneshot`: a oneshot leaves a daemon behind, which nobody supervises.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::{Item, Visit};
use crate::shell::Connector;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "daemon-in-oneshot",
    Group::S6Rc,
    Level::Warning,
    "a oneshot leaves a daemon behind",
)
.why(
    "What a oneshot starts and leaves behind has no supervisor: nobody restarts it when it \
     dies, nobody stops it before what it needs goes down, and its output goes where that of \
     oneshots goes. A daemon is a longrun, in the foreground.",
)
.samples(
    "== cron/type\noneshot\n== cron/up\nbackground { crond -f }\ntrue\n\
     == all/type\nbundle\n== all/contents.d/cron\n",
    "== cron/type\nlongrun\n== cron/run 0755\n#!/command/execlineb -P\nfdmove -c 2 1\ncrond -f\n\
     == all/type\nbundle\n== all/contents.d/cron\n",
)
.script(check);

/// Programs that are daemons, and the options with which they do something else and end.
const DAEMONS: [(&str, &[&str]); 33] = [
    ("apache2", &["-t", "-v", "-V", "-S", "-M", "-k"]),
    ("apache2ctl", &["-t", "configtest", "stop", "graceful"]),
    ("apachectl", &["-t", "configtest", "stop", "graceful"]),
    ("avahi-daemon", &["-k", "-r", "-c", "-V"]),
    (
        "caddy",
        &["validate", "fmt", "version", "stop", "reload", "adapt"],
    ),
    ("chronyd", &["-q", "-Q", "-p"]),
    ("cron", &[]),
    ("crond", &[]),
    ("cupsd", &["-t"]),
    ("dbus-daemon", &["--introspect"]),
    ("dnsmasq", &["--test"]),
    ("dockerd", &["--validate"]),
    ("haproxy", &["-c", "-v", "-vv"]),
    ("httpd", &["-t", "-v", "-V", "-S", "-M", "-k"]),
    ("lighttpd", &["-t", "-tt", "-p", "-v", "-V"]),
    ("memcached", &[]),
    ("mosquitto", &[]),
    ("named", &["-v", "-V"]),
    ("nginx", &["-t", "-T", "-s", "-v", "-V", "-q"]),
    ("nmbd", &["-b"]),
    ("ntpd", &["-q"]),
    ("openvpn", &["--genkey", "--show-ciphers"]),
    (
        "postfix",
        &["check", "stop", "reload", "status", "set-permissions"],
    ),
    ("redis-server", &["-v"]),
    ("rsyslogd", &["-N", "-N1", "-v"]),
    ("smbd", &["-b"]),
    ("sshd", &["-t", "-T", "-V"]),
    ("supervisord", &["-v"]),
    ("syslog-ng", &["-s", "-V"]),
    ("syslogd", &[]),
    ("tor", &["--verify-config", "--hash-password"]),
    ("unbound", &["-V"]),
    ("vsftpd", &[]),
];

/// Programs of several names, such as php-fpm8.3.
const DAEMON_BEGINNINGS: [(&str, &[&str]); 1] = [("php-fpm", &["-t", "-tt", "-i", "-m", "-v"])];

/// True for a command line that becomes a daemon.
fn is_daemon<'w>(program: &[u8], mut arguments: impl Iterator<Item = &'w [u8]>) -> bool {
    let name = base_name(program);
    let exact = DAEMONS.iter().find(|(known, _)| known.as_bytes() == name);
    let known = exact.or_else(|| {
        DAEMON_BEGINNINGS
            .iter()
            .find(|(known, _)| name.starts_with(known.as_bytes()))
    });
    let Some((_, ending)) = known else {
        return false;
    };
    !arguments.any(|argument| {
        let ends = ending.iter().any(|option| option.as_bytes() == argument);
        ends || matches!(argument, b"--help" | b"-h" | b"-?" | b"--version")
    })
}

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    match script.role {
        Role::Up => check_execline(script, findings),
        Role::NamedByOneshot => {
            // What `down` names may start what it likes: all comes to an end.
            let is_started = model.definition_of(script).is_some_and(|definition| {
                let up = model.script_in(definition, "up");
                up.and_then(|up| up.execline.as_ref()).is_some_and(|up| {
                    up.visits().iter().any(|visit| {
                        let program = &visit.invocation.program.value;
                        model.tree.absolute(program).found() == Some(script.node)
                    })
                })
            });
            if is_started {
                check_execline(script, findings);
                check_shell(script, findings);
            }
        }
        _ => {}
    }
}

fn check_execline(script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = &script.execline else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let arguments = invocation.arguments.iter().filter_map(|item| match item {
            Item::Word(word) => Some(word.value.as_ref()),
            Item::Block(_) => None,
        });
        let is_known = is_daemon(&invocation.program.value, arguments);
        let is_left = visit.is_last()
            && visit
                .block
                .is_some_and(|(owner, ..)| owner.is("background"))
            && (is_known || is_called_daemon(invocation.name()))
            && !is_ended(&execline.visits());
        let becomes = is_known && visit.depth == 0 && visit.is_last();
        if is_left || becomes {
            report(
                script,
                invocation.program.span.clone(),
                invocation.name(),
                findings,
            );
        }
    }
}

/// A program that nobody knows, but whose name says what it is.
fn is_called_daemon(name: &[u8]) -> bool {
    let endings: [&[u8]; 4] = [b"-agent", b"-daemon", b"-server", b"daemon"];
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Who waits for it, or ends it, knows what it is for.
fn is_ended(visits: &[Visit<'_>]) -> bool {
    visits.iter().any(|visit| {
        visit
            .invocation
            .is_one_of(&["wait", "kill", "pkill", "killall", "trap"])
    })
}

fn check_shell(script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    // Only what is done last stays: what is started before is often there for the script
    // itself, which ends it.
    let Some(last) = shell.commands.last().filter(|last| last.depth == 0) else {
        return;
    };
    let words = last.executed().unwrap_or(&last.words);
    let Some((program, arguments)) = words.split_first() else {
        return;
    };
    let literal: Vec<Vec<u8>> = arguments.iter().filter_map(|word| word.literal()).collect();
    let name = program.literal().unwrap_or_default();
    let is_left = last.connector == Connector::Background || last.connector == Connector::End;
    if is_left && is_daemon(&name, literal.iter().map(Vec::as_slice)) {
        report(script, last.span.clone(), base_name(&name), findings);
    }
}

fn report(script: &Script, span: Range<usize>, program: &[u8], findings: &mut Findings<'_>) {
    let program = String::from_utf8_lossy(program);
    findings
        .script(
            script,
            span,
            format!("the oneshot leaves `{program}` running, and nobody supervises it"),
        )
        .help(format!(
            "make a longrun whose `run` starts `{program}` in the foreground, and let it depend \
             on the oneshot"
        ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn what_ends_is_no_daemon() {
        let at = "a/up:1: warning: the oneshot leaves";
        for (up, expected) in [
            ("nginx", &[at][..]),
            ("s6-setuidgid app redis-server /etc/redis.conf", &[at]),
            ("background { cron -f } true", &[at]),
            ("nginx -t", &[]),
            ("if { php-fpm8.3 -t } true", &[]),
            ("foreground { sshd -t } true", &[]),
            ("background { sleep 10 } true", &[]),
            (
                "background { crond } foreground { sleep 1 } pkill crond",
                &[],
            ),
        ] {
            let sample = format!(
                "== a/type\noneshot\n== a/up\n{up}\n== b/type\nbundle\n== b/contents.d/a\n"
            );
            sampling::check(&RULE, &sample, expected);
        }
    }

    #[test]
    fn a_script_that_up_names_is_looked_at() {
        let d = "etc/s6-overlay";
        for (script, expected) in [
            (
                "mkdir -p /run/nginx\nnginx",
                vec![format!("{d}/scripts/a:3: warning: the oneshot leaves")],
            ),
            (
                "crond &",
                vec![format!("{d}/scripts/a:2: warning: the oneshot leaves")],
            ),
            ("redis-server &\nimport\nredis-cli shutdown", vec![]),
            ("if nginx -t; then exit 0; fi", vec![]),
        ] {
            let sample = format!(
                "== {d}/s6-rc.d/a/type\noneshot\n== {d}/s6-rc.d/a/up\n/{d}/scripts/a\n\
                 == {d}/scripts/a 0755\n#!/bin/sh\n{script}\n"
            );
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
    }
}
