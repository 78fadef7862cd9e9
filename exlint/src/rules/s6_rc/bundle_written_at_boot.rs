//! `bundle-written-at-boot`: s6-overlay writes the old user bundle's files at boot, and
//! cannot.

use crate::container::{CommandLine, Container};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{ContainerFile, Model, SourceKind};
use crate::overlay::bundles::{self, Leftover, UserBundlePlace};
use crate::rule::{Group, Rule};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "bundle-written-at-boot",
    Group::S6Rc,
    Level::Error,
    "s6-overlay must write into `/etc` at boot, and cannot",
)
.why(
    "Where there is a directory `s6-rc.d/user`, s6-overlay from 3.2.3.2 on writes its `type` \
     and that of `user2` into `/etc` at every boot. The script that does so stops at the first \
     failure: with a root that cannot be written, or a user who may not, no service starts.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.3.2\"\n\
     == Dockerfile\nFROM alpine\nENV S6_READ_ONLY_ROOT=1\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.3.2\"\n\
     == Dockerfile\nFROM alpine\nENV S6_READ_ONLY_ROOT=1\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/run\n#!/command/execlineb -P\nweb\n\
     == rootfs/etc/s6-overlay/s6-rc.d/web/dependencies.d/base\n\
     == rootfs/etc/s6-overlay/user-bundles.d/user/contents.d/web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let writes = model.overlay.version.is_some_and(|version| {
        let place = bundles::user_bundle_place(version);
        place == UserBundlePlace::UserBundles(Leftover::CompletedAtBoot)
    });
    if !writes {
        return;
    }
    let sources = model
        .sources
        .iter()
        .filter(|source| source.kind == SourceKind::Overlay);
    let mut definitions = sources
        .flat_map(|source| &source.definitions)
        .map(|&id| model.definition(id));
    let Some(user) = definitions.find(|definition| definition.name == b"user") else {
        return;
    };
    let reason = model
        .containers
        .iter()
        .find_map(|file| obstacle(file).map(|(why, span)| (file, why, span)));
    let Some((file, why, span)) = reason else {
        return;
    };
    findings
        .at(
            user.directory,
            format!("s6-overlay writes into it at boot, but {why}"),
        )
        .related(file.node, Some(span), "here")
        .help("move `user` and `user2` to `user-bundles.d`, into which nothing is written");
}

/// What keeps `/etc` from being written.
fn obstacle(file: &ContainerFile) -> Option<(&'static str, Range<usize>)> {
    file.containers.iter().find_map(|container| {
        // Another entry point need not run s6-overlay.
        if matches!(&container.entrypoint, Some(fact) if !starts_init(&fact.value)) {
            return None;
        }
        read_only(container).or_else(|| user(container))
    })
}

fn starts_init(entrypoint: &CommandLine) -> bool {
    matches!(entrypoint, CommandLine::Exec(words) if words.first().is_some_and(|word| word == b"/init"))
}

fn read_only(container: &Container) -> Option<(&'static str, Range<usize>)> {
    let variable = container.variable(b"S6_READ_ONLY_ROOT");
    if let Some(fact) = variable.filter(|fact| fact.value.1.decided() == Some(b"1")) {
        return Some(("the root is read-only", fact.span.clone()));
    }
    let fact = container.read_only.as_ref().filter(|fact| fact.value)?;
    Some(("the root is read-only", fact.span.clone()))
}

fn user(container: &Container) -> Option<(&'static str, Range<usize>)> {
    let fact = container.user.as_ref()?;
    let name = fact.value.decided()?;
    let name = name.split(|&byte| byte == b':').next()?;
    let is_root = matches!(name, b"" | b"root" | b"0");
    (!is_root).then(|| ("the user is not root", fact.span.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_who_cannot_write_fails() {
        let at = "rootfs/etc/s6-overlay/s6-rc.d/user: error: s6-overlay writes into it at boot";
        for (version, dockerfile, expected) in [
            ("3.2.3.2", "ENV S6_READ_ONLY_ROOT=1", &[at][..]),
            ("3.2.3.2", "USER app:app", &[at]),
            ("3.2.3.2", "USER root", &[]),
            ("3.2.3.2", "ENV S6_READ_ONLY_ROOT=0", &[]),
            ("3.2.3.1", "USER app", &[]),
            ("3.2.3.0", "USER app", &[]),
        ] {
            let sample = format!(
                "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
                 == Dockerfile\nFROM alpine\n{dockerfile}\n\
                 == rootfs/etc/s6-overlay/s6-rc.d/user/contents.d/web\n"
            );
            sampling::check(&RULE, &sample, expected);
        }
    }
}
