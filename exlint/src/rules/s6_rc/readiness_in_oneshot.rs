//! `readiness-in-oneshot`: a oneshot is to notify that it is ready.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, Role, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "readiness-in-oneshot",
    Group::S6Rc,
    Level::Warning,
    "a oneshot is to notify that it is ready",
)
.why(
    "A oneshot is ready when its `up` has ended with 0. It has no supervisor that could be \
     notified: `notification-fd` is not read, and s6-notifyoncheck has nobody to talk to.",
)
.samples(
    "== prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n== prepare/notification-fd\n3\n\
     == all/type\nbundle\n== all/contents.d/prepare\n",
    "== prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/prepare\n",
)
.definition(check)
.script(check_script);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let file = model.tree.child(definition.directory, b"notification-fd");
    if let Some(file) = file.filter(|_| definition.is(DefinitionKind::Oneshot)) {
        findings
            .at(file, "`notification-fd` means nothing in a oneshot")
            .help("remove it; the service is ready when `up` has ended with 0");
    }
}

fn check_script(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = script.execline.as_ref().filter(|_| script.role == Role::Up) else {
        return;
    };
    for visit in execline.visits() {
        if visit.invocation.is("s6-notifyoncheck") {
            findings
                .script(
                    script,
                    visit.invocation.program.span.clone(),
                    "`s6-notifyoncheck` has nobody to notify in a oneshot",
                )
                .help(
                    "wait in `up` itself until what is needed is there, or make the service a \
                     longrun",
                );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn oneshots_have_no_supervisor() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            (
                "== a/type\nlongrun\n== a/run\n#!/command/execlineb -P\ns6-notifyoncheck a\n\
                 == a/notification-fd\n3\n",
                &[][..],
            ),
            (
                "== a/type\noneshot\n== a/up\ns6-notifyoncheck -d a\n",
                &["a/up:1: warning: `s6-notifyoncheck` has nobody"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
