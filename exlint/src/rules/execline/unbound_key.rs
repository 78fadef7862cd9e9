//! `unbound-key`: `$name` where no key of that name was ever bound.

use super::loose::{Loose, Meaning, loose};
use super::subject::execline_of;
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Around, Execline};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unbound-key",
    Group::Execline,
    Level::Error,
    "`$name` is used where no key of that name is bound",
)
.why(
    "execline does not read variables from the environment by itself. A `$name` is replaced \
     only where a command before it in the chain binds the key: importas, define, \
     multisubstitute, elglob, or a loop with -E. Otherwise the program gets the text `$name` as \
     it is written.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nserver --port ${PORT}\n",
    "== run 0755\n#!/command/execlineb -P\nimportas -D 8080 PORT PORT\nserver --port ${PORT}\n",
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
        if !matches!(loose.meaning, Meaning::Unknown | Meaning::Variable(_)) {
            continue;
        }
        let name = String::from_utf8_lossy(loose.name);
        let what = if loose.word.span == loose.invocation.program.span {
            "is used as a program as it is written".to_owned()
        } else {
            let program = String::from_utf8_lossy(loose.invocation.name());
            format!("reaches `{program}` as it is written")
        };
        let found = findings
            .script(
                script,
                loose.span.clone(),
                format!("no key `{name}` is bound: `{}` {what}", shown(&loose)),
            )
            .level(loose.level)
            .help(help(execline, &around, &loose));
        if let Some((binding, _)) = variable(execline, loose.meaning) {
            found.related(
                script.node,
                Some(binding.span.clone()),
                format!("this sets the variable `{name}`, which words are not replaced by"),
            );
        }
    }
}

fn variable(execline: &Execline, meaning: Meaning) -> Option<&(crate::script::Binding, bool)> {
    match meaning {
        Meaning::Variable(place) => execline.scopes.bindings.get(place),
        _ => None,
    }
}

fn shown(loose: &Loose<'_>) -> String {
    let name = String::from_utf8_lossy(loose.name);
    if loose.has_braces {
        format!("${{{name}}}")
    } else {
        format!("${name}")
    }
}

/// A longer word may have too many names in it to be searched for each of them.
const LONGEST_SEARCHED: usize = 4096;

fn help(execline: &Execline, around: &Around<'_>, loose: &Loose<'_>) -> String {
    let name = String::from_utf8_lossy(loose.name);
    if let Some((binding, _)) = variable(execline, loose.meaning) {
        let by = around
            .of(binding.span.start)
            .next()
            .map(|visit| String::from_utf8_lossy(visit.invocation.name()).into_owned());
        return match by.as_deref() {
            Some(
                command @ ("forx" | "forstdin" | "forbacktickx" | "backtick" | "getpid" | "getcwd"
                | "withstdinas"),
            ) => {
                format!("write `{command} -E`, which binds the key too")
            }
            _ => format!("write `importas {name} {name}` behind it in the chain"),
        };
    }
    let shell = [&b"${"[..], loose.name, b":"].concat();
    let is_short = loose.word.value.len() <= LONGEST_SEARCHED;
    if loose.has_braces && is_short && contains(&loose.word.value, &shell) {
        return format!(
            "execline has no `${{{name}:-default}}`; write `importas -D default {name} {name}` \
             earlier in the chain, and `${{{name}}}` here"
        );
    }
    match &*name {
        "?" => "write `importas ? ?` behind the command whose exit code is meant".into(),
        "!" => "write `importas ! !` behind the `background` whose process is meant".into(),
        _ => format!(
            "write `importas {name} {name}` earlier in the chain, or `importas -D default {name} \
             {name}` where the variable may be unset"
        ),
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
    fn names_that_nothing_binds_are_found() {
        for script in [
            "app $PORT",
            "app --port=${PORT}",
            "app \"--port=${PORT}\"",
            "cd $PORT app",
            "s6-setuidgid $PORT app",
            "export A $PORT app",
            "importas A A app $PORT",
            "foreground { app ${PORT} } app",
        ] {
            check(script, &["run:2: error: no key `PORT` is bound"]);
        }
        check("app $HOME/bin", &["run:2: error: no key `HOME` is bound"]);
        check("app ${A:-b}", &["run:2: error: no key `A` is bound"]);
        check("app\nexit $?", &[]);
        check(
            "forx i { 1 2 } echo $i",
            &["run:2: error: no key `i` is bound"],
        );
    }

    #[test]
    fn text_of_other_languages_is_left_alone() {
        for script in [
            "sh -c \"echo $HOME\"",
            "/bin/sh -c \"exec app $1 $HOME\"",
            "awk \"{print $NF}\"",
            "sed -e s/$A/b/",
            "s6-setuidgid app sh -c \"echo $HOME\"",
            "gosu app sh -c \"echo $HOME\"",
            "perl -e \"print $x\"",
            "envsubst $HOST",
            "case -- x { a$|b$ { true } } true",
            "eltest a =~ ^a$",
            "app \\$HOME",
            "app \"\\$HOME\"",
            "app a$ $",
            "loader importas PORT PORT app $PORT",
            "execl-envfile /etc/66/conf/app app --port $PORT ${HOST}",
            "execlineb -Pc \"importas A A echo $A\"",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn what_is_bound_is_no_finding() {
        for script in [
            "importas A A app $A ${A}",
            "importas -S A app $A",
            "define A b app $A",
            "multisubstitute { define A b importas B C } app ${A} $B",
            "forx -E i { 1 2 } echo $i",
            "backtick -E x { date } echo $x",
            "backtick x { date } importas y x echo $y",
            "background { a } importas -u ! ! echo $!",
            "importas name-with-dash X echo ${name-with-dash}",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn text_with_blanks_is_only_noted() {
        check(
            "redirfd -w 1 site.conf echo \"server_name $host;\"",
            &["run:2: note: no key `host` is bound"],
        );
    }
}
