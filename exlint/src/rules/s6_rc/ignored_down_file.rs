//! `ignored-down-file`: a longrun of s6-rc has a file `down`, which there disables nothing.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, SourceKind};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "ignored-down-file",
    Group::S6Rc,
    Level::Warning,
    "a file `down` does not keep an s6-rc longrun from being started",
)
.why(
    "In a service directory an empty file `down` keeps s6-supervise from starting the service. \
     In the definition of an s6-rc longrun it means nothing and is not copied: s6-rc starts \
     what the bundle that is brought up contains.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/down\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == all/type\nbundle\n== all/contents.d/.keep\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let down = tree.child(definition.directory, b"down");
    let Some(down) = down.filter(|_| definition.is(DefinitionKind::Longrun)) else {
        return;
    };
    let name = shown(&definition.name);
    let is_empty = tree
        .entry(down)
        .bytes()
        .is_ok_and(|text| text.trim_ascii().is_empty());
    if !is_empty {
        findings
            .at(down, "`down` means nothing in a longrun")
            .help("what is to happen when the service stops goes into `finish`");
        return;
    }
    let found = findings.at(
        down,
        format!("`down` does not keep `{name}` from being started"),
    );
    if model.source(definition.source).kind == SourceKind::Plain {
        found.help(format!(
            "take `{name}` out of the bundle that is started, and remove `down`"
        ));
    } else {
        found.help(format!(
            "take `{name}` out of the bundle `user`, and remove `down`; what decides at boot \
             goes into a script that S6_STAGE2_HOOK names"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn in_a_oneshot_it_is_what_runs_at_the_end() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            ("== a/type\noneshot\n== a/up\n== a/down\ntrue\n", &[][..]),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/down\n",
                &["a/down: warning: `down` does not keep `a` from being started"],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/down\nkill\n",
                &["a/down: warning: `down` means nothing in a longrun"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
        sampling::check(
            &RULE,
            "== etc/services.d/a/run 0755\nx\n== etc/services.d/a/down\n",
            &[],
        );
    }
}
