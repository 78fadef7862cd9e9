//! `logger-cannot-write`: a logger runs as a user that cannot write where its logs go. What a
//! script may make or give away at boot is not judged.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::rule::{Group, Rule};
use crate::script::Invocation;
use crate::tree::{Lookup, NodeId};
use std::collections::HashSet;

/// The rule.
pub const RULE: Rule = Rule::new(
    "logger-cannot-write",
    Group::Service,
    Level::Warning,
    "a logger cannot write where its logs go",
)
.why(
    "s6-log makes its directory if only the last part of it is missing, and keeps its files \
     there. If the user it runs as may not, it exits 111 again and again, the pipe to it fills, \
     and the service that writes there hangs. logutil-service drops its privileges by itself, \
     which fails where they were dropped before.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\ns6-setuidgid nobody\nlogutil-service /var/log/web\n",
    "== run 0755\n#!/command/execlineb -P\nlogutil-service /var/log/web\n",
)
.image(check);

const DROPPERS: [&str; 5] = [
    "s6-setuidgid",
    "s6-applyuidgid",
    "su-exec",
    "gosu",
    "setuidgid",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut prepared: Option<HashSet<Vec<u8>>> = None;
    for script in &model.scripts {
        let is_logger =
            process::mentions(script, b"s6-log") || process::mentions(script, b"logutil-service");
        if !matches!(script.role, Role::Run | Role::Other) || !is_logger {
            continue;
        }
        for line in process::command_lines(model, script) {
            for ending in process::endings(&line.chain) {
                let dropper = ending
                    .before
                    .iter()
                    .rev()
                    .find(|it| it.is_one_of(&DROPPERS));
                if ending.program.is("logutil-service") {
                    if let Some(dropper) = dropper {
                        twice(script, dropper, ending.program, findings);
                    }
                } else if ending.program.is("s6-log")
                    && let Some(dropper) = dropper
                    && dropper.is("s6-setuidgid")
                    && model.tree.is_complete
                {
                    let prepared = prepared.get_or_insert_with(|| prepared_paths(model));
                    target(model, script, dropper, ending.program, prepared, findings);
                }
            }
        }
    }
}

fn twice(script: &Script, dropper: &Invocation, logger: &Invocation, findings: &mut Findings<'_>) {
    let name = String::from_utf8_lossy(dropper.name()).into_owned();
    let is_root = process::words(script, dropper)
        .iter()
        .any(|(word, _)| word == b"root" || word == b"0" || word == b"0:0");
    if is_root {
        return;
    }
    findings
        .script(
            script,
            logger.program.span.clone(),
            format!("`{name}` drops the privileges that `logutil-service` needs"),
        )
        .related(script.node, Some(dropper.span()), "they are dropped here")
        .help(format!(
            "leave out `{name}`: `logutil-service` runs s6-log as nobody by itself"
        ));
}

/// A directory of s6-log that is in the image, or is not.
fn target(
    model: &Model<'_>,
    script: &Script,
    dropper: &Invocation,
    logger: &Invocation,
    prepared: &HashSet<Vec<u8>>,
    findings: &mut Findings<'_>,
) {
    let accounts = model.accounts.as_ref();
    let words = process::words(script, dropper);
    let user = words.first().map(|(word, _)| word);
    let Some((user, &(uid, gid))) = user.and_then(|user| Some((user, accounts?.users.get(user)?)))
    else {
        return;
    };
    if uid == 0 {
        return;
    }
    let user = String::from_utf8_lossy(user).into_owned();
    for (word, span) in process::words(script, logger) {
        let is_directory = word.starts_with(b"/") && !word.contains(&b'$');
        if !is_directory || is_prepared(&word, prepared) {
            continue;
        }
        let shown = String::from_utf8_lossy(&word).into_owned();
        let (node, message) = match model.tree.absolute(&word) {
            Lookup::Found(node) => (node, format!("`{user}` may not write to `{shown}`")),
            Lookup::Missing => {
                let path = word.strip_suffix(b"/").unwrap_or(&word);
                let end = path.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
                let parent = path.get(..end.max(1)).unwrap_or_default();
                match model.tree.absolute(parent) {
                    Lookup::Found(node) => (
                        node,
                        format!("`{shown}` is not there, and `{user}` may not make it"),
                    ),
                    _ => continue,
                }
            }
            Lookup::Unknown => continue,
        };
        if is_temporary(&word) || may_write(model, node, uid, gid) {
            continue;
        }
        findings
            .script(script, span, message)
            .related(node, None, "this directory belongs to another user")
            .help(format!(
                "make `{shown}` for `{user}` when the image is built, or in a oneshot that this \
                 logger depends on"
            ));
    }
}

