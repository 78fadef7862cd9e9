//! `loader-without-program`: a chain ends with a program that must run another one.

use super::variable_lost_with_block::loses;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::Problem;

/// The rule.
pub const RULE: Rule = Rule::new(
    "loader-without-program",
    Group::Execline,
    Level::Error,
    "the chain ends with a command that must run another one",
)
.why(
    "A chain-loading command does its work and then becomes the program that follows. Without \
     one it prints its usage and exits 100.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nexport A 1\nfdmove -c 2 1\n",
    "== run 0755\n#!/command/execlineb -P\nexport A 1\nfdmove -c 2 1\nserver\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = &script.execline else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        // The blocks behind the condition of `ifthenelse -s` go on with its rest.
        let goes_on = visit.block.is_some_and(|(by, operand, _)| {
            by.is("ifthenelse") && by.has('s') && operand.name != "command-if"
        });
        // `export A=B` is a finding of its own: the program is taken for the value.
        let is_assignment = invocation.is("export")
            && invocation
                .operand(0)
                .is_some_and(|word| word.value.contains(&b'='));
        let is_lost = visit.block.is_some_and(|(by, _, _)| loses(by, visit.chain));
        // Without a program, s6-permafailon only judges.
        let may_end = is_assignment || is_lost || goes_on || invocation.is("s6-permafailon");
        if invocation.problems.contains(&Problem::NoProgram) && !may_end {
            let name = String::from_utf8_lossy(invocation.name());
            let end = match visit.block {
                Some(_) => "in this block",
                None => "in the script",
            };
            findings
                .script(
                    script,
                    invocation.program.span.clone(),
                    format!("no program follows `{name}` {end}"),
                )
                .help(format!(
                    "write the program that `{name}` is to run behind its arguments"
                ));
        }
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
    fn only_commands_that_need_a_program_are_found() {
        check(
            "foreground { s6-setuidgid app }",
            &["run:2: error: no program follows `s6-setuidgid` in this block"],
        );
        check("foreground { true }", &[]);
        check("ifthenelse -s { true } { export A b } { } app", &[]);
        check("export A", &[]);
        check("exec $@", &[]);
        check("exec $cmd", &[]);
    }
}
