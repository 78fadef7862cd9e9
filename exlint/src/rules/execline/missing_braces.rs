//! `missing-braces`: `$key/x`, which refers to a key `key/x`.

use super::loose::{Meaning, loose};
use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-braces",
    Group::Execline,
    Level::Error,
    "letters behind `$key` belong to its name without braces",
)
.why(
    "In execline any byte may be part of a name, so a name without braces ends only at a \
     backslash, a `$`, a brace or the end of the word: `$DIR/file` refers to a key `DIR/file`. \
     No such key is bound, and the program gets the text as it is written.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nimportas DIR DIR\nserver --config $DIR/server.conf\n",
    "== run 0755\n#!/command/execlineb -P\nimportas DIR DIR\nserver --config ${DIR}/server.conf\n",
)
.fix("the key is bound here, and without braces it is never replaced")
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for loose in loose(script) {
        let Meaning::Prefix(key) = loose.meaning else {
            continue;
        };
        let name = String::from_utf8_lossy(loose.name);
        let word = loose.word.shown();
        let mut found = findings
            .script(
                script,
                loose.span.clone(),
                format!("`${name}` is not replaced in `{word}` without braces"),
            )
            .level(loose.level)
            .help(format!("write `${{{name}}}`"));
        if let Some((binding, _)) = execline.scopes.bindings.get(key) {
            let span = Some(binding.span.clone());
            found = found.related(script.node, span, "the key is bound here");
        }
        if loose.word.is_bare && loose.level == Level::Error {
            found.replace(
                "put the name in braces",
                loose.span.clone(),
                format!("${{{name}}}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -S1\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn a_name_goes_on_to_the_next_brace() {
        check(
            "importas A A app $A/x",
            &["run:2: error: `$A` is not replaced in `$A/x`"],
        );
        check(
            "importas u U importas g G chown $u:$g /x",
            &["run:2: error: `$u` is not replaced in `$u:$g`"],
        );
        for script in [
            "importas A A app ${A}/x $A",
            "importas a/b A app $a/b",
            "importas A A sh -c \"echo $A/x\"",
            "importas A A app $B",
            "define a-b c app $a-b",
        ] {
            check(script, &[]);
        }
    }
}
