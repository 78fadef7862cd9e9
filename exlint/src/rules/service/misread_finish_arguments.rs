//! `misread-finish-arguments`: a `finish` script takes its arguments for something else.
//! Halting the container in a finish is no mistake.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, process};
use crate::overlay::components;
use crate::overlay::script_arguments::finish_arguments;
use crate::rule::{Group, Rule};
use crate::script::{Bound, Positional};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "misread-finish-arguments",
    Group::Service,
    Level::Warning,
    "`finish` takes its arguments for something else",
)
.why(
    "s6-supervise gives `finish` the exit code of `run`, or 256 if a signal ended it; then that \
     signal's number; from s6 2.11.2.0 on the service's name, and from 2.13.0.0 on the process \
     group. The number of arguments is never 0 or 1, and changes with the version. 256 is not \
     an exit code: as a container's it becomes 0, and a crash passes for success.",
)
.samples(
    "== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n#!/bin/sh\n\
     echo \"$1\" > /run/s6-linux-init-container-results/exitcode\n\
     exec /run/s6/basedir/bin/halt\n",
    "== run 0755\n#!/bin/sh\nexec web\n== finish 0755\n#!/bin/sh\n\
     code=$1\nif test \"$1\" -eq 256; then code=$((128 + $2)); fi\n\
     echo \"$code\" > /run/s6-linux-init-container-results/exitcode\n\
     exec /run/s6/basedir/bin/halt\n",
)
.script(check);

const RESULT: &[u8] = b"s6-linux-init-container-results/exitcode";

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if script.role != Role::Finish {
        return;
    }
    let reads = reads(script);
    absent(model, script, &reads, findings);
    counted(model, script, findings);
    unconverted(model, script, &reads, findings);
}

/// The arguments that a script reads: their names, and where.
fn reads(script: &Script) -> Vec<(Vec<u8>, Range<usize>)> {
    if let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) {
        let given = shell
            .commands
            .iter()
            .any(|it| it.is_any(&[b"set", b"shift"]));
        if given {
            return Vec::new();
        }
        let reads = shell.positional_reads().into_iter();
        return reads
            .map(|it| (it.name.clone().into_bytes(), it.span.clone()))
            .collect();
    }
    let Some(execline) = &script.execline else {
        return Vec::new();
    };
    if matches!(execline.positional, Positional::Ignored) {
        return Vec::new();
    }
    let references = execline.scopes.references.iter();
    references
        .filter(|it| it.bound == Bound::Positional)
        .map(|it| (it.name.clone(), it.word.clone()))
        .collect()
}

/// Arguments that the version does not give.
fn absent(
    model: &Model<'_>,
    script: &Script,
    reads: &[(Vec<u8>, Range<usize>)],
    findings: &mut Findings<'_>,
) {
    let version = model.overlay.version;
    let given = finish_arguments(version).len();
    let Some((name, span)) = reads.iter().find(|(name, _)| {
        let number = std::str::from_utf8(name)
            .ok()
            .and_then(|it| it.parse::<usize>().ok());
        number.is_some_and(|number| number > given)
    }) else {
        return;
    };
    let name = String::from_utf8_lossy(name).into_owned();
    let message = match version {
        Some(version) => format!("s6-overlay {version} gives `finish` no argument {name}"),
        None => format!("no version of s6 gives `finish` an argument {name}"),
    };
    let since = components::first_with_s6(match name.as_str() {
        "3" => crate::overlay::Version::new(2, 11, 2, 0),
        _ => crate::overlay::Version::new(2, 13, 0, 0),
    });
    let help = match since {
        Some(since) if version.is_some() && matches!(&*name, "3" | "4") => {
            format!("s6-overlay gives it from {since} on")
        }
        _ => "there are the exit code, the signal, the service's name and the process group"
            .to_owned(),
    };
    findings.script(script, span.clone(), message).help(help);
}

/// Comparisons of the number of arguments with a number.
fn counted(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            if !invocation.is_one_of(&["test", "[", "[[", "eltest", "s6-test"]) {
                continue;
            }
            let words = process::words(script, invocation);
            let values: Vec<&[u8]> = words
                .iter()
                .map(|(_, span)| script.slice(span))
                .map(|text| text.strip_prefix(b"\"").unwrap_or(text))
                .map(|text| text.strip_suffix(b"\"").unwrap_or(text))
                .collect();
            for triple in values.windows(3) {
                let [left, operator, right] = triple else {
                    continue;
                };
                let is_count = matches!(*left, b"$#" | b"${#}");
                let is_compared = matches!(
                    *operator,
                    b"-eq" | b"-ne" | b"=" | b"!=" | b"==" | b"-gt" | b"-ge" | b"-lt" | b"-le"
                );
                let number = std::str::from_utf8(right)
                    .ok()
                    .and_then(|it| it.parse::<u32>().ok());
                if let (true, true, Some(number)) = (is_count, is_compared, number) {
                    let why = if number < 2 {
                        "there are always two and more".to_owned()
                    } else {
                        "their number is another one in other versions of s6".to_owned()
                    };
                    findings
                        .script(
                            script,
                            invocation.span(),
                            format!("`finish` counts its arguments, but {why}"),
                        )
                        .help(
                            "ask `$1` instead: it is the exit code, or 256 if a signal ended run",
                        );
                }
            }
        }
    }
}

