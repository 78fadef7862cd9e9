//! `injected-substitution`: a value is substituted into text that a shell reads as code.

use super::subject::execline_of;
use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::binding::references;
use crate::script::{Bound, Execline, Invocation, Language, Reference, Word};
use std::collections::HashMap;

/// The rule.
pub const RULE: Rule = Rule::new(
    "injected-substitution",
    Group::Execline,
    Level::Warning,
    "a value from outside is put into a text that a shell reads as code",
)
.why(
    "execline replaces `${name}` before the shell starts, so the shell does not see a variable \
     but the value itself, and reads it as code: a blank, a quote or a `;` in it changes what \
     is run. Given as a word behind the text, it arrives as `$1` and stays a value.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nimportas -i TITLE TITLE\nsh -c \"exec server --title \
     ${TITLE}\"\n",
    "== run 0755\n#!/command/execlineb -P\nimportas -i TITLE TITLE\nsh -c \"exec server --title \
     \\\"$1\\\"\" sh ${TITLE}\n",
)
.script(check);

/// True for a program that reads what stands behind its `-c` as code of a shell.
fn runs_code(name: &[u8]) -> bool {
    Language::is_shell(name) || name == b"su"
}

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let bound: HashMap<(usize, &[u8]), &Reference> = execline
        .scopes
        .references
        .iter()
        .filter(|reference| reference.bound != Bound::Nothing)
        .map(|reference| ((reference.word.start, &*reference.name), reference))
        .collect();
    if bound.is_empty() {
        return;
    }
    for visit in execline.visits() {
        let Some(code) = code(visit.invocation) else {
            continue;
        };
        let mut seen: Vec<&[u8]> = Vec::new();
        for (name, _) in references(&code.value) {
            let Some(reference) = bound.get(&(code.span.start, name)) else {
                continue;
            };
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let Some(level) = harm(execline, reference) else {
                continue;
            };
            let shown = String::from_utf8_lossy(name);
            findings
                .script(
                    script,
                    code.span.clone(),
                    format!("the value of `{shown}` is read by the shell as code"),
                )
                .level(level)
                .help(format!(
                    "give it as a word: `sh -c \"... \\\"$1\\\" ...\" sh ${{{shown}}}`; or leave it \
                     to the shell, which finds a variable of the environment by itself where no \
                     key of its name is bound"
                ));
        }
    }
}

/// The word that a shell reads as code: the one behind `-c`.
fn code(invocation: &Invocation) -> Option<&Word> {
    if let Some(option) = invocation.option('c')
        && runs_code(invocation.name())
        && let Some(argument) = &option.argument
    {
        return Some(argument);
    }
    let mut words = invocation.argument_words();
    if !runs_code(invocation.name()) {
        // Of a program that is not known: `sh -c` among its words.
        words.find(|word| runs_code(base_name(&word.value)))?;
    }
    let mut has_option = invocation.has('c');
    for word in words {
        let is_option = word.value.len() > 1 && word.value.starts_with(b"-");
        if is_option {
            has_option |= !word.value.starts_with(b"--") && word.value.contains(&b'c');
        } else {
            return has_option.then_some(word);
        }
    }
    None
}

/// How bad it is, by where the value comes from; `None` where it is a number.
fn harm(execline: &Execline, reference: &Reference) -> Option<Level> {
    let Bound::Key(key) = reference.bound else {
        return (reference.name != b"#").then_some(Level::Warning);
    };
    if matches!(&*reference.name, b"?" | b"!" | b"#") {
        return None;
    }
    let (binding, _) = execline.scopes.bindings.get(key)?;
    let visits = execline.visits();
    let by = visits
        .iter()
        .map(|visit| visit.invocation)
        .rfind(|by| !by.is("multisubstitute") && by.span().contains(&binding.span.start))?;
    match by.name() {
        b"getpid" | b"redirfd" => None,
        b"define" | b"elglob" | b"forx" | b"getcwd" | b"multidefine" => Some(Level::Note),
        b"importas" => {
            // These hold numbers.
            let variable = by.operands.last();
            let is_number = variable.is_some_and(|operand| {
                matches!(&operand.value, crate::script::Value::Word(word)
                    if is_number_by_name(&word.value))
            });
            (!is_number).then_some(Level::Warning)
        }
        _ => Some(Level::Warning),
    }
}

/// True for variables that hold numbers: exit codes, processes, descriptors of fdreserve.
fn is_number_by_name(variable: &[u8]) -> bool {
    matches!(variable, b"?" | b"!" | b"#" | b"UID" | b"GID" | b"PPID")
        || variable
            .strip_prefix(b"FD")
            .is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit))
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
    fn values_from_outside_are_no_code() {
        let found = ["run:2: warning: the value of `A` is read by the shell as code"];
        check("importas A A sh -c \"echo ${A}\"", &found);
        check("importas A A s6-setuidgid app bash -ec \"echo $A\"", &found);
        check(
            "backtick -E A { hostname } /bin/sh -c \"echo ${A} ${A}\"",
            &found,
        );
        check("sh -c \"echo ${1}\"", &["run:2: warning: the value of `1`"]);
        check(
            "define A b sh -c \"echo ${A}\"",
            &["run:2: note: the value of `A`"],
        );
        for script in [
            "importas A A sh -c \"echo \\\"$1\\\"\" sh ${A}",
            "sh -c \"echo $HOME\"",
            "importas A A sh /script ${A}",
            "importas A A echo -c $A",
            "importas code ? sh -c \"exit ${code}\"",
            "getpid -E p sh -c \"kill ${p}\"",
        ] {
            check(script, &[]);
        }
    }
}
