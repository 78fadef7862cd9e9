//! `outdated-overlay-path`: a path, program, variable or idiom of an s6-overlay that is older
//! than the one in the image. First lines are not looked at here.

use super::removal::is_gone;
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::commands::{Command, Said, commands};
use crate::model::{Model, Script};
use crate::overlay::Version;
use crate::overlay::paths::{self, Outdated};
use crate::rule::{Group, Rule};
use crate::script::Bound;
use crate::shell::{Connector, Kind};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "outdated-overlay-path",
    Group::Overlay,
    Level::Error,
    "a path or program of an older s6-overlay is used",
)
.why(
    "Version 3 moved what scripts of version 2 name: running services are in /run/service, not in \
     /var/run/s6/services, and a container is stopped by /run/s6/basedir/bin/halt, as signals to \
     s6-svscan no longer do it. The old commands fail, and mostly nobody notices: the container \
     goes on without its service.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n\
     == etc/services.d/web/finish 0755\n#!/command/execlineb -S0\n\
     s6-svscanctl -t /var/run/s6/services\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n\
     == etc/services.d/web/finish 0755\n#!/command/execlineb -S0\n\
     /run/s6/basedir/bin/halt\n",
)
.fix(
    "the old command fails on this version, and the new one does what it did: the path of a \
     service changes, or the command that stops the container is replaced as a whole",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let version = model.overlay.version;
    if version.is_some_and(|version| version < Version::V3) {
        return;
    }
    let commands = commands(script);
    if is_for_both(script, &commands) {
        return;
    }
    for command in &commands {
        if is_old_stop(model, command) {
            report_stop(script, command, findings);
            continue;
        }
        report_program(model, script, command, findings);
        report_variable(model, script, command, findings);
        for said in command.said() {
            report_path(model, script, command, said, findings);
        }
    }
    report_parameters(model, script, findings);
    report_references(model, script, findings);
}

/// True for a script that asks which version it runs on and knows the new one too.
fn is_for_both(script: &Script, commands: &[Command]) -> bool {
    let is_old = |said: &Said| {
        said.paths()
            .iter()
            .any(|(_, path)| paths::path(path).is_some())
    };
    let is_new = |said: &Said| {
        let has = |part: &[u8]| contains(&said.value, part);
        has(b"/run/service") || has(paths::HALT.as_bytes())
    };
    let asks = commands
        .iter()
        .any(|command| command.is_test && command.said().any(is_old));
    let branches = match &script.shell {
        Some(shell) => {
            shell
                .constructs
                .iter()
                .any(|it| matches!(it.kind, Kind::If | Kind::Case))
                || shell
                    .commands
                    .iter()
                    .any(|it| it.connector == Connector::Or)
        }
        None => commands.iter().any(|command| {
            [&b"ifelse"[..], b"ifte", b"ifthenelse", b"case", b"tryexec"].contains(&command.name())
        }),
    };
    asks || branches && commands.iter().any(|command| command.said().any(is_new))
}

fn is_old_stop(model: &Model<'_>, command: &Command) -> bool {
    let words: Vec<&[u8]> = command.words.iter().map(|word| &*word.value).collect();
    model.overlay.generation == Some(3)
        && command.words.iter().all(|word| word.is_whole)
        && paths::is_old_stop(&words)
}

fn report_stop(script: &Script, command: &Command, findings: &mut Findings<'_>) {
    let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else {
        return;
    };
    let span = first.span.start..last.span.end;
    let directory = String::from_utf8_lossy(&last.value).into_owned();
    findings
        .script(
            script,
            span.clone(),
            format!("s6-overlay 3 has no `{directory}`, and this does not stop the container"),
        )
        .help(format!(
            "write {} to stop the container; the exit code it is to have goes to the file {} before",
            paths::HALT,
            paths::EXIT_CODE
        ))
        .replace("stop the container as s6-overlay 3 does", span, paths::HALT);
}

