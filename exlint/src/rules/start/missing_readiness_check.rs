//! `missing-readiness-check`: s6-notifyoncheck has no program to ask.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Service, ServiceKind};
use crate::rule::{Group, Rule};
use crate::script::Item;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-readiness-check",
    Group::Start,
    Level::Error,
    "s6-notifyoncheck has no `data/check` to run",
)
.why(
    "Without its option -c, s6-notifyoncheck runs the file `data/check` of the service directory \
     until that succeeds. Where the file is missing, stands elsewhere or is not executable, the \
     service never becomes ready, and what depends on it never starts. s6-rc-compile copies the \
     directory `data` with its modes, and no other file of this purpose.",
)
.samples(
    "== notification-fd\n3\n== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck web\n\
     == data/check 0644\n#!/bin/sh\ntest -e /run/web.pid\n",
    "== notification-fd\n3\n== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck web\n\
     == data/check 0755\n#!/bin/sh\ntest -e /run/web.pid\n",
)
.fix("data/check has no other use than to be executed")
.service(check);

fn check(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let Some(script) = model.script_of(service, "run") else {
        return;
    };
    let Some(span) = unarmed(script) else {
        return;
    };
    let tree = model.tree;
    if let Some(check) = service.file(tree, "data/check") {
        let is_repaired = service.kind == ServiceKind::Legacy && !model.overlay.may_be_v3();
        if tree.is_file(check)
            && !tree.entry(check).is_executable()
            && !is_repaired
            && !model.sets_modes()
        {
            findings
                .at(
                    check,
                    "`data/check` is not executable, so the service never becomes ready",
                )
                .help("make it executable: chmod +x")
                .related(script.node, Some(span), "s6-notifyoncheck runs it")
                .make_executable("make `data/check` executable");
        }
        return;
    }
    // A link may lead to where nothing can be seen.
    if tree
        .child(service.directory, b"data")
        .is_some_and(|data| !tree.is_directory(data) || tree.child(data, b"check").is_some())
    {
        return;
    }
    let found = findings.script(
        script,
        span,
        "s6-notifyoncheck runs `data/check`, which is not there",
    );
    match tree.child(service.directory, b"check") {
        Some(check) => found.help("move the file `check` to data/check").related(
            check,
            None,
            "s6-notifyoncheck does not look here",
        ),
        None => found.help(
            "write data/check, an executable that exits 0 once the service is ready, or give a \
             command line with -c",
        ),
    };
}

/// Where s6-notifyoncheck stands without its option -c.
fn unarmed(script: &crate::model::Script) -> Option<Range<usize>> {
    if let Some(execline) = &script.execline {
        return execline.visits().into_iter().find_map(|visit| {
            let invocation = visit.invocation;
            if !invocation.is("s6-notifyoncheck") {
                return None;
            }
            let has_program = match &invocation.signature {
                Some(_) => invocation.has('c'),
                None => {
                    let words = invocation.arguments.iter().filter_map(Item::word);
                    asks_program(words.map(|word| Some(word.value.to_vec())))
                }
            };
            (!has_program).then(|| invocation.program.span.clone())
        });
    }
    let shell = script
        .shell
        .as_ref()
        .filter(|shell| shell.broken.is_none())?;
    shell.commands.iter().find_map(|command| {
        let place = command.words.iter().position(|word| {
            word.literal()
                .is_some_and(|name| base_name(&name) == b"s6-notifyoncheck")
        })?;
        // What stands before it must be programs that go on with it.
        let before = command.words.get(..place)?.iter();
        let mut before = before.filter_map(crate::shell::Word::literal);
        if before.any(|name| matches!(&name[..], b"echo" | b"printf" | b"command" | b"which")) {
            return None;
        }
        let words = command.words.get(place + 1..)?.iter();
        let has_program = asks_program(words.map(crate::shell::Word::literal));
        (!has_program).then(|| command.words.get(place).map(|word| word.span.clone()))?
    })
}

/// True where the options in front of these words have a `-c`, or cannot be read.
fn asks_program(words: impl Iterator<Item = Option<Vec<u8>>>) -> bool {
    let mut words = words;
    while let Some(word) = words.next() {
        let Some(word) = word else {
            return true;
        };
        let Some(letters) = word.strip_prefix(b"-").filter(|_| word != b"--") else {
            return false;
        };
        for (place, letter) in letters.iter().enumerate() {
            match letter {
                b'c' => return true,
                b'3' | b's' | b'T' | b't' | b'w' | b'n' => {
                    if place + 1 == letters.len() {
                        words.next();
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(run: &str, files: &str, expected: &[&str]) {
        let text = format!("== notification-fd\n3\n== run 0755\n{run}\n{files}");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn modes_may_be_set_by_a_dockerfile_elsewhere() {
        let root = "== src/s6/etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
                    == src/s6/etc/s6-overlay/s6-rc.d/web/notification-fd\n3\n\
                    == src/s6/etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\n\
                    s6-notifyoncheck web\n\
                    == src/s6/etc/s6-overlay/s6-rc.d/web/data/check 0644\n#!/bin/sh\n";
        let found = "src/s6/etc/s6-overlay/s6-rc.d/web/data/check: error: `data/check` is not";
        for (line, expected) in [
            ("COPY --chmod=755 src/s6/ /", vec![]),
            ("COPY --chmod=755 ./src/s6 /", vec![]),
            ("COPY --chmod=755 src/s6/etc /etc", vec![]),
            ("COPY --chmod=755 src/s6-other /", vec![found]),
            ("COPY src/s6/ /", vec![found]),
        ] {
            let text = format!("== src/variations/web/Dockerfile\nFROM alpine\n{line}\n{root}");
            sampling::check(&RULE, &text, &expected);
        }
    }

    #[test]
    fn check_is_in_data_and_executable() {
        let missing = "run:2: error: s6-notifyoncheck runs `data/check`, which";
        let execline = "#!/command/execlineb -P\ns6-notifyoncheck -n 5 web -c x";
        let shell = "#!/bin/sh\nexec s6-notifyoncheck -d -t 500 web -c x";
        for run in [execline, shell] {
            check(run, "", &[missing]);
            check(run, "== check 0755\n#!/bin/sh\n", &[missing]);
            check(run, "== data/check 0755\n#!/bin/sh\n", &[]);
            check(run, "== data -> /opt/data\n", &[]);
        }
        for run in [
            "#!/command/execlineb -P\ns6-notifyoncheck -n 5 -c \"test -e x\" web",
            "#!/bin/sh\nexec s6-notifyoncheck -d -n 5 -c 'test -e x' web",
            "#!/bin/sh\nexec s6-notifyoncheck $OPTIONS web",
            "#!/bin/sh\nexec web",
        ] {
            check(run, "", &[]);
        }
    }
}
