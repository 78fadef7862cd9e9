//! `shell-in-up`: a oneshot's `up` or `down` is written as a shell script.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::{End, Item, Language, Shebang};

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-in-up",
    Group::S6Rc,
    Level::Error,
    "a oneshot's command line is written as a shell script",
)
.why(
    "`up` and `down` are no scripts: s6-rc-compile reads each as one execline command line. \
     The first line with `#!` is a comment, the mode does not matter, and no shell is ever \
     started. The first word is the program, and all that follows, over all lines, is its \
     arguments.",
)
.samples(
    "== prepare/type\noneshot\n\
     == prepare/up\n#!/bin/sh\nmkdir -p /var/lib/web\nchown web /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/prepare\n",
    "== prepare/type\noneshot\n\
     == prepare/up\nif { mkdir -p /var/lib/web }\nchown web /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/prepare\n",
)
.script(check);

/// Words that mean something to a shell only.
const SHELL_WORDS: [&str; 20] = [
    "&&", "||", ";", "|", ">", ">>", "<", "2>&1", "&", "fi", "then", "else", "done", "do", "esac",
    "[[", "set", "source", "local", "echo;",
];

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if !matches!(script.role, Role::Up | Role::Down) {
        return;
    }
    let Some(shebang) = &script.shebang else {
        return;
    };
    let Language::Shell(shell) = language(&script.text, shebang) else {
        return;
    };
    let shell = String::from_utf8_lossy(&shell).into_owned();
    let name = if script.role == Role::Up {
        "up"
    } else {
        "down"
    };
    let first = script.text.split(|&byte| byte == b'\n').next();
    let span = 0..first.map_or(0, <[u8]>::len);
    if works(script) {
        findings
            .script(
                script,
                span,
                format!("the first line of `{name}` is a comment"),
            )
            .level(Level::Note)
            .help("remove it: no interpreter reads this file");
        return;
    }
    findings
        .script(
            script,
            span,
            format!("`{name}` is written for {shell}, but no shell reads it"),
        )
        .help(format!(
            "move the text to an executable file, such as /etc/s6-overlay/scripts/NAME, and \
             write only the path of that file into `{name}`"
        ));
}

fn language(text: &[u8], shebang: &Shebang) -> Language {
    Language::of(text, Some(shebang))
}

/// True where the text does as execline what it would do in the shell: one chain of programs,
/// of which the last one's arguments end with its line.
fn works(script: &Script) -> bool {
    let Some(execline) = &script.execline else {
        return false;
    };
    let chain = &execline.chain;
    let (Some(last), true) = (chain.last(), execline.is_sound()) else {
        return false;
    };
    if !matches!(chain.end, End::Program | End::Optional | End::Unknown) {
        return false;
    }
    let is_of_shell = |item: &Item| match item {
        Item::Word(word) => {
            let value = &*word.value;
            SHELL_WORDS.iter().any(|shell| shell.as_bytes() == value)
                || value.ends_with(b";")
                || value.starts_with(b"$(")
                || value.contains(&b'`')
                || value.contains(&b'\'')
                || word.may_change()
        }
        Item::Block(_) => false,
    };
    let program = &last.program.value;
    let is_assignment = program.contains(&b'=');
    if is_assignment || execline.items.iter().any(is_of_shell) {
        return false;
    }
    // A second line of a shell script would be another command.
    let end = last.arguments.last().map(|item| item.span().end);
    let end = end.unwrap_or(last.program.span.end);
    !script
        .slice(&(last.program.span.start..end))
        .contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(up: &str, expected: &[&str]) {
        let sample =
            format!("== a/type\noneshot\n== a/up\n{up}\n== b/type\nbundle\n== b/contents.d/a\n");
        sampling::check(&RULE, &sample, expected);
    }

    #[test]
    fn what_works_as_execline_is_at_most_a_note() {
        let error = "a/up:1: error: `up` is written for";
        let note = "a/up:1: note: the first line of `up` is a comment";
        for (up, expected) in [
            (
                "#!/command/execlineb -P\nif { mkdir /a }\nchown a /a",
                &[][..],
            ),
            ("/etc/s6-overlay/scripts/a", &[]),
            ("# a comment\nmkdir -p /a", &[]),
            ("#!/bin/sh\n/etc/s6-overlay/scripts/a", &[note]),
            ("#!/bin/sh\nexec /etc/s6-overlay/scripts/a --now", &[note]),
            (
                "#!/command/with-contenv bash\nbashio::log hi\nchown a /a",
                &[error],
            ),
            ("#!/bin/sh\nset -e\nmkdir /a", &[error]),
            ("#!/bin/sh\nmkdir /a && chown a /a", &[error]),
            ("#!/bin/bash\nA=1 app", &[error]),
            ("#!/bin/sh\nif [ -d /a ]; then rm -r /a; fi", &[error]),
            ("#!/bin/sh\necho 'it is'", &[error]),
            ("#!/bin/sh\nchown \"$USER\" /a", &[error]),
        ] {
            check(up, expected);
        }
    }
}
