//! `shell-operator`: `|`, `>`, `&&` and their like, which are plain words in execline.

use super::subject::{chain_from, execline_of};
use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::items::flatten;
use crate::script::{Invocation, Item, Language, Word};

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-operator",
    Group::Execline,
    Level::Error,
    "an operator of the shell stands as a word, and means nothing",
)
.why(
    "execline has no operators. `|`, `>`, `&&` and `2>&1` are words like all others: the program \
     before them gets them as arguments, together with all that follows.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nserver 2>&1\n",
    "== run 0755\n#!/command/execlineb -P\nfdmove -c 2 1\nserver\n",
)
.script(check)
.image(check_image);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        if let Some(help) = operator(&invocation.program, None) {
            report(
                script,
                &invocation.program,
                "is named as a program",
                help,
                findings,
            );
        }
        let takes = Takes::of(invocation);
        if takes == Takes::Everything {
            continue;
        }
        let end = handed_on_from(invocation).unwrap_or(usize::MAX);
        let name = String::from_utf8_lossy(invocation.name());
        let mut items = invocation.arguments.iter().peekable();
        while let Some(item) = items.next() {
            let Item::Word(word) = item else {
                continue;
            };
            if word.span.start >= end && takes != Takes::Signs {
                break;
            }
            let next = items.peek().and_then(|item| item.word());
            // In a text that is only shown, it stands between words.
            let is_text = next.is_some_and(|next| next.is_bare && next.value.len() > 1);
            if invocation.is_one_of(&["echo", "s6-echo"]) && &*word.value == b"&" && is_text {
                continue;
            }
            let is_sign = word.value.len() == 1;
            if is_sign && takes == Takes::Signs {
                continue;
            }
            if let Some(help) = operator(word, next) {
                // A loader whose words cannot be told apart has the next program's with its own.
                let is_other = chain_from(invocation).is_some_and(|from| from <= word.span.start);
                let what = if is_other {
                    "is an argument like others here".to_owned()
                } else {
                    format!("reaches `{name}` as an argument")
                };
                report(script, word, &what, help, findings);
            }
        }
    }
}

/// The services of an apko image, whose command lines become execline scripts.
fn check_image(model: &Model<'_>, findings: &mut Findings<'_>) {
    for file in &model.containers {
        let services = file
            .containers
            .iter()
            .filter_map(|container| container.apko.as_ref())
            .flat_map(|apko| &apko.services);
        for service in services {
            // The fact is where the name stands; the command line is behind it.
            let start = service.span.end;
            let line = file.text.get(start..).unwrap_or_default();
            let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
            // What is in quotes is nobody's operator.
            if line.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'\\')) {
                continue;
            }
            let mut at = start;
            let mut words = Vec::new();
            for text in line.split(u8::is_ascii_whitespace) {
                if !text.is_empty() {
                    words.push(Word {
                        value: text.into(),
                        span: at..at + text.len(),
                        is_bare: true,
                    });
                }
                at += text.len() + 1;
            }
            for (place, word) in words.iter().enumerate() {
                if let Some(help) = operator(word, words.get(place + 1)) {
                    let name = String::from_utf8_lossy(&service.value.0);
                    findings
                        .span(
                            file.node,
                            word.span.clone(),
                            format!("`{}` in the service `{name}` means nothing", word.shown()),
                        )
                        .help(format!("the line becomes an execline script: {help}"));
                    break;
                }
            }
        }
    }
}

fn report(script: &Script, word: &Word, what: &str, help: &str, findings: &mut Findings<'_>) {
    findings
        .script(
            script,
            word.span.clone(),
            format!("`{}` {what}", word.shown()),
        )
        .help(help);
}

/// Programs that hand their words to a shell, or have operators of their own that look alike.
#[rustfmt::skip]
const HANDING_ON: &[&str] = &[
    "ssh", "rsh", "watch", "eval", "tmux", "parallel", "execlineb", "runblock", "xargs",
    "awk", "gawk", "mawk", "sed", "jq", "perl", "expect", "busybox", "gst-launch-1.0",
];

/// The place behind a shell, or a program that hands its words to one, among the words of an
/// invocation.
fn handed_on_from(invocation: &Invocation) -> Option<usize> {
    let mut words = vec![&invocation.program];
    flatten(&invocation.arguments, &mut words);
    let hands_on = |word: &&Word| {
        let name = base_name(&word.value);
        Language::is_shell(name) || HANDING_ON.iter().any(|known| known.as_bytes() == name)
    };
    words.into_iter().find(hands_on).map(|word| word.span.end)
}

/// What a program makes of operators.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Nothing.
    Nothing,
    /// Single signs are its own operators: `<`, `|`, `;`.
    Signs,
    /// It hands its words to a shell.
    Everything,
}

impl Takes {
    fn of(invocation: &Invocation) -> Takes {
        const SIGNS: &[&str] = &[
            "test", "[", "[[", "expr", "eltest", "s6-test", "s6-expr", "find", "dc", "bc", "nft",
        ];
        if invocation.is_one_of(HANDING_ON) || invocation.program.may_change() {
            Takes::Everything
        } else if invocation.is_one_of(SIGNS) {
            Takes::Signs
        } else {
            Takes::Nothing
        }
    }
}

