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
        // Where all of the image is there, it is missing-program that knows.
        let is_unknown = matches!(
            model.whereabouts(&program.value, script),
            Whereabouts::Unknown
        );
        if !is_unknown {
            continue;
        }
        let message = format!("`{}` is no command that is known", program.shown());
        findings
            .script(script, program.span.clone(), message)
            .help(format!(
                "write `{meant}` if that is meant; otherwise give a usage line of it under \
                 `programs` in exlint.toml"
            ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(body: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/bin/execlineb -P\n{body}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn near_names_are_told_wherever_a_program_stands() {
        check(
            "foregroud { echo } web",
            &["run:2: warning: `foregroud` is no command that is known"],
        );
        check(
            "foreground { fdmov 1 2 echo } web",
            &["run:2: warning: `fdmov` is no command that is known"],
        );
    }

    #[test]
    fn an_image_that_is_there_whole_knows_better() {
        let text = "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== bin/sh 0755\n\
                    == bin/execlineb 0755\n== bin/importass 0755\n== service/web/run 0755\n\
                    #!/bin/execlineb -P\n";
        for body in ["importass A A web", "foregroud web"] {
            sampling::check(&RULE, &format!("{text}{body}\n"), &[]);
        }
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
