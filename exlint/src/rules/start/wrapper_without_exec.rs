//! `wrapper-without-exec`: a program stands between the supervisor and the daemon.

use crate::bytes::base_name;
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, Whereabouts};
use crate::rule::{Group, Rule};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "wrapper-without-exec",
    Group::Start,
    Level::Note,
    "a run script ends with a program that stays in front of the daemon",
)
.why(
    "The supervisor controls the process that it starts. su, sudo and runuser start the daemon \
     as a child and wait for it, and so does an entry point script that does not end with exec. \
     Signals and the exit code are then those of the wrapper.",
)
.samples(
    "== run 0755\n#!/bin/sh\nexec su web -c \"web --port 80\"\n",
    "== run 0755\n#!/bin/sh\nexec s6-setuidgid web web --port 80\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if script.role != Role::Run {
        return;
    }
    for (word, span) in last_words(script) {
        let name = base_name(&word);
        let is_switcher = [&b"su"[..], b"sudo", b"runuser"].contains(&name);
        let is_entry_point = [&b"docker-entrypoint.sh"[..], b"entrypoint.sh"].contains(&name);
        if !is_switcher && !is_entry_point {
            continue;
        }
        let node = match model.whereabouts(&word, script) {
            Whereabouts::Found(node) => Some(node),
            _ => None,
        };
        // The su of busybox becomes the program.
        let becomes = node.is_some_and(|node| {
            let text = model.tree.entry(node).bytes();
            model.tree.name(node).starts_with(b"busybox")
                || is_entry_point && text.is_ok_and(|text| hands_over(text))
        });
        if becomes {
            continue;
        }
        let shown = String::from_utf8_lossy(name).into_owned();
        let (message, help) = if is_switcher {
            (
                format!("`{shown}` stays between the supervisor and the daemon"),
                "use s6-setuidgid, which becomes the daemon".to_owned(),
            )
        } else if node.is_some() {
            (
                format!("`{shown}` does not exec the command it is given"),
                format!("let `{shown}` end with exec \"$@\""),
            )
        } else {
            (
                format!("signals reach the daemon only if `{shown}` ends with exec"),
                "see that it does, or start the daemon without it".to_owned(),
            )
        };
        findings.script(script, span, message).help(help);
        return;
    }
}

fn hands_over(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n').any(|line| {
        let has = |part: &[u8]| contains(line, part);
        has(b"exec ") && (has(b"$@") || has(b"${@}") || has(b"$*") || has(b"$1"))
    })
}

/// The programs that the script may end as.
fn last_words(script: &Script) -> Vec<(Vec<u8>, Range<usize>)> {
    if let Some(execline) = &script.execline {
        let invocations = execline.chain.invocations.iter();
        return invocations
            .map(|invocation| {
                (
                    invocation.program.value.to_vec(),
                    invocation.program.span.clone(),
                )
            })
            .collect();
    }
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return Vec::new();
    };
    let items = shell.last_pipeline();
    let [crate::shell::Item::Command(last)] = &items[..] else {
        return Vec::new();
    };
    let words = last.executed().unwrap_or(&last.words);
    // In front of the wrapper, others may stand that only go on with it.
    words
        .iter()
        .filter_map(|word| Some((word.literal()?, word.span.clone())))
        .enumerate()
        .filter(|(place, (word, _))| *place == 0 || word.starts_with(b"/"))
        .map(|(_, word)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(files: &str, run: &str, expected: &[&str]) {
        let text = format!("{files}== service/web/run 0755\n{run}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn wrappers_that_stay_are_noted() {
        let image = "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755\n";
        let stays = "== docker-entrypoint.sh 0755\n#!/bin/sh\n\"$@\"\n";
        let becomes = "== docker-entrypoint.sh 0755\n#!/bin/sh\nexec \"$@\"\n";
        let run = "#!/bin/sh\nexec s6-setuidgid web /docker-entrypoint.sh web";
        check(
            &format!("{image}{stays}"),
            run,
            &["service/web/run:2: note: `docker-entrypoint.sh` does"],
        );
        check(&format!("{image}{becomes}"), run, &[]);
        check("== etc/hosts\n", "#!/bin/sh\nexec web su", &[]);
        let busybox = format!("{image}== bin/su -> busybox\n== bin/busybox 0755\n");
        check(&busybox, "#!/bin/sh\nexec su web -c web", &[]);
        check(
            image,
            "#!/command/execlineb -P\nsudo -u web web",
            &["service/web/run:2: note: `sudo`"],
        );
    }
}
