//! `unused-key`: a key is bound and nothing refers to it.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Around, Invocation};
use std::collections::HashSet;

/// The rule.
pub const RULE: Rule = Rule::new(
    "unused-key",
    Group::Execline,
    Level::Note,
    "a key is bound, and no word refers to it",
)
.why(
    "Binding a key costs a program and changes nothing where no `$name` follows. It sets no \
     variable either: what importas reads as a default with -D is in the environment of nobody.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nimportas -D 8080 PORT PORT\nserver --port 8080\n",
    "== run 0755\n#!/command/execlineb -P\nimportas -D 8080 PORT PORT\nserver --port ${PORT}\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let scopes = &execline.scopes;
    if scopes
        .bindings
        .iter()
        .all(|(key, used)| *used || !key.is_key())
    {
        return;
    }
    let around = Around::new(execline.visits());
    let prefixes: HashSet<usize> = scopes
        .references
        .iter()
        .filter_map(|it| it.prefix)
        .collect();
    for (place, (binding, is_used)) in scopes.bindings.iter().enumerate() {
        // A missing brace is a finding of its own.
        let is_prefix = || prefixes.contains(&place);
        if *is_used || !binding.is_key() || binding.name.starts_with(b"_") || is_prefix() {
            continue;
        }
        let outer = || around.of(binding.span.start).map(|visit| visit.invocation);
        let by = outer().find(|by| !by.is("multisubstitute"));
        let goes_on = outer().any(|by| by.is("ifthenelse") && by.has('s'));
        if by.is_some_and(serves_otherwise) || goes_on {
            continue;
        }
        let name = String::from_utf8_lossy(&binding.name);
        findings
            .script(
                script,
                binding.span.clone(),
                format!("nothing refers to the key `{name}`"),
            )
            .help(format!(
                "remove it, or use `${{{name}}}`; to set a variable, write `export {name} value`"
            ));
    }
}

/// True where the command is good for something without its key: it checks or removes a
/// variable, or takes one part of a value of several.
fn serves_otherwise(invocation: &Invocation) -> bool {
    match invocation.name() {
        b"importas" => invocation.has('i') || invocation.has('u'),
        b"define" | b"elglob" => false,
        _ => true,
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
    fn keys_that_serve_nothing_are_noted() {
        check(
            "define a b app",
            &["run:2: note: nothing refers to the key `a`"],
        );
        check(
            "importas a a define b $a app",
            &["run:2: note: nothing refers to the key `b`"],
        );
        for script in [
            "define a b app ${a}",
            "define a b foreground { sh -c \"echo $a\" } app",
            "define a b app $a/c",
            "importas -i a a app",
            "importas -u a a app",
            "importas -ui a a app",
            "forx -E i { 1 2 } app",
            "multidefine \"a b\" { x y } app $x",
            "ifthenelse -s { true } { define a b } { define a c } app $a",
            "define a b unknown importas c d app $a",
        ] {
            check(script, &[]);
        }
    }
}
