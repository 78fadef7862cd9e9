//! `suexec-without-setuid`: the program by which s6-overlay becomes root for a moment cannot.

use super::run_directory_of_root::{Prepared, has_lost_root, prepared};
use crate::bytes::contains;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::model::description::{dockerfiles, user};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "suexec-without-setuid",
    Group::Image,
    Level::Warning,
    "s6-overlay-suexec has lost its set-uid bit",
)
.why(
    "Where another user than root runs the image, s6-overlay 3 prepares /run with the help of \
     s6-overlay-suexec, which is set-uid root. Unpacked without modes, or copied, it is not, and \
     the start ends with exit code 100.",
)
.samples(
    "== Dockerfile\nFROM alpine\nUSER app\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/passwd\nroot:x:0:0::/:\napp:x:1000:1000::/:\n== rootfs/bin/sh 0755\n\
     == rootfs/run/ 0755 0:0\n== rootfs/init 0755\n#!/bin/sh -e\n== rootfs/command/s6-svscan 0755\n\
     == rootfs/package/admin/s6-overlay-3.2.0.0/etc/\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user/type\nbundle\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user/contents.d/.keep\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user2/type\nbundle\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user2/contents.d/.keep\n\
     == rootfs/command/s6-overlay-suexec 0755\n",
    "== Dockerfile\nFROM alpine\nUSER app\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/passwd\nroot:x:0:0::/:\napp:x:1000:1000::/:\n== rootfs/bin/sh 0755\n\
     == rootfs/run/ 0755 1000:1000\n== rootfs/init 0755\n#!/bin/sh -e\n== rootfs/command/s6-svscan 0755\n\
     == rootfs/package/admin/s6-overlay-3.2.0.0/etc/\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user/type\nbundle\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user/contents.d/.keep\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user2/type\nbundle\n\
     == rootfs/etc/s6-overlay/s6-rc.d/user2/contents.d/.keep\n\
     == rootfs/command/s6-overlay-suexec 4755\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let Some(program) = tree.absolute(b"/command/s6-overlay-suexec").found() else {
        return;
    };
    if !has_lost_root(model) {
        return;
    }
    for (file, container) in dockerfiles(model) {
        let Some(user) = user(model, container) else {
            continue;
        };
        let mut runs = container.runs.iter();
        let is_changed = runs.any(|run| contains(&run.value.expanded, b"s6-overlay-suexec"));
        if is_changed || prepared(model, container, &user) == Prepared::Yes {
            continue;
        }
        let name = String::from_utf8_lossy(&user.name).into_owned();
        findings
            .at(
                program,
                format!("it is not set-uid root, and `{name}` runs the image"),
            )
            .help(format!(
                "unpack s6-overlay as root with tar -Jxpf, or chown {name} /run in the image"
            ))
            .related(file.node, Some(user.span.clone()), "the user is set here");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn mode_owner_and_user_decide() {
        let found = ["rootfs/command/s6-overlay-suexec: warning: "];
        for (mode, user, run, expected) in [
            ("0755", "app", "0755 0:0", &found[..]),
            ("4755 1000:0", "app", "0755 0:0", &found),
            ("0755", "root", "0755 0:0", &[]),
            ("4755", "app", "0755 0:0", &[]),
            ("0755", "app", "0755 1000:1000", &[]),
        ] {
            let text = format!(
                "== Dockerfile\nFROM base\nUSER {user}\n\
                 == rootfs/etc/passwd\nroot:x:0:0::/:\napp:x:1000:1000::/:\n== rootfs/bin/sh 0755\n\
                 == rootfs/run/ {run}\n== rootfs/command/s6-overlay-suexec {mode}\n"
            );
            sampling::check(&RULE, &text, expected);
        }
    }
}
