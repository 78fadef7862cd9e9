//! `invalid-option`: a command is given an option that it does not have, or an option without
//! its argument.

use super::missing_block::is_option;
use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::nearest::nearest;
use crate::overlay::{Version, components};
use crate::programs::{Origin, Signature};
use crate::rule::{Group, Rule};
use crate::script::{Invocation, Problem};

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-option",
    Group::Execline,
    Level::Error,
    "a command is given an option that it does not have",
)
.why(
    "A command that meets an unknown option, or an option without its argument, prints its usage \
     and exits 100. Options that came with a later execline than the image has are unknown to \
     it too.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nforeground { redirfd -z 1 /run/log true }\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nforeground { redirfd -w 1 /run/log true }\nserver\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let release = model.overlay.version.and_then(components::release);
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let Some(signature) = &invocation.signature else {
            continue;
        };
        let name = String::from_utf8_lossy(invocation.name());
        for problem in &invocation.problems {
            match problem {
                Problem::UnknownOption { option, span } => {
                    let level = match signature.origin {
                        Origin::Execline => Level::Error,
                        // What other programs take depends on their version.
                        Origin::Known(_) | Origin::Configured => Level::Warning,
                    };
                    findings
                        .script(
                            script,
                            span.clone(),
                            format!("`{name}` has no option `{option}`"),
                        )
                        .level(level)
                        .help(instead(signature, option));
                }
                Problem::MissingBlock {
                    found: Some(span), ..
                } => {
                    let word = String::from_utf8_lossy(script.slice(span));
                    if is_option(invocation, &word) {
                        findings
                            .script(
                                script,
                                span.clone(),
                                format!("`{name}` has no option `{word}`"),
                            )
                            .help(instead(signature, &word));
                    }
                }
                Problem::MissingArgument { option, span } => {
                    findings
                        .script(
                            script,
                            span.clone(),
                            format!("the option `{option}` of `{name}` is not given its argument"),
                        )
                        .help("write the argument behind it");
                }
                _ => {}
            }
        }
        if let Some(release) = release.filter(|_| signature.origin == Origin::Execline) {
            newer(script, invocation, signature, release.execline, findings);
        }
    }
}

/// Options that came later than the image's execline.
fn newer(
    script: &Script,
    invocation: &Invocation,
    signature: &Signature,
    execline: Version,
    findings: &mut Findings<'_>,
) {
    let name = String::from_utf8_lossy(invocation.name());
    for given in &invocation.options {
        let option = match &given.long {
            Some(long) => signature.long(long),
            None => signature.letter(given.letter),
        };
        let letters = option.and_then(|option| option.since.as_deref());
        let since = match (&given.long, &*name) {
            // All long names of a command came at once.
            (Some(_), "emptyenv") => Some("2.9.8.0"),
            (Some(_), _) => Some("2.9.9.0"),
            (None, _) => letters,
        };
        let Some(since) = since.and_then(|since| Version::parse(since.as_bytes())) else {
            continue;
        };
        if since <= execline {
            continue;
        }
        let shown = match &given.long {
            Some(long) => format!("--{}", String::from_utf8_lossy(long)),
            None => format!("-{}", given.letter.escape_ascii()),
        };
        let help = match components::first_with_execline(since) {
            Some(first) => format!("use s6-overlay {first} or later, or do without the option"),
            None => "do without the option".to_owned(),
        };
        findings
            .script(
                script,
                given.span.clone(),
                format!(
                    "`{name}` has `{shown}` since execline {since}; this s6-overlay comes with \
                     {execline}"
                ),
            )
            .level(Level::Warning)
            .help(help);
    }
}

/// What to write instead of an option that is not there.
fn instead(signature: &Signature, option: &str) -> String {
    let longs = signature.options.iter().filter_map(|o| o.long.as_deref());
    let meant = option
        .strip_prefix("--")
        .and_then(|long| nearest(long, longs))
        .map(|long| format!("--{long}"))
        .or_else(|| {
            // The other case of the letter.
            let letter = *option.as_bytes().get(1)?;
            let swapped = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
            signature.letter(swapped)?;
            Some(format!("-{}", swapped.escape_ascii()))
        });
    if let Some(meant) = meant {
        return format!("write `{meant}`, if that is meant");
    }
    let all: Vec<String> = signature
        .options
        .iter()
        .filter_map(|option| option.letter)
        .map(|letter| format!("-{}", letter.escape_ascii()))
        .collect();
    if all.is_empty() {
        format!("`{}` has no options", signature.name)
    } else {
        format!("it has {}", all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        check_at(None, script, expected);
    }

    fn check_at(version: Option<&str>, script: &str, expected: &[&str]) {
        let mut text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        if let Some(version) = version {
            text.push_str(&format!(
                "== exlint.toml\ns6-overlay-version = \"{version}\"\n"
            ));
        }
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn options_that_are_not_there_are_found() {
        check(
            "redirfd -z 1 x app",
            &["run:2: error: `redirfd` has no option `-z`"],
        );
        check(
            "importas -iI A A app",
            &["run:2: error: `importas` has no option `-I`"],
        );
        check(
            "redirfd --apend 1 x app",
            &["run:2: error: `redirfd` has no option `--apend`"],
        );
        check(
            "foreground { if -x }\napp",
            &["run:2: error: the option `-x` of `if` is not given its argument"],
        );
        check(
            "foreground -d { app } app",
            &["run:2: error: `foreground` has no option `-d`"],
        );
        for script in [
            "redirfd -w 1 x app -z",
            "importas -D -z A A app",
            "importas -D-z A A app",
            "importas -- -A A app",
            "export -A b app",
            "unexport -A app",
            "fdclose 0 app -x",
            "eltest -n a",
            "app -x",
            "forx -p -o 0,1 i { } app",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn a_later_option_needs_a_later_image() {
        let found = ["run:2: warning: `importas` has `-S` since execline 2.9.6.0"];
        check_at(Some("3.1.6.2"), "importas -S A app $A", &found);
        check_at(Some("3.2.0.0"), "importas -S A app $A", &[]);
        check_at(None, "importas -S A app $A", &[]);
        check_at(
            Some("3.2.0.0"),
            "wait --all { } app",
            &["run:2: warning: `wait` has `--all` since execline 2.9.9.0"],
        );
    }
}