/// What to write instead of a word, where that is an operator of the shell.
fn operator(word: &Word, next: Option<&Word>) -> Option<&'static str> {
    const PIPE: &str =
        "write `pipeline { first } second`, or give the service a logger with a service of its own";
    const FILE: &str = "write `redirfd -w 1 FILE` before the program: -r 0 for reading, -a 1 for appending, -w 2 \
         for standard error";
    const COPY: &str = "write `fdmove -c 2 1` before the program: it sends 2 where 1 goes";
    if !word.is_bare {
        return None;
    }
    let text = &*word.value;
    match text {
        b"|" | b"|&" => return Some(PIPE),
        b"||" => {
            return Some(
                "write `ifelse { first } { } second`, or `foreground { first }` and look \
                         at `?`",
            );
        }
        b"&&" => return Some("write `if { first } second`"),
        b";" | b";;" => return Some("write `foreground { first } second`"),
        b"&" => return Some("write `background { program }`, and let s6 run daemons"),
        b"2>&1" => return Some(COPY),
        b"1>&2" | b">&2" => {
            return Some("write `fdmove -c 1 2` before the program: it sends 1 where 2 goes");
        }
        b">" | b">>" | b"<" | b"2>" | b"2>>" | b"1>" | b"&>" if next.is_some() => {
            return Some(FILE);
        }
        b"<<" | b"<<<" if next.is_some() => {
            return Some("write `heredoc 0 \"text\"` before the program");
        }
        _ => {}
    }
    if text.starts_with(b"$(") || (text.starts_with(b"`") && text.len() > 1) {
        return Some("write `backtick -E NAME { command }` before the program, and ${NAME} here");
    }
    let is_heredoc = text.strip_prefix(b"<<").is_some_and(|end| {
        let end = end.strip_prefix(b"-").unwrap_or(end);
        !end.is_empty()
            && end
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
    });
    if is_heredoc {
        return Some("write `heredoc 0 \"text\"` before the program");
    }
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.get(digits..)?;
    let rest = match rest {
        _ if digits > 1 => return None,
        [b'&', b'>', rest @ ..] if digits == 0 => rest,
        [b'>', b'>', rest @ ..] | [b'>', rest @ ..] => rest,
        [b'<', rest @ ..] => rest,
        _ => return None,
    };
    let closes = [b"&1", b"&2", b"&-"].iter().any(|end| rest == *end);
    let is_path = rest.starts_with(b"/") || rest.starts_with(b"./") || rest.starts_with(b"$");
    let is_file = is_path && !text.ends_with(b">");
    if closes {
        Some("write `fdmove -c TO FROM` before the program, or `fdclose FD`")
    } else if is_file {
        Some(FILE)
    } else {
        None
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
    fn operators_are_words() {
        check(
            "app 2>&1 | ts",
            &[
                "run:2: error: `2>&1` reaches `app` as an argument",
                "run:2: error: `|` reaches `app` as an argument",
            ],
        );
        check(
            "exec nginx -c /etc/nginx.conf 2>&1",
            &["run:2: error: `2>&1` reaches `nginx` as an argument"],
        );
        check("nice sh -c x 2>&1", &[]);
        for script in [
            "echo a > /x",
            "echo a >> /x",
            "app < /x",
            "app >/dev/null",
            "app 2>/dev/null",
            "app &>$log",
            "app &",
            "mkdir /a && app",
            "mkdir /a || app",
            "mkdir /a ; app",
            "app >&-",
            "app $(date)",
            "cat <<EOF\nx\nEOF",
            "foreground { a } && b",
            "s6-echo $(date)",
        ] {
            let found = sampling::found(
                &RULE,
                &format!("== run 0755\n#!/bin/execlineb -P\n{script}\n"),
            );
            assert_eq!(found.len(), 1, "{script}: {found:?}");
        }
    }

    #[test]
    fn services_of_apko_images_are_execline() {
        let text = "== etc/s6/web/run 0755\n#!/bin/execlineb -P\nweb\n== apko.yaml\ncontents:\n  \
                    packages: [s6]\nentrypoint:\n  type: service-bundle\n  services:\n    \
                    web: /usr/bin/web && true\n    other: /usr/bin/web \"a && b\"\n";
        sampling::check(
            &RULE,
            text,
            &["apko.yaml:6: error: `&&` in the service `web` means nothing"],
        );
    }

    #[test]
    fn words_that_programs_take_are_fine() {
        for script in [
            "sh -c \"a | b > c && d 2>&1\"",
            "echo \">\" \"|\" \\;",
            "if { eltest a < b } app",
            "if { test a > b } app",
            "find / -exec rm {} ;",
            "expr 1 | 2",
            "nft add rule x y ; add rule z",
            "ssh host ls | wc",
            "tmux new ; split",
            "awk /x/&&/y/",
            "echo <html>",
            "echo ->",
            "echo a >",
            "forx -E i { | > & } echo $i",
            "define pipe | echo $pipe",
            "case $x { a|b { true } } app",
            "case -- | { | { true } } app",
            "s6-log n5 T !gzip /x",
            "app a=>b >=2 <3",
            "$cmd | b",
            "execlineb -c a;b |",
            "app --expr 1>0",
        ] {
            check(script, &[]);
        }
    }
}
