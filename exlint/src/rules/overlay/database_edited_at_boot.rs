//! `database-edited-at-boot`: a script that runs as a service changes which services there are.

use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::{Command, Said, commands};
use crate::model::description::setting;
use crate::model::{Model, Role, Script};
use crate::overlay::Version;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "database-edited-at-boot",
    Group::Overlay,
    Level::Error,
    "services are chosen after the database was compiled",
)
.why(
    "s6-overlay compiles /etc/s6-overlay/s6-rc.d before it starts anything, cont-init.d and \
     oneshots included. A script that adds or removes names there changes nothing for this \
     boot, only for the next one of the same container. What S6_STAGE2_HOOK names runs before, \
     and may choose.",
)
.samples(
    "== etc/cont-init.d/10-choose 0755\n#!/command/with-contenv sh\n\
     if [ \"$ROLE\" = web ]; then\n\
     \x20 touch /etc/s6-overlay/s6-rc.d/user/contents.d/web\nfi\n",
    "== etc/s6-overlay/scripts/choose 0755\n#!/bin/sh\n\
     if [ \"$(printcontenv ROLE)\" = web ]; then\n\
     \x20 touch /etc/s6-overlay/s6-rc.d/user/contents.d/web\nfi\n\
     == etc/cont-init.d/10-other 0755\n#!/command/with-contenv sh\nmkdir -p /data\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let is_late = matches!(
        script.role,
        Role::InitHook | Role::NamedByOneshot | Role::Up | Role::Run
    );
    if !is_late || !model.overlay.may_be_v3() || is_hook(model, script) {
        return;
    }
    let text = &script.text;
    // A script may compile what it changed, and then switch to it.
    if !contains(text, b"/s6-overlay/") || contains(text, b"s6-rc-compile") {
        return;
    }
    for command in commands(script) {
        for (said, level) in written(&command) {
            let path = String::from_utf8_lossy(&said.value).into_owned();
            findings
                .script(
                    script,
                    said.span.clone(),
                    format!("`{path}` is compiled before this runs"),
                )
                .level(level)
                .help(help(model));
        }
    }
}

fn help(model: &Model<'_>) -> String {
    let mut help = "do it in the program that S6_STAGE2_HOOK names, which runs before".to_owned();
    if model
        .overlay
        .version
        .is_none_or(|version| version >= Version::USER_BUNDLES)
    {
        help.push_str(
            "; or keep several sets of bundles, and name one by S6_RUNTIME_BUNDLEDIR (from \
             3.2.3.1 on, and only without a directory s6-rc.d/user)",
        );
    }
    help
}

/// True where the environment says that the script runs before the database is compiled.
fn is_hook(model: &Model<'_>, script: &Script) -> bool {
    setting(model, b"S6_STAGE2_HOOK").is_some_and(|hook| {
        let path = [b"/", &*model.tree.path(script.node)].concat();
        contains(hook, &path)
    })
}

/// The names in source directories that a command writes or removes.
fn written(command: &Command) -> Vec<(&Said, Level)> {
    let last = || command.operands().next_back();
    let mut words: Vec<&Said> = match command.name() {
        b"touch" | b"rm" | b"rmdir" | b"mkdir" | b"mv" | b"s6-touch" | b"s6-rmrf" | b"s6-mkdir"
        | b"s6-rename" | b"unlink" | b"tee" => command.operands().collect(),
        b"ln" | b"cp" | b"install" | b"s6-ln" | b"s6-hiercopy" => last().into_iter().collect(),
        b"redirfd" if !command.arguments().iter().any(|word| word.value == b"-r") => {
            command.operands().nth(1).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let targets = command.targets.iter().filter(|target| target.is_written);
    words.extend(targets.map(|target| &target.file));
    words
        .into_iter()
        .filter_map(|said| Some((said, level(said)?)))
        .collect()
}

/// How bad it is to change this; `None` where it is no part of a source directory.
fn level(said: &Said) -> Option<Level> {
    let path = &*said.value;
    let below = [
        &b"/etc/s6-overlay/s6-rc.d/"[..],
        b"/etc/s6-overlay/user-bundles.d/",
    ]
    .iter()
    .find_map(|place| path.strip_prefix(*place))?;
    let mut names = below
        .split(|&byte| byte == b'/')
        .filter(|name| !name.is_empty());
    let directory = names.next();
    match names.next() {
        // Only s6-rc-compile reads these.
        Some(b"contents.d" | b"dependencies.d" | b"contents" | b"dependencies" | b"type") => {
            Some(Level::Error)
        }
        // A whole definition: it may be that its files are not wanted any more.
        None if directory.is_some() && said.is_whole => Some(Level::Warning),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(path: &str, body: &str, expected: &[&str]) {
        sampling::check(&RULE, &format!("== {path} 0755\n{body}\n"), expected);
    }

    #[test]
    fn late_changes_are_found() {
        let contents = "/etc/s6-overlay/s6-rc.d/user/contents.d";
        for (line, level) in [
            (format!("rm -f {contents}/web"), "error"),
            (format!("touch \"{contents}/$NAME\""), "error"),
            (format!("echo > {contents}/web"), "error"),
            (format!("ln -s /x {contents}/web"), "error"),
            ("rm -rf /etc/s6-overlay/s6-rc.d/web".to_owned(), "warning"),
        ] {
            let expected = format!("etc/cont-init.d/1:2: {level}: `/etc/s6-overlay/s6-rc.d/");
            check(
                "etc/cont-init.d/1",
                &format!("#!/bin/sh\n{line}"),
                &[&expected],
            );
        }
        check(
            "etc/cont-init.d/1",
            &format!("#!/command/execlineb -P\nif {{ test -e /x }} s6-touch {contents}/web"),
            &["etc/cont-init.d/1:2: error: "],
        );
    }

    #[test]
    fn other_writes_and_other_times_are_fine() {
        for line in [
            "cp /etc/s6-overlay/s6-rc.d/user/contents.d/web /tmp",
            "ls /etc/s6-overlay/s6-rc.d/user/contents.d",
            "echo 1 > /etc/s6-overlay/s6-rc.d/web/data/x",
            "sed -i s/a/b/ /etc/s6-overlay/s6-rc.d/init/run",
            "touch /etc/s6-overlay/s6-rc.d/user/contents.d/web\ns6-rc-compile /db /etc/s6-overlay/s6-rc.d",
        ] {
            check("etc/cont-init.d/1", &format!("#!/bin/sh\n{line}"), &[]);
        }
        check(
            "etc/s6-overlay/scripts/hook",
            "#!/command/execlineb -P\ns6-touch /etc/s6-overlay/s6-rc.d/user/contents.d/web",
            &[],
        );
    }

    #[test]
    fn hook_of_stage_2_runs_before() {
        sampling::check(
            &RULE,
            "== Dockerfile\nFROM x\nENV S6_STAGE2_HOOK=/etc/cont-init.d/1\n\
             == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\n\
             touch /etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
            &[],
        );
    }
}
