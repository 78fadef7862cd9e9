//! `empty-script`: a script without a command.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "empty-script",
    Group::Execline,
    Level::Error,
    "the script holds no command",
)
.why(
    "execlineb exits 0 at once where a script holds nothing but comments. A service whose run \
     script does so is started again every second, and never runs anything.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\n# server --foreground\n",
    "== run 0755\n#!/command/execlineb -P\nserver --foreground\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    if !execline.is_sound() || !execline.items.is_empty() {
        return;
    }
    let (level, what) = match script.role {
        // A oneshot may have nothing to do, and a finish script nothing to say.
        Role::Up | Role::Down | Role::Finish | Role::FinishHook | Role::Control => return,
        Role::Run => (Level::Error, "the service is started again and again"),
        Role::Check => (Level::Warning, "the service counts as ready at once"),
        // Some are there to be filled in by whoever wants to: rc.local, a last hook.
        Role::InitHook | Role::NamedByOneshot | Role::Other => (Level::Note, "it does nothing"),
    };
    let first = match &script.shebang {
        Some(shebang) => shebang.span.clone(),
        None => 0..script.text.len(),
    };
    findings
        .script(
            script,
            first,
            format!("the script holds no command: {what}"),
        )
        .level(level)
        .help("write the command line that it is to run");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_some_scripts_must_do_something() {
        const RUN: &str = "== run 0755\n#!/bin/execlineb -P\napp\n";
        let check = |file: &str, expected: &[&str]| {
            let text = format!("{RUN}== {file} 0755\n#!/bin/execlineb -P\n# later\n");
            sampling::check(&RULE, &text, expected);
        };
        check("finish", &[]);
        check(
            "data/check",
            &["data/check:1: warning: the script holds no command"],
        );
        sampling::check(
            &RULE,
            "== run 0755\n#!/bin/execlineb -P\n",
            &["run:1: error: the script holds no command"],
        );
        sampling::check(
            &RULE,
            "== rc.local 0755\n#!/bin/execlineb -P\n",
            &["rc.local:1: note: the script holds no command"],
        );
        sampling::check(&RULE, "== run 0755\n#!/bin/execlineb -P\n\"\"\n", &[]);
        sampling::check(&RULE, "== type\noneshot\n== up\n# nothing\n", &[]);
    }
}
