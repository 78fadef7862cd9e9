//! `polling-start`: a `run` script sleeps, or asks again and again, before it starts its
//! program. A program that sleeps between its own turns is not meant.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::rule::{Group, Rule};
use crate::shell::{Item, Kind};

/// The rule.
pub const RULE: Rule = Rule::new(
    "polling-start",
    Group::Service,
    Level::Note,
    "`run` waits for something by sleeping",
)
.why(
    "A time that is long enough here is too short elsewhere, and too long everywhere else. \
     s6-rc starts a service once what it depends on is up, and ready where it notifies of its \
     readiness; meanwhile, a script that waits by itself counts as a service that is up.",
)
.samples(
    "== run 0755\n#!/bin/sh\nsleep 10\nexec web\n",
    "== run 0755\n#!/bin/sh\nexec web\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    const HELP: &str = "depend on the service that is waited for in `dependencies.d`, and let \
                        that one notify of its readiness";
    if script.role != Role::Run {
        return;
    }
    if let Some(execline) = &script.execline {
        for visit in execline.visits() {
            let invocation = visit.invocation;
            let is_sleep = invocation.is_one_of(&["sleep", "s6-sleep"]);
            let around = visit.block.map(|(around, _, _)| around);
            let is_before = match around {
                Some(around) => visit.depth == 1 && around.is_one_of(&["foreground", "if"]),
                None => invocation.is("s6-sleep") && !visit.is_last(),
            };
            let is_loop = visit.depth == 0 && !visit.is_last() && is_waiting(invocation);
            if is_sleep && is_before || is_loop {
                findings
                    .script(script, invocation.span(), "`run` waits by sleeping")
                    .help(HELP);
            }
        }
        return;
    }
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return;
    };
    let items = shell.top_level();
    let Some((last, before)) = items.split_last() else {
        return;
    };
    // A loop at the end is the service itself.
    if last.command().is_none() || process::command_lines(model, script).is_empty() {
        return;
    }
    for item in before {
        let (span, message) = match item {
            Item::Command(command) if command.is_any(&[b"sleep", b"s6-sleep"]) => {
                (command.span.clone(), "`run` waits by sleeping")
            }
            Item::Construct(construct) if matches!(construct.kind, Kind::While | Kind::Until) => {
                let sleeps = shell.commands.iter().any(|command| {
                    command.is_any(&[b"sleep", b"s6-sleep"])
                        && construct.span.start <= command.span.start
                        && command.span.end <= construct.span.end
                });
                if !sleeps || item.connector() == crate::shell::Connector::Background {
                    continue;
                }
                let keyword = if construct.kind == Kind::While {
                    5
                } else {
                    "until".len()
                };
                let start = construct.span.start;
                (
                    start..start + keyword,
                    "`run` waits by asking again and again",
                )
            }
            _ => continue,
        };
        findings.script(script, span, message).help(HELP);
    }
}

/// True for a loop of execline that sleeps in its block.
fn is_waiting(invocation: &crate::script::Invocation) -> bool {
    invocation.is("loopwhilex")
        && invocation.chains().iter().any(|chain| {
            let visits = chain.visits();
            visits
                .iter()
                .any(|it| it.invocation.is_one_of(&["sleep", "s6-sleep"]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn waiting_is_what_stands_before_the_program() {
        let found = ["run:2: note: `run` waits"];
        check(
            "#!/command/execlineb -P\nforeground { sleep 5 }\nweb",
            &found,
        );
        check("#!/command/execlineb -P\ns6-sleep 5\nweb", &found);
        check(
            "#!/bin/sh\nuntil nc -z db 5432; do sleep 1; done\nexec web",
            &found,
        );
        check(
            "#!/bin/sh\nwhile ! test -e /x\ndo\n  sleep 1\ndone\nexec web",
            &found,
        );
        for script in [
            "#!/bin/sh\nwhile true; do job; sleep 60; done",
            "#!/bin/sh\nexec sleep infinity",
            "#!/bin/sh\nwhile read -r line; do echo \"$line\"; done < /x\nexec web",
            "#!/bin/sh\n(sleep 5; touch /x) &\nexec web",
            "#!/bin/sh\nif ! test -e /x; then sleep 5; exit 1; fi\nexec web",
            "#!/command/execlineb -P\nbackground { sleep 5 }\nweb",
            "#!/command/execlineb -P\nsleep 5",
        ] {
            check(script, &[]);
        }
        sampling::check(
            &RULE,
            "== run 0755\n#!/bin/sh\nx\n== finish 0755\n#!/bin/sh\nsleep 1\ny\n",
            &[],
        );
    }
}
