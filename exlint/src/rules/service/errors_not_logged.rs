//! `errors-not-logged`: a service has a logger, and its standard error does not go there.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "errors-not-logged",
    Group::Service,
    Level::Note,
    "the logger gets no standard error",
)
.why(
    "Only standard output is connected to a service's logger. Most programs write their \
     messages to standard error, which goes on to the container's log, beside the logger.",
)
.samples(
    "== services/web/run 0755\n#!/command/execlineb -P\nweb\n\
     == services/web/log/run 0755\n#!/command/execlineb -P\ns6-log n10 s1000000 T /var/log/web\n",
    "== services/web/run 0755\n#!/command/execlineb -P\nfdmove -c 2 1\nweb\n\
     == services/web/log/run 0755\n#!/command/execlineb -P\ns6-log n10 s1000000 T /var/log/web\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let service = match model.service_of(script) {
        Some(service) if script.role == Role::Run => service,
        _ => return,
    };
    let logger = service.logger.map(|id| model.service(id).directory);
    let consumer = model.definition_of(script).and_then(|definition| {
        let is_last = definition.producer_for.is_empty();
        // A consumer that produces is a filter of what others say.
        let is_first = definition.consumer_for.is_empty();
        definition
            .producer_for
            .first()
            .filter(|_| !is_last && is_first)
    });
    let (node, span) = match (logger, consumer) {
        (Some(logger), _) if model.tree.child(logger, b"run").is_some() => (logger, None),
        (_, Some(consumer)) => (consumer.node, consumer.span.clone()),
        _ => return,
    };
    let Some(program) = unheard(model, script) else {
        return;
    };
    findings
        .script(
            script,
            program,
            "what this says on standard error does not reach the service's logger",
        )
        .related(node, span, "the logger is told here")
        .help(if script.shell.is_some() {
            "write `exec 2>&1` before it"
        } else {
            "write `fdmove -c 2 1` before it"
        });
}

/// The program whose standard error nobody has led anywhere.
fn unheard(model: &Model<'_>, script: &Script) -> Option<std::ops::Range<usize>> {
    if let Some(shell) = &script.shell {
        use crate::shell::RedirectionOperator::{AppendBoth, WriteBoth};
        let leads = shell
            .redirections()
            .any(|it| it.descriptor() == 2 || matches!(it.operator, WriteBoth | AppendBoth));
        if leads || shell.has_unseen_commands() {
            return None;
        }
    }
    let mut last = None;
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            let moves = invocation.is_one_of(&["fdmove", "redirfd", "fdclose", "fdswap"])
                && process::words(script, invocation)
                    .iter()
                    .any(|(word, _)| word == b"2" || word.contains(&b'$'));
            if moves {
                return None;
            }
        }
        if line.is_last {
            let endings = process::endings(&line.chain);
            // These have their own logs on standard output, and few words besides.
            let is_known = |name: &[u8]| name.starts_with(b"s6-") || name.starts_with(b"logutil");
            if endings.iter().any(|ending| is_known(ending.program.name())) {
                return None;
            }
            last = endings
                .last()
                .map(|ending| ending.program.program.span.clone())
                .or(last);
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, is_found: bool) {
        const LOG: &str = "== s/web/log/run 0755\n#!/bin/sh\nexec s6-log /x\n";
        let text = format!("== s/web/run 0755\n{script}\n{LOG}");
        let expected: &[&str] = if is_found {
            &["s/web/run:2: note: what this says on standard error"]
        } else {
            &[]
        };
        sampling::check(&RULE, &text, expected);
        let alone = format!("== s/web/run 0755\n{script}\n");
        sampling::check(&RULE, &alone, &[]);
    }

    #[test]
    fn any_way_to_lead_it_elsewhere_will_do() {
        check("#!/bin/sh\nexec web", true);
        check("#!/command/execlineb -P\nredirfd -r 0 /x web", true);
        for script in [
            "#!/bin/sh\nexec 2>&1\nexec web",
            "#!/bin/sh\nexec web 2>&1",
            "#!/bin/bash\nexec web &> /x",
            "#!/command/execlineb -P\nfdmove -c 2 1 web",
            "#!/command/execlineb -P\nredirfd -w 2 /x web",
            "#!/bin/sh\n. /etc/functions\nexec web",
            "#!/usr/bin/python3\nprint(1)",
        ] {
            check(script, false);
        }
    }

    #[test]
    fn producers_have_loggers_too() {
        let sample = |script: &str| {
            format!(
                "== web/type\nlongrun\n== web/producer-for\nlog\n== web/run\n{script}\n\
                 == log/type\nlongrun\n== log/consumer-for\nweb\n== log/run\n#!/bin/sh\nexec s6-log /x\n"
            )
        };
        let found = ["web/run:2: note: what this says on standard error"];
        sampling::check(&RULE, &sample("#!/bin/sh\nexec web"), &found);
        sampling::check(&RULE, &sample("#!/bin/sh\nexec web 2>&1"), &[]);
    }
}
