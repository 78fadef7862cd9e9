//! `init-not-first-process`: something else than s6-overlay's `/init` is process 1.

use crate::bytes::base_name;
use crate::bytes::contains;
use crate::container::{CommandLine, Container, Fact, Kind};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::description::own_services;
use crate::model::{ContainerFile, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "init-not-first-process",
    Group::Image,
    Level::Error,
    "/init of s6-overlay is not process 1",
)
.why(
    "s6-overlay 3 refuses to start as another process than the first: `can only run as pid 1`. \
     Another init before it (`init: true` in a compose file, tini, and what a Home Assistant \
     add-on gets unless it says `init: false`) takes that place.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == config.yaml\nname: Web\nversion: \"1\"\nslug: web\narch:\n  - amd64\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == config.yaml\nname: Web\nversion: \"1\"\nslug: web\narch:\n  - amd64\ninit: false\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
)
.fix("`init: false` only leaves the supervisor's init away, with which s6-overlay 3 does not start")
.image(check);

const OTHERS: [&[u8]; 6] = [
    b"tini",
    b"tini-static",
    b"dumb-init",
    b"catatonit",
    b"docker-init",
    b"pid1",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // Version 2 bears with it.
    if model.overlay.generation != Some(3) {
        return;
    }
    for file in &model.containers {
        for container in &file.containers {
            match container.kind {
                Kind::HomeAssistant if !is_other(model) => {
                    check_add_on(file, container, findings);
                }
                Kind::Dockerfile => check_entrypoint(file, container, findings),
                Kind::HomeAssistant | Kind::Compose | Kind::Apko => {}
            }
        }
    }
    for (file, container) in own_services(model) {
        if let Some(init) = container.init.as_ref().filter(|init| init.value) {
            findings
                .span(
                    file.node,
                    init.span.clone(),
                    "this puts another init before /init",
                )
                .help("remove it: s6-overlay is an init")
                .replace("leave the other init away", init.span.clone(), "false");
        }
        check_entrypoint(file, container, findings);
    }
}

/// True where the image of the add-on has an entrypoint that need not come to /init, or is only
/// there for others to be built on.
fn is_other(model: &Model<'_>) -> bool {
    model.containers.iter().any(|file| {
        let is_base = contains(&file.text, b"io.hass.type=\"base\"")
            || contains(&file.text, b"io.hass.type=base");
        let mut dockerfiles = file.containers.iter();
        dockerfiles.any(|container| {
            container.kind == Kind::Dockerfile && (is_base || starts_other(container))
        })
    })
}

/// True where neither the entrypoint nor the command names /init.
fn starts_other(container: &Container) -> bool {
    let words = |line: &Option<Fact<CommandLine>>| match line.as_ref().map(|line| &line.value) {
        Some(CommandLine::Exec(words)) => words.clone(),
        Some(CommandLine::Shell(text) | CommandLine::Unknown(text)) => text
            .split(u8::is_ascii_whitespace)
            .map(<[u8]>::to_vec)
            .collect(),
        None => Vec::new(),
    };
    let entrypoint = words(&container.entrypoint);
    let mut all = entrypoint.iter().cloned().chain(words(&container.command));
    !entrypoint.is_empty() && !all.any(|word| base_name(&word) == b"init")
}

fn check_add_on(file: &ContainerFile, container: &Container, findings: &mut Findings<'_>) {
    const HELP: &str = "write `init: false`, so that /init of s6-overlay is process 1";
    match &container.init {
        Some(init) if init.value => {
            findings
                .span(
                    file.node,
                    init.span.clone(),
                    "this puts another init before /init",
                )
                .help(HELP)
                .replace("leave the other init away", init.span.clone(), "false");
        }
        Some(_) => {}
        None if container.problems.is_empty() => {
            let found = findings
                .at(
                    file.node,
                    "without `init: false`, the supervisor puts its init before /init",
                )
                .help(HELP);
            if takes_a_line(&file.text) {
                let end = file.text.len();
                found.replace("say `init: false`", end..end, "init: false\n");
            }
        }
        None => {}
    }
}

/// True for YAML of one document in lines, behind which one more key can stand.
fn takes_a_line(text: &[u8]) -> bool {
    let ends = contains(text, b"\n---") || contains(text, b"\n...");
    let begins = text
        .first()
        .is_some_and(|first| first.is_ascii_alphabetic() || *first == b'#');
    begins && text.ends_with(b"\n") && !ends
}

