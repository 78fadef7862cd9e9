//! `down-after-failed-up`: a oneshot's `down` stops the container, as if it ran when `up`
//! fails.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "down-after-failed-up",
    Group::S6Rc,
    Level::Note,
    "`down` does not run when `up` has failed",
)
.why(
    "s6-rc runs a oneshot's `down` only for a oneshot that is up. When `up` fails, the oneshot \
     stays down, and `down` is not run: a `down` that stops the container does so only when \
     it is being stopped already.",
)
.samples(
    "== check/type\noneshot\n== check/up\ncheck-settings\n== check/down\n/run/s6/basedir/bin/halt\n\
     == all/type\nbundle\n== all/contents.d/check\n",
    "== check/type\noneshot\n\
     == check/up\nifelse -n { check-settings } { /run/s6/basedir/bin/halt } true\n\
     == all/type\nbundle\n== all/contents.d/check\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = script
        .execline
        .as_ref()
        .filter(|_| script.role == Role::Down)
    else {
        return;
    };
    for visit in execline.visits() {
        let invocation = visit.invocation;
        let stops = invocation.is_one_of(&["halt", "poweroff", "reboot", "s6-linux-init-shutdown"])
            || invocation.is("s6-svscanctl")
                && ['t', 'b', 'q'].iter().any(|&letter| invocation.has(letter));
        if stops {
            findings
                .script(
                    script,
                    invocation.program.span.clone(),
                    "this does not run when `up` has failed",
                )
                .help(
                    "stop the container in `up` itself where it fails, or set \
                     S6_BEHAVIOUR_IF_STAGE2_FAILS=2",
                );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_stopping_everything_is_told() {
        for (down, expected) in [
            ("rm -r /run/a", &[][..]),
            (
                "foreground { s6-svscanctl -t /run/service }\ntrue",
                &["a/down:1: note: this does not run when `up` has failed"],
            ),
            ("s6-svscanctl -an /run/service", &[]),
        ] {
            let sample = format!("== a/type\noneshot\n== a/up\ntrue\n== a/down\n{down}\n");
            sampling::check(&RULE, &sample, expected);
        }
    }
}