fn report_program(
    model: &Model<'_>,
    script: &Script,
    command: &Command,
    findings: &mut Findings<'_>,
) {
    let Some(word) = command.words.first().filter(|word| word.is_whole) else {
        return;
    };
    let Some(outdated) = paths::program(&word.value) else {
        return;
    };
    if outdated.literal == "s6-test" || is_gone(model, outdated) != Some(true) {
        return;
    }
    let path: [&[u8]; 6] = [
        b"/command",
        b"/usr/local/sbin",
        b"/usr/local/bin",
        b"/usr/sbin",
        b"/usr/bin",
        b"/bin",
    ];
    let level = match model.program(&word.value, &path) {
        Lookup::Found(_) => return,
        // That name is not as special as the others.
        Lookup::Unknown if outdated.literal == "fix-attrs" => Level::Warning,
        _ => Level::Error,
    };
    let name = outdated.literal;
    let found = findings
        .script(
            script,
            word.span.clone(),
            format!("s6-overlay has no `{name}` since {}", outdated.gone),
        )
        .level(level)
        .help(outdated.advice);
    if let Some(text) = outdated.fixed(&word.value, model.overlay.version) {
        found.replace(
            "name the program that took its place",
            word.span.clone(),
            text,
        );
    }
}

/// `importas NAME VARIABLE` and `printcontenv VARIABLE`.
fn report_variable(
    model: &Model<'_>,
    script: &Script,
    command: &Command,
    findings: &mut Findings<'_>,
) {
    let reads = [&b"importas"[..], b"printcontenv", b"import"].contains(&command.name());
    let has_default = command
        .arguments()
        .iter()
        .any(|word| word.value.starts_with(b"-D"));
    let Some(word) = command.words.last().filter(|_| reads && !has_default) else {
        return;
    };
    if let Some(outdated) = paths::variable(&word.value)
        && is_gone(model, outdated) == Some(true)
    {
        warn_of_variable(script, word.span.clone(), outdated, findings);
    }
}

/// `$VARIABLE` of shells.
fn report_parameters(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let shell = script.shell.as_ref().filter(|shell| shell.broken.is_none());
    let Some(shell) = shell else { return };
    for parameter in shell.unassigned_reads() {
        if let Some(outdated) = paths::variable(parameter.name.as_bytes())
            && !parameter.has_default()
            && is_gone(model, outdated) == Some(true)
        {
            warn_of_variable(script, parameter.span.clone(), outdated, findings);
        }
    }
}

/// `${VARIABLE}` of execline that nothing binds: it was to come from the environment.
fn report_references(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = &script.execline else {
        return;
    };
    for reference in &execline.scopes.references {
        if let Some(outdated) = paths::variable(&reference.name)
            && reference.bound == Bound::Nothing
            && is_gone(model, outdated) == Some(true)
        {
            warn_of_variable(script, reference.word.clone(), outdated, findings);
        }
    }
}

fn warn_of_variable(
    script: &Script,
    span: std::ops::Range<usize>,
    outdated: &Outdated,
    findings: &mut Findings<'_>,
) {
    findings
        .script(
            script,
            span,
            format!(
                "s6-overlay does not set `{}` since {}",
                outdated.literal, outdated.gone
            ),
        )
        .level(Level::Warning)
        .help(outdated.advice);
}

