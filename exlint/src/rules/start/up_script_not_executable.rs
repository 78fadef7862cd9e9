//! `up-script-not-executable`: a oneshot's command line names a file that nobody may execute.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "up-script-not-executable",
    Group::Start,
    Level::Error,
    "a oneshot's `up` or `down` names a script that is not executable",
)
.why(
    "The command line in `up` or `down` is executed as it stands. A program in it that has no \
     executable mode ends in \"Permission denied\": the oneshot fails, and all that depends on \
     it stays down. The mode of `up` itself does not matter, but that of the file it names does.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/init-app/type\noneshot\n\
     == etc/s6-overlay/s6-rc.d/init-app/up\n/etc/s6-overlay/scripts/init-app\n\
     == etc/s6-overlay/s6-rc.d/init-app/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/init-app\n\
     == etc/s6-overlay/scripts/init-app 0644\n#!/command/with-contenv sh\nmkdir -p /data/app\n",
    "== etc/s6-overlay/s6-rc.d/init-app/type\noneshot\n\
     == etc/s6-overlay/s6-rc.d/init-app/up\n/etc/s6-overlay/scripts/init-app\n\
     == etc/s6-overlay/s6-rc.d/init-app/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/init-app\n\
     == etc/s6-overlay/scripts/init-app 0755\n#!/command/with-contenv sh\nmkdir -p /data/app\n",
)
.fix("the oneshot executes the file, so it is meant to be executed")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = script
        .execline
        .as_ref()
        .filter(|_| script.role.is_compiled())
    else {
        return;
    };
    for visit in execline.visits() {
        let program = &visit.invocation.program;
        if !program.value.starts_with(b"/") || program.may_change() {
            continue;
        }
        let Some(node) = model.tree.absolute(&program.value).found() else {
            continue;
        };
        let entry = model.tree.entry(node);
        if !model.tree.is_file(node) || entry.is_executable() || model.sets_modes() {
            continue;
        }
        let name = String::from_utf8_lossy(model.tree.name(script.entry)).into_owned();
        let owner = model.definition_of(script);
        let oneshot = owner.map(|owner| String::from_utf8_lossy(&owner.name).into_owned());
        findings
            .at(
                node,
                format!(
                    "this file is not executable, but `{name}` of `{}` runs it",
                    oneshot.unwrap_or_default()
                ),
            )
            .help("make it executable: chmod +x")
            .related(script.node, Some(program.span.clone()), "it is run here")
            .make_executable("make the file executable");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(up: &str, expected: &[&str]) {
        let text = format!(
            "== etc/s6-overlay/s6-rc.d/init/type\noneshot\n\
             == etc/s6-overlay/s6-rc.d/init/up 0644\n{up}\n\
             == etc/s6-overlay/s6-rc.d/init/run 0644\n#!/bin/sh\n\
             == opt/ready 0755\n#!/bin/sh\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn files_that_are_executed_are_found() {
        let expected = "etc/s6-overlay/s6-rc.d/init/run: error: this file is not executable";
        check("/etc/s6-overlay/s6-rc.d/init/run", &[expected]);
        check(
            "foreground { /etc/s6-overlay/s6-rc.d/init/run } true",
            &[expected],
        );
        check("/opt/ready", &[]);
        check("/bin/sh /etc/s6-overlay/s6-rc.d/init/run", &[]);
        check("/bin/sh -e /etc/s6-overlay/s6-rc.d/init/run", &[]);
        check("/opt/absent", &[]);
    }
}
