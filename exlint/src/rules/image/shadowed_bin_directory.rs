//! `shadowed-bin-directory`: `/bin` has become a directory where it was a link to `/usr/bin`.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};
use crate::tree::Lookup;

/// The rule.
pub const RULE: Rule = Rule::new(
    "shadowed-bin-directory",
    Group::Image,
    Level::Error,
    "a directory has taken the place of the link /bin",
)
.why(
    "Where /bin is a link to /usr/bin, an archive with a directory bin in it, as s6-overlay 1 and 2 \
     are, puts a directory in the link's place. All that was in /bin is gone then, /bin/sh \
     included, and hardly any script starts.",
)
.samples(
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== etc/services.d/web/run 0755\n\
     #!/bin/execlineb -P\n/usr/bin/web\n\
     == usr/bin/web 0755\n== usr/bin/sh 0755\n== bin/execlineb 0755\n",
    "== etc/passwd\nroot:x:0:0::/root:/bin/sh\n== etc/services.d/web/run 0755\n\
     #!/bin/execlineb -P\n/usr/bin/web\n\
     == usr/bin/web 0755\n== usr/bin/sh 0755\n== usr/bin/execlineb 0755\n== bin -> usr/bin\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let in_usr = tree.absolute(b"/usr/bin/sh").found();
    let Some(bin) = tree
        .child(tree.root(), b"bin")
        .filter(|&node| tree.is_directory(node))
    else {
        return;
    };
    if let (Some(shell), Lookup::Missing) = (in_usr, tree.absolute(b"/bin/sh")) {
        findings
            .at(bin, "/bin is a directory without `sh`, which is in /usr/bin")
            .help(
                "unpack the archive with tar --exclude=./bin -C / and once more with -C /usr ./bin, \
                 or use s6-overlay 3, which has no directory bin",
            )
            .related(shell, None, "this is what /bin/sh was");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn shell_in_bin_or_nowhere_is_no_sign() {
        for files in [
            "== bin/sh 0755\n== usr/bin/sh 0755",
            "== bin/x 0755\n== usr/bin/x 0755",
            "== bin -> usr/bin\n== usr/bin/sh 0755",
        ] {
            let text = format!("== etc/passwd\nroot:x:0:0::/:\n{files}\n");
            sampling::check(&RULE, &text, &[]);
        }
        sampling::check(
            &RULE,
            "== etc/services.d/a/run 0755\n#!/bin/sh\n== bin/x 0755\n",
            &[],
        );
    }
}
