//! `misspelt-command`: a program's name is nearly that of a command.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script, Whereabouts};
use crate::programs::misspelt;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "misspelt-command",
    Group::Execline,
    Level::Warning,
    "a program's name is nearly that of a command of execline or s6",
)
.why(
    "The name is looked for in PATH when its turn comes, and not before: what stands before it is \
     done, and then the script ends with `unable to exec` and exit code 127. A program that \
     really has such a name is silenced by a usage line of it under `programs` in `exlint.toml`.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { mkdir -p /run/web }\ns6-setuigid web\n\
     web-server\n",
    "== run 0755\n#!/command/execlineb -P\nforeground { mkdir -p /run/web }\ns6-setuidgid web\n\
     web-server\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let program = &visit.invocation.program;
        if program.may_change() {
            continue;
        }
        let Some(meant) = misspelt(model.programs, &program.value) else {
            continue;
        };
        let level = match model.whereabouts(&program.value, script) {
            Whereabouts::Found(_) | Whereabouts::Elsewhere(_) => continue,
            Whereabouts::Nowhere if visit.depth == 0 => Level::Error,
            Whereabouts::Nowhere | Whereabouts::Unknown => Level::Warning,
        };
        let message = format!("`{}` is no command that is known", program.shown());
        findings
            .script(script, program.span.clone(), message)
            .level(level)
            .help(format!("`{meant}` is: is it meant?"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const IMAGE: &str = "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n\
                         == bin/execlineb 0755\n== bin/foreground 0755\n== bin/web 0755\n\
                         == usr/bin/importass 0755\n";

    fn check(body: &str, expected: &[&str]) {
        for image in ["", IMAGE] {
            let text = format!("{image}== service/web/run 0755\n#!/bin/execlineb -P\n{body}\n");
            let expected: Vec<&str> = expected
                .iter()
                .filter_map(|line| match line.split_once(' ') {
                    Some(("image", line)) => (!image.is_empty()).then_some(line),
                    Some(("alone", line)) => image.is_empty().then_some(line),
                    _ => Some(*line),
                })
                .collect();
            sampling::check(&RULE, &text, &expected);
        }
    }

    #[test]
    fn near_names_are_told_wherever_a_program_stands() {
        let (alone, error) = ("alone", "image");
        let at = |place: &str, level: &str, name: &str| {
            format!("{place} service/web/run:2: {level}: `{name}` is no command that is known")
        };
        check(
            "foregroud { echo } web",
            &[
                &at(alone, "warning", "foregroud"),
                &at(error, "error", "foregroud"),
            ],
        );
        check(
            "foreground { fdmov 1 2 echo } web",
            &[
                &at(alone, "warning", "fdmov"),
                &at(error, "warning", "fdmov"),
            ],
        );
        check("importass A A web", &[&at(alone, "warning", "importass")]);
    }

    #[test]
    fn what_is_no_command_is_not_told() {
        for body in [
            "web foregroud",
            "$foregroud",
            "./foregroud",
            "refine",
            "import A A web",
        ] {
            check(body, &[]);
        }
        let text = "== run 0755\n#!/bin/execlineb -P\nforegroud web\n== exlint.toml\n\
                    programs = [\"foregroud prog...\"]\n";
        sampling::check(&RULE, text, &[]);
    }
}
