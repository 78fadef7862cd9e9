//! `absolute-path-to-command`: a program of s6 or execline is named by its path, which differs
//! between versions and distributions.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::overlay::paths::{AbsoluteProgram, absolute_program};
use crate::rule::{Group, Rule};
use crate::tree::Lookup;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "absolute-path-to-command",
    Group::Start,
    Level::Warning,
    "a program of s6 or execline is named by its absolute path",
)
.why(
    "These programs stood in /bin and /usr/bin in s6-overlay 2, stand in /command in version 3, \
     and elsewhere where a distribution packages them. All of these put the directory into PATH, \
     so that the bare name works everywhere, and a path only somewhere.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/services.d/web/run 0755\n#!/command/execlineb -P\n/bin/s6-setuidgid web\nweb\n",
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/services.d/web/run 0755\n#!/command/execlineb -P\ns6-setuidgid web\nweb\n",
)
.fix("the PATH of services has the directory of these programs in every version of s6-overlay")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let named = named(script);
    if named.is_empty() || model.overlay.generation.is_none() {
        return;
    }
    let keeps_path = script.role.is_executed() && keeps_path(script);
    for (word, span) in named {
        let Some(program) = absolute_program(&word) else {
            continue;
        };
        // What other programs start, such as a health check, may have no such PATH.
        if !script.role.is_executed() && program.directory == "/command" {
            continue;
        }
        let Some((level, message)) = judged(model, &word, program) else {
            continue;
        };
        let name = String::from_utf8_lossy(program.name).into_owned();
        let found = findings
            .script(script, span.clone(), message)
            .level(level)
            .help(format!("write {name}, which PATH finds"));
        if keeps_path {
            found.replace(format!("write {name}"), span, program.name);
        }
    }
}

fn judged(model: &Model<'_>, word: &[u8], program: AbsoluteProgram<'_>) -> Option<(Level, String)> {
    let shown = String::from_utf8_lossy(word);
    let generation = model.overlay.generation?;
    let suits = (program.directory == "/command") == (generation >= 3);
    let may_be_linked = program.directory == "/usr/bin"
        && (model.overlay.version.is_none() || model.unpacks_links());
    let judged = match model.tree.absolute(word) {
        Lookup::Missing => (Level::Error, format!("the image has no `{shown}`")),
        Lookup::Unknown if !suits && !may_be_linked => (
            Level::Warning,
            format!("s6-overlay {generation} has no `{shown}`"),
        ),
        _ => (
            Level::Note,
            format!("`{shown}` is a path of some versions and distributions only"),
        ),
    };
    Some(judged)
}

/// The words by which a script names programs.
fn named(script: &Script) -> Vec<(Vec<u8>, Range<usize>)> {
    if let Some(execline) = &script.execline {
        let visits = execline.visits().into_iter();
        return visits
            .map(|visit| &visit.invocation.program)
            .filter(|word| !word.may_change() && word.value.starts_with(b"/"))
            .map(|word| (word.value.to_vec(), word.span.clone()))
            .collect();
    }
    let commands = script.shell.iter().flat_map(|shell| &shell.commands);
    commands
        .filter_map(|command| match command.executed() {
            Some(words) => words.first(),
            None => command.words.first(),
        })
        .filter_map(|word| Some((word.literal()?, word.span.clone())))
        .filter(|(path, _)| path.starts_with(b"/"))
        .collect()
}

/// True where nothing in the script gives its programs another PATH.
fn keeps_path(script: &Script) -> bool {
    const CHANGERS: [&str; 8] = [
        "emptyenv",
        "env",
        "envfile",
        "s6-envdir",
        "chroot",
        "s6-chroot",
        "unexport",
        "unshare",
    ];
    match (&script.execline, &script.shell) {
        (Some(execline), _) => !execline.visits().iter().any(|visit| {
            visit.invocation.is_one_of(&CHANGERS)
                || visit.invocation.is_one_of(&["export", "backtick"])
                    && visit
                        .invocation
                        .operand(0)
                        .is_none_or(|name| name.is(b"PATH"))
        }),
        (None, Some(shell)) => {
            let changes = |command: &crate::shell::Command| {
                let name = command.name().unwrap_or_default();
                CHANGERS.iter().any(|changer| changer.as_bytes() == name)
            };
            !shell.assigned().contains("PATH") && !shell.commands.iter().any(changes)
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, body: &str, expected: &[&str]) {
        let text = format!(
            "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
             == etc/services.d/web/run 0755\n{body}\nweb\n"
        );
        let path = "etc/services.d/web/run:";
        let expected: Vec<String> = expected
            .iter()
            .map(|line| format!("{path}{line}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        sampling::check(&RULE, &text, &expected);
    }

    #[test]
    fn paths_go_with_versions() {
        let shell = "#!/bin/sh\n/bin/s6-echo hi";
        check(
            "3.2.0.0",
            shell,
            &["2: warning: s6-overlay 3 has no `/bin/s6-echo`"],
        );
        check("2.2.0.3", shell, &["2: note: `/bin/s6-echo` is a path"]);
        let exec = "#!/bin/sh\nexec /command/s6-setuidgid web";
        check("3.2.0.0", exec, &["2: note: `/command/s6-setuidgid`"]);
        check("2.2.0.3", exec, &["2: warning: s6-overlay 2 has no"]);
        check(
            "3.2.0.0",
            "#!/bin/sh\ns6-echo hi\n/bin/echo /bin/s6-echo",
            &[],
        );
        check(
            "3.2.0.0",
            "#!/command/execlineb -P\nforeground { /bin/cd / }",
            &[],
        );
    }

    #[test]
    fn other_systems_have_their_own_places() {
        sampling::check(
            &RULE,
            "== run 0755\n#!/usr/bin/execlineb -P\n/usr/bin/s6-pause\n",
            &[],
        );
    }
}
