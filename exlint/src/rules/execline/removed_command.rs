//! `removed-command`: a command that execline no longer has.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::overlay::Version;
use crate::overlay::components::{self, Release};
use crate::programs::removed;
use crate::rule::{Group, Rule};
use crate::script::items::flatten;
use crate::script::{Invocation, Visit, Word};

/// The rule.
pub const RULE: Rule = Rule::new(
    "removed-command",
    Group::Execline,
    Level::Error,
    "a command is used that execline no longer has",
)
.why(
    "`import NAME` went away with execline 2.5.0.0; `importas NAME NAME` does the same and has \
     the same options. As a program `import` is not found, and multisubstitute fails at it: \
     `unrecognized directive import`.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nmultisubstitute { import -D 80 PORT }\nserver ${PORT}\n",
    "== run 0755\n#!/command/execlineb -P\nmultisubstitute { importas -D 80 PORT PORT }\nserver \
     ${PORT}\n",
)
.fix("`importas NAME NAME` does what `import NAME` did, with the same options")
.script(check);

/// The first execline without `import`.
const WITHOUT_IMPORT: Version = Version::new(2, 5, 0, 0);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let release = model.overlay.version.and_then(components::release);
    for visit in execline.visits() {
        others(model, script, visit.invocation, release, findings);
    }
    if release.is_some_and(|release| release.execline < WITHOUT_IMPORT) {
        return;
    }
    for visit in execline.visits() {
        let is_directive = visit
            .block
            .is_some_and(|(by, _, _)| by.is("multisubstitute"));
        if !visit.invocation.program.is(b"import") {
            continue;
        }
        // ImageMagick has a program of this name.
        if !is_directive && is_other(model, &visit) {
            continue;
        }
        let mut words = vec![&visit.invocation.program];
        flatten(&visit.invocation.arguments, &mut words);
        let mut rest = &*words;
        while let Some((import, behind)) = rest.split_first() {
            if !import.is(b"import") {
                // The directives behind are not taken apart; only `import` is looked for.
                rest = if is_directive { behind } else { &[] };
                continue;
            }
            let name = name(behind);
            report(script, import, name, findings);
            rest = if is_directive { behind } else { &[] };
        }
    }
}

/// Programs of the packages around execline. What s6-overlay itself dropped, and `s6-test`,
/// are findings of their own.
fn others(
    model: &Model<'_>,
    script: &Script,
    invocation: &Invocation,
    release: Option<Release>,
    findings: &mut Findings<'_>,
) {
    let Some(gone) = removed(invocation.name()) else {
        return;
    };
    let has = match gone.package {
        "s6" => release.map(|release| release.s6),
        "s6-rc" => release.map(|release| release.s6_rc),
        "s6-linux-utils" | "s6-networking" => None,
        _ => return,
    };
    let since = Version::parse(gone.since.as_bytes());
    let level = match has.zip(since) {
        Some((has, since)) if has < since => return,
        Some(_) => Level::Error,
        None => Level::Note,
    };
    let path: [&[u8]; 4] = [b"/command", b"/usr/local/bin", b"/usr/bin", b"/bin"];
    if model
        .program(&invocation.program.value, &path)
        .found()
        .is_some()
    {
        return;
    }
    let help = match gone.instead {
        Some(instead) => format!("use {instead}"),
        None => "use another program".to_owned(),
    };
    findings
        .script(
            script,
            invocation.program.span.clone(),
            format!(
                "`{}` is gone since {} {}",
                gone.name, gone.package, gone.since
            ),
        )
        .level(level)
        .help(help);
}

fn is_other(model: &Model<'_>, visit: &Visit<'_>) -> bool {
    let path: [&[u8]; 3] = [b"/usr/local/bin", b"/usr/bin", b"/bin"];
    model.program(b"import", &path).found().is_some() || names_picture(visit.invocation)
}

fn names_picture(invocation: &Invocation) -> bool {
    invocation.argument_words().any(|word| {
        [&b".png"[..], b".jpg", b".gif", b"-window"]
            .iter()
            .any(|end| word.value.ends_with(end))
    })
}

/// The word that `import` names its variable with, behind its options.
fn name<'w>(words: &[&'w Word]) -> Option<&'w Word> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(letters) = word.value.strip_prefix(b"-").filter(|l| !l.is_empty()) else {
            return Some(word);
        };
        if letters == b"-" {
            return words.next().copied();
        }
        // -D and -d take an argument, which may be the next word.
        if matches!(letters.last(), Some(b'D' | b'd'))
            && !letters
                .iter()
                .rev()
                .skip(1)
                .any(|l| matches!(l, b'D' | b'd'))
        {
            words.next();
        }
    }
    None
}

fn report(script: &Script, import: &Word, name: Option<&Word>, findings: &mut Findings<'_>) {
    let found = findings.script(
        script,
        import.span.clone(),
        "`import` is gone since execline 2.5.0.0",
    );
    let Some(name) = name else {
        found.help("write `importas NAME NAME`");
        return;
    };
    let shown = String::from_utf8_lossy(script.slice(&name.span)).into_owned();
    let found = found.help(format!(
        "write `importas {shown} {shown}`, with the same options"
    ));
    if import.is_bare && name.is_bare && !name.may_change() {
        let title = "write importas";
        found
            .replace(title, import.span.clone(), "importas")
            .replace(title, name.span.clone(), format!("{shown} {shown}"));
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
    fn import_is_found_wherever_it_stands() {
        let found = "run:2: error: `import` is gone";
        check("import A app $A", &[found]);
        check(
            "multisubstitute { define x y import A import -D b C } app",
            &[found, found],
        );
        check("foreground { import -u A echo $A } app", &[found]);
        for script in [
            "importas A A app",
            "app import A",
            "import -window root x.png",
            "importas import import app",
            "python3 import x",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn programs_of_other_packages_go_too() {
        let check = |version: &str, expected: &[&str]| {
            let text = format!(
                "== run 0755\n#!/bin/execlineb -P\ns6-fdholder-storec /x /y\n== exlint.toml\n{version}\n"
            );
            sampling::check(&RULE, &text, expected);
        };
        let found = |level: &str| format!("run:2: {level}: `s6-fdholder-storec` is gone since s6");
        check("s6-overlay-version = \"3.2.0.0\"", &[&found("error")]);
        check("", &[&found("note")]);
    }

    #[test]
    fn an_old_image_still_has_it() {
        let text = "== run 0755\n#!/bin/execlineb -P\nimport A app\n== exlint.toml\n\
                    s6-overlay-version = \"2.2.0.3\"\n";
        sampling::check(&RULE, text, &["run:2: error: `import` is gone"]);
    }
}
