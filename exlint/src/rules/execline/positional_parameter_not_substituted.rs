//! `positional-parameter-not-substituted`: `$1` in a script whose interpreter does not replace
//! it.

use super::loose::{Meaning, loose};
use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::Positional;

/// The rule.
pub const RULE: Rule = Rule::new(
    "positional-parameter-not-substituted",
    Group::Execline,
    Level::Error,
    "`$1` is used, but execlineb is not told to replace it",
)
.why(
    "execlineb replaces `$0`, `$1`, `$#` and `$@` only with its option -S (or -s). With -P the \
     words that the script is started with are dropped; without an option they are variables \
     named 0, 1 and so on, for elgetpositionals or importas. The `up` and `down` of a oneshot \
     are started with no words at all.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nserver\n== finish 0755\n#!/command/execlineb -P\necho \
     ended with $1\n",
    "== run 0755\n#!/command/execlineb -P\nserver\n== finish 0755\n#!/command/execlineb -S2\necho \
     ended with $1\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for loose in loose(script) {
        if loose.meaning != Meaning::Positional {
            continue;
        }
        let name = String::from_utf8_lossy(loose.name);
        let (why, help) = if script.role.is_compiled() {
            (
                "a oneshot's command line is given no words",
                "write what is meant instead of it".to_owned(),
            )
        } else {
            let number: u32 = name.parse().unwrap_or(0);
            let option = format!("write `-S{number}` in the first line");
            match execline.positional {
                Positional::Ignored => ("execlineb -P drops the words it is given", option),
                Positional::Variables => (
                    "execlineb without -S does not replace it",
                    format!("{option}, or `elgetpositionals` before this in the chain"),
                ),
                Positional::Substituted(_) => continue,
            }
        };
        findings
            .script(
                script,
                loose.span.clone(),
                format!("`${name}` stays as it is written: {why}"),
            )
            .level(loose.level)
            .help(help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(first: &str, script: &str, expected: &[&str]) {
        let text = format!("== finish 0755\n#!/command/execlineb{first}\n{script}\n== run 0755\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn only_some_options_replace_them() {
        let found = ["finish:2: error: `$1` stays as it is written"];
        check(" -P", "echo $1", &found);
        check("", "echo ${1}", &found);
        check(" -p", "if { eltest $1 -ne 0 } true", &found);
        check(" -S0", "echo $1", &[]);
        check(" -WS0", "echo $1 $@ $#", &[]);
        check("", "elgetpositionals echo $1", &[]);
        check(" -P", "importas 1 1 echo $1", &[]);
        check(" -P", "case -N x { a { importas 1 1 echo $1 } } true", &[]);
        check(" -P", "sh -c \"echo $1\"", &[]);
        check(" -P", "awk \"{print $1}\"", &[]);
        check(" -P", "multisubstitute { elgetpositionals } echo $1", &[]);
        check(
            " -P",
            "echo \"it costs $1 and more\"",
            &["finish:2: note: `$1` stays as it is written"],
        );
    }
}
