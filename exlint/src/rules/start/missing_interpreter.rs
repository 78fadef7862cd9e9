//! `missing-interpreter`: the program that the first line names is not in the image, or cannot
//! be found from there.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script, Whereabouts};
use crate::overlay::interpreters::{Presence, command_path, interpreter};
use crate::rule::{Group, Rule};
use crate::script::Shebang;
use crate::tree::{Lookup, NodeId};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-interpreter",
    Group::Start,
    Level::Error,
    "the interpreter that the first line names is not there",
)
.why(
    "The kernel starts the interpreter by its path, and does not search for it. Where it is \
     missing, the message names the script: \"No such file or directory\", though the script is \
     there. env and with-contenv search the directories of PATH for the program they are given. \
     An s6-overlay from the package of a distribution has no /command.",
)
.samples(
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n== usr/bin/env 0755\n\
     == service/web/run 0755\n#!/usr/src/env sh\nexec /usr/bin/env\n",
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n== usr/bin/env 0755\n\
     == service/web/run 0755\n#!/usr/bin/env sh\nexec /usr/bin/env\n",
)
.script(check);

/// As much of a file as the kernel reads to find the interpreter.
const LONGEST: usize = 255;

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shebang) = script.executed_shebang() else {
        return;
    };
    if script.slice(&shebang.span).contains(&b'\r') {
        return;
    }
    let path = &shebang.interpreter;
    let shown = String::from_utf8_lossy(path);
    let span = shebang.interpreter_span.clone();
    if path.is_empty() {
        findings
            .script(
                script,
                shebang.span.clone(),
                "the first line names no interpreter",
            )
            .help("name it behind #!, as in #!/bin/sh");
        return;
    }
    if span.end > LONGEST {
        findings
            .script(
                script,
                span,
                format!("the interpreter's path goes beyond {LONGEST} bytes, where Linux cuts it"),
            )
            .help("name the interpreter by a shorter path");
        return;
    }
    // The first line of a template: `unfilled-placeholder` says so.
    if path.contains(&b'@') || path.contains(&b'%') || path.contains(&b'{') {
        return;
    }
    if !path.starts_with(b"/") {
        findings
            .script(
                script,
                span,
                format!("the interpreter `{shown}` is looked for in the working directory"),
            )
            .level(Level::Warning)
            .help("name it by an absolute path, or by #!/usr/bin/env");
        return;
    }
    match model.whereabouts(path, script) {
        Whereabouts::Found(node) => {
            unusable(model, script, &shown, node, span, findings);
            inner(model, script, shebang, findings);
        }
        // `outdated-interpreter-path` knows what to write.
        _ if is_outdated(model, path) => {}
        Whereabouts::Nowhere if !comes_later(path) => {
            findings
                .script(script, span, format!("the image has no `{shown}`"))
                .help("install it, or name an interpreter that the image has");
        }
        Whereabouts::Elsewhere(node) if !comes_later(path) => {
            let place = place(model, node);
            findings
                .script(script, span, format!("the image has no `{shown}`"))
                .help(format!("a file of this name is {place}"))
                .related(node, None, "a file of the same name");
        }
        _ => by_version(model, script, path, span, findings),
    }
}

fn place(model: &Model<'_>, node: NodeId) -> String {
    format!("/{}", String::from_utf8_lossy(&model.tree.path(node)))
}

fn is_outdated(model: &Model<'_>, path: &[u8]) -> bool {
    model.overlay.generation == Some(3) && command_path(path).is_some()
}

/// True for places that are filled when the container runs, by a volume or by a program.
fn comes_later(path: &[u8]) -> bool {
    const PLACES: [&[u8]; 16] = [
        b"app", b"config", b"data", b"dev", b"home", b"host", b"media", b"mnt", b"nix", b"proc",
        b"root", b"run", b"srv", b"sys", b"tmp", b"var",
    ];
    let first = path.split(|&byte| byte == b'/').nth(1);
    first.is_some_and(|first| PLACES.contains(&first))
}

/// What is there but cannot be started.
fn unusable(
    model: &Model<'_>,
    script: &Script,
    shown: &str,
    node: NodeId,
    span: Range<usize>,
    findings: &mut Findings<'_>,
) {
    if model.tree.is_directory(node) {
        findings
            .script(
                script,
                span,
                format!("the interpreter `{shown}` is a directory"),
            )
            .help("name a program");
    } else if model.tree.is_file(node)
        && !model.tree.entry(node).is_executable()
        && !model.sets_modes()
    {
        findings
            .script(
                script,
                span,
                format!("the interpreter `{shown}` is not executable"),
            )
            .help("make it executable: chmod +x")
            .related(node, None, "this file");
    }
}

