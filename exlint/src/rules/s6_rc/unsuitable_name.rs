//! `unsuitable-name`: a name that s6-rc keeps for itself, or that a start script takes apart.

use super::names::{at_entry, shown};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::overlay::builtin::RESERVED_PREFIXES;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "unsuitable-name",
    Group::S6Rc,
    Level::Error,
    "a name is reserved, or is taken apart",
)
.why(
    "Names that begin with `s6rc-` or `s6-rc-` belong to s6-rc: whatever stands in a source \
     directory under such a name, a plain file too, makes s6-rc-compile refuse the whole \
     database, and so does a newline in a name. A blank in the name of a directory in \
     services.d makes two names of it when s6-overlay lists them, and the service is not \
     started.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n\
     == all/contents.d/web\n== s6-rc-notes.txt\nWhat all this is.\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n\
     == all/contents.d/web\n== notes.txt\nWhat all this is.\n",
)
.definition(check_lists)
.image(check);

fn is_reserved(name: &[u8]) -> bool {
    RESERVED_PREFIXES
        .iter()
        .any(|prefix| name.starts_with(prefix.as_bytes()))
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    for source in &model.sources {
        for &child in tree.children(source.directory) {
            let name = tree.name(child);
            if name.starts_with(b".") {
                continue;
            }
            if is_reserved(name) {
                findings
                    .at(
                        child,
                        format!("the name `{}` is reserved for s6-rc", shown(name)),
                    )
                    .help("choose a name that begins with neither `s6rc-` nor `s6-rc-`");
            } else if name.contains(&b'\n') {
                findings
                    .at(
                        child,
                        format!("the name `{}` contains a newline", shown(name)),
                    )
                    .help("choose a name without one");
            }
        }
    }
    for scan in model.scan_directories.iter().filter(|scan| scan.is_legacy) {
        for &child in tree.children(scan.directory) {
            let name = tree.name(child);
            let is_service = tree
                .follow(child)
                .found()
                .is_some_and(|node| tree.is_directory(node));
            let has_blank = name.iter().any(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
            if is_service && has_blank && model.overlay.may_be_v3() {
                findings
                    .at(
                        child,
                        format!("`{}` is taken for several names", shown(name)),
                    )
                    .help("choose a name without blanks");
            }
        }
    }
}

/// Names that are only mentioned are refused too.
fn check_lists(_: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let lists = match definition.kind {
        None => return,
        Some(DefinitionKind::Bundle) => vec![&definition.contents],
        Some(DefinitionKind::Oneshot) => vec![&definition.dependencies],
        Some(DefinitionKind::Longrun) => vec![
            &definition.dependencies,
            &definition.producer_for,
            &definition.consumer_for,
        ],
    };
    let last_consumer = definition.is(DefinitionKind::Longrun)
        && definition.producer_for.is_empty()
        && !definition.consumer_for.is_empty();
    let names = lists.into_iter().flatten();
    let pipeline = definition.pipeline_name.iter().filter(|_| last_consumer);
    for entry in names
        .chain(pipeline)
        .filter(|entry| is_reserved(&entry.name))
    {
        let name = shown(&entry.name);
        at_entry(
            findings,
            entry,
            format!("the name `{name}` is reserved for s6-rc"),
        )
        .help("remove it: s6-rc adds its own services where they are needed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn names_that_only_look_alike_are_fine() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            (
                "== s6rcd/type\noneshot\n== s6rcd/up\n== .s6-rc-x\n== s6-log/type\nbundle\n== s6-log/contents.d/\n",
                &[][..],
            ),
            (
                "== s6rc-a/type\noneshot\n== s6rc-a/up\n",
                &["s6rc-a: error: the name `s6rc-a` is reserved"],
            ),
            (
                "== a/type\noneshot\n== a/up\n== a/dependencies.d/s6rc-fdholder\n",
                &["a/dependencies.d/s6rc-fdholder: error: the name `s6rc-fdholder` is reserved"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
