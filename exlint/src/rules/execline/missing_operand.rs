//! `missing-operand`: a command is not given all the words it takes.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::programs::Origin;
use crate::rule::{Group, Rule};
use crate::script::Problem;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-operand",
    Group::Execline,
    Level::Error,
    "a command is not given all the words it takes",
)
.why(
    "A command that misses an operand prints its usage and exits 100. Often the words that \
     follow on the next line were meant as the next program, and are taken for the operand.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { redirfd -w 1 }\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nforeground { redirfd -w 1 /dev/null true }\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let Some(signature) = &invocation.signature else {
            continue;
        };
        // What is not known of another program's options may stand for its operands.
        if signature.origin != Origin::Execline && signature.unknown_options {
            continue;
        }
        for problem in &invocation.problems {
            let Problem::MissingOperand { operand } = problem else {
                continue;
            };
            let name = String::from_utf8_lossy(invocation.name());
            findings
                .script(
                    script,
                    invocation.span(),
                    format!("`{name}` is not given its operand `{operand}`"),
                )
                .help(usage(invocation.name()));
        }
    }
}

fn usage(name: &[u8]) -> String {
    let mut commands = execline::commands::COMMANDS.iter();
    let command = commands.find(|command| command.name.as_bytes() == name);
    match command.map(|command| command.usage.trim()) {
        Some(usage) if !usage.is_empty() => format!("it is written `{usage}`"),
        _ => "write what is missing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn operands_that_are_not_there_are_found() {
        check(
            "export A",
            &["run:2: error: `export` is not given its operand `value`"],
        );
        check(
            "foreground { fdmove -c 2 }\napp",
            &["run:2: error: `fdmove` is not given its operand `from`"],
        );
        check(
            "homeof",
            &["run:2: error: `homeof` is not given its operand `user`"],
        );
        for script in [
            "exit",
            "importas -S A app $A",
            "export $@",
            "eltest",
            "export A b app",
            "export -n b app",
        ] {
            check(script, &[]);
        }
    }
}
