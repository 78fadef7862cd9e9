//! `bundles-in-two-places`: there are user bundles in `s6-rc.d` and in `user-bundles.d`, and
//! only the former are read.

use super::names::listed;
use crate::bytes::contains;
use crate::container::{Tarball, overlay_tarballs};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model, SourceKind};
use crate::overlay::Version;
use crate::rule::{Group, Rule};
use std::collections::BTreeSet;

/// The rule.
pub const RULE: Rule = Rule::new(
    "bundles-in-two-places",
    Group::S6Rc,
    Level::Error,
    "user bundles in `user-bundles.d` are not read beside those in `s6-rc.d`",
)
.why(
    "Where there is a directory `s6-rc.d/user`, no version of s6-overlay reads \
     `user-bundles.d`: what only that one lists is never started. The tarball \
     syslogd-overlay brings such a directory, so it makes the services of an image whose \
     bundles are in `user-bundles.d` disappear.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/syslogd-bundle\n\
     == etc/s6-overlay/user-bundles.d/user/contents.d/web\n",
    "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == etc/s6-overlay/user-bundles.d/user/contents.d/syslogd-bundle\n\
     == etc/s6-overlay/user-bundles.d/user/contents.d/web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let bundles = |kind: SourceKind| -> Vec<&Definition> {
        let sources = model.sources.iter().filter(|source| source.kind == kind);
        let definitions = sources.flat_map(|source| &source.definitions);
        definitions
            .map(|&id| model.definition(id))
            .filter(|found| matches!(&*found.name, b"user" | b"user2"))
            .collect()
    };
    let old = bundles(SourceKind::Overlay);
    let new = bundles(SourceKind::OverlayBundles);
    let Some(user) = old.iter().find(|bundle| bundle.name == b"user") else {
        if new.iter().any(|bundle| !bundle.contents.is_empty()) {
            brought_by_tarball(model, &new, findings);
        }
        return;
    };
    let members = |bundles: &[&Definition]| -> BTreeSet<Vec<u8>> {
        let entries = bundles.iter().flat_map(|bundle| &bundle.contents);
        entries.map(|entry| entry.name.clone()).collect()
    };
    let read = members(&old);
    for bundle in new {
        let lost: Vec<&[u8]> = bundle
            .contents
            .iter()
            .map(|entry| &*entry.name)
            .filter(|name| !read.contains(*name))
            .collect();
        if lost.is_empty() {
            continue;
        }
        let verb = if lost.len() == 1 { "is" } else { "are" };
        findings
            .at(
                bundle.directory,
                format!(
                    "{} {verb} never started, as there is a directory `s6-rc.d/user`",
                    listed(lost)
                ),
            )
            .related(user.directory, None, "this one is read")
            .help(
                "put all that is to be started into one place: into `user-bundles.d` from \
                 s6-overlay 3.2.3.1 on, and remove `s6-rc.d/user`",
            );
    }
}

/// The tarball that the Dockerfile unpacks makes `s6-rc.d/user`.
fn brought_by_tarball(model: &Model<'_>, new: &[&Definition], findings: &mut Findings<'_>) {
    if !model.overlay.is_at_least(Version::USER_BUNDLES) {
        return;
    }
    let Some((file, tarball)) = model.containers.iter().find_map(|file| {
        let tarballs = file.containers.iter();
        let mut tarballs = tarballs.flat_map(overlay_tarballs);
        let found = tarballs.find(|tarball| tarball.value == Tarball::Syslogd)?;
        Some((file, found))
    }) else {
        return;
    };
    // Who names the directory most likely removes it.
    if contains(&file.text, b"s6-rc.d/user") {
        return;
    }
    if let Some(bundle) = new.first() {
        findings
            .at(
                bundle.directory,
                "it is not read, as syslogd-overlay brings a directory `s6-rc.d/user`",
            )
            .related(file.node, Some(tarball.span), "the tarball")
            .help(
                "remove `/etc/s6-overlay/s6-rc.d/user` after unpacking the tarball, and make an \
                 empty file `syslogd-bundle` in `user-bundles.d/user/contents.d`",
            );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn the_same_in_both_places_is_for_all_versions() {
        let old = "etc/s6-overlay/s6-rc.d";
        let new = "etc/s6-overlay/user-bundles.d";
        for (sample, expected) in [
            (
                format!("== {old}/user/contents.d/a\n== {new}/user/contents.d/a\n"),
                vec![],
            ),
            (
                format!("== {old}/user/contents.d/a\n== {new}/user/contents.d/.keep\n"),
                vec![],
            ),
            (
                format!("== {old}/user2/contents.d/a\n== {new}/user/contents.d/b\n"),
                vec![],
            ),
            (
                format!(
                    "== {old}/user/contents.d/a\n== {new}/user/contents.d/b\n== {new}/user/contents.d/c\n"
                ),
                vec![format!("{new}/user: error: `b` and `c` are never started")],
            ),
            (
                format!(
                    "== exlint.toml\ns6-overlay-version = \"3.2.3.2\"\n\
                     == Dockerfile\nFROM alpine\n\
                     ADD https://example.org/releases/download/v3.2.3.2/s6-overlay-noarch.tar.xz /tmp\n\
                     RUN tar -C / -Jxpf /tmp/syslogd-overlay-noarch.tar.xz\n\
                     == {new}/user/contents.d/b\n"
                ),
                vec![format!(
                    "{new}/user: error: it is not read, as syslogd-overlay"
                )],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
    }
}
