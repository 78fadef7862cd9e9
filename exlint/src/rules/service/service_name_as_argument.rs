//! `service-name-as-argument`: a `run` script hands all its arguments on to its program. One
//! of them read by itself may be meant.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::overlay::script_arguments::run_arguments;
use crate::rule::{Group, Rule};
use crate::script::Positional;

/// The rule.
pub const RULE: Rule = Rule::new(
    "service-name-as-argument",
    Group::Service,
    Level::Warning,
    "`run` hands its arguments on to its program",
)
.why(
    "Since s6 2.11.2.0, in s6-overlay since 3.1.3.0, `run` is started with the name of its \
     service as an argument; before, with none. A script that ends in `exec app \"$@\"` gives \
     it to its program, which does not expect it.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == web/run 0755\n#!/bin/sh\nexec server --port 80 \"$@\"\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == web/run 0755\n#!/bin/sh\nexec server --port 80\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let overlay = &model.overlay;
    let is_never = !overlay.may_be_v3() || run_arguments(overlay.version).is_empty();
    if script.role != Role::Run || model.service_of(script).is_none() || is_never {
        return;
    }
    if let Some(execline) = &script.execline {
        let substitutes = matches!(execline.positional, Positional::Substituted(_));
        let takes = execline.visits().iter().any(|it| {
            it.invocation
                .is_one_of(&["elgetpositionals", "shift", "elgetopt"])
        });
        if !substitutes || takes {
            return;
        }
    }
    if let Some(shell) = &script.shell {
        let gives_others = shell
            .commands
            .iter()
            .any(|it| it.is_any(&[b"set", b"shift"]))
            && shell.commands.iter().any(|it| it.is(b"shift"));
        let reads = shell.positional_reads();
        if gives_others || !reads.iter().any(|it| it.name == "@" || it.name == "*") {
            return;
        }
    }
    for line in process::command_lines(model, script) {
        if !line.is_last {
            continue;
        }
        for ending in process::endings(&line.chain) {
            let words = process::words(script, ending.program);
            let all = words.iter().find(|(word, _)| {
                matches!(
                    &**word,
                    b"$@" | b"${@}" | b"\"$@\"" | b"\"${@}\"" | b"$*" | b"\"$*\""
                )
            });
            let Some((_, span)) = all else {
                continue;
            };
            if script.shell.as_ref().is_some_and(|shell| {
                let mut reads = shell.positional_reads().into_iter();
                !reads.any(|it| span.start <= it.span.start && it.span.end <= span.end)
            }) {
                continue;
            }
            findings
                .script(
                    script,
                    span.clone(),
                    format!(
                        "`{}` gets the service's name as an argument",
                        ending.program.program.shown()
                    ),
                )
                .help("leave it out: `run` is started with the service's name and nothing else");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, script: &str, expected: &[&str]) {
        let config = match version {
            "" => String::new(),
            _ => format!("== exlint.toml\ns6-overlay-version = \"{version}\"\n"),
        };
        let text = format!("{config}== web/run 0755\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn all_arguments_are_the_name() {
        let found = ["web/run:2: warning: `app` gets the service's name"];
        for script in [
            "#!/bin/sh\nexec app \"$@\"",
            "#!/bin/sh\nexec app $@",
            "#!/command/execlineb -S0\napp $@",
            "#!/command/execlineb -S0\nfdmove -c 2 1 app -x ${@}",
        ] {
            check("3.1.3.0", script, &found);
        }
        for script in [
            "#!/bin/sh\nexec app \"$1\"",
            "#!/bin/sh\nshift\nexec app \"$@\"",
            "#!/bin/sh\nset -- --port 80\nexec app \"$@\"",
            "#!/bin/sh\nf() { app \"$@\"; }\nf 1",
            "#!/command/execlineb -P\napp $@",
            "#!/command/execlineb -S0\napp $1",
        ] {
            check("3.1.3.0", script, &[]);
        }
    }

    #[test]
    fn before_there_was_none() {
        let script = "#!/bin/sh\nexec app \"$@\"";
        check("3.1.2.1", script, &[]);
        check("2.2.0.3", script, &[]);
        check(
            "",
            script,
            &["web/run:2: warning: `app` gets the service's name"],
        );
    }
}
