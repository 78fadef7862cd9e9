//! `lost-environment`: variables that are set where no service gets them.

use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, Service};
use crate::rule::{Group, Rule};
use crate::script::Language;
use crate::shell::{Command, Kind};

/// The rule.
pub const RULE: Rule = Rule::new(
    "lost-environment",
    Group::Overlay,
    Level::Warning,
    "variables are set where no service gets them",
)
.why(
    "A script of cont-init.d or a oneshot is a process of its own: what it exports ends with \
     it. Services get their variables from /run/s6/container_environment through with-contenv. \
     The directory `env` of a service is no more than a directory until `run` loads it with \
     s6-envdir.",
)
.samples(
    "== etc/cont-init.d/10-zone 0755\n#!/command/with-contenv sh\nexport TZ=UTC\n",
    "== etc/cont-init.d/10-zone 0755\n#!/command/with-contenv sh\n\
     printf '%s' UTC > /run/s6/container_environment/TZ\n",
)
.script(check_script)
.service(check_service);

fn check_script(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    if !matches!(script.role, Role::InitHook | Role::NamedByOneshot) {
        return;
    }
    // Whatever runs behind an export may be what it is for.
    let last = shell
        .commands
        .iter()
        .rposition(|command| !is_inert(command));
    let behind = last.map_or(0, |last| last + 1);
    for command in shell.commands.get(behind..).unwrap_or_default() {
        let mut around = shell.enclosing(command.place);
        let is_elsewhere = around
            .any(|(construct, _)| construct.kind.is_loop() || construct.kind == Kind::Function);
        if is_elsewhere {
            continue;
        }
        for (name, word) in command.exported() {
            if shell.reads_after(&name, command.span.end) {
                continue;
            }
            findings
                .script(
                    script,
                    word.span.clone(),
                    format!("`{name}` is exported at the end of the script and lost with it"),
                )
                .help(format!(
                    "for services that use with-contenv, write the value to the file \
                     /run/s6/container_environment/{name}, without a newline"
                ));
        }
    }
}

/// True for what a shell does by itself, and that no variable of the environment changes.
fn is_inert(command: &Command) -> bool {
    const OWN: [&[u8]; 15] = [
        b"export",
        b"declare",
        b"typeset",
        b"readonly",
        b"local",
        b"set",
        b"unset",
        b":",
        b"true",
        b"exit",
        b"return",
        b"echo",
        b"printf",
        b"[",
        b"test",
    ];
    match command.words.first() {
        None => true,
        Some(word) => {
            OWN.iter().any(|name| word.is(name)) || word.prefix().starts_with(b"bashio::log.")
        }
    }
}

fn check_service(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let Some(directory) = service
        .file(tree, "env")
        .filter(|&node| tree.is_directory(node))
    else {
        return;
    };
    let has_variables = tree
        .children(directory)
        .iter()
        .any(|&child| !tree.name(child).starts_with(b"."));
    let Some(run) = model.script_of(service, "run").filter(|_| has_variables) else {
        return;
    };
    let is_read = matches!(run.language, Language::Execline(_) | Language::Shell(_));
    let body = run.shebang.as_ref().map_or(0, |shebang| shebang.span.end);
    let body = run.text.get(body..).unwrap_or_default();
    const USES: [&[u8]; 6] = [b"envdir", b"/env", b"env/", b"chpst", b"envfile", b"data/"];
    if !is_read || USES.iter().any(|part| contains(body, part)) {
        return;
    }
    findings
        .at(directory, "`run` does not load the variables in `env`")
        .help("begin the command line of run with `s6-envdir ./env`")
        .related(run.node, None, "this starts the service without them");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(body: &str, expected: &[&str]) {
        let text = format!("== etc/cont-init.d/1 0755\n#!/command/with-contenv bash\n{body}\n");
        let lines: Vec<String> = expected
            .iter()
            .map(|line| format!("etc/cont-init.d/1:{line}"))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        sampling::check(&RULE, &text, &lines);
    }

    #[test]
    fn exports_at_the_end_are_lost() {
        check(
            "mkdir /a\nexport A=1 B",
            &["3: warning: `A` is", "3: warning: `B` is"],
        );
        check(
            "if [ -z \"$A\" ]; then\n  export A=1\nfi\necho done",
            &["3: warning: `A` is"],
        );
        check(
            "export A=1\nbashio::log.info \"done\"\nexit 0",
            &["2: warning: `A` is"],
        );
    }

    #[test]
    fn exports_that_are_used_are_not() {
        for body in [
            "export A=1\nserver --init",
            "export A=1\necho \"$A\" > /run/s6/container_environment/A",
            "export A=1\n. /etc/other",
            "set_up() {\n  export A=1\n}\nset_up\nserver",
            "export DEBIAN_FRONTEND=noninteractive\napt-get install -y x",
            "export A=1\nexec server",
            "export A=1\nx=$(server)",
            "export A=1\nfor x in 1 2; do server; done",
        ] {
            check(body, &[]);
        }
        sampling::check(&RULE, "== run 0755\n#!/bin/sh\nexport A=1\n", &[]);
    }

    #[test]
    fn directory_env_needs_a_loader() {
        let found = ["services.d/web/env: warning: `run` does not load the variables"];
        for (run, expected) in [
            ("#!/command/execlineb -P\nweb\n", &found[..]),
            ("#!/usr/bin/env bash\nexec web\n", &found[..]),
            ("#!/command/execlineb -P\ns6-envdir ./env\nweb\n", &[]),
            ("#!/bin/sh\nexec s6-envdir env web\n", &[]),
            ("#!/bin/sh\n. ./env/all\nexec web\n", &[]),
            ("\x7fELF\n", &[]),
        ] {
            let text = format!("== services.d/web/run 0755\n{run}== services.d/web/env/TZ\nUTC\n");
            sampling::check(&RULE, &text, expected);
        }
    }
}
