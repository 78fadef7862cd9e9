//! `unfilled-placeholder`: `@NAME@`, `%%NAME%%` or `{{ name }}` that a template was to lose.

use super::subject::{self, execline_of};
use crate::bytes::find;
use crate::findings::{Findings, Found};
use crate::level::Level;
use crate::model::{Model, Script, Service};
use crate::rule::{Group, Rule};
use crate::script::{Item, Word};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "unfilled-placeholder",
    Group::Execline,
    Level::Warning,
    "a placeholder of a template was not filled in",
)
.why(
    "`@NAME@` and the like are replaced when a package is built. Where that was forgotten, the \
     program gets the placeholder as it is written, or no program of that name is found.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nserver --config @SYSCONFDIR@/server.conf\n",
    "== run 0755\n#!/command/execlineb -P\nserver --config /etc/server.conf\n",
)
.script(check)
.service(check_service);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    // Where the first line is not filled in either, the file is a template by intent, unless
    // it stands in an image.
    if let Some(shebang) = &script.shebang
        && let Some(inside) = placeholder(&shebang.interpreter)
    {
        let start = shebang.interpreter_span.start;
        let level = if model.tree.is_complete && !script.role.is_compiled() {
            Level::Error
        } else {
            Level::Note
        };
        report(script, start + inside.start..start + inside.end, findings).level(level);
        return;
    }
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let fills = invocation.is_one_of(FILLING) || invocation.is_one_of(PRINTING);
        let end = subject::inner_from(invocation).unwrap_or(usize::MAX);
        for word in invocation.own_words() {
            let is_other = word.span.start >= end || fills;
            if is_other && word.span != invocation.program.span {
                continue;
            }
            // In a text with blanks it may be meant for whoever reads the text.
            let is_text = !word.is_bare && word.value.iter().any(u8::is_ascii_whitespace);
            if !is_text && !is_substitution(&word.value) && placeholder(&word.value).is_some() {
                let is_template = script.role.is_compiled() && is_among_templates(model);
                let found = report(script, word.span.clone(), findings);
                if is_template {
                    found.level(Level::Note);
                }
            }
        }
    }
    double_braces(script, &execline.items, findings);
}

/// True where first lines of other scripts are not filled in: a oneshot's command line has none
/// that could say so.
fn is_among_templates(model: &Model<'_>) -> bool {
    let mut shebangs = model.scripts.iter().filter_map(|it| it.shebang.as_ref());
    !model.tree.is_complete && shebangs.any(|it| placeholder(&it.interpreter).is_some())
}

/// Programs that fill in placeholders, and get them as arguments.
#[rustfmt::skip]
const FILLING: &[&str] = &[
    "sed", "s6-sed", "awk", "perl", "replace", "envsubst", "m4", "gomplate", "dockerize", "confd",
    "sh", "bash", "docker", "podman", "kubectl", "helm", "replace-literal", "rpl", "grep",
];

const PRINTING: &[&str] = &["echo", "s6-echo", "printf", "heredoc", "date", "define"];

fn report<'f, 't>(
    script: &Script,
    span: Range<usize>,
    findings: &'f mut Findings<'t>,
) -> Found<'f, 't> {
    let shown = String::from_utf8_lossy(script.slice(&span)).into_owned();
    findings
        .script(
            script,
            span,
            format!("the placeholder in `{shown}` was not filled in"),
        )
        .help("write the value, or have the build replace it")
}

/// True for `s;@NAME@;value;`: whatever program gets it, it is to fill the placeholder in.
fn is_substitution(word: &[u8]) -> bool {
    let Some((b's', [mark, rest @ ..])) = word.split_first() else {
        return false;
    };
    mark.is_ascii_punctuation() && rest.iter().filter(|&byte| byte == mark).count() == 2
}

/// Where `@NAME@` or `%%NAME%%` stands.
fn placeholder(word: &[u8]) -> Option<Range<usize>> {
    marked(word, b"@").or_else(|| marked(word, b"%%"))
}

fn marked(word: &[u8], mark: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(place) = find(word.get(at..)?, mark) {
        let start = at + place;
        let inside = word.get(start + mark.len()..)?;
        let length = inside
            .iter()
            .position(|byte| !byte.is_ascii_uppercase() && !byte.is_ascii_digit() && *byte != b'_')
            .unwrap_or(inside.len());
        let begins = inside.first().is_some_and(u8::is_ascii_uppercase);
        // `user@HOST@x` has a name before the mark.
        let stands_free = start
            .checked_sub(1)
            .and_then(|before| word.get(before))
            .is_none_or(|before| !before.is_ascii_alphanumeric());
        if begins && length > 1 && stands_free && inside.get(length..)?.starts_with(mark) {
            return Some(start..start + length + 2 * mark.len());
        }
        at = start + mark.len();
    }
    None
}

