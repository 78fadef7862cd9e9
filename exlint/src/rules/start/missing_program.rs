//! `missing-program`: an execline chain runs a program that the image does not have.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script, Whereabouts};
use crate::overlay::paths;
use crate::programs::{misspelt, removed};
use crate::rule::{Group, Rule};
use crate::script::{Visit, Word};
use std::collections::HashMap;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-program",
    Group::Start,
    Level::Error,
    "a chain runs a program that the image does not have",
)
.why(
    "A program that is not there cannot be executed: the chain ends with exit code 127. The \
     `up` of a oneshot then fails, with all that depends on it; a service is started again and \
     again.",
)
.samples(
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n== bin/execlineb 0755\n\
     == usr/bin/web-server 0755\n== service/web/run 0755\n#!/bin/execlineb -P\n/usr/bin/webserver\n",
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n== bin/execlineb 0755\n\
     == usr/bin/web-server 0755\n== service/web/run 0755\n#!/bin/execlineb -P\n/usr/bin/web-server\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = script.execline.as_ref().filter(|_| model.tree.is_complete) else {
        return;
    };
    let visits = execline.visits();
    let changes_root = |visit: &Visit<'_>| {
        visit.invocation.is_one_of(&[
            "chroot",
            "s6-chroot",
            "unshare",
            "nsenter",
            "s6-pivotchroot",
        ])
    };
    if visits.iter().any(changes_root) {
        return;
    }
    let changes_path = visits.iter().any(|visit| {
        let invocation = visit.invocation;
        invocation.is_one_of(&["s6-envdir", "envfile", "with-contenv", "env", "emptyenv"])
            || invocation.is_one_of(&["export", "backtick"])
                && invocation.operand(0).is_none_or(|name| name.is(b"PATH"))
    });
    // A program that is also an argument may be tested for before it is run.
    let mut mentions: HashMap<&[u8], usize> = HashMap::new();
    for visit in &visits {
        for word in visit.invocation.own_words() {
            *mentions.entry(&word.value).or_default() += 1;
        }
    }
    let mut runs: HashMap<&[u8], usize> = HashMap::new();
    for visit in &visits {
        *runs.entry(&visit.invocation.program.value).or_default() += 1;
    }
    for visit in &visits {
        let program = &visit.invocation.program;
        let value = &program.value[..];
        let is_tried = mentions.get(value) != runs.get(value)
            || visit
                .block
                .is_some_and(|(around, _, _)| around.is_one_of(&["tryexec", "multisubstitute"]));
        if is_tried || !may_be_program(program) || has_own_rule(value) {
            continue;
        }
        let shown = program.shown();
        let (message, node) = match model.whereabouts(value, script) {
            Whereabouts::Nowhere if !comes_later(value) => {
                (format!("the image has no program `{shown}`"), None)
            }
            Whereabouts::Elsewhere(node) if value.starts_with(b"/") && !comes_later(value) => {
                (format!("the image has no `{shown}`"), Some(node))
            }
            Whereabouts::Elsewhere(node) if !value.starts_with(b"/") && !changes_path => {
                (format!("`{shown}` is in no directory of PATH"), Some(node))
            }
            _ => continue,
        };
        // What stands in a block may never be reached.
        let is_certain = visit.depth == 0 && (node.is_none() || value.starts_with(b"/"));
        let level = if is_certain {
            Level::Error
        } else {
            Level::Warning
        };
        let found = findings
            .script(script, program.span.clone(), message)
            .level(level);
        match node {
            None => {
                found.help(match misspelt(model.programs, value) {
                    Some(meant) => format!("write `{meant}` if that is meant, or install it"),
                    None => "install it, or name the program that is meant".to_owned(),
                });
            }
            Some(node) => {
                let place = String::from_utf8_lossy(&model.tree.path(node)).into_owned();
                found
                    .help(format!("a file of this name is /{place}"))
                    .related(node, None, "a file of the same name");
            }
        }
    }
}

fn may_be_program(word: &Word) -> bool {
    let value = &word.value[..];
    !word.may_change()
        && (value.starts_with(b"/") || !value.contains(&b'/'))
        && !value.contains(&b'=')
        && value.iter().any(u8::is_ascii_alphanumeric)
        && value
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte))
        && !value.starts_with(b"-")
}

/// True for words about which another rule says more.
fn has_own_rule(value: &[u8]) -> bool {
    const SHELL: [&[u8]; 18] = [
        b"then",
        b"else",
        b"elif",
        b"fi",
        b"do",
        b"done",
        b"while",
        b"until",
        b"esac",
        b"set",
        b"source",
        b".",
        b"local",
        b"function",
        b"eval",
        b"trap",
        b"return",
        b"declare",
    ];
    SHELL.contains(&value)
        || paths::absolute_program(value).is_some()
        || paths::program(value).is_some()
        || removed(base_name(value)).is_some()
}

/// True for places that may be filled when the container runs.
fn comes_later(value: &[u8]) -> bool {
    const PROGRAMS: [&[u8]; 9] = [
        b"bin", b"sbin", b"usr", b"lib", b"libexec", b"command", b"package", b"etc", b"opt",
    ];
    let first = value.split(|&byte| byte == b'/').nth(1);
    value.starts_with(b"/") && first.is_some_and(|first| !PROGRAMS.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(body: &str, expected: &[&str]) {
        let text = format!(
            "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n== bin/execlineb 0755\n\
             == bin/foreground 0755\n== bin/if 0755\n== bin/ifelse 0755\n== bin/test 0755\n\
             == bin/tryexec 0755\n== bin/true 0755\n== opt/web/bin/web 0755\n\
             == service/web/run 0755\n#!/bin/execlineb -P\n{body}\n"
        );
        let path = "service/web/run:2: ";
        let expected: Vec<String> = expected
            .iter()
            .map(|line| format!("{path}{line}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        sampling::check(&RULE, &text, &expected);
    }

    #[test]
    fn programs_of_no_file_are_missing() {
        check("/usr/bin/web", &["error: the image has no `/usr/bin/web`"]);
        check("absent", &["error: the image has no program `absent`"]);
        check(
            "foregroud web",
            &["error: the image has no program `foregroud`"],
        );
        check(
            "foreground { absent } /opt/web/bin/web",
            &["warning: the image has no program `absent`"],
        );
        check(
            "redirfd -w 1 /x web",
            &["error: the image has no program `redirfd`"],
        );
    }

    #[test]
    fn what_may_be_there_is_not_missing() {
        for body in [
            "web",
            "true",
            "$program",
            "./web",
            "/data/bin/web",
            "ifelse { test -x /usr/bin/web } { /usr/bin/web } true",
            "tryexec { absent } true",
            "/bin/s6-setuidgid web",
            "s6-test -e x",
        ] {
            check(body, &[]);
        }
        sampling::check(&RULE, "== run 0755\n#!/bin/execlineb -P\nabsent\n", &[]);
    }
}
