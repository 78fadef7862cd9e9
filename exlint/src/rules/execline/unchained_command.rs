//! `unchained-command`: a command on a line of its own, behind a program that runs no other.

use super::expression;
use super::subject::{SHELL_LINES, execline_of, is_known_program, is_short_lived};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::{Invocation, Item, Visit, Word};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unchained-command",
    Group::Execline,
    Level::Error,
    "a command follows a program that runs no other: it becomes arguments",
)
.why(
    "A line break ends nothing in execline: a script is one command line. What follows a program \
     that does not run another one is taken for its arguments, on whatever line it stands, and \
     is never run.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nmkdir -p /run/server\ns6-setuidgid app\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nif { mkdir -p /run/server }\ns6-setuidgid app\nserver\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        if let Some(word) = unchained(model, script, &visit) {
            let name = String::from_utf8_lossy(visit.invocation.name());
            let begin = visit.invocation.program.span.start;
            let own = script.slice(&(begin..word.span.start));
            let own = String::from_utf8_lossy(own);
            let own = own.trim_end();
            let line = if own.len() <= 60 && !own.contains('\n') {
                own.to_owned()
            } else {
                format!("{name} ...")
            };
            findings
                .script(
                    script,
                    visit.invocation.program.span.clone(),
                    format!(
                        "`{name}` runs no other program: `{}` becomes an argument of it",
                        word.shown()
                    ),
                )
                .help(format!(
                    "write `foreground {{ {line} }}`, or `if {{ {line} }}` to go on only if it \
                     succeeds"
                ))
                .related(script.node, Some(word.span.clone()), "this is never run");
        }
    }
}

/// The first word of a line, in the arguments of a program that runs no other one, that is a
/// command by itself.
pub fn unchained<'c>(model: &Model<'_>, script: &Script, visit: &Visit<'c>) -> Option<&'c Word> {
    let invocation = visit.invocation;
    let runs_nothing = is_short_lived(invocation)
        || invocation
            .signature
            .as_ref()
            .is_some_and(|s| !s.rest.chains())
            && !invocation.is_one_of(&["execlineb", "runblock"])
            && !invocation.is_one_of(SHELL_LINES);
    if !runs_nothing {
        return None;
    }
    let column = column(script, invocation)?;
    // The daemon of a service, whatever its name, is not what a short-lived program is given.
    let is_last_of_run = script.role == Role::Run && visit.depth == 0 && is_short_lived(invocation);
    let is_no_expression = || {
        let words = invocation.argument_words().map(|word| &*word.value);
        invocation.is("eltest") && expression::parse(&words.collect::<Vec<_>>()).is_err()
    };
    let takes_others = is_last_of_run || is_no_expression();
    let mut before = invocation.program.span.end;
    let mut wants = false;
    for item in &invocation.arguments {
        // find runs what follows its -exec, on whatever line it stands.
        let is_wanted = wants;
        wants = item.word().is_some_and(|word| {
            matches!(&*word.value, b"-exec" | b"-execdir" | b"-ok" | b"-okdir")
        });
        let span = item.span();
        let gap = script.slice(&(before..span.start));
        before = span.end;
        let Item::Word(word) = item else {
            continue;
        };
        let Some(newline) = gap.iter().rposition(|&byte| byte == b'\n') else {
            continue;
        };
        let is_continued = gap.contains(&b'\\') || is_wanted;
        let indented = gap.len() - newline - 1;
        if is_continued || indented > column || !word.is_bare || !is_name(&word.value) {
            continue;
        }
        if is_known_program(model.programs, word) || takes_others {
            return Some(word);
        }
    }
    None
}

/// How far the line of a program is indented; `None` where it does not begin a line, and its
/// arguments cannot be compared with it.
fn column(script: &Script, invocation: &Invocation) -> Option<usize> {
    let start = invocation.program.span.start;
    let before = script.text.get(..start)?;
    let line = before.iter().rposition(|&byte| byte == b'\n');
    let line = line.map_or(0, |newline| newline + 1);
    let indent = before.get(line..)?;
    let blanks = indent
        .iter()
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    Some(blanks)
}

fn is_name(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_alphabetic)
        && word
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
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
    fn lines_are_no_commands() {
        check(
            "mkdir -p /a\nmkdir -p /b\nexec app",
            &["run:2: error: `mkdir` runs no other program: `mkdir`"],
        );
        check(
            "echo starting\nserver --flag",
            &["run:2: error: `echo` runs no other program: `server`"],
        );
        check(
            "if { test -d /x }\nforeground {\n  echo a\n  echo b\n}\napp",
            &["run:4: error: `echo` runs no other program: `echo`"],
        );
        check(
            "chown app /x\n\n# then\nexec app",
            &["run:2: error: `chown` runs no other program: `exec`"],
        );
    }

    #[test]
    fn long_command_lines_go_on() {
        for script in [
            "foreground { echo a b }\napp",
            "install\n  -d\n  -m 0755\n  /run/x\n",
            "cp\n  sort\n  echo\n  /x",
            "foreground {\n  rm -f\n    cat\n    echo\n}\napp",
            "app\necho a",
            "apk add\ncurl",
            "printf \"%s\\n\"\n\"echo\"",
            "s6-setuidgid app\ncd /\napp",
            "echo a \\\necho",
            "find / -name x\n-exec rm {} +",
            "find / -name x -exec\nchmod go-w {}\n;",
            "find / -name x -exec\ncp {} /x\n;",
        ] {
            check(script, &[]);
        }
    }
}