/// True for what is mounted, or made at boot.
fn is_temporary(path: &[u8]) -> bool {
    [&b"/run/"[..], b"/tmp/", b"/dev/", b"/var/run/", b"/proc/"]
        .iter()
        .any(|place| path.starts_with(place))
}

fn may_write(model: &Model<'_>, node: NodeId, uid: u32, gid: u32) -> bool {
    let entry = model.tree.entry(node);
    let class = if entry.owner == uid {
        6
    } else if entry.group == gid {
        3
    } else {
        0
    };
    // Who is in another group by /etc/group is given the benefit of the doubt.
    let by_group = entry.group != 0 && entry.mode & 0o030 == 0o030;
    entry.mode >> class & 0o3 == 0o3 || by_group
}

/// The absolute paths that scripts name other than to run a service; the part before what is
/// not known counts.
fn prepared_paths(model: &Model<'_>) -> HashSet<Vec<u8>> {
    let mut paths = HashSet::new();
    for script in &model.scripts {
        let is_text = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte);
        for word in script.text.split(|&byte| !is_text(byte)) {
            if word.starts_with(b"/") && script.role != Role::Run {
                paths.insert(word.strip_suffix(b"/").unwrap_or(word).to_vec());
            }
        }
        // A run script may make the directory of its logger, or its own.
        if script.role == Role::Run && process::mentions(script, b"mkdir")
            || process::mentions(script, b"chown")
            || process::mentions(script, b"install")
        {
            for word in script.text.split(|&byte| !is_text(byte)) {
                if word.starts_with(b"/") {
                    paths.insert(word.strip_suffix(b"/").unwrap_or(word).to_vec());
                }
            }
        }
    }
    paths
}

/// True where a path, or a directory above it, is named.
fn is_prepared(path: &[u8], prepared: &HashSet<Vec<u8>>) -> bool {
    let mut path = path.strip_suffix(b"/").unwrap_or(path);
    loop {
        if prepared.contains(path) {
            return true;
        }
        match path.iter().rposition(|&byte| byte == b'/') {
            Some(end) if end > 0 => path = path.get(..end).unwrap_or_default(),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(files: &str, chain: &str, expected: &[&str]) {
        let text = format!(
            "== etc/passwd\nroot:x:0:0::/:/bin/sh\nlog:x:100:100::/:/bin/sh\n== bin/sh 0755\n\
             == etc/services.d/web/run 0755\n#!/bin/sh\nexec web 2>&1\n\
             == etc/services.d/web/log/run 0755\n#!/command/execlineb -P\n{chain}\n{files}"
        );
        sampling::check(&RULE, &text, expected);
    }

    const LOG: &str = "s6-setuidgid log s6-log n10 s1000000 T /var/log/web";
    const RUN: &str = "etc/services.d/web/log/run:2: warning:";

    #[test]
    fn privileges_are_dropped_once() {
        let found = format!("{RUN} `s6-setuidgid` drops the privileges");
        check(
            "",
            "s6-setuidgid log logutil-service /var/log/web",
            &[&found],
        );
        check("", "s6-setuidgid root logutil-service /var/log/web", &[]);
        check("", "logutil-service /var/log/web", &[]);
    }

    #[test]
    fn the_directory_belongs_to_the_logger() {
        let denied = format!("{RUN} `log` may not write to `/var/log/web`");
        check("== var/log/web/ 0755 0:0\n", LOG, &[&denied]);
        check("== var/log/web/ 0755 100:100\n", LOG, &[]);
        check("== var/log/web/ 0777 0:0\n", LOG, &[]);
        check("== var/log/web/ 0775 0:4\n", LOG, &[]);
        check("== var/log/web/ 0755 0:0\n", "s6-log n10 /var/log/web", &[]);
        let missing = format!("{RUN} `/var/log/web` is not there, and `log` may not");
        check("== var/log/ 0755 0:0\n", LOG, &[&missing]);
        check("== var/log/ 0777 0:0\n", LOG, &[]);
        // Another rule's business, if anybody's.
        check("", LOG, &[]);
    }

    #[test]
    fn what_scripts_make_is_not_missed() {
        for hook in [
            "install -d -o log /var/log/web",
            "chown -R log /var/log",
            "for i in web db; do mkdir -p /var/log/$i; done",
        ] {
            let files =
                format!("== var/log/ 0755 0:0\n== etc/cont-init.d/1 0755\n#!/bin/sh\n{hook}\n");
            check(&files, LOG, &[]);
        }
    }
}
