//! `variable-lost-with-block`: a block does nothing but set what ends with it.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Chain, End, Invocation, Value};

/// The rule.
pub const RULE: Rule = Rule::new(
    "variable-lost-with-block",
    Group::Execline,
    Level::Warning,
    "a block only sets variables, which are gone when it ends",
)
.why(
    "A block is a process of its own. The variables, the directory and the descriptors that it \
     sets are its own too, and nothing behind the block sees them.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { export MODE fast true }\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nexport MODE fast\nserver\n",
)
.script(check);

/// Programs that set something for what they run, and are good for nothing else.
#[rustfmt::skip]
const SETTING: &[&str] = &[
    "export", "unexport", "export-array", "s6-export", "cd", "execline-cd", "umask",
    "execline-umask", "s6-envdir", "envfile", "with-contenv", "s6-softlimit", "emptyenv",
    "define", "importas",
];

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        for operand in &invocation.operands {
            let Value::Program(_, chain) = &operand.value else {
                continue;
            };
            if !loses(invocation, chain) {
                continue;
            }
            let Some(first) = chain.invocations.first() else {
                continue;
            };
            let name = String::from_utf8_lossy(first.name());
            let by = String::from_utf8_lossy(invocation.name());
            findings
                .script(
                    script,
                    first.span(),
                    format!("what `{name}` sets is gone at the end of this block"),
                )
                .help(format!(
                    "write it before what is to see it, without `{by} {{ }}`"
                ));
        }
    }
}

/// True where a block of `by` only sets what is gone at its end. A block that ends too early
/// is only taken for that where it sets variables.
pub fn loses(by: &Invocation, chain: &Chain) -> bool {
    const VARIABLES: &[&str] = &["export", "unexport", "export-array", "s6-envdir", "envfile"];
    let sets_variables = chain
        .invocations
        .first()
        .is_some_and(|first| first.is_one_of(VARIABLES));
    by.is_one_of(&["foreground", "if", "background"])
        && only_sets(chain, by.is("if"))
        && (sets_variables || chain.end != End::Missing)
}

fn only_sets(chain: &Chain, is_condition: bool) -> bool {
    let mut sets_variable = false;
    for (place, invocation) in chain.invocations.iter().enumerate() {
        let is_last = place + 1 == chain.invocations.len();
        let does_nothing = is_last
            && place > 0
            && (invocation.is_one_of(&["true", "s6-true", ":"])
                || invocation.is("exit") && invocation.operands.is_empty());
        if does_nothing {
            continue;
        }
        if !invocation.is_one_of(SETTING) {
            return false;
        }
        // To look whether they succeed is a use: `if { cd /x true }`, `if { importas -i ... }`.
        let tests = [
            "cd",
            "execline-cd",
            "envfile",
            "s6-envdir",
            "importas",
            "define",
        ];
        sets_variable |= !(is_condition && invocation.is_one_of(&tests));
        sets_variable &= !invocation.is_one_of(&["importas", "define"]) || place > 0;
    }
    sets_variable
        && matches!(
            chain.end,
            End::Program | End::Missing | End::Optional | End::Unknown
        )
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
    fn blocks_that_only_set_are_found() {
        let found = ["run:2: warning: what `export` sets is gone"];
        check("foreground { export A 1 } app", &found);
        check("foreground { export A 1 true } app", &found);
        check("if { export A 1 export B 2 exit } app", &found);
        for script in [
            "foreground { export A 1 app } app",
            "if { cd /x true } app",
            "if { importas -i A A true } app",
            "foreground { echo a } app",
            "export A 1 app",
            "foreground { cd /x } app",
            "foreground { true } app",
            "foreground { } app",
            "foreground { umask 077 mkdir /x } app",
            "ifthenelse -s { true } { export A 1 } { } app",
            "foreground { export A 1 exit 3 } app",
        ] {
            check(script, &[]);
        }
    }
}
