//! `dead-words`: words follow a program that neither takes them nor runs anything.

use super::subject::execline_of;
use super::unchained_command::unchained;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::programs::Origin;
use crate::rule::{Group, Rule};
use crate::script::Problem;

/// The rule.
pub const RULE: Rule = Rule::new(
    "dead-words",
    Group::Execline,
    Level::Warning,
    "words follow a program that takes no more words and runs nothing",
)
.why(
    "exit and a few other commands look at their operands only; what follows is never run and \
     never read. Whoever wrote it expected something of it.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nif { server --check }\nserver\n== finish 0755\n\
     #!/command/execlineb -S2\nexit 125 server-cleanup\n",
    "== run 0755\n#!/command/execlineb -P\nif { server --check }\nserver\n== finish 0755\n\
     #!/command/execlineb -S2\nforeground { server-cleanup }\nexit 125\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        for problem in &invocation.problems {
            let Problem::DeadWords { span } = problem else {
                continue;
            };
            let signature = invocation.signature.as_ref();
            let is_own = signature.is_some_and(|s| s.origin == Origin::Execline);
            if unchained(model, script, &visit).is_some() {
                continue;
            }
            // What is replaced may be an option, or one with its argument.
            let may_be_option = !is_own
                && invocation
                    .operand(0)
                    .is_some_and(|word| word.value.starts_with(b"$"));
            if may_be_option {
                continue;
            }
            let name = String::from_utf8_lossy(invocation.name());
            let level = if is_own { Level::Warning } else { Level::Note };
            findings
                .script(
                    script,
                    invocation.program.span.clone(),
                    format!("`{name}` does not look at what follows its operands"),
                )
                .level(level)
                .help(format!("remove it, or run it before `{name}`"))
                .related(script.node, Some(span.clone()), "this is never looked at");
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
    fn words_behind_the_end_are_found() {
        let found = ["run:2: warning: `exit` does not look at what follows"];
        check("exit 0 app", &found);
        check("foreground { exit 0 app } app", &found);
        check("exit 0 { a }", &found);
        for script in [
            "exit 0",
            "foreground { exit 3 } app",
            "homeof root",
            "exit 0 $@",
            "importas FLAGS FLAGS s6-linux-init-maker $FLAGS /etc/init /tmp/init",
        ] {
            check(script, &[]);
        }
    }
}
