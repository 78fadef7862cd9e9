//! `misplaced-user-bundle`: the bundle `user` stands where this version of s6-overlay does not
//! read it, or not much longer.

use super::names::shown;
use crate::finding::Edit;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model, SourceDirectory, SourceKind};
use crate::overlay::bundles::{self, Leftover, UserBundlePlace};
use crate::overlay::{Version, builtin};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;
use std::path::PathBuf;

/// The rule.
pub const RULE: Rule = Rule::new(
    "misplaced-user-bundle",
    Group::S6Rc,
    Level::Error,
    "the user bundles stand where this version of s6-overlay does not read them",
)
.why(
    "Up to 3.2.3.0 s6-overlay reads the bundle `user` from `s6-rc.d` and knows no other place; \
     from 3.2.3.1 on it reads `user` and `user2` from `user-bundles.d`. In between, a \
     directory `s6-rc.d/user` that is still there disables the new place: in 3.2.3.1 it must \
     then be complete, with `user2`, or nothing starts; from 3.2.3.2 on what it lacks is \
     written at boot, with a warning. A later major version will not look at it.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.3.1\"\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.3.1\"\n\
     == etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/user-bundles.d/user/contents.d/web\n",
)
.fix(
    "the version of s6-overlay is known, it reads the bundles from the new place, and there is \
     nothing in that place yet",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let Some(version) = model.overlay.version else {
        return;
    };
    let source = |kind: SourceKind| model.sources.iter().find(move |source| source.kind == kind);
    let sources = source(SourceKind::Overlay);
    let new = source(SourceKind::OverlayBundles);
    match bundles::user_bundle_place(version) {
        UserBundlePlace::Nowhere => {}
        UserBundlePlace::Sources => too_early(model, version, sources, new, findings),
        UserBundlePlace::UserBundles(leftover) => {
            too_late(model, version, leftover, sources, new, findings);
        }
    }
}

fn user_bundles<'m>(
    model: &'m Model<'_>,
    source: Option<&'m SourceDirectory>,
) -> Vec<&'m Definition> {
    let definitions = source.into_iter().flat_map(|source| &source.definitions);
    definitions
        .map(|&id| model.definition(id))
        .filter(|found| matches!(&*found.name, b"user" | b"user2"))
        .collect()
}

/// `user-bundles.d` where it is not looked at.
fn too_early(
    model: &Model<'_>,
    version: Version,
    sources: Option<&SourceDirectory>,
    new: Option<&SourceDirectory>,
    findings: &mut Findings<'_>,
) {
    let here = user_bundles(model, new);
    let there = user_bundles(model, sources);
    // What stands in both places is for both kinds of version.
    let lost: Vec<&&Definition> = here
        .iter()
        .filter(|bundle| !bundle.contents.is_empty())
        .filter(|bundle| !there.iter().any(|other| other.name == bundle.name))
        .collect();
    for bundle in lost {
        let name = shown(&bundle.name);
        let known = builtin::definition(&bundle.name, Some(version)).is_some();
        let target = model.tree.entry(bundle.directory).disk();
        let target = beside(target, "s6-rc.d", &name);
        let found = findings
            .at(
                bundle.directory,
                format!("s6-overlay {version} does not read `user-bundles.d/{name}`"),
            )
            .help(format!("move it to `s6-rc.d/{name}`"));
        if let Some(to) = target.filter(|_| known) {
            let from = model.tree.entry(bundle.directory).disk();
            found.edit(
                format!("move it to `s6-rc.d/{name}`"),
                Edit::Move { from, to },
            );
        }
    }
}

/// The directory of this name in another source directory beside this one's.
fn beside(directory: PathBuf, source: &str, name: &str) -> Option<PathBuf> {
    Some(directory.parent()?.parent()?.join(source).join(name))
}

