//! `outdated-interpreter-path`: an interpreter of s6-overlay by a path that version 2 had.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::overlay::interpreters::command_path;
use crate::rule::{Group, Rule};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "outdated-interpreter-path",
    Group::Start,
    Level::Warning,
    "an interpreter of s6-overlay is named by a path of version 2",
)
.why(
    "Since version 3, execlineb and with-contenv are in /command. The paths of version 2, such \
     as /usr/bin/with-contenv, exist only where the optional archives of symbolic links were \
     unpacked too, and /bin/execlineb only where a distribution puts it. Without them the script \
     ends in \"No such file or directory\".",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/cont-init.d/10-app 0755\n#!/usr/bin/with-contenv bash\nmkdir -p /data/app\n",
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/cont-init.d/10-app 0755\n#!/command/with-contenv bash\nmkdir -p /data/app\n",
)
.fix("/command has the same program in every s6-overlay from version 3 on")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shebang) = script.executed_shebang() else {
        return;
    };
    let Some(new) = command_path(&shebang.interpreter) else {
        return;
    };
    if model.overlay.generation != Some(3) || !shebang.interpreter.starts_with(b"/") {
        return;
    }
    let is_known = model.overlay.version.is_some();
    let level = match model.tree.absolute(&shebang.interpreter) {
        Lookup::Found(_) => return,
        Lookup::Missing => Level::Error,
        Lookup::Unknown if model.unpacks_links() => return,
        Lookup::Unknown if is_known => Level::Warning,
        // The image below may well have the links.
        Lookup::Unknown => Level::Note,
    };
    let replacement = model.tree.absolute(new.path.as_bytes());
    let message = match level {
        Level::Error => "the image has no `",
        Level::Warning | Level::Note => "version 3 has no `",
    };
    let rest = match level {
        Level::Error => "`, a path of s6-overlay 2",
        Level::Warning | Level::Note => "` without the optional archives of links",
    };
    let shown = String::from_utf8_lossy(&shebang.interpreter);
    let found = findings
        .script(
            script,
            shebang.interpreter_span.clone(),
            format!("{message}{shown}{rest}"),
        )
        .level(level);
    if !new.same_program {
        found.help(format!("{} is its successor, with other options", new.path));
        return;
    }
    let found = found.help(format!("write {}", new.path));
    let is_safe = match replacement {
        Lookup::Found(_) => true,
        Lookup::Unknown => is_known,
        Lookup::Missing => false,
    };
    if is_safe {
        let span = shebang.interpreter_span.clone();
        found.replace(format!("write {}", new.path), span, new.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const HOOK: &str = "== etc/cont-init.d/1 0755\n#!/usr/bin/with-contenv sh\ntrue\n";

    fn check(before: &str, expected: &[&str]) {
        sampling::check(&RULE, &format!("{before}{HOOK}"), expected);
    }

    #[test]
    fn version_and_image_decide() {
        check("", &[]);
        check("== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n", &[]);
        check(
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n",
            &["etc/cont-init.d/1:1: warning: version 3 has no `/usr/bin/with-contenv`"],
        );
        let version = "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n== Dockerfile\nFROM x\n";
        let hook = HOOK.replace("etc/", "rootfs/etc/");
        for (line, expected) in [
            ("RUN ln -s /command/* /usr/bin/", 0),
            (
                "RUN tar -C / -Jxpf /tmp/s6-overlay-symlinks-noarch.tar.xz",
                0,
            ),
            ("RUN apk add bash", 1),
        ] {
            let text = format!("{version}{line}\n{hook}");
            let expected = vec!["rootfs/etc/cont-init.d/1:1: warning: version 3"; expected];
            sampling::check(&RULE, &text, &expected);
        }
        check(
            "== etc/s6-overlay/s6-rc.d/user/type\nbundle\n",
            &["etc/cont-init.d/1:1: note: version 3 has no"],
        );
        let image = "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755\n\
                     == command/with-contenv 0755\n#!/bin/sh\n";
        check(
            image,
            &["etc/cont-init.d/1:1: error: the image has no `/usr/bin/with-contenv`"],
        );
        check(
            &format!("{image}== usr/bin/with-contenv -> /command/with-contenv\n"),
            &[],
        );
    }
}
