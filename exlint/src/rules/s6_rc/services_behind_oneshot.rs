//! `services-behind-oneshot`: services.d waits for a oneshot that may take for ever.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{DefinitionKind, Model};
use crate::overlay::builtin;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "services-behind-oneshot",
    Group::S6Rc,
    Level::Note,
    "services.d waits for a oneshot without a time limit",
)
.why(
    "s6-overlay starts services.d by `legacy-services`, which depends on all of `user`. As long \
     as a oneshot in `user` has not ended, none of those services is started, and if it fails, \
     none ever is. A `timeout-up` makes of a oneshot that hangs one that fails, which is seen.",
)
.samples(
    "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/fetch/type\noneshot\n\
     == etc/s6-overlay/s6-rc.d/fetch/up\nfetch-certificates\n\
     == etc/s6-overlay/s6-rc.d/fetch/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/fetch\n",
    "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/fetch/type\noneshot\n\
     == etc/s6-overlay/s6-rc.d/fetch/up\nfetch-certificates\n\
     == etc/s6-overlay/s6-rc.d/fetch/timeout-up\n30000\n\
     == etc/s6-overlay/s6-rc.d/fetch/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/fetch\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let legacy = model.scan_directories.iter().find(|scan| scan.is_legacy);
    let Some(legacy) = legacy.filter(|scan| !scan.services.is_empty()) else {
        return;
    };
    if !model.overlay.may_be_v3() {
        return;
    }
    for database in model.databases.iter().filter(|found| found.is_overlay) {
        let mut names: Vec<Vec<u8>> = database.closure(b"user").into_iter().collect();
        names.sort();
        for name in names {
            let Some(node) = database.nodes.get(&name) else {
                continue;
            };
            let is_oneshot = node.kind == Some(DefinitionKind::Oneshot);
            if !is_oneshot || builtin::definition(&name, None).is_some() {
                continue;
            }
            let definitions = node.definitions.iter().map(|&id| model.definition(id));
            for definition in definitions {
                if definition.file(tree, "timeout-up").is_some() {
                    continue;
                }
                let name = shown(&name);
                findings
                    .at(
                        definition.directory,
                        format!("nothing in services.d starts before `{name}` has ended"),
                    )
                    .related(legacy.directory, None, "the services that wait")
                    .help(
                        "write the longest time it may take, in milliseconds, into `timeout-up`, \
                         or make longruns of the services in services.d",
                    );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_what_user_leads_to_is_waited_for() {
        let d = "etc/s6-overlay/s6-rc.d";
        let oneshot = format!("== {d}/a/type\noneshot\n== {d}/a/up\n");
        let web = "== etc/services.d/web/run 0755\n#!/bin/sh\n";
        for (rest, expected) in [
            (String::new(), vec![]),
            (format!("== {d}/user2/contents.d/a\n"), vec![]),
            (
                format!("== {d}/user/contents.d/a\n"),
                vec![format!(
                    "{d}/a: note: nothing in services.d starts before `a`"
                )],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &format!("{web}{oneshot}{rest}"), &expected);
        }
        sampling::check(&RULE, &format!("{oneshot}== {d}/user/contents.d/a\n"), &[]);
    }
}