/// The program that env or with-contenv is to start.
fn inner(model: &Model<'_>, script: &Script, shebang: &Shebang, findings: &mut Findings<'_>) {
    let words = shebang.words();
    let name = match (shebang.name(), &words[..]) {
        (b"with-contenv" | b"env", [name]) => name,
        (b"env", [b"-S", name, ..]) => name,
        _ => return,
    };
    if name.starts_with(b"-") || name.contains(&b'=') {
        return;
    }
    let shown = String::from_utf8_lossy(name);
    let span = shebang.argument_span.clone();
    match model.whereabouts(name, script) {
        Whereabouts::Nowhere if !comes_later(name) => {
            findings
                .script(script, span, format!("the image has no program `{shown}`"))
                .help("install it, or name an interpreter that the image has");
        }
        Whereabouts::Elsewhere(node) if !comes_later(name) => {
            let place = place(model, node);
            findings
                .script(
                    script,
                    span,
                    format!("`{shown}` is in no directory of PATH"),
                )
                .level(Level::Warning)
                .help(format!(
                    "name it by its path, {place}, or add that directory to PATH"
                ));
        }
        _ => {}
    }
}

/// What no image of this version of s6-overlay has.
fn by_version(
    model: &Model<'_>,
    script: &Script,
    path: &[u8],
    span: Range<usize>,
    findings: &mut Findings<'_>,
) {
    let Some(version) = model.overlay.version else {
        return;
    };
    let known = interpreter(path).map(|known| known.presence(Some(version)));
    let is_there = matches!(model.tree.absolute(path), Lookup::Found(_));
    if known == Some(Presence::Never) && path.starts_with(b"/command/") && !is_there {
        let shown = String::from_utf8_lossy(path);
        findings
            .script(
                script,
                span,
                format!("s6-overlay {version} has no `{shown}`"),
            )
            .help("before version 3, execlineb and with-contenv are in /usr/bin");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const IMAGE: &str = "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin -> usr/bin\n\
        == usr/bin/sh -> busybox\n== usr/bin/busybox 0755\n== usr/bin/env 0755\n\
        == usr/bin/execlineb 0755\n== opt/tool/bash 0755\n== usr/bin/plain 0644\n";

    fn check(first_line: &str, expected: &[&str]) {
        let text = format!("{IMAGE}== service/web/run 0755\n{first_line}\nexec x\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn a_layer_with_users_and_scripts_is_no_image() {
        let layer = "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== command/.keep\n\
                     == usr/bin/lsapp 0755\n#!/bin/execlineb -P\nls /srv\n";
        for path in ["etc/s6-rc/source/web", "service/web"] {
            let text = format!("{layer}== {path}/run 0755\n#!/command/execlineb -P\nweb\n");
            sampling::check(&RULE, &text, &[]);
        }
    }

    #[test]
    fn interpreters_are_resolved_in_the_image() {
        for line in [
            "#!/bin/sh",
            "#!/usr/bin/env sh",
            "#!/bin/execlineb -P",
            "#!/usr/bin/env -S sh -e",
        ] {
            check(line, &[]);
        }
        for (line, expected) in [
            ("#!/bin/zsh", "error: the image has no `/bin/zsh`"),
            ("#!/bin/bash", "error: the image has no `/bin/bash`"),
            (
                "#!/usr/src/env sh",
                "error: the image has no `/usr/src/env`",
            ),
            (
                "#!/command/execlineb -P",
                "error: the image has no `/command/execlineb`",
            ),
            (
                "#!/usr/bin/env zsh",
                "error: the image has no program `zsh`",
            ),
            ("#!/bin", "error: the interpreter `/bin` is a directory"),
            (
                "#!/bin/plain",
                "error: the interpreter `/bin/plain` is not executable",
            ),
            ("#!", "error: the first line names no interpreter"),
            (
                "#!bin/sh",
                "warning: the interpreter `bin/sh` is looked for",
            ),
        ] {
            check(line, &[&format!("service/web/run:1: {expected}")]);
        }
        let long = format!("#!/{}sh", "bin/../".repeat(40));
        check(
            &long,
            &["service/web/run:1: error: the interpreter's path goes beyond"],
        );
    }

    #[test]
    fn what_may_be_elsewhere_is_not_missing() {
        check("#!/usr/bin/env bash", &[]);
        check("#!/data/venv/bin/python", &[]);
        check("#!/bin/zsh\r", &[]);
        sampling::check(
            &RULE,
            "== etc/services.d/web/run 0755\n#!/bin/zsh\nx\n",
            &[],
        );
        sampling::check(&RULE, "== run 0755\n#!/bin/zsh\nx\n", &[]);
    }

    #[test]
    fn version_2_has_no_command() {
        let run = "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nx\n";
        let text = format!("== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n{run}");
        let expected =
            "etc/services.d/web/run:1: error: s6-overlay 2.2.0.3 has no `/command/execlineb`";
        sampling::check(&RULE, &text, &[expected]);
        sampling::check(&RULE, run, &[]);
    }
}
