//! `duplicate-definition`: a name is defined more than once.

use super::names::{at_entry, shown};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionId, DefinitionKind, Model, NameEntry, SourceKind};
use crate::overlay::{Version, builtin};
use crate::rule::{Group, Rule};
use std::collections::HashMap;

/// The rule.
pub const RULE: Rule = Rule::new(
    "duplicate-definition",
    Group::S6Rc,
    Level::Error,
    "a name is defined more than once",
)
.why(
    "All sources of a database share one set of names, those of pipelines and of s6-overlay's \
     own services included. Where a name is defined twice, s6-rc-compile refuses the whole \
     database, and no service starts.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/base/type\nbundle\n== etc/s6-overlay/s6-rc.d/base/contents.d/web\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/base-of-web\n",
    "== etc/s6-overlay/s6-rc.d/base-of-web/type\nbundle\n\
     == etc/s6-overlay/s6-rc.d/base-of-web/contents.d/web\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/base-of-web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for database in &model.databases {
        for (name, node) in &database.nodes {
            if let [first, others @ ..] = &*node.definitions {
                for &other in others {
                    twice(model, name, *first, other, findings);
                }
            }
            if database.is_overlay {
                built_in(model, name, &node.definitions, findings);
            }
        }
    }
    pipelines(model, findings);
}

/// Two definition directories of the same name.
fn twice(
    model: &Model<'_>,
    name: &[u8],
    first: DefinitionId,
    second: DefinitionId,
    findings: &mut Findings<'_>,
) {
    let (first, second) = (model.definition(first), model.definition(second));
    let kinds = (
        model.source(first.source).kind,
        model.source(second.source).kind,
    );
    let mut level = Level::Error;
    if kinds == (SourceKind::Plain, SourceKind::Plain) {
        // Source directories beside each other need not belong together.
        level = Level::Warning;
    } else if kinds.0 != kinds.1 {
        // user-bundles.d is compiled from 3.2.3.1 on, and only where there is no s6-rc.d/user.
        let has_user = model.tree.absolute(b"/etc/s6-overlay/s6-rc.d/user").found();
        if has_user.is_some() || model.overlay.is_before(Version::USER_BUNDLES) {
            return;
        }
        if model.overlay.version.is_none() {
            level = Level::Warning;
        }
    }
    let shown = shown(name);
    // The one that is given is to be shown.
    let (here, there) = if model.tree.is_given(second.directory) {
        (second, first)
    } else {
        (first, second)
    };
    findings
        .at(here.directory, format!("`{shown}` is defined twice"))
        .level(level)
        .related(there.directory, None, "the other definition")
        .help("rename one of them, or put what they say into one");
}

/// A name of s6-overlay's own.
fn built_in(
    model: &Model<'_>,
    name: &[u8],
    definitions: &[DefinitionId],
    findings: &mut Findings<'_>,
) {
    let Some(known) = builtin::definition(name, model.overlay.version) else {
        return;
    };
    if known.home != builtin::Home::Package || !model.overlay.may_be_v3() {
        return;
    }
    for &id in definitions {
        let definition = model.definition(id);
        let name = shown(name);
        findings
            .at(
                definition.directory,
                format!("`{name}` is s6-overlay's own, and cannot be defined again"),
            )
            .help(format!(
                "`{name}` {}, and cannot be extended: choose another name, and let what needs \
                 it depend on that",
                known.summary
            ));
    }
}

/// Names that pipelines get.
fn pipelines(model: &Model<'_>, findings: &mut Findings<'_>) {
    for database in &model.databases {
        let mut seen: HashMap<&[u8], &NameEntry> = HashMap::new();
        let definitions = database
            .nodes
            .values()
            .flat_map(|node| &node.definitions)
            .map(|&id| model.definition(id));
        for entry in definitions.filter_map(name_of_pipeline) {
            let name = shown(&entry.name);
            let message = format!("the pipeline's name `{name}` is taken");
            let help = "choose another name for the pipeline";
            let defined = database.nodes.get(&entry.name);
            if let Some(&id) = defined.and_then(|node| node.definitions.first()) {
                let other = model.definition(id).directory;
                at_entry(findings, entry, message)
                    .related(other, None, "it is defined here")
                    .help(help);
            } else if let Some(other) = seen.insert(&entry.name, entry) {
                at_entry(findings, entry, message)
                    .related(other.node, other.span.clone(), "another pipeline has it")
                    .help(help);
            } else if defined.is_some_and(|node| node.is_built_in && !node.is_pipeline) {
                let known = builtin::definition(&entry.name, model.overlay.version);
                if known.is_some_and(|known| known.home == builtin::Home::Package) {
                    at_entry(findings, entry, message).help(help);
                }
            }
        }
    }
}

/// The name that s6-rc-compile reads: only of the last consumer.
fn name_of_pipeline(definition: &Definition) -> Option<&NameEntry> {
    let is_last = definition.is(DefinitionKind::Longrun)
        && definition.producer_for.is_empty()
        && !definition.consumer_for.is_empty();
    definition.pipeline_name.as_ref().filter(|_| is_last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn names_are_shared_by_what_is_compiled_together() {
        let layer = "etc/s6-overlay";
        for (sample, expected) in [
            // Either of the places is read, not both.
            (
                format!(
                    "== {layer}/s6-rc.d/user/type\nbundle\n== {layer}/user-bundles.d/user/type\nbundle\n"
                ),
                vec![],
            ),
            (
                format!(
                    "== exlint.toml\ns6-overlay-version = \"3.2.3.2\"\n\
                     == {layer}/s6-rc.d/mine/type\nbundle\n== {layer}/user-bundles.d/mine/type\nbundle\n"
                ),
                vec![format!(
                    "{layer}/user-bundles.d/mine: error: `mine` is defined twice"
                )],
            ),
            (
                format!("== {layer}/s6-rc.d/legacy-services/dependencies.d/x\n"),
                vec![format!(
                    "{layer}/s6-rc.d/legacy-services: error: `legacy-services` is s6-overlay's own"
                )],
            ),
            (
                "== etc/s6-rc/one/a/type\nbundle\n== etc/s6-rc/one/a/contents.d/\n\
                 == etc/s6-rc/two/a/type\nbundle\n== etc/s6-rc/two/a/contents.d/\n"
                    .to_owned(),
                vec!["etc/s6-rc/two/a: warning: `a` is defined twice".to_owned()],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/producer-for\nb\n\
                 == b/type\nlongrun\n== b/run\nx\n== b/consumer-for\na\n== b/pipeline-name\na\n"
                    .to_owned(),
                vec!["b/pipeline-name:1: error: the pipeline's name `a` is taken".to_owned()],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
    }
}
