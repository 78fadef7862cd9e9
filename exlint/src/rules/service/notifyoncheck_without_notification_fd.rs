//! `notifyoncheck-without-notification-fd`: `s6-notifyoncheck` has nobody to notify.

use crate::finding::Edit;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, number, process};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "notifyoncheck-without-notification-fd",
    Group::Service,
    Level::Error,
    "s6-notifyoncheck runs in a service without `notification-fd`",
)
.why(
    "s6-notifyoncheck tells s6-supervise when a service is ready, by the file descriptor whose \
     number stands in the file `notification-fd` of the service directory. Without the file it \
     ends with \"unable to read ./notification-fd\", the program is never started, and \
     s6-supervise tries again every second. Where its option -3 names another number than the \
     file, the notification reaches nobody and whoever waits for readiness waits forever.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck -c \"test -e /run/web.pid\" web\n",
    "== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck -c \"test -e /run/web.pid\" web\n\
     == notification-fd\n3\n",
)
.fix("without the file the service never starts, and s6-supervise gives it descriptor 3 alone")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(service) = model
        .service_of(script)
        .filter(|_| script.role == Role::Run && process::mentions(script, b"s6-notifyoncheck"))
    else {
        return;
    };
    let file = model.tree.child(service.directory, b"notification-fd");
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            if !invocation.is("s6-notifyoncheck") {
                continue;
            }
            let span = invocation.program.span.clone();
            let given = descriptor(&process::words(script, invocation));
            match (file, given) {
                (None, None) => {
                    let edit = Edit::Create {
                        file: model
                            .tree
                            .entry(service.directory)
                            .disk()
                            .join("notification-fd"),
                        text: b"3\n".to_vec(),
                        mode: 0o644,
                    };
                    findings
                        .script(
                            script,
                            span,
                            "`s6-notifyoncheck` runs in a service that has no file \
                             `notification-fd`",
                        )
                        .help("write `3` into the file `notification-fd` beside `run`")
                        .edit("make `notification-fd` with 3", edit);
                }
                (Some(file), Some(given)) => {
                    // A loader may have made the number one that is listened to.
                    let moved = visit.before().iter().any(|it| {
                        it.is_one_of(&["fdmove", "fdswap", "redirfd"])
                            && process::words(script, it)
                                .iter()
                                .any(|(word, _)| number(word) == given || word.contains(&b'$'))
                    });
                    let text = model.tree.entry(file).bytes();
                    let read = text.ok().and_then(|text| number(text));
                    if let (Some(read), Some(given)) = (read, given)
                        && read != given
                        && !moved
                    {
                        findings
                            .script(
                                script,
                                span,
                                format!(
                                    "`s6-notifyoncheck` notifies descriptor {given}, but \
                                     s6-supervise listens on {read}"
                                ),
                            )
                            .related(file, Some(0..1), "the number is said here")
                            .help("leave out `-3`: the file `notification-fd` is enough");
                    }
                }
                _ => {}
            }
        }
    }
}

/// What `-3` says, where it is given: `Some(None)` where that is no number.
fn descriptor(words: &[(Vec<u8>, std::ops::Range<usize>)]) -> Option<Option<u32>> {
    let mut words = words.iter().map(|(word, _)| &**word);
    while let Some(word) = words.next() {
        let options = word.strip_prefix(b"-")?;
        let Some(place) = options
            .iter()
            .position(|letter| b"3sTtwnc".contains(letter))
        else {
            continue;
        };
        let attached = options.get(place + 1..).unwrap_or_default();
        let argument = if attached.is_empty() {
            words.next().unwrap_or_default()
        } else {
            attached
        };
        if options.get(place) == Some(&b'3') {
            return Some(number(argument));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, files: &str, expected: &[&str]) {
        let text = format!("== run 0755\n{script}\n{files}");
        sampling::check(&RULE, &text, expected);
    }

    const EXECLINE: &str = "#!/command/execlineb -P\n";
    const FILE: &str = "== notification-fd\n3\n";

    #[test]
    fn the_file_is_what_is_missing() {
        let script = format!("{EXECLINE}fdmove -c 2 1\ns6-notifyoncheck -d -n 3 -w 500 web");
        let found = "run:3: error: `s6-notifyoncheck` runs in a service that has no file";
        check(&script, "", &[found]);
        check(&script, FILE, &[]);
        check(
            "#!/bin/sh\nexec s6-notifyoncheck web",
            "",
            &["run:2: error: `s6-notifyoncheck` runs"],
        );
        check(&format!("{EXECLINE}echo s6-notifyoncheck"), "", &[]);
        check("#!/bin/sh\n# s6-notifyoncheck\nexec web", "", &[]);
    }

    #[test]
    fn option_3_says_the_same_number() {
        let script = |options: &str| format!("{EXECLINE}s6-notifyoncheck {options} web");
        let found = "run:2: error: `s6-notifyoncheck` notifies descriptor 4, but";
        check(&script("-3 4"), FILE, &[found]);
        check(&script("-d -34"), FILE, &[found]);
        check(&script("-3 3"), FILE, &[]);
        check(&script("-n 4"), FILE, &[]);
        check(&script("-3 4"), "", &[]);
        check(&script("-3 $fd"), FILE, &[]);
        check(
            &format!("{EXECLINE}fdmove 4 3 s6-notifyoncheck -3 4 web"),
            FILE,
            &[],
        );
    }
}
