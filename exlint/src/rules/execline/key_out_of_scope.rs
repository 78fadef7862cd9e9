//! `key-out-of-scope`: `$name` where a key of that name is bound elsewhere in the script.

use super::loose::{Meaning, loose};
use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::Around;

/// The rule.
pub const RULE: Rule = Rule::new(
    "key-out-of-scope",
    Group::Execline,
    Level::Error,
    "a key is used where it is not bound: before it, or outside of its block",
)
.why(
    "A command that binds a key replaces it in its own rest, and nowhere else: not in what \
     stands before it, and not behind the block in which it stands. Elsewhere `$name` stays as \
     it is written.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { importas PORT PORT echo $PORT }\nserver \
     --port $PORT\n",
    "== run 0755\n#!/command/execlineb -P\nimportas PORT PORT\nforeground { echo $PORT }\nserver \
     --port $PORT\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let loose = loose(script);
    if loose.is_empty() {
        return;
    }
    let around = Around::new(execline.visits());
    for loose in loose {
        let Meaning::Elsewhere(key) = loose.meaning else {
            continue;
        };
        let Some((binding, _)) = execline.scopes.bindings.get(key) else {
            continue;
        };
        let name = String::from_utf8_lossy(loose.name);
        // In one multisubstitute, no key is replaced in what another one stands for; that may
        // be meant.
        let is_sibling = loose
            .invocation
            .is_one_of(&["define", "multidefine", "importas"])
            && around.of(binding.span.start).any(|visit| {
                visit.invocation.is("multisubstitute")
                    && visit.invocation.span().contains(&loose.span.start)
            });
        // What a key stands for is looked into by the commands behind it.
        let is_value = loose
            .invocation
            .is_one_of(&["define", "multidefine", "importas"])
            && loose.span.start < binding.span.start;
        if is_value && !is_sibling {
            continue;
        }
        let (message, help) = if is_sibling {
            (
                format!("the key `{name}` is not replaced in what the same multisubstitute binds"),
                format!("bind `{name}` before the multisubstitute, where its value is meant"),
            )
        } else if loose.span.start < binding.span.start {
            (
                format!("the key `{name}` is bound only behind this"),
                "move the command that binds it before this one".to_owned(),
            )
        } else {
            (
                format!("the key `{name}` is bound only in a block that ends before this"),
                "move the command that binds it out of the block, before it".to_owned(),
            )
        };
        let level = if is_sibling { Level::Note } else { loose.level };
        findings
            .script(script, loose.span.clone(), message)
            .level(level)
            .help(help)
            .related(script.node, Some(binding.span.clone()), "it is bound here");
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
    fn a_key_holds_in_the_rest_only() {
        check(
            "foreground { echo $A } importas A A app $A",
            &["run:2: error: the key `A` is bound only behind this"],
        );
        check(
            "foreground { define A b echo $A } app $A",
            &["run:2: error: the key `A` is bound only in a block"],
        );
        check(
            "ifelse { importas A A eltest $A } { echo $A } app",
            &["run:2: error: the key `A` is bound only in a block"],
        );
        for script in [
            "importas A A foreground { echo $A } app $A",
            "foreground { importas A A echo $A } importas A A app $A",
            "define A $B define B c echo $A",
            "foreground { define A b echo $A } sh -c \"echo $A\"",
        ] {
            check(script, &[]);
        }
        check(
            "multisubstitute { define root \"/srv/${port}\" define port 1 } app $root $port",
            &["run:2: note: the key `port` is not replaced in"],
        );
    }
}