/// `{{ name }}` between blanks is three words in execline, or a word in quotes.
fn double_braces(script: &Script, items: &[Item], findings: &mut Findings<'_>) {
    let mut open: Option<&Word> = None;
    let mut words = 0;
    for item in items {
        let Item::Word(word) = item else {
            open = None;
            if let Item::Block(block) = item {
                double_braces(script, &block.items, findings);
            }
            continue;
        };
        if word.is_bare && word.is(b"{{") {
            open = Some(word);
            words = 0;
        } else if word.is_bare && word.is(b"}}") {
            if let Some(first) = open.take().filter(|_| words == 1) {
                report(script, first.span.start..word.span.end, findings);
            }
        } else {
            words += 1;
        }
    }
}

/// Small files of a service that hold one word each.
const FILES: [&str; 8] = [
    "type",
    "notification-fd",
    "timeout-kill",
    "timeout-finish",
    "timeout-up",
    "timeout-down",
    "down-signal",
    "max-death-tally",
];

fn check_service(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    for name in FILES {
        let Some(node) = service.file(model.tree, name) else {
            continue;
        };
        let Ok(bytes) = model.tree.entry(node).bytes() else {
            continue;
        };
        if bytes.len() > 4096 {
            continue;
        }
        if let Some(span) = placeholder(bytes) {
            findings
                .span(
                    node,
                    span,
                    format!("the placeholder in `{name}` was not filled in"),
                )
                .help("write the value, or have the build replace it");
        }
    }
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
    fn placeholders_are_found() {
        for script in [
            "@BINDIR@/app",
            "app --config @SYSCONFDIR@/x",
            "app %%PORT%%",
            "foreground { s6-setuidgid @USER@ app } app",
            "app --name {{ app.name }}",
        ] {
            let found = sampling::found(
                &RULE,
                &format!("== run 0755\n#!/command/execlineb -P\n{script}\n"),
            );
            assert_eq!(found.len(), 1, "{script}: {found:?}");
        }
        let up = "== s/a/type\noneshot\n== s/a/up\n/opt/app-@VERSION@/prepare\n";
        sampling::check(&RULE, up, &["s/a/up:1: warning: the placeholder in"]);
        let web = "== s/b/type\nlongrun\n== s/b/run\n#!@PREFIX@/execlineb -P\nweb\n";
        sampling::check(
            &RULE,
            &[up, web].concat(),
            &[
                "s/a/up:1: note: the placeholder in",
                "s/b/run:1: note: the placeholder in",
            ],
        );
        sampling::check(
            &RULE,
            "== run 0755\n#!@PREFIX@/bin/execlineb -P\napp\n",
            &["run:1: note: the placeholder in `@PREFIX@`"],
        );
        sampling::check(
            &RULE,
            "== run 0755\n#!@PREFIX@/execlineb -P\n@PREFIX@/app\n",
            &["run:1: note: the placeholder in `@PREFIX@`"],
        );
        sampling::check(
            &RULE,
            "== etc/passwd\n== bin/sh 0755\n== etc/services.d/a/run 0755\n#!@PREFIX@/sh\n",
            &["etc/services.d/a/run:1: error: the placeholder in `@PREFIX@`"],
        );
        sampling::check(
            &RULE,
            "== run 0755\n#!/bin/sh\nexec app\n== notification-fd\n@FD@\n",
            &["notification-fd:1: warning: the placeholder in `notification-fd`"],
        );
    }

    #[test]
    fn signs_that_are_meant_are_fine() {
        for script in [
            "sed \"s/@PORT@/80/\" x",
            "sed -e s/@PORT@/80/ x",
            "edit-in-place s;@PORT@;80;g x",
            "app user@host",
            "app a@B@c",
            "app @ @@ %% %d%%",
            "ssh-keygen -C ME@HOST",
            "date +%Y%m%d%%X%%",
            "docker ps --format {{.Names}}",
            "echo @NAME@",
            "app \"mail @ADMIN@ about it\"",
            "find . -exec a {} +",
        ] {
            check(script, &[]);
        }
    }
}
