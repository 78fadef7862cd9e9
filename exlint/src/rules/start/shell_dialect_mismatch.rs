//! `shell-dialect-mismatch`: a script uses what its shell does not have.

use crate::bytes::base_name;
use crate::container::Kind;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::shell::{Dialect, extensions};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-dialect-mismatch",
    Group::Start,
    Level::Warning,
    "a script uses what the shell in its first line does not have",
)
.why(
    "`sh` is dash in Debian and Ubuntu, busybox ash in Alpine, and bash in some others. What \
     only bash has, such as arrays, is a syntax error or an unknown command elsewhere; with \
     dash, even `set -o pipefail` ends the script.",
)
.samples(
    "== run 0755\n#!/command/with-contenv sh\noptions=(--port 80)\nexec web \"${options[@]}\"\n",
    "== run 0755\n#!/command/with-contenv bash\noptions=(--port 80)\nexec web \"${options[@]}\"\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    let name = script.shell_name().unwrap_or_default();
    let Some(written) = Dialect::of(name) else {
        return;
    };
    let dialect = match written {
        Dialect::Sh => of_image(model).unwrap_or(Dialect::Sh),
        known => known,
    };
    let mut told = Vec::new();
    for extension in extensions(shell) {
        let level = match dialect {
            Dialect::Sh => match extension.feature.works_in(Dialect::Ash) {
                Some(false) => Level::Warning,
                _ => Level::Note,
            },
            known if extension.feature.works_in(known) == Some(false) => Level::Warning,
            _ => continue,
        };
        // Each is said once in a script.
        let what = extension.feature.description();
        if told.contains(&what) {
            continue;
        }
        told.push(what);
        let shell = match (dialect, written) {
            (Dialect::Dash, Dialect::Sh) => "dash, which is `sh` here, does not have ".to_owned(),
            (Dialect::Ash, Dialect::Sh) => "busybox, which is `sh` here, does not have ".to_owned(),
            (Dialect::Sh, _) => "not every `sh` has ".to_owned(),
            _ => format!("`{}` does not have ", String::from_utf8_lossy(name)),
        };
        findings
            .script(script, extension.span, format!("{shell}{what}"))
            .level(level)
            .help("name bash in the first line, where the image has it, or write it for any sh");
    }
}

/// The shell that `sh` is in the image, where one can see it.
fn of_image(model: &Model<'_>) -> Option<Dialect> {
    match model.tree.absolute(b"/bin/sh") {
        Lookup::Found(node) => match model.tree.name(node) {
            b"sh" => None,
            name => Dialect::of(name),
        },
        Lookup::Missing | Lookup::Unknown => of_base(model),
    }
}

/// The shell of the image that a Dockerfile builds on.
fn of_base(model: &Model<'_>) -> Option<Dialect> {
    let containers = model.all_containers();
    let mut dockerfiles = containers.filter(|container| container.kind == Kind::Dockerfile);
    let from = dockerfiles.next()?.from.as_ref()?;
    let image = from.value.decided()?;
    let name = image.split(|&byte| byte == b':' || byte == b'@').next()?;
    match base_name(name) {
        b"alpine" | b"busybox" => Some(Dialect::Ash),
        b"debian" | b"ubuntu" => Some(Dialect::Dash),
        b"fedora" | b"almalinux" | b"rockylinux" | b"centos" | b"archlinux" | b"amazonlinux" => {
            Some(Dialect::Bash)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(before: &str, line: &str, expected: &[&str]) {
        let run = "== rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\n";
        sampling::check(&RULE, &format!("{before}{run}{line}\nexec web\n"), expected);
    }

    #[test]
    fn sh_is_what_the_image_has() {
        let path = "rootfs/etc/services.d/web/run:2:";
        for (from, line, expected) in [
            ("alpine:3.20", "set -o pipefail", None),
            (
                "alpine:3.20",
                "a=(b)",
                Some("warning: busybox, which is `sh` here"),
            ),
            (
                "debian:12",
                "set -o pipefail",
                Some("warning: dash, which is `sh` here"),
            ),
            ("debian:12", "set -eu", None),
            ("fedora:41", "a=(b)", None),
            (
                "example/base",
                "set -o pipefail",
                Some("note: not every `sh`"),
            ),
            ("example/base", "a=(b)", Some("warning: not every `sh`")),
        ] {
            let expected = expected.map(|expected| format!("{path} {expected}"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            check(&format!("== Dockerfile\nFROM {from}\n"), line, &expected);
        }
        let links = "== rootfs/etc/passwd\nroot:x:0:0::/:/bin/sh\n== rootfs/bin/sh -> dash\n\
                     == rootfs/bin/dash 0755\n";
        check(links, "[[ -e /x ]]", &[&format!("{path} warning: dash")]);
    }

    #[test]
    fn bash_has_everything() {
        let text = "== run 0755\n#!/usr/bin/env bash\na=(b)\n[[ -e x ]]\nexec web\n";
        sampling::check(&RULE, &format!("{text}== notification-fd\n3\n"), &[]);
    }
}
