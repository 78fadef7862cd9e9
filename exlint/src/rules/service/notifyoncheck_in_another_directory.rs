//! `notifyoncheck-in-another-directory`: `s6-notifyoncheck` runs after the script has left the
//! service directory.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script, Service, process};
use crate::rule::{Group, Rule};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "notifyoncheck-in-another-directory",
    Group::Service,
    Level::Error,
    "s6-notifyoncheck runs outside of the service directory",
)
.why(
    "s6-notifyoncheck reads ./notification-fd, runs ./data/check and listens in ./event, all \
     from the directory it is started in. A run script is started in the service directory; \
     after a cd or a chroot, s6-notifyoncheck finds none of these and ends, and the program is \
     never started.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\ncd /srv/web\ns6-notifyoncheck -c \"test -e up\" web\n\
     == notification-fd\n3\n",
    "== run 0755\n#!/command/execlineb -P\ns6-notifyoncheck -c \"test -e /srv/web/up\"\ncd \
     /srv/web\nweb\n== notification-fd\n3\n",
)
.script(check);

const MOVERS: [&str; 5] = ["cd", "execline-cd", "posix-cd", "chroot", "s6-chroot"];

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let is_started = matches!(script.role, Role::Run | Role::Other);
    if !is_started || !process::mentions(script, b"s6-notifyoncheck") {
        return;
    }
    // A script that was given alone may be anybody's.
    let service = model.service_of(script);
    // Where the shell went before, and where that is said.
    let mut gone: Option<Range<usize>> = None;
    for line in process::command_lines(model, script) {
        for visit in line.chain.visits() {
            let invocation = visit.invocation;
            if !invocation.is("s6-notifyoncheck") || visit.depth > 0 {
                continue;
            }
            let before = visit.before().iter().rev();
            let mover = before.filter(|it| it.is_one_of(&MOVERS)).find_map(|it| {
                let words = process::words(script, it);
                let (target, _) = words.iter().find(|(word, _)| !word.starts_with(b"-"))?;
                Some((leaves(service, target), it.span()))
            });
            let mover = match mover {
                Some((leaves, span)) => leaves.then_some(span),
                None => gone.clone(),
            };
            if let Some(mover) = mover {
                findings
                    .script(
                        script,
                        invocation.program.span.clone(),
                        "`s6-notifyoncheck` runs in another directory than the service's",
                    )
                    .related(
                        script.node,
                        Some(mover),
                        "the service directory is left here",
                    )
                    .help("put `s6-notifyoncheck` with its options before the change of directory");
            }
        }
        // A shell's `cd` is a command of its own.
        if script.shell.is_some()
            && let Some(first) = line.chain.invocations.first()
            && first.is("cd")
        {
            let words = process::words(script, first);
            let target = words.first().map(|(word, _)| &**word);
            let leaves = target.is_some_and(|target| leaves(service, target));
            gone = (leaves && line.is_outermost).then(|| first.span());
        }
    }
}

/// True where a directory is certainly another one than the service's.
fn leaves(service: Option<&Service>, target: &[u8]) -> bool {
    let name = service.map_or(&b""[..], |service| base_name(&service.name));
    let is_anywhere = service.is_none() && target.windows(7).any(|part| part == b"service");
    let last = base_name(target.strip_suffix(b"/").unwrap_or(target));
    !is_anywhere
        && !target.contains(&b'$')
        && !target.is_empty()
        && !matches!(target, b"." | b"./" | b"-")
        && { target == b"/" || last != name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, is_found: bool) {
        let text = format!("== web/run 0755\n{script}\n== web/notification-fd\n3\n");
        let line = script.lines().count();
        let found = format!("web/run:{line}: error: `s6-notifyoncheck` runs in another directory");
        let expected = if is_found { vec![&*found] } else { Vec::new() };
        sampling::check(&RULE, &text, &expected);
    }

    #[test]
    fn the_directory_counts_where_it_runs() {
        for (chain, is_found) in [
            ("cd /srv\ns6-notifyoncheck web", true),
            ("execline-cd /srv\ns6-notifyoncheck web", true),
            ("cd /\ns6-notifyoncheck web", true),
            ("s6-notifyoncheck cd /srv web", false),
            (
                "foreground { cd /srv touch x }\ns6-notifyoncheck web",
                false,
            ),
            ("cd .\ns6-notifyoncheck web", false),
            ("cd ${dir}\ns6-notifyoncheck web", false),
            ("cd /run/service/web\ns6-notifyoncheck web", false),
        ] {
            check(&format!("#!/command/execlineb -P\n{chain}"), is_found);
        }
    }

    #[test]
    fn a_shell_goes_by_itself() {
        for (text, is_found) in [
            ("cd /srv\nexec s6-notifyoncheck web", true),
            ("(cd /srv && touch x)\nexec s6-notifyoncheck web", false),
            ("cd /srv\ncd -\nexec s6-notifyoncheck web", false),
            ("cd \"$HOME\"\nexec s6-notifyoncheck web", false),
            (
                "if test -d /srv; then cd /srv; fi\nexec s6-notifyoncheck web",
                false,
            ),
        ] {
            check(&format!("#!/bin/sh\n{text}"), is_found);
        }
    }
}