/// 256 that becomes the container's exit code.
fn unconverted(
    model: &Model<'_>,
    script: &Script,
    reads: &[(Vec<u8>, Range<usize>)],
    findings: &mut Findings<'_>,
) {
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let words = process::words(script, visit.invocation);
            if visit.invocation.is("exit")
                && let Some((word, span)) = words.first()
                && &**word == b"256"
            {
                findings
                    .script(script, span.clone(), "`exit 256` exits 0")
                    .help("exit codes end at 255; a signal's end is told as 128 plus its number");
            }
        }
    }
    // Whoever knows of 256, or of the signal, has thought of it.
    let knows = process::mentions(script, b"256")
        || process::mentions(script, b"128")
        || reads
            .iter()
            .any(|(name, _)| name == b"2" || name == b"@" || name == b"*");
    if knows || !process::mentions(script, RESULT) {
        return;
    }
    let Some((span, _)) = written(model, script, reads) else {
        return;
    };
    findings
        .script(
            script,
            span,
            "`$1` is 256 if a signal ended run, which the container then exits 0 with",
        )
        .level(Level::Note)
        .help("write 128 plus `$2`, the signal's number, where `$1` is 256");
}

/// Where `$1` itself is written to the file of the container's exit code.
fn written(
    model: &Model<'_>,
    script: &Script,
    reads: &[(Vec<u8>, Range<usize>)],
) -> Option<(Range<usize>, ())> {
    let first: Vec<&Range<usize>> = reads
        .iter()
        .filter(|(name, _)| name == b"1")
        .map(|(_, span)| span)
        .collect();
    if let Some(shell) = &script.shell {
        return shell.commands.iter().find_map(|command| {
            let writes = command.redirections.iter().any(|it| {
                let target = it.target.raw(&script.text);
                it.writes() && target.windows(RESULT.len()).any(|part| part == RESULT)
            });
            let span = first.iter().find(|span| {
                command
                    .words
                    .iter()
                    .any(|word| word.span.start <= span.start && span.end <= word.span.end)
            });
            let prints = command.is_any(&[b"echo", b"printf"]);
            span.filter(|_| writes && prints)
                .map(|&span| (span.clone(), ()))
        });
    }
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let writes = visit.before().iter().any(|it| {
                it.is("redirfd")
                    && it
                        .own_words()
                        .iter()
                        .any(|word| word.value.windows(RESULT.len()).any(|part| part == RESULT))
            });
            let prints = visit
                .invocation
                .is_one_of(&["echo", "s6-echo", "printf", "s6-printf"]);
            let words = process::words(script, visit.invocation);
            let span = words
                .iter()
                .find(|(word, _)| matches!(&**word, b"$1" | b"${1}"));
            if writes && prints && !first.is_empty() {
                return span.map(|(_, span)| (span.clone(), ()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        check_version("3.2.0.0", script, expected);
    }

    fn check_version(version: &str, script: &str, expected: &[&str]) {
        let text = format!(
            "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
             == s/run 0755\n#!/bin/sh\nexec web\n== s/finish 0755\n{script}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    const RESULT: &str = "/run/s6-linux-init-container-results/exitcode";

    #[test]
    fn a_signals_end_is_no_exit_code() {
        let shell = format!("#!/bin/sh\necho $1 > {RESULT}\nhalt");
        check(&shell, &["s/finish:2: note: `$1` is 256 if a signal"]);
        let execline = format!(
            "#!/command/execlineb -S0\nforeground {{ redirfd -w 1 {RESULT} echo -n -- ${{1}} }}\nhalt"
        );
        check(&execline, &["s/finish:2: note: `$1` is 256 if a signal"]);
        for script in [
            format!("#!/bin/sh\nif [ $1 -eq 256 ]; then set -- 1; fi\necho $1 > {RESULT}"),
            format!("#!/bin/sh\necho $(( $1 == 256 ? 128 + $2 : $1 )) > {RESULT}"),
            format!("#!/bin/sh\necho 1 > {RESULT}"),
            "#!/bin/sh\necho \"$1\" >&2\nhalt".to_owned(),
            "#!/bin/sh\n/run/s6/basedir/bin/halt".to_owned(),
        ] {
            check(&script, &[]);
        }
        check(
            "#!/bin/sh\nexit 256",
            &["s/finish:2: warning: `exit 256` exits 0"],
        );
        check("#!/bin/sh\nif test \"$1\" -eq 256; then exit 125; fi", &[]);
    }

    #[test]
    fn arguments_are_not_to_be_counted() {
        let found = "s/finish:2: warning: `finish` counts its arguments, but there are always";
        check("#!/bin/sh\nif [ $# -eq 0 ]; then exit 0; fi", &[found]);
        check(
            "#!/command/execlineb -S0\nif { eltest ${#} -eq 0 }\ntrue",
            &[found],
        );
        let found = "s/finish:2: warning: `finish` counts its arguments, but their number";
        check("#!/bin/sh\ntest \"$#\" = 2 || exit 0", &[found]);
        check("#!/bin/sh\necho \"$# arguments\"", &[]);
    }

    #[test]
    fn later_arguments_came_with_versions() {
        let script = "#!/bin/sh\necho \"$3 ended\"";
        check_version(
            "3.1.2.1",
            script,
            &["s/finish:2: warning: s6-overlay 3.1.2.1 gives"],
        );
        check_version("3.1.3.0", script, &[]);
        check(
            "#!/bin/sh\necho \"$5\"",
            &["s/finish:2: warning: s6-overlay 3.2.0.0 gives"],
        );
        check("#!/bin/sh\nset -- 1 2 3 4 5\necho \"$5\"", &[]);
        check("#!/bin/sh\nf() { echo \"$5\"; }\nf 1 2 3 4 5", &[]);
    }
}
