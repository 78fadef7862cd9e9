//! `ignored-list`: names that s6-rc does not read: what an atomic service contains, what a
//! bundle depends on, a list beside the directory that goes before it.

use super::names::listed;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model, NameEntry, names};
use crate::rule::{Group, Rule};
use std::collections::BTreeSet;

/// The rule.
pub const RULE: Rule = Rule::new(
    "ignored-list",
    Group::S6Rc,
    Level::Warning,
    "a list of names is not read",
)
.why(
    "Longruns and oneshots have dependencies, bundles have contents; the other list is passed \
     over without a word. A bundle has no dependencies: what it contains has, service by \
     service. And where there is a directory `dependencies.d` or `contents.d`, the file \
     `dependencies` or `contents` is not read.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/contents.d/prepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependencies.d/prepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let Some(kind) = definition.kind else {
        return;
    };
    let tree = model.tree;
    let first_of = |names: [&str; 2]| {
        let node = |name: &str| tree.child(definition.directory, name.as_bytes());
        names.into_iter().find_map(node)
    };
    let shown = |entries: &[NameEntry]| {
        let verb = if entries.len() == 1 { "is" } else { "are" };
        let names = listed(entries.iter().map(|entry| &*entry.name));
        format!("{names} {verb}")
    };
    if kind == DefinitionKind::Bundle {
        let entries = &definition.dependencies;
        let node = first_of(["dependencies.d", "dependencies"]);
        if let Some(node) = node.filter(|_| !entries.is_empty()) {
            findings
                .at(
                    node,
                    format!(
                        "a bundle has no dependencies, and {} not read",
                        shown(entries)
                    ),
                )
                .help("write the dependency into each service of the bundle that needs it");
        }
    } else {
        let entries = &definition.contents;
        let node = first_of(["contents.d", "contents"]);
        if let Some(node) = node.filter(|_| !entries.is_empty()) {
            findings
                .at(
                    node,
                    format!(
                        "a {} contains nothing, and {} not read",
                        kind.name(),
                        shown(entries)
                    ),
                )
                .help(
                    "if the service needs what is named there, rename it to `dependencies.d`; \
                     if it is to start it, make a bundle",
                );
        }
    }
    let (list, read) = match kind {
        DefinitionKind::Bundle => ("contents", &definition.contents),
        _ => ("dependencies", &definition.dependencies),
    };
    list_beside_directory(model, definition, list, read, findings);
}

/// A list beside the directory is harmless where it says the same.
fn list_beside_directory(
    model: &Model<'_>,
    definition: &Definition,
    list: &str,
    read: &[NameEntry],
    findings: &mut Findings<'_>,
) {
    let tree = model.tree;
    let has_directory = definition
        .file(tree, &format!("{list}.d"))
        .is_some_and(|node| tree.is_directory(node));
    let Some(node) = definition.file(tree, list).filter(|_| has_directory) else {
        return;
    };
    let Ok(text) = tree.entry(node).bytes() else {
        return;
    };
    let read: BTreeSet<&[u8]> = read.iter().map(|entry| &*entry.name).collect();
    let names = names(text);
    let lost: Vec<&[u8]> = names
        .iter()
        .map(|(name, _)| &**name)
        .filter(|name| !read.contains(name))
        .collect();
    if !lost.is_empty() {
        let lost = listed(lost);
        findings
            .at(
                node,
                format!("`{list}` is not read beside `{list}.d`, so {lost} is lost"),
            )
            .help(format!(
                "make an empty file of that name in `{list}.d`, and remove `{list}`"
            ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn lists_without_names_are_harmless() {
        let b = "== b/type\nbundle\n== b/contents.d/\n";
        for (sample, expected) in [
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/contents.d/.keep\n",
                &[][..],
            ),
            (
                "== a/type\nbundle\n== a/contents.d/b\n== a/dependencies.d/b\n",
                &["a/dependencies.d: warning: a bundle has no dependencies, and `b`"],
            ),
            (
                "== a/type\noneshot\n== a/up\n== a/contents\nb\n",
                &["a/contents: warning: a oneshot contains nothing, and `b`"],
            ),
            (
                "== a/type\noneshot\n== a/up\n== a/dependencies\nb\n== a/dependencies.d/b\n",
                &[],
            ),
            (
                "== a/type\noneshot\n== a/up\n== a/dependencies\nb\n== a/dependencies.d/\n",
                &["a/dependencies: warning: `dependencies` is not read beside"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{b}"), expected);
        }
    }
}
