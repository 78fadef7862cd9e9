//! `misspelt-directory`: a directory in a definition is nearly called `contents.d` or
//! `dependencies.d`.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model};
use crate::nearest::distance;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "misspelt-directory",
    Group::S6Rc,
    Level::Error,
    "a directory is nearly called `contents.d` or `dependencies.d`",
)
.why(
    "s6-rc reads `contents.d` and `dependencies.d`, and passes over a directory of any other \
     name without a word. What a misspelt one lists is not started, or not waited for.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependency.d/prepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependencies.d/prepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
)
.definition(check);

const NAMES: [&str; 2] = ["contents.d", "dependencies.d"];

/// Names that are not near by their letters, but by their sense.
const CUSTOMARY: [(&str, &str); 7] = [
    ("content", "contents.d"),
    ("dependency.d", "dependencies.d"),
    ("dependency", "dependencies.d"),
    ("depends.d", "dependencies.d"),
    ("depends", "dependencies.d"),
    ("deps.d", "dependencies.d"),
    ("depend.d", "dependencies.d"),
];

fn meant(name: &[u8]) -> Option<&'static str> {
    let customary = CUSTOMARY.iter().find(|(known, _)| known.as_bytes() == name);
    if let Some((_, meant)) = customary {
        return Some(meant);
    }
    let lower = name.to_ascii_lowercase();
    let is_near =
        |known: &&str| name != known.as_bytes() && distance(&lower, known.as_bytes(), 2).is_some();
    NAMES.into_iter().find(is_near)
}

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    for &child in tree.children(definition.directory) {
        let name = tree.name(child);
        if !tree.is_directory(child) || name == b"contents" || name == b"dependencies" {
            continue;
        }
        if let Some(meant) = meant(name) {
            findings
                .at(child, format!("s6-rc does not read `{}`", shown(name)))
                .help(format!("rename it to `{meant}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_told() {
        for (name, expected) in [
            ("content.d", Some("contents.d")),
            ("contents.d", None),
            ("Contents.d", Some("contents.d")),
            ("contenst.d", Some("contents.d")),
            ("dependancies.d", Some("dependencies.d")),
            ("dependencies_d", Some("dependencies.d")),
            ("deps.d", Some("dependencies.d")),
            ("conf.d", None),
            ("data", None),
            ("template", None),
        ] {
            assert_eq!(meant(name.as_bytes()), expected, "{name}");
        }
    }
}