fn report_path(
    model: &Model<'_>,
    script: &Script,
    command: &Command,
    said: &Said,
    findings: &mut Findings<'_>,
) {
    let is_controller = paths::CONTROLLERS
        .iter()
        .any(|name| command.name() == name.as_bytes());
    let outdated = said.paths().into_iter().find_map(|(at, path)| {
        let found = if is_controller {
            paths::controlled(path)
        } else {
            paths::path(path)
        };
        let found = found.filter(|found| is_gone(model, found) == Some(true))?;
        Some((at, path, found))
    });
    let Some((at, path, outdated)) = outdated else {
        return;
    };
    // Links that keep scripts of version 2 going, and what tidies up.
    if command.is_test || [&b"ln"[..], b"s6-ln", b"rm", b"mkdir"].contains(&command.name()) {
        return;
    }
    let is_opened = command
        .targets
        .iter()
        .any(|target| target.file.span == said.span)
        || command.name() == b"redirfd";
    let level = if is_controller || is_opened {
        Level::Error
    } else {
        Level::Warning
    };
    let message = if outdated.gone <= Version::EARLIEST {
        format!("nothing is supervised in `{}`", outdated.literal)
    } else {
        format!(
            "s6-overlay has no `{}` since {}",
            outdated.literal, outdated.gone
        )
    };
    let found = findings
        .script(script, said.span.clone(), message)
        .level(level)
        .help(outdated.advice);
    let verbatim = said.verbatim(&script.text);
    // What is replaced in the word only adds to it.
    let full = [path, if said.is_whole { b"" } else { b"x" }].concat();
    let fixed = outdated.fixed(&full, model.overlay.version);
    if let (Some(range), Some(_), Some(new)) = (verbatim, fixed, outdated.replacement) {
        let start = range.start + at;
        let span = start..start + outdated.literal.len();
        found.replace("name the place where it is now", span, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, script: &str, expected: &[&str]) {
        let text = format!(
            "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
             == etc/cont-finish.d/a 0755\n{script}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    const OLD: &str = "etc/cont-finish.d/a:2: error: s6-overlay has no `/var/run/s6/services`";

    #[test]
    fn old_places_are_found_by_version() {
        for (script, expected) in [
            ("#!/bin/sh\ns6-svc -d /var/run/s6/services/web", vec![OLD]),
            (
                "#!/bin/sh\ns6-svc -d \"/var/run/s6/services/$name\"",
                vec![OLD],
            ),
            (
                "#!/command/execlineb -P\ns6-svc -d /var/run/s6/services/web",
                vec![OLD],
            ),
            (
                "#!/command/execlineb -P\nredirfd -w 1 /var/run/s6/env-stage3/S6_STAGE2_EXITED\necho 1",
                vec!["etc/cont-finish.d/a:2: error: s6-overlay has no `/var/run/s6/env-stage3/S6_"],
            ),
            (
                "#!/bin/sh\nls /var/run/s6/services",
                vec!["etc/cont-finish.d/a:2: warning: s6-overlay has no `/var/run/s6/services`"],
            ),
            (
                "#!/bin/sh\nexec s6-svscanctl -t /var/run/s6/services",
                vec!["etc/cont-finish.d/a:2: error: s6-overlay 3 has no `/var/run/s6/services`"],
            ),
            (
                "#!/bin/sh\necho \"$S6_STAGE2_EXITED\"",
                vec!["etc/cont-finish.d/a:2: warning: s6-overlay does not set `S6_STAGE2_EXITED`"],
            ),
            (
                "#!/command/execlineb -P\necho ${S6_STAGE2_EXITED}",
                vec!["etc/cont-finish.d/a:2: warning: s6-overlay does not set `S6_STAGE2_EXITED`"],
            ),
            (
                "#!/bin/sh\nexec justc-envdir /x env",
                vec!["etc/cont-finish.d/a:2: error: s6-overlay has no `justc-envdir`"],
            ),
        ] {
            check("3.2.0.0", script, &expected);
            check("2.2.0.3", script, &[]);
        }
    }

    #[test]
    fn what_works_on_version_3_is_left_alone() {
        for script in [
            "#!/bin/sh\necho -n 1 > /var/run/s6/container_environment/A",
            "#!/bin/sh\n# s6-svscanctl -t /var/run/s6/services\ntrue",
            "#!/bin/sh\nif [ -d /var/run/s6/services ]; then\ns6-svscanctl -t /var/run/s6/services\nfi",
            "#!/bin/sh\n/run/s6/basedir/bin/halt || s6-svscanctl -t /var/run/s6/services",
            "#!/bin/sh\nln -s /run/service /var/run/s6/services",
            "#!/bin/sh\necho \"${S6_STAGE2_EXITED:-0}\"",
            "#!/bin/sh\ns6-svc -d /run/service/web",
            "#!/bin/sh\ncp /etc/services.d/web/run /tmp",
            "#!/command/execlineb -P\nimportas -D 0 code S6_STAGE2_EXITED\nexit $code",
        ] {
            check("3.2.0.0", script, &[]);
        }
    }

    #[test]
    fn without_a_version_only_what_the_image_shows_counts() {
        let script = "s6-svc -d /etc/services.d/web";
        sampling::check(
            &RULE,
            &format!("== etc/services.d/web/run 0755\n#!/bin/sh\n{script}\n"),
            &[],
        );
        sampling::check(
            &RULE,
            &format!("== etc/services.d/web/run 0755\n#!/command/with-contenv sh\n{script}\n"),
            &["etc/services.d/web/run:2: error: nothing is supervised in `/etc/services.d`"],
        );
    }
}
