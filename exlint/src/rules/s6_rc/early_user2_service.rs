//! `early-user2-service`: a service in `user2` does not depend on what `user2` is there for.

use super::names::{at_entry, shown};
use super::reach::Backwards;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{DefinitionKind, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "early-user2-service",
    Group::S6Rc,
    Level::Warning,
    "a service in `user2` does not wait for services.d",
)
.why(
    "The bundle `user2` does not start its services later than others. It only allows them to \
     depend on `legacy-services`, which those in `user` cannot. Without that dependency they \
     are started at once, beside everything else.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/late/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/late/run\n#!/command/execlineb -P\nlate\n\
     == etc/s6-overlay/s6-rc.d/late/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user2/contents.d/late\n",
    "== etc/s6-overlay/s6-rc.d/late/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/late/run\n#!/command/execlineb -P\nlate\n\
     == etc/s6-overlay/s6-rc.d/late/dependencies.d/legacy-services\n\
     == etc/s6-overlay/s6-rc.d/user2/contents.d/late\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for database in model.databases.iter().filter(|found| found.is_overlay) {
        let Some(user2) = database.nodes.get(&b"user2"[..]) else {
            continue;
        };
        let backwards = Backwards::new(database);
        let late = backwards.to([&b"legacy-services"[..]]);
        let unknown = backwards.to_unknown();
        let is_late = |name: &[u8]| {
            let is_empty_bundle = database.nodes.get(name).is_some_and(|node| {
                node.kind == Some(DefinitionKind::Bundle) && node.contents.is_empty()
            });
            late.contains(name)
                || unknown.contains(name)
                || is_empty_bundle
                || !database.defines(name)
        };
        // Of all bundles at once, as each may contain all others.
        let atomic = database.nodes.iter();
        let atomic = atomic.filter(|(_, node)| node.kind != Some(DefinitionKind::Bundle));
        let early = atomic
            .map(|(name, _)| &**name)
            .filter(|name| !is_late(name));
        let early = Backwards::of_bundles(database).to(early);
        let definitions = user2.definitions.iter().map(|&id| model.definition(id));
        for entry in definitions.flat_map(|definition| &definition.contents) {
            if !early.contains(&*entry.name) {
                continue;
            }
            let name = shown(&entry.name);
            at_entry(
                findings,
                entry,
                format!("`{name}` does not wait for services.d, though it is in `user2`"),
            )
            .help(format!(
                "make an empty file `legacy-services` in `{name}/dependencies.d` if it is to \
                 start after services.d; otherwise list it in `user`"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn any_way_to_legacy_services_will_do() {
        let d = "etc/s6-overlay/s6-rc.d";
        let service = |name: &str, on: &str| {
            format!(
                "== {d}/{name}/type\noneshot\n== {d}/{name}/up\n== {d}/{name}/dependencies.d/{on}\n"
            )
        };
        let listed = |name: &str| format!("== {d}/user2/contents.d/{name}\n");
        for (sample, expected) in [
            (
                service("a", "b") + &service("b", "legacy-services") + &listed("a"),
                vec![],
            ),
            (service("a", "of-a-base") + &listed("a"), vec![]),
            (listed("of-a-base"), vec![]),
            (
                service("a", "base")
                    + &listed("all")
                    + &format!("== {d}/all/type\nbundle\n== {d}/all/contents.d/a\n"),
                vec![format!(
                    "{d}/user2/contents.d/all: warning: `all` does not wait"
                )],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
    }
}
