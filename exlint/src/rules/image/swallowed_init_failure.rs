//! `swallowed-init-failure`: nothing says that the container stops when its start fails.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::description::{dockerfiles, installs_overlay, may_be_set};
use crate::model::{DefinitionKind, Model, Role};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "swallowed-init-failure",
    Group::Image,
    Level::Note,
    "a failure at the start does not stop the container",
)
.why(
    "When a script of cont-init.d or a oneshot fails, s6-overlay goes on unless \
     S6_BEHAVIOUR_IF_STAGE2_FAILS is set: the container looks as if it ran, and what depends on \
     that script is missing.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\nmkdir -p /data\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENV S6_BEHAVIOUR_IF_STAGE2_FAILS=2\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\nmkdir -p /data\n",
)
.image(check);

const SETTING: &str = "S6_BEHAVIOUR_IF_STAGE2_FAILS";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut definitions = model.definitions.iter();
    let can_fail = model
        .scripts
        .iter()
        .any(|script| script.role == Role::InitHook)
        || definitions.any(|definition| definition.is(DefinitionKind::Oneshot));
    if !can_fail || may_be_set(model, SETTING.as_bytes()) {
        return;
    }
    for (file, container) in dockerfiles(model).filter(|(_, it)| installs_overlay(it)) {
        let Some(from) = &container.from else {
            continue;
        };
        findings
            .span(
                file.node,
                from.span.clone(),
                format!("nothing sets `{SETTING}`, so a failure at the start goes unnoticed"),
            )
            .help(format!("ENV {SETTING}=2 stops the container then"));
    }
}
