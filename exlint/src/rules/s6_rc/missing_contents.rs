//! `missing-contents`: a bundle without the directory `contents.d`.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, SourceKind};
use crate::overlay::builtin;
use crate::rule::{Group, Rule};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-contents",
    Group::S6Rc,
    Level::Error,
    "a bundle has no `contents.d`",
)
.why(
    "A bundle may be empty, but its directory `contents.d`, or the older file `contents`, must \
     be there: without it s6-rc-compile refuses the whole database. A repository does not \
     keep empty directories, so an empty bundle needs a file in it whose name begins with a \
     dot.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n\
     == all/contents.d/.keep\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let directory = definition.directory;
    let has = |name: &[u8]| {
        let node = tree.child(directory, name);
        node.is_some_and(|node| tree.follow(node) != Lookup::Missing)
    };
    if !definition.is(DefinitionKind::Bundle) || has(b"contents.d") || has(b"contents") {
        return;
    }
    // What s6-overlay has of its bundles joins what a layer has.
    let source = model.source(definition.source);
    let is_of_overlay = source.kind != SourceKind::Plain
        && !source.is_closed
        && builtin::definition(&definition.name, model.overlay.version).is_some();
    if is_of_overlay {
        return;
    }
    let name = shown(&definition.name);
    findings
        .at(
            directory,
            format!("the bundle `{name}` has no `contents.d`"),
        )
        .help(
            "make the directory `contents.d`, with an empty file in it for each service that \
             belongs to the bundle, or with a file `.keep`",
        );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn either_form_will_do() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            ("== a/type\nbundle\n== a/contents\n", &[][..]),
            ("== a/type\nbundle\n== a/contents.d/.empty\n", &[]),
            (
                "== a/type\nbundle\n== a/content.d/b\n",
                &["a: error: the bundle `a` has no `contents.d`"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
        sampling::check(&RULE, "== etc/s6-overlay/s6-rc.d/user/type\nbundle\n", &[]);
    }
}
