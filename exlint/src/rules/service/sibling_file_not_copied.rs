//! `sibling-file-not-copied`: a longrun's script reads a file beside it, which s6-rc leaves
//! behind.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::programs::OperandKind;
use crate::rule::{Group, Rule};
use crate::script::Value;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "sibling-file-not-copied",
    Group::Service,
    Level::Warning,
    "a longrun's script reads a file that is not copied with it",
)
.why(
    "s6-rc-compile makes a new service directory of a longrun's definition. It copies the files \
     that s6 knows, and the directories `data`, `env` and `template`; everything else stays \
     behind. A script is started in the copy, so a path relative to it leads to nothing.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/web/web.conf\nport 80\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb -c ./web.conf\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/web/data/web.conf\nport 80\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb -c ./data/web.conf\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
)
.script(check);

/// What is copied.
const COPIED: [&[u8]; 13] = [
    b"run",
    b"finish",
    b"data",
    b"env",
    b"template",
    b"notification-fd",
    b"lock-fd",
    b"timeout-kill",
    b"timeout-finish",
    b"max-death-tally",
    b"down-signal",
    b"flag-newpidns",
    // Made by s6-supervise.
    b"supervise",
];

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let service = match model.service_of(script) {
        Some(service) if service.is_longrun() => service,
        _ => return,
    };
    if !matches!(script.role, Role::Run | Role::Finish | Role::Check) {
        return;
    }
    let tree = model.tree;
    let others = tree.children(service.directory).iter();
    let mut others = others.filter(|&&node| !COPIED.contains(&tree.name(node)));
    if others.next().is_none() {
        return;
    }
    for (path, span) in paths(model, script) {
        let below = path.strip_prefix(b"./").unwrap_or(&path);
        let Some(first) = below.split(|&byte| byte == b'/').next() else {
            continue;
        };
        if COPIED.contains(&first) || matches!(first, b"" | b"." | b"..") {
            continue;
        }
        let Some(node) = tree.child(service.directory, first) else {
            continue;
        };
        let shown = String::from_utf8_lossy(first).into_owned();
        findings
            .script(
                script,
                span,
                format!("s6-rc does not copy `{shown}` to where the script runs"),
            )
            .related(node, None, "it is only in the definition")
            .help(format!(
                "move it to `data/{shown}` and write `./data/{shown}`, or name it by its \
                 absolute path"
            ));
    }
}

/// The paths relative to the service directory that a script is sure to use.
fn paths(model: &Model<'_>, script: &Script) -> Vec<(Vec<u8>, Range<usize>)> {
    const MOVERS: [&str; 5] = ["cd", "execline-cd", "posix-cd", "chroot", "s6-chroot"];
    let mut paths = Vec::new();
    let lines = process::command_lines(model, script);
    for line in &lines {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            if invocation.is_one_of(&MOVERS) || invocation.is("pushd") {
                // From here on it is somewhere else.
                return paths;
            }
            if invocation.is_one_of(&["echo", "s6-echo", "printf", "test", "[", "eltest"]) {
                continue;
            }
            for operand in &invocation.operands {
                if operand.kind == OperandKind::Path
                    && let Value::Word(word) = &operand.value
                    && !word.value.starts_with(b"./")
                {
                    paths.push((word.value.to_vec(), word.span.clone()));
                }
            }
            let program = &invocation.program;
            let words = process::words(script, invocation).into_iter();
            let words = words.chain([(program.value.to_vec(), program.span.clone())]);
            paths.extend(words.filter(|(word, _)| word.starts_with(b"./")));
        }
    }
    if let Some(shell) = script.shell.as_ref().filter(|it| it.broken.is_none()) {
        for redirection in shell.redirections() {
            let target = redirection.target.literal();
            if let Some(target) = target.filter(|it| it.starts_with(b"./")) {
                paths.push((target, redirection.target.span.clone()));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!(
            "== web/type\nlongrun\n== web/app.conf\nx\n== web/data/y\n== web/env/A\n\
             == web/run\n{script}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn only_what_is_left_behind_is_found() {
        let found = ["web/run:2: warning: s6-rc does not copy `app.conf`"];
        for script in [
            "#!/command/execlineb -P\nweb ./app.conf",
            "#!/command/execlineb -P\nredirfd -r 0 app.conf web",
            "#!/bin/sh\nexec web -c ./app.conf",
            "#!/bin/sh\n. ./app.conf\nexec web",
            "#!/bin/sh\nexec web < ./app.conf",
        ] {
            check(script, &found);
        }
        for script in [
            "#!/command/execlineb -P\ns6-envdir ./env web ./data/y",
            "#!/command/execlineb -P\ncd /srv web ./app.conf",
            "#!/command/execlineb -P\nweb app.conf",
            "#!/command/execlineb -P\nweb ./other.conf",
            "#!/bin/sh\ncd /srv\nexec web ./app.conf",
            "#!/bin/sh\nexec web -c \"$1/app.conf\"",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn a_scan_directory_is_copied_whole() {
        let text = "== web/app.conf\nx\n== web/run 0755\n#!/bin/sh\nexec web ./app.conf\n";
        sampling::check(&RULE, text, &[]);
    }
}
