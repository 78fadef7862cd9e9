//! `deprecated-fix-attrs`: files in `fix-attrs.d`, which s6-overlay 3 only still reads.

use super::skipped_fix_attrs_line::files;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "deprecated-fix-attrs",
    Group::Overlay,
    Level::Note,
    "fix-attrs.d is deprecated",
)
.why(
    "s6-overlay 3 warns at every start where there are files in fix-attrs.d, and says that \
     owners and modes of volumes are better set by what runs the container.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/fix-attrs.d/10-data\n/data true app,1000:1000 0644 0755\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/cont-init.d/10-data 0755\n#!/command/with-contenv sh\nchown -R app /data\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if !model.overlay.may_be_v3() {
        return;
    }
    let files = files(model);
    let first = files.iter().find(|&&node| model.tree.is_given(node));
    if let Some(&first) = first {
        findings
            .at(
                first,
                "s6-overlay 3 warns of files in fix-attrs.d at every start",
            )
            .help(
                "set owners and modes where the image is built or the volume is mounted, or with \
                 chown and chmod in a oneshot",
            );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn version_2_has_no_other_way() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n== etc/fix-attrs.d/1\n/a true b 1 1\n",
            &[],
        );
        sampling::check(
            &RULE,
            "== etc/fix-attrs.d/.keep\n== etc/cont-init.d/1 0755\n#!/bin/sh\n",
            &[],
        );
    }
}
