//! `skipped-fix-attrs-line`: a line in `fix-attrs.d` that does nothing, or ends the others.

use super::fix_attrs::{Fault, lines};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "skipped-fix-attrs-line",
    Group::Overlay,
    Level::Error,
    "a line in fix-attrs.d is not read as meant",
)
.why(
    "s6-overlay 3 reads the files of fix-attrs.d with `while read` of the shell, and version 2 with \
     forstdin. A last line without a newline is not among what these go through: it is skipped \
     without a word. In version 3, a line that cannot be applied ends the whole file, and the lines \
     behind it do nothing either.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/fix-attrs.d/10-data no-newline\n/data true app,1000:1000 0644 0755\n",
    "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
     == etc/fix-attrs.d/10-data\n/data true app,1000:1000 0644 0755\n",
)
.fix("a newline at the end makes the last line one that is read, as it was meant to be")
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // The reader of version 2 is another one; a last line without a newline it skips too.
    let generation = model.overlay.generation;
    let has_fields = generation != Some(2);
    let is_certain = generation.is_some();
    for node in files(model) {
        let Ok(text) = model.tree.entry(node).bytes() else {
            continue;
        };
        let lines = lines(text);
        for line in lines.iter().filter(|_| has_fields) {
            let Some((fault, span)) = &line.fault else {
                continue;
            };
            // These can work: the last mode is for directories only, and what is not `true`
            // means `false`.
            let is_lucky = matches!(fault, Fault::Fields(4) | Fault::Recursion);
            let level = if is_lucky || !is_certain {
                Level::Warning
            } else {
                Level::Error
            };
            findings
                .span(node, span.clone(), fault.message())
                .level(level)
                .help(fault.help());
        }
        if let Some(line) = lines.last().filter(|line| !line.is_ended) {
            let level = if is_certain {
                Level::Error
            } else {
                Level::Warning
            };
            let end = line.span.end;
            findings
                .span(
                    node,
                    line.span.clone(),
                    "the last line is not read, as no newline ends it",
                )
                .level(level)
                .help("end the line with a newline")
                .replace("end the last line", end..end, "\n");
        }
    }
}

/// The files in `fix-attrs.d` that s6-overlay reads.
pub fn files(model: &Model<'_>) -> Vec<NodeId> {
    let tree = model.tree;
    let hooks = model.hooks.iter().copied();
    let directories = hooks.filter(|&node| tree.name(node) == b"fix-attrs.d");
    let entries = directories.flat_map(|node| tree.children(node).iter().copied());
    entries
        .filter(|&entry| !tree.name(entry).starts_with(b"."))
        .filter_map(|entry| tree.follow(entry).found())
        .filter(|&node| tree.is_file(node))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn version_decides() {
        for (version, expected) in [
            ("s6-overlay-version = \"2.2.0.3\"", Some("error")),
            ("", Some("warning")),
            ("s6-overlay-version = \"3.0.0.0\"", Some("error")),
        ] {
            let text = format!(
                "== exlint.toml\n{version}\n== etc/fix-attrs.d/1 no-newline\n/a true b 0644 0755\n"
            );
            let expected =
                expected.map(|level| format!("etc/fix-attrs.d/1:1: {level}: the last line"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            sampling::check(&RULE, &text, &expected);
        }
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n\
             == etc/fix-attrs.d/1\n/a true b - 0755\n",
            &[],
        );
    }

    #[test]
    fn good_lines_and_hidden_files_are_left_alone() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n\
             == etc/fix-attrs.d/1\n# data\n\n/data true app 0644 0755\n\
             == etc/fix-attrs.d/.keep no-newline\nx\n\
             == etc/fix-attrs.d/2 no-newline\n/a true b 0644 0755\n# end\n",
            &[],
        );
    }
}
