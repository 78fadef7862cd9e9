//! `container-environment-not-loaded`: a script reads variables that nobody gives it.

use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::BindingKind;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "container-environment-not-loaded",
    Group::Start,
    Level::Note,
    "a script reads variables of the container without loading them",
)
.why(
    "s6-overlay starts services and hooks with an environment that is nearly empty, and keeps \
     the container's variables in files: what the script reads is empty. It gets them through \
     with-contenv, in its first line or in its chain, or where the image sets S6_KEEP_ENV=1.",
)
.samples(
    "== etc/services.d/web/run 0755\n#!/bin/sh\nexec web --token \"$WEB_TOKEN\"\n",
    "== etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web --token \"$WEB_TOKEN\"\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let is_started_bare = match script.role {
        Role::Run | Role::Finish | Role::InitHook | Role::FinishHook => true,
        Role::NamedByOneshot => is_all_of_its_oneshot(model, script),
        _ => false,
    };
    if !is_started_bare || !model.overlay.is_present || loads(&script.text) || keeps(model) {
        return;
    }
    let Some((name, span)) = unset(script) else {
        return;
    };
    findings
        .script(
            script,
            span,
            format!("nothing gives this script the variable `{name}`"),
        )
        .help(
            "begin with #!/command/with-contenv and the interpreter's name, if this is a variable \
             of the container",
        );
}

/// True where the oneshot's command lines are nothing but this script.
fn is_all_of_its_oneshot(model: &Model<'_>, script: &Script) -> bool {
    let Some(definition) = model.definition_of(script) else {
        return false;
    };
    ["up", "down"].iter().all(|name| {
        let line = model.script_in(definition, name);
        line.and_then(|line| line.execline.as_ref())
            .is_none_or(|execline| execline.visits().len() == 1)
    })
}

/// True where the text has to do with environments kept in files.
fn loads(text: &[u8]) -> bool {
    const SIGNS: [&[u8]; 6] = [
        b"with-contenv",
        b"s6-envdir",
        b"envfile",
        b"container_environment",
        b"/environ",
        b"justc-envdir",
    ];
    SIGNS.iter().any(|sign| contains(text, sign))
}

/// True where the image keeps the container's environment for all.
fn keeps(model: &Model<'_>) -> bool {
    let mut containers = model.all_containers();
    containers.any(|container| {
        container
            .variable(b"S6_KEEP_ENV")
            .is_some_and(|fact| fact.value.1.text() != b"0")
    })
}

/// Variables of a container have such names; those that systems set are not meant.
fn may_be_of_container(name: &[u8]) -> bool {
    const USUAL: [&[u8]; 10] = [
        b"HOME", b"USER", b"LOGNAME", b"SHELL", b"TERM", b"PATH", b"PWD", b"UID", b"GID",
        b"GIDLIST",
    ];
    name.iter()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        && name.len() > 1
        && !USUAL.contains(&name)
        && !name.starts_with(b"S6_")
}

/// The first variable that it reads and that nothing in it sets.
fn unset(script: &Script) -> Option<(String, Range<usize>)> {
    if let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) {
        if shell.has_unseen_commands() {
            return None;
        }
        return shell
            .unassigned_reads()
            .into_iter()
            .find(|read| !read.has_default() && may_be_of_container(read.name.as_bytes()))
            .map(|read| (read.name.clone(), read.span.clone()));
    }
    let execline = script.execline.as_ref()?;
    let sets = |name: &[u8]| {
        let mut bindings = execline.scopes.bindings.iter();
        bindings.any(|(binding, _)| binding.kind == BindingKind::Variable && binding.name == name)
    };
    execline.visits().into_iter().find_map(|visit| {
        let invocation = visit.invocation;
        let variable = invocation.operand(1)?;
        let is_read = invocation.is("importas")
            && !invocation.has('D')
            && !variable.may_change()
            && may_be_of_container(&variable.value);
        (is_read && !sets(&variable.value)).then(|| (variable.shown(), variable.span.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn variables_that_nothing_sets_are_noted() {
        for (run, expected) in [
            ("#!/bin/sh\nexec web \"$TOKEN\"", true),
            ("#!/bin/sh\nexec web \"${TOKEN:-x}\"", false),
            ("#!/bin/sh\nTOKEN=x\nexec web \"$TOKEN\"", false),
            ("#!/bin/sh\n. /etc/settings\nexec web \"$TOKEN\"", false),
            ("#!/bin/sh\nexec web \"$HOME\" $1", false),
            ("#!/bin/sh\nexec with-contenv sh -c 'web \"$TOKEN\"'", false),
            ("#!/command/with-contenv bash\nexec web \"$TOKEN\"", false),
            (
                "#!/command/execlineb -P\nimportas -u TOKEN TOKEN\nweb $TOKEN",
                true,
            ),
            (
                "#!/command/execlineb -P\nwith-contenv\nimportas -u T TOKEN\nweb $T",
                false,
            ),
            (
                "#!/command/execlineb -P\nimportas -D x T TOKEN\nweb $T",
                false,
            ),
            (
                "#!/command/execlineb -P\nbacktick TOKEN { cat /x }\nimportas T TOKEN\nweb $T",
                false,
            ),
        ] {
            let text = format!("== etc/services.d/web/run 0755\n{run}\n");
            let expected: &[&str] = if expected {
                &["etc/services.d/web/run:2: note: nothing gives"]
            } else {
                &[]
            };
            sampling::check(&RULE, &text, expected);
        }
    }

    #[test]
    fn images_may_keep_the_environment() {
        let run = "== rootfs/etc/services.d/web/run 0755\n#!/bin/sh\nexec web \"$TOKEN\"\n";
        let text = format!("== Dockerfile\nFROM alpine\nENV S6_KEEP_ENV=1\n{run}");
        sampling::check(&RULE, &text, &[]);
        sampling::check(
            &RULE,
            "== notification-fd\n3\n== run 0755\n#!/bin/sh\nexec web \"$TOKEN\"\n",
            &[],
        );
    }
}