/// `s6-rc.d/user` where `user-bundles.d` is the place.
fn too_late(
    model: &Model<'_>,
    version: Version,
    leftover: Leftover,
    sources: Option<&SourceDirectory>,
    new: Option<&SourceDirectory>,
    findings: &mut Findings<'_>,
) {
    let here = user_bundles(model, sources);
    let named = |name: &[u8]| here.iter().find(|bundle| bundle.name == name);
    let Some(user) = named(b"user") else {
        if let Some(user2) = named(b"user2").filter(|user2| is_made_here(model, user2)) {
            findings
                .at(
                    user2.directory,
                    format!("s6-overlay {version} has its `user2` in `user-bundles.d`"),
                )
                .help("move it to `user-bundles.d/user2`");
        }
        return;
    };
    // What is in both places is for several versions, or has a rule of its own.
    let is_in_both = user_bundles(model, new)
        .iter()
        .any(|bundle| !bundle.contents.is_empty());
    if !is_made_here(model, user) || is_in_both && leftover == Leftover::CompletedAtBoot {
        return;
    }
    let user2 = named(b"user2");
    let has_type = |bundle: Option<&&Definition>| {
        bundle.is_some_and(|bundle| {
            let node = model.tree.child(bundle.directory, b"type");
            node.is_some()
        })
    };
    let is_complete = has_type(Some(user)) && has_type(user2);
    let directory = user.directory;
    let found = match leftover {
        Leftover::MustBeComplete if is_complete => return,
        Leftover::MustBeComplete => findings.at(
            directory,
            format!(
                "with `s6-rc.d/user`, s6-overlay {version} needs {} there too, and starts nothing",
                match (has_type(Some(user)), has_type(user2)) {
                    (false, true) => "its `type`",
                    (true, false) => "`user2` with its `type`",
                    _ => "its `type`, and `user2` with its own,",
                }
            ),
        ),
        Leftover::CompletedAtBoot => findings
            .at(
                directory,
                format!("s6-overlay {version} wants `user` in `user-bundles.d`"),
            )
            .level(Level::Warning),
    };
    let mut found = found.help("move `user` and `user2` from `s6-rc.d` to `user-bundles.d`");
    let is_free = user_bundles(model, new)
        .iter()
        .all(|bundle| !model.tree.is_given(bundle.directory));
    let moved: Vec<&&Definition> = here
        .iter()
        .filter(|bundle| model.tree.is_given(bundle.directory))
        .collect();
    if is_free && is_moved_whole(model, &moved) {
        for bundle in moved {
            let from = model.tree.entry(bundle.directory).disk();
            if let Some(to) = beside(from.clone(), "user-bundles.d", &shown(&bundle.name)) {
                found = found.edit("move the user bundles", Edit::Move { from, to });
            }
        }
    }
}

/// The directory is there because somebody put something into it.
fn is_made_here(model: &Model<'_>, bundle: &Definition) -> bool {
    model.tree.is_given(bundle.directory)
}

/// The syslogd tarball adds itself in the old place, wherever the others are.
fn is_moved_whole(model: &Model<'_>, bundles: &[&&Definition]) -> bool {
    let is_given = |node: &NodeId| model.tree.is_given(*node);
    bundles.iter().all(|bundle| {
        let has_syslogd = bundle
            .contents
            .iter()
            .any(|entry| entry.name == b"syslogd-bundle");
        !has_syslogd && model.tree.children(bundle.directory).iter().all(is_given)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, files: &str, expected: &[&str]) {
        let sample = format!(
            "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
             == etc/s6-overlay/s6-rc.d/a/type\noneshot\n== etc/s6-overlay/s6-rc.d/a/up\n{files}"
        );
        sampling::check(&RULE, &sample, expected);
    }

    #[test]
    fn the_version_decides() {
        let old = "== etc/s6-overlay/s6-rc.d/user/contents.d/a\n";
        let new = "== etc/s6-overlay/user-bundles.d/user/contents.d/a\n";
        let complete = "== etc/s6-overlay/s6-rc.d/user/type\nbundle\n\
                        == etc/s6-overlay/s6-rc.d/user2/type\nbundle\n";
        let at_old = "etc/s6-overlay/s6-rc.d/user: ";
        for (version, files, expected) in [
            ("3.1.6.2", old.to_owned(), String::new()),
            (
                "3.2.3.0",
                new.to_owned(),
                "etc/s6-overlay/user-bundles.d/user: error: s6-overlay 3.2.3.0 does not read"
                    .into(),
            ),
            ("3.2.3.0", format!("{old}{new}"), String::new()),
            ("3.2.3.1", new.to_owned(), String::new()),
            (
                "3.2.3.1",
                old.to_owned(),
                format!("{at_old}error: with `s6-rc.d/user`"),
            ),
            ("3.2.3.1", format!("{old}{complete}"), String::new()),
            (
                "3.2.3.2",
                old.to_owned(),
                format!("{at_old}warning: s6-overlay 3.2.3.2 wants"),
            ),
            ("3.2.3.2", new.to_owned(), String::new()),
        ] {
            let expected: Vec<&str> = [&*expected].into_iter().filter(|e| !e.is_empty()).collect();
            check(version, &files, &expected);
        }
    }

    #[test]
    fn an_unknown_version_decides_nothing() {
        sampling::check(&RULE, "== etc/s6-overlay/s6-rc.d/user/contents.d/a\n", &[]);
    }
}
