//! `removed-s6-test`: the program `s6-test`, which has become `eltest`.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::commands;
use crate::model::{Model, Script};
use crate::overlay::Version;
use crate::overlay::paths;
use crate::rule::{Group, Rule};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "removed-s6-test",
    Group::Overlay,
    Level::Error,
    "s6-test is gone; eltest took its place",
)
.why(
    "s6-overlay 3.1.3.0 still has s6-test, and warns at every call; later versions have none. \
     What is not there cannot be executed, which reads like a test that says no: `if { s6-test \
     ... }` exits 111, and a finish script does nothing.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n\
     == etc/services.d/web/finish 0755\n#!/command/execlineb -S0\n\
     if { s6-test ${1} -ne 0 }\n/run/s6/basedir/bin/halt\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n\
     == etc/services.d/web/finish 0755\n#!/command/execlineb -S0\n\
     if { eltest ${1} -ne 0 }\n/run/s6/basedir/bin/halt\n",
)
.fix("eltest is there since 3.1.3.0 and takes the same arguments")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let overlay = &model.overlay;
    let level = match overlay.version {
        Some(version) if version >= Version::WITHOUT_S6_TEST => Level::Error,
        Some(version) if version >= Version::ELTEST => Level::Warning,
        // It may be one that has it.
        None if overlay.generation == Some(3) => Level::Note,
        _ => return,
    };
    for command in commands(script) {
        let Some(word) = command.words.first().filter(|word| word.is_whole) else {
            continue;
        };
        let Some(outdated) = paths::program(&word.value) else {
            continue;
        };
        if outdated.literal != "s6-test" {
            continue;
        }
        let path: [&[u8]; 4] = [b"/command", b"/usr/local/bin", b"/usr/bin", b"/bin"];
        if matches!(model.program(&word.value, &path), Lookup::Found(_)) {
            continue;
        }
        let message = match overlay.version {
            Some(version) if version < Version::WITHOUT_S6_TEST => {
                format!(
                    "`s6-test` warns at every call in {version} and is gone in the next release"
                )
            }
            _ => format!(
                "s6-overlay has no `s6-test` since {}",
                Version::WITHOUT_S6_TEST
            ),
        };
        let found = findings
            .script(script, word.span.clone(), message)
            .level(level)
            .help(outdated.advice);
        let is_spelt_out = script.slice(&word.span) == word.value;
        if let (Some(_), true, Some(text)) = (
            overlay.version,
            is_spelt_out,
            outdated.fixed(&word.value, overlay.version),
        ) {
            found.replace("write eltest", word.span.clone(), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn level_by_version() {
        for (version, expected) in [
            ("2.2.0.3", None),
            ("3.1.2.1", None),
            ("3.1.3.0", Some("warning: `s6-test` warns")),
            ("3.1.4.0", Some("error: s6-overlay has no `s6-test`")),
        ] {
            for script in [
                "#!/command/execlineb -P\nif { s6-test -e /x } web\n",
                "#!/bin/sh\nif ! s6-test -e /x; then exit 1; fi\nexec web\n",
            ] {
                let text = format!(
                    "== exlint.toml\ns6-overlay-version = \"{version}\"\n== run 0755\n{script}"
                );
                let expected = expected.map(|expected| format!("run:2: {expected}"));
                let expected: Vec<&str> = expected.as_deref().into_iter().collect();
                sampling::check(&RULE, &text, &expected);
            }
        }
    }

    #[test]
    fn image_that_has_it_may_use_it() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
             == etc/services.d/web/run 0755\n#!/command/execlineb -P\nif { s6-test -e /x }\nweb\n\
             == usr/bin/s6-test 0755\n",
            &[],
        );
    }

    #[test]
    fn without_an_overlay_nothing_is_known() {
        sampling::check(
            &RULE,
            "== run 0755\n#!/bin/execlineb -P\nif { s6-test -e /x }\nweb\n",
            &[],
        );
    }
}
