//! `newline-in-container-environment`: a variable written with a newline at its end.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::{Command, commands};
use crate::model::{Model, Script};
use crate::overlay::Version;
use crate::rule::{Group, Rule};
use crate::shell::Connector;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "newline-in-container-environment",
    Group::Overlay,
    Level::Warning,
    "a variable of the container's environment is written with a newline",
)
.why(
    "Since s6-overlay 2, with-contenv takes a file below /run/s6/container_environment as it is: \
     the newline that echo writes becomes the last byte of the variable. It shows nowhere, and \
     makes a path, a number or a comparison wrong.",
)
.samples(
    "== etc/cont-init.d/10-zone 0755\n#!/command/with-contenv sh\n\
     echo UTC > /run/s6/container_environment/TZ\n",
    "== etc/cont-init.d/10-zone 0755\n#!/command/with-contenv sh\n\
     echo -n UTC > /run/s6/container_environment/TZ\n",
)
.fix("`echo -n` writes the same text without the newline, in every shell of a Linux image")
.script(check);

const PLACES: [&[u8]; 2] = [
    b"/run/s6/container_environment/",
    b"/var/run/s6/container_environment/",
];

fn is_variable(path: &[u8]) -> bool {
    PLACES.iter().any(|place| path.starts_with(place))
}

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if model.overlay.is_before(Version::V2) {
        return;
    }
    if let Some(execline) = &script.execline {
        for visit in execline.visits() {
            let name = visit.invocation.name();
            let is_sent = visit.before().iter().any(|before| {
                before.is("redirfd")
                    && before.operand(0).is_some_and(|word| word.is(b"1"))
                    && before
                        .operand(1)
                        .is_some_and(|word| is_variable(&word.value))
            });
            let mut words = visit.invocation.own_words().into_iter().skip(1);
            let is_bare = visit.invocation.has('n')
                || words.next().is_some_and(|word| is_silent(&word.value));
            if [&b"echo"[..], b"s6-echo"].contains(&name) && is_sent && !is_bare {
                report(
                    script,
                    name,
                    visit.invocation.program.span.clone(),
                    findings,
                );
            }
        }
    }
    let Some(shell) = &script.shell else { return };
    let commands = commands(script);
    for (place, (command, read)) in commands.iter().zip(&shell.commands).enumerate() {
        let mut targets = command.targets.iter().filter(|target| target.is_written);
        let next = commands
            .get(place + 1)
            .filter(|_| read.connector == Connector::Pipe);
        let is_sent = targets.any(|target| is_variable(&target.file.value))
            || next.is_some_and(|next| {
                next.name() == b"tee" && next.operands().any(|word| is_variable(&word.value))
            });
        let Some(program) = command.words.first() else {
            continue;
        };
        if is_sent && ends_line(command) {
            report(script, command.name(), program.span.clone(), findings);
        }
    }
}

/// Options of `echo` among which is the one against the newline.
fn is_silent(word: &[u8]) -> bool {
    word.strip_prefix(b"-").is_some_and(|letters| {
        letters.contains(&b'n') && letters.iter().all(|letter| b"neE".contains(letter))
    })
}

fn ends_line(command: &Command) -> bool {
    let first = command.arguments().first();
    match command.name() {
        b"echo" | b"s6-echo" => {
            let options = command
                .arguments()
                .iter()
                .take_while(|word| word.value.starts_with(b"-"));
            !options.clone().any(|word| is_silent(&word.value))
                && !first.is_some_and(|word| {
                    !word.is_whole && word.value.is_empty() && command.words.len() > 2
                })
        }
        b"printf" => first.is_some_and(|word| {
            word.is_whole && (word.value.ends_with(b"\\n") || word.value.ends_with(b"\n"))
        }),
        _ => false,
    }
}

fn report(script: &Script, name: &[u8], program: Range<usize>, findings: &mut Findings<'_>) {
    let shown = String::from_utf8_lossy(name).into_owned();
    let end = program.end;
    let found = findings
        .script(
            script,
            program,
            format!("`{shown}` ends the variable's value with a newline"),
        )
        .help("write the value alone: printf '%s' VALUE, or echo -n VALUE");
    if name != b"printf" {
        found.replace("leave the newline out", end..end, " -n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, is_found: bool) {
        let text = format!("== etc/cont-init.d/1 0755\n{script}\n");
        let expected = ["etc/cont-init.d/1:2: warning: "];
        sampling::check(&RULE, &text, if is_found { &expected } else { &[] });
    }

    #[test]
    fn what_writes_a_newline() {
        for line in [
            "echo \"$A\" > /run/s6/container_environment/A",
            "echo 1 >/var/run/s6/container_environment/A",
            "echo -e 1 > \"/run/s6/container_environment/$NAME\"",
            "echo 1 | tee /run/s6/container_environment/A",
            "printf '%s\\n' 1 > /run/s6/container_environment/A",
        ] {
            check(&format!("#!/bin/sh\n{line}"), true);
        }
        let write = "redirfd -w 1 /run/s6/container_environment/A";
        check(&format!("#!/command/execlineb -P\n{write} s6-echo 1"), true);
        check(
            &format!("#!/command/execlineb -P\n{write} s6-echo -n 1"),
            false,
        );
    }

    #[test]
    fn what_writes_none() {
        for line in [
            "echo -n 1 > /run/s6/container_environment/A",
            "echo -ne 1 > /run/s6/container_environment/A",
            "printf %s 1 > /run/s6/container_environment/A",
            "printf '%s' \"$A\" | tee /run/s6/container_environment/A",
            "echo 1 | tr -d '\\n' > /run/s6/container_environment/A",
            "echo 1 > /run/s6/other",
            "echo $(cat /run/s6/container_environment/A)",
            "echo $OPTIONS 1 > /run/s6/container_environment/A",
        ] {
            check(&format!("#!/bin/sh\n{line}"), false);
        }
    }
}