fn check_entrypoint(file: &ContainerFile, container: &Container, findings: &mut Findings<'_>) {
    let Some(Fact { value, span }) = &container.entrypoint else {
        return;
    };
    match value {
        CommandLine::Exec(words) => {
            let Some((first, behind)) = words.split_first() else {
                return;
            };
            let command = match container.command.as_ref().map(|command| &command.value) {
                Some(CommandLine::Exec(words)) => words.as_slice(),
                _ => &[],
            };
            let runs_init = behind.iter().chain(command).any(|word| word == b"/init");
            if runs_init && OTHERS.contains(&base_name(first)) {
                let name = String::from_utf8_lossy(base_name(first)).into_owned();
                findings
                    .span(
                        file.node,
                        span.clone(),
                        format!("`{name}` is process 1, not /init"),
                    )
                    .help("write ENTRYPOINT [\"/init\"]: s6-overlay is an init");
            }
        }
        // A shell becomes the last program that it starts; if it does not, /init fails.
        CommandLine::Shell(text) if text.trim_ascii() == b"/init" => {
            findings
                .span(
                    file.node,
                    span.clone(),
                    "a shell starts /init, and passes it no CMD",
                )
                .level(Level::Warning)
                .help("write ENTRYPOINT [\"/init\"]");
        }
        CommandLine::Shell(_) | CommandLine::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(file: &str, expected: &[&str]) {
        let tree = "== rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n";
        sampling::check(&RULE, &format!("== {file}\n{tree}"), expected);
        let old = format!("== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n== {file}\n{tree}");
        sampling::check(&RULE, &old, &[]);
    }

    #[test]
    fn add_on_says_init_false() {
        let head = "config.yaml\nname: Web\nversion: \"1\"\nslug: web\narch: [amd64]";
        check(head, &["config.yaml: error: without `init: false`"]);
        check(
            &format!("{head}\ninit: true"),
            &["config.yaml:5: error: this puts"],
        );
        check(&format!("{head}\ninit: false"), &[]);
        for (lines, is_found) in [
            ("CMD [\"/web\"]", true),
            ("ENTRYPOINT [\"/init\"]\nLABEL io.hass.type=\"addon\"", true),
            ("ENTRYPOINT [\"/init\"]\nLABEL io.hass.type=\"base\"", false),
            ("ENTRYPOINT [\"/usr/bin/env\"]\nCMD [\"/start.sh\"]", false),
            ("ENTRYPOINT exec /start.sh", false),
        ] {
            let found: &[&str] = if is_found {
                &["config.yaml: error: without `init: false`"]
            } else {
                &[]
            };
            check(&format!("{head}\n== Dockerfile\nFROM base\n{lines}"), found);
        }
    }

    #[test]
    fn entrypoints() {
        for (lines, expected) in [
            ("ENTRYPOINT [\"/init\"]", vec![]),
            (
                "ENTRYPOINT [\"tini\", \"--\", \"/init\"]",
                vec!["Dockerfile:2: error: `tini` is"],
            ),
            (
                "ENTRYPOINT [\"/usr/bin/dumb-init\"]\nCMD [\"/init\"]",
                vec!["Dockerfile:2: error: `dumb-init` is process 1"],
            ),
            (
                "ENTRYPOINT /init",
                vec!["Dockerfile:2: warning: a shell starts /init"],
            ),
            ("ENTRYPOINT exec /init", vec![]),
            ("ENTRYPOINT [\"/entrypoint.sh\", \"/init\"]", vec![]),
            ("ENTRYPOINT [\"tini\", \"--\", \"other\"]", vec![]),
            ("CMD [\"/init\"]", vec![]),
        ] {
            check(&format!("Dockerfile\nFROM base\n{lines}"), &expected);
        }
    }

    #[test]
    fn compose_service_of_this_image_has_no_init() {
        check(
            "compose.yaml\nservices:\n  a:\n    build: .\n    init: true\n  b:\n    image: x\n    init: true",
            &["compose.yaml:4: error: this puts another init"],
        );
        check(
            "compose.yaml\nservices:\n  a:\n    build: ../b\n    init: true",
            &[],
        );
    }
}
