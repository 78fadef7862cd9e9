//! `shell-keyword`: what a shell does by itself is named as a program.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Invocation, Visit, Word};

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-keyword",
    Group::Execline,
    Level::Error,
    "a keyword or assignment of the shell stands where a program is named",
)
.why(
    "execline is no shell: each command is a program. There is no program `source`, `set` or \
     `then`, and a word `A=B` is the name of a program too. `export` takes the name and the \
     value as two words, and fails at a name with a `=`.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nexport MODE=fast\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nexport MODE fast\nserver\n",
)
.fix("with the `=`, the command fails whatever follows")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        if is_directive(&visit) {
            continue;
        }
        if invocation.is("export") {
            export(script, invocation, findings);
        }
        let program = &invocation.program;
        if let Some((name, value)) = assignment(program) {
            assigned(script, program, &name, &value, findings);
            continue;
        }
        let Some(help) = keyword(&program.value) else {
            continue;
        };
        let path: [&[u8]; 5] = [
            b"/command",
            b"/usr/local/bin",
            b"/usr/bin",
            b"/bin",
            b"/usr/sbin",
        ];
        if model.program(&program.value, &path).found().is_some() {
            continue;
        }
        findings
            .script(
                script,
                program.span.clone(),
                format!(
                    "`{}` is a keyword of the shell, and no program",
                    program.shown()
                ),
            )
            .help(help);
    }
}

fn is_directive(visit: &Visit<'_>) -> bool {
    visit
        .block
        .is_some_and(|(by, _, _)| by.is("multisubstitute"))
}

/// `NAME` and `value` of `NAME=value`.
fn assignment(word: &Word) -> Option<(String, String)> {
    let text = std::str::from_utf8(&word.value).ok()?;
    let (name, value) = text.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

fn assigned(script: &Script, word: &Word, name: &str, value: &str, findings: &mut Findings<'_>) {
    let found = findings
        .script(
            script,
            word.span.clone(),
            format!("`{}` is taken for the name of a program", word.shown()),
        )
        .help(format!("write `export {name} {}`", quoted(value)));
    if word.is_bare {
        found.replace(
            "set the variable with export",
            word.span.clone(),
            format!("export {name} {}", quoted(value)),
        );
    }
}

/// A value as a word of its own: what is plain behind `NAME=` may be a comment or a brace there.
fn quoted(value: &str) -> String {
    let needs_quotes = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\\');
    if value.is_empty() || value.starts_with(['#', '{', '}']) || value.contains(needs_quotes) {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        value.to_owned()
    }
}

/// `export A=B`.
fn export(script: &Script, invocation: &Invocation, findings: &mut Findings<'_>) {
    let Some(word) = invocation.operand(0) else {
        return;
    };
    let Some((name, value)) = assignment(word) else {
        return;
    };
    let found = findings
        .script(
            script,
            word.span.clone(),
            format!(
                "`export` takes the name and the value as two words, not `{}`",
                word.shown()
            ),
        )
        .help(format!("write `export {name} {}`", quoted(&value)));
    let next_is_assignment = invocation
        .operand(1)
        .is_some_and(|next| next.value.contains(&b'='));
    if word.is_bare && !next_is_assignment {
        found.replace(
            "write them as two words",
            word.span.clone(),
            format!("{name} {}", quoted(&value)),
        );
    }
}

/// What to do instead of a keyword.
pub fn keyword(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"source" | b"." => {
            "to load variables write `envfile FILE`, or `s6-envdir DIRECTORY`; to run a script of \
             the shell write `sh FILE`"
        }
        b"set" => {
            "execline has no modes: `if { }` stops where its block fails, `foreground { }` goes on"
        }
        b"then" | b"fi" | b"else" | b"elif" => {
            "write `if { test } then...`, `ifelse { test } { then... } else...`, or `ifthenelse`"
        }
        b"while" | b"until" => "write `loopwhilex` before the command line that is repeated",
        b"for" | b"do" | b"done" => {
            "write `forx -E i { words } program $i`, `forstdin` or `forbacktickx`"
        }
        b"esac" => "write `case -s -- value { pattern { program } } default`",
        b"eval" => "write `execlineb -Pc \"words\"`, or `sh -c \"words\"`",
        b"unset" => "write `unexport NAME`",
        b"local" | b"declare" | b"typeset" | b"readonly" | b"let" => {
            "write `define NAME value`, or `export NAME value` for the environment"
        }
        b"[[" => "write `eltest expression`, or `[ expression ]`",
        b"alias" | b"function" | b"return" => "write a script of its own and name it",
        b"ulimit" => "write `s6-softlimit` with its options before the program",
        _ => return None,
    })
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
    fn what_shells_do_themselves_is_no_program() {
        for (script, expected) in [
            ("export A=1\napp", "run:2: error: `export` takes the name"),
            ("export A=$b\napp", "run:2: error: `export` takes the name"),
            (
                "A=1 app",
                "run:2: error: `A=1` is taken for the name of a program",
            ),
            ("foreground { A=1 app } app", "run:2: error: `A=1` is taken"),
            ("set -e\napp", "run:2: error: `set` is a keyword"),
            ("source /etc/x\napp", "run:2: error: `source` is a keyword"),
            (". /etc/x\napp", "run:2: error: `.` is a keyword"),
            ("if { true }\nthen app", "run:3: error: `then` is a keyword"),
            (
                "s6-setuidgid app ulimit -n 1 app",
                "run:2: error: `ulimit` is a keyword",
            ),
        ] {
            let found = sampling::found(
                &RULE,
                &format!(
                    "== run 0755\n#!/command/execlineb -P\n{script}\n== exlint.toml\n\
                     programs = [\"s6-setuidgid user prog...\"]\n"
                ),
            );
            assert!(
                found.len() == 1 && found.iter().all(|found| found.starts_with(expected)),
                "{script}: {found:?}"
            );
        }
    }

    #[test]
    fn a_value_is_written_as_one_word() {
        for value in [
            "", "a", "a#b", "#a", "{", "}", "{a", "}a", "a{", "a b", "a\nb", "a\"b", "a\\b", "$a",
        ] {
            let script = quoted(value);
            let parsed = execline::syntax::parse(script.as_bytes(), usize::MAX);
            let words: Vec<&[u8]> = parsed.tokens.iter().map(|it| it.value()).collect();
            assert_eq!(words, [value.as_bytes()], "{script}");
            assert!(parsed.errors.is_empty(), "{script}");
        }
    }

    #[test]
    fn programs_and_words_of_these_names_are_fine() {
        for script in [
            "export A 1 app",
            "export A B=1 app",
            "env A=1 app",
            "app A=1 set then fi",
            "echo then",
            "./a=b",
            "sh -c \"export A=1; set -e; . /x\"",
            "exec -a set app",
            "forx -E i { set source } echo $i",
            "cd /x app",
        ] {
            check(script, &[]);
        }
    }
}
