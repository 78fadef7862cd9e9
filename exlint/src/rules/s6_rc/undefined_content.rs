//! `undefined-content`: a bundle contains a name that nothing defines, or s6-overlay's own
//! bundles are not there.

use super::names::shown;
use super::undefined_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::overlay::bundles;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "undefined-content",
    Group::S6Rc,
    Level::Error,
    "a bundle contains a name that nothing defines",
)
.why(
    "s6-rc-compile must find everything that a bundle contains among the definitions it \
     compiles. Where one is missing it refuses the whole database, and no service starts. The \
     bundle that s6-overlay starts contains `user` and, from 3.1.1.1 on, `user2`: an `etc` \
     that has lost one of them starts nothing either.",
)
.samples(
    "== all/type\nbundle\n== all/contents.d/web\n== all/contents.d/init-web\n\
     == web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n",
    "== all/type\nbundle\n== all/contents.d/web\n\
     == web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n",
)
.definition(check)
.image(check_image);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    // A layer's own part of a bundle has no `type`.
    let is_read = match definition.kind {
        Some(kind) => kind == DefinitionKind::Bundle,
        None => model.tree.child(definition.directory, b"type").is_none(),
    };
    if let Some(database) = model.database_of(definition).filter(|_| is_read) {
        undefined_name::report(
            model,
            database,
            &definition.contents,
            "the member",
            findings,
        );
    }
}

/// In an image with s6-overlay unpacked, the user bundles must be where it reads them.
fn check_image(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let (Some(version), Some(_), true) = (
        model.overlay.version,
        model.overlay.told_by,
        tree.is_complete,
    ) else {
        return;
    };
    let directory = |path: &str| {
        let node = tree.absolute(path.as_bytes()).found()?;
        tree.is_directory(node).then_some(node)
    };
    let user_in_sources = directory(&format!("{}/user", bundles::SOURCES)).is_some();
    let leftover = user_in_sources
        && matches!(
            bundles::user_bundle_place(version),
            bundles::UserBundlePlace::UserBundles(_)
        );
    let Some(place) = bundles::directory_read(version, user_in_sources).filter(|_| !leftover)
    else {
        return;
    };
    for name in bundles::user_bundles(version) {
        if directory(&format!("{place}/{name}")).is_some() {
            continue;
        }
        let Some(node) = directory(place) else {
            continue;
        };
        findings
            .at(
                node,
                format!("there is no bundle `{name}`, which s6-overlay {version} starts"),
            )
            .help(format!(
                "bring back `/{place}/{}`, with a `type` that says `bundle` and a directory \
                 `contents.d`",
                shown(name.as_bytes())
            ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const ROOT: &str = "== etc/passwd\n== bin/sh 0755\n";

    #[test]
    fn members_are_defined_by_somebody() {
        for (sample, expected) in [
            (
                "== etc/s6-overlay/s6-rc.d/user/contents.d/svc-of-a-base\n".to_owned(),
                &[][..],
            ),
            (
                format!("{ROOT}== etc/s6-overlay/s6-rc.d/user/contents.d/gone\n"),
                &["etc/s6-overlay/s6-rc.d/user/contents.d/gone: error: the member `gone`"],
            ),
            (
                "== all/type\nbundle\n== all/contents.d/pipe\n\
                 == a/type\nlongrun\n== a/run\nx\n== a/producer-for\nb\n\
                 == b/type\nlongrun\n== b/run\nx\n== b/consumer-for\na\n== b/pipeline-name\npipe\n"
                    .to_owned(),
                &[],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/contents.d/gone\n".to_owned(),
                &[],
            ),
        ] {
            sampling::check(&RULE, &sample, expected);
        }
    }

    #[test]
    fn the_bundles_of_the_user_are_in_an_image() {
        for (version, files, expected) in [
            (
                "3.1.6.2",
                "s6-rc.d/user/type",
                &["etc/s6-overlay/s6-rc.d: error: there is no bundle `user2`"][..],
            ),
            ("3.1.0.0", "s6-rc.d/user/type", &[]),
            (
                "3.2.3.1",
                "user-bundles.d/user/type",
                &["etc/s6-overlay/user-bundles.d: error: there is no bundle `user2`"],
            ),
            ("3.2.3.2", "s6-rc.d/user/type", &[]),
        ] {
            let sample = format!(
                "{ROOT}== package/admin/s6-overlay-{version}/x\n== etc/s6-overlay/{files}\nbundle\n"
            );
            sampling::check(&RULE, &sample, expected);
        }
    }
}
