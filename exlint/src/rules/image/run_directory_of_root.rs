//! `run-directory-of-root`: the image has another user than root, and `/run` is root's.

use crate::bytes::contains;
use crate::container::Container;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::model::description::{User, described, dockerfiles, installs_overlay, setting, user};
use crate::overlay::Version;
use crate::rule::{Group, Rule};
use crate::tree::{Lookup, NodeId, Tree};

/// The rule.
pub const RULE: Rule = Rule::new(
    "run-directory-of-root",
    Group::Image,
    Level::Note,
    "another user than root runs the image, and /run is root's",
)
.why(
    "s6-overlay 3 keeps everything in /run, so that must belong to who runs the container. Before \
     anything else it sets the owner, with the help of a program that is set-uid root. Where the \
     container may not gain privileges, as is usual in Kubernetes, that cannot work, and the start \
     ends with exit code 100.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     USER 1000\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     RUN chown 1000 /run\nUSER 1000\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
)
.image(check);

/// The variable by which s6-overlay accepts a directory that others may write to.
const KUBERNETES: &[u8] = b"S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if model.overlay.generation != Some(3) {
        return;
    }
    let is_accepted = setting(model, KUBERNETES).is_some_and(|value| value != b"0");
    // A file system in memory has the owner that it is mounted with.
    let is_mounted = described(model).any(|(_, it)| it.tmpfs.iter().any(|it| it.value == b"/run"));
    if is_accepted || is_mounted {
        return;
    }
    for (file, container) in dockerfiles(model) {
        let Some(user) = user(model, container) else {
            continue;
        };
        let run = prepared(model, container, &user);
        if run != Prepared::No {
            continue;
        }
        let name = String::from_utf8_lossy(&user.name).into_owned();
        let message = format!("`{name}` runs the image, and /run does not belong to it");
        let directory = model.tree.absolute(b"/run").found();
        let found = match directory.filter(|&node| model.tree.is_given(node)) {
            Some(node) => findings.at(node, message).related(
                file.node,
                Some(user.span.clone()),
                "the user is set here",
            ),
            None => findings.span(file.node, user.span.clone(), message),
        };
        let level = if has_lost_root(model) {
            Level::Warning
        } else {
            Level::Note
        };
        found.level(level).help(format!(
            "RUN chown {name} /run before USER, so that the image also starts where it may not \
                 gain privileges; a file system in memory on /run wants that owner too"
        ));
    }
}

/// True where the program is here by which s6-overlay becomes root, and cannot do so.
pub fn has_lost_root(model: &Model<'_>) -> bool {
    let tree = model.tree;
    let program = tree.absolute(b"/command/s6-overlay-suexec").found();
    program.is_some_and(|program| {
        let entry = tree.entry(program);
        let may_become_root = entry.mode & 0o4000 != 0 && entry.owner == 0;
        !may_become_root && tree.is_file(program) && has_owners(tree)
    })
}

/// Whether `/run` is one that s6-overlay can use without being root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prepared {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// That cannot be told.
    Unknown,
}

/// Whether `/run` is one that `user` can start s6-overlay with.
pub fn prepared(model: &Model<'_>, container: &Container, user: &User) -> Prepared {
    let mut runs = container.runs.iter().filter(|run| run.value.in_image);
    let mut copies = container.copies.iter();
    let is_changed = runs.any(|run| names_run(&run.value.expanded))
        || copies.any(|copy| {
            let place = copy.value.destination.text();
            copy.value.chown.is_some() && (place == b"/" || place.starts_with(b"/run"))
        });
    if is_changed {
        return Prepared::Unknown;
    }
    if model.tree.is_complete {
        return match model.tree.absolute(b"/run") {
            Lookup::Found(node) if has_owners(model.tree) => by_owner(model, node, user),
            _ => Prepared::Unknown,
        };
    }
    // Nothing below an overlay that is installed here has prepared it.
    if installs_overlay(container) {
        Prepared::No
    } else {
        Prepared::Unknown
    }
}

/// True where a command says something of `/run` as a word.
fn names_run(text: &[u8]) -> bool {
    let words = text.split(|byte| byte.is_ascii_whitespace() || b";&|\"'".contains(byte));
    words
        .into_iter()
        .any(|word| word == b"/run" || word == b"/run/" || contains(word, b"/run,"))
}

/// True where the files show the image's owners, and not who unpacked it.
pub fn has_owners(tree: &Tree) -> bool {
    let passwd = tree.absolute(b"/etc/passwd").found();
    passwd.is_some_and(|node| tree.entry(node).owner == 0)
}

fn by_owner(model: &Model<'_>, node: NodeId, user: &User) -> Prepared {
    let entry = model.tree.entry(node);
    let Some(uid) = user.uid else {
        return Prepared::Unknown;
    };
    let is_shared = entry.mode & 0o070 == 0o070 && entry.mode & 0o002 == 0;
    let by_group = user.gid == Some(0) && entry.group == 0 && is_shared;
    let may_group = model
        .overlay
        .version
        .is_none_or(|version| version >= Version::WITHOUT_START_TIMEOUT);
    if entry.owner == uid || by_group && may_group {
        Prepared::Yes
    } else {
        Prepared::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(more: &str, run: &str, expected: &[&str]) {
        let text = format!(
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n== Dockerfile\nFROM base\n{more}\n\
             == rootfs/etc/passwd\nroot:x:0:0::/:\napp:x:1000:1000::/:\nzero:x:1001:0::/:\n\
             == rootfs/bin/sh 0755\n== rootfs/etc/services.d/a/run 0755\n#!/bin/sh\n\
             == rootfs/run/ {run}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn owner_of_run_decides() {
        let found = ["rootfs/run: note: "];
        for (user, run, expected) in [
            ("USER app", "0755 0:0", &found[..]),
            ("USER 1000", "0755 0:0", &found),
            ("USER app", "0755 1000:1000", &[]),
            ("USER zero", "0775 0:0", &[]),
            ("USER 1005", "0775 0:0", &[]),
            ("USER zero", "0777 0:0", &found),
            ("USER root", "0755 0:0", &[]),
            ("USER 0:0", "0755 0:0", &[]),
            ("ARG WHO\nUSER $WHO", "0755 0:0", &[]),
            ("", "0755 0:0", &[]),
        ] {
            check(user, run, expected);
        }
    }

    #[test]
    fn what_changes_it_may_have_done_so() {
        check("RUN chown app /run\nUSER app", "0755 0:0", &[]);
        check(
            "ENV S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES=1\nUSER app",
            "0777 0:0",
            &[],
        );
    }

    #[test]
    fn base_may_have_prepared_it() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n== Dockerfile\nFROM base\nUSER 1000\n\
             == rootfs/etc/services.d/a/run 0755\n#!/bin/sh\n",
            &[],
        );
    }
}
