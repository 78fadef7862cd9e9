//! `daemon-in-branch`: the daemon of a service runs in a block, and nothing follows the block.

use super::subject::{execline_of, is_short_lived};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::{Chain, End, Invocation, Value};

/// The rule.
pub const RULE: Rule = Rule::new(
    "daemon-in-branch",
    Group::Execline,
    Level::Warning,
    "the daemon runs in a block: it is not the process that s6 supervises",
)
.why(
    "ifthenelse, foreground and if run their blocks as children and wait for them. Where the \
     daemon is in such a block, s6 supervises the command that waits: signals reach that one, \
     it ends, and the daemon goes on without supervision.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nifthenelse { test -e /etc/local.conf }\n{ server -c \
     /etc/local.conf }\n{ server }\n",
    "== run 0755\n#!/command/execlineb -P\nifelse { test -e /etc/local.conf }\n{ server -c \
     /etc/local.conf }\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    if execline.chain.end != End::Optional {
        return;
    }
    let Some(last) = execline.chain.last() else {
        return;
    };
    let skipped = match last.name() {
        b"ifthenelse" if !last.has('s') => 1,
        b"foreground" | b"if" | b"background" => 0,
        _ => return,
    };
    let blocks = last
        .operands
        .iter()
        .filter_map(|operand| match &operand.value {
            Value::Program(_, chain) => Some(chain),
            _ => None,
        });
    let Some(daemon) = blocks.skip(skipped).find_map(daemon) else {
        return;
    };
    // Of a script with another name it is not known who starts it.
    let is_run = match script.role {
        Role::Run => true,
        Role::Other => last.is("ifthenelse") && daemon.is_one_of(DAEMONS),
        _ => false,
    };
    if !is_run {
        return;
    }
    let name = String::from_utf8_lossy(last.name());
    let program = daemon.program.shown();
    let help = match last.name() {
        b"ifthenelse" => {
            "write `ifelse { test } { daemon one } daemon two`, which becomes the one or the other"
        }
        _ => "write the daemon without the block, as the end of the script",
    };
    findings
        .script(
            script,
            last.program.span.clone(),
            format!("s6 supervises `{name}`, and not `{program}` in its block"),
        )
        .help(help)
        .related(
            script.node,
            Some(daemon.program.span.clone()),
            "this is a child of it",
        );
}

/// Programs that are started to stay.
#[rustfmt::skip]
const DAEMONS: &[&str] = &[
    "nginx", "httpd", "lighttpd", "caddy", "haproxy", "php-fpm", "mysqld", "mariadbd", "postgres",
    "redis-server", "memcached", "sshd", "dropbear", "crond", "dnsmasq", "unbound", "named",
    "mosquitto", "smbd", "rsyslogd", "transmission-daemon",
];

/// The program that a block ends with, unless that is one that ends by itself.
fn daemon(chain: &Chain) -> Option<&Invocation> {
    let last = chain.last()?;
    let may_stay = matches!(chain.end, End::Program | End::Unknown)
        && !is_short_lived(last)
        && !last.is_one_of(&[
            "exit",
            "s6-svscanctl",
            "sh",
            "execlineb",
            "sleep",
            "s6-sleep",
        ])
        && !last.program.may_change();
    may_stay.then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn only_the_last_block_of_a_run_script_counts() {
        check(
            "ifthenelse { test } { server } { other }",
            &["run:2: warning: s6 supervises `ifthenelse`, and not `server`"],
        );
        check(
            "fdmove -c 2 1 foreground { server }",
            &["run:2: warning: s6 supervises `foreground`, and not `server`"],
        );
        for script in [
            "ifelse { test } { server } server",
            "ifthenelse { test } { server } { x } server",
            "ifthenelse -s { test } { export A b } { } server",
            "ifthenelse { test } { echo a } { exit 1 }",
            "foreground { echo a }",
            "foreground { prepare } server",
            "forx i { 1 } server",
        ] {
            check(script, &[]);
        }
        sampling::check(
            &RULE,
            "== run 0755\n#!/bin/execlineb -P\nserver\n== finish 0755\n\
             #!/bin/execlineb -P\nforeground { cleanup }\n",
            &[],
        );
    }
}
