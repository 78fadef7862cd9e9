//! `ineffective-path-setting`: a PATH for services that is set where nothing reads it.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::overlay::{Version, service_path};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "ineffective-path-setting",
    Group::Overlay,
    Level::Warning,
    "the PATH of services is set where nothing reads it",
)
.why(
    "Services inherit the PATH of the image since s6-overlay 3.1.0.0. The file config/global_path \
     did that in 3.0.x only, and no release ever read S6_GLOBAL_PATH. Programs in the directories \
     named there are not found.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENV S6_GLOBAL_PATH=/command:/usr/bin:/bin:/opt/bin\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENV PATH=/command:/usr/bin:/bin:/opt/bin\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
)
.image(check);

const ADVICE: &str = "Set PATH in the image: services inherit it since 3.1.0.0.";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for file in &model.containers {
        for container in &file.containers {
            if let Some(fact) = container.variable(b"S6_GLOBAL_PATH") {
                findings
                    .span(
                        file.node,
                        fact.span.clone(),
                        "no release of s6-overlay reads `S6_GLOBAL_PATH`",
                    )
                    .help(ADVICE);
            }
        }
    }
    if !model.overlay.is_at_least(Version::INHERITED_PATH) {
        return;
    }
    let place = [b"/", service_path::GLOBAL_PATH.as_bytes()].concat();
    if let Some(node) = model.tree.absolute(&place).found() {
        findings
            .at(
                node,
                format!(
                    "s6-overlay does not read this file since {}",
                    Version::INHERITED_PATH
                ),
            )
            .help(ADVICE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn file_counts_in_3_0_only() {
        for (version, expected) in [
            ("3.0.0.2", vec![]),
            (
                "3.1.0.0",
                vec!["etc/s6-overlay/config/global_path: warning: s6-overlay does not read this"],
            ),
        ] {
            let text = format!(
                "== exlint.toml\ns6-overlay-version = \"{version}\"\n\
                 == etc/s6-overlay/config/global_path\n/command:/usr/bin:/bin\n"
            );
            sampling::check(&RULE, &text, &expected);
        }
        sampling::check(&RULE, "== etc/s6-overlay/config/global_path\n/bin\n", &[]);
    }
}
