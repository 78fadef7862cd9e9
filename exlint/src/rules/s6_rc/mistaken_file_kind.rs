//! `mistaken-file-kind`: a file stands where s6-rc reads a directory, or the other way round.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};
use crate::tree::Kind;

/// The rule.
pub const RULE: Rule = Rule::new(
    "mistaken-file-kind",
    Group::S6Rc,
    Level::Error,
    "a file stands where s6-rc reads a directory, or a directory where it reads a file",
)
.why(
    "s6-rc-compile opens `dependencies.d` and `contents.d` as directories, copies `data` and \
     `env` as directories, and reads `type`, `up`, the lists and the numbers as files. Where \
     one is of the other kind it refuses the whole database, and no service starts.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependencies.d\nprepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/dependencies.d/prepare\n\
     == prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n",
)
.definition(check);

/// The directories that are read in definitions of a kind.
fn directories(kind: DefinitionKind) -> &'static [&'static str] {
    match kind {
        DefinitionKind::Longrun => &["dependencies.d", "data", "env"],
        DefinitionKind::Oneshot => &["dependencies.d"],
        DefinitionKind::Bundle => &["contents.d"],
    }
}

/// The files that are read in definitions of a kind, without `run` and the lists.
fn files(kind: DefinitionKind) -> &'static [&'static str] {
    match kind {
        DefinitionKind::Longrun => &[
            "timeout-up",
            "timeout-down",
            "producer-for",
            "consumer-for",
            "notification-fd",
            "lock-fd",
            "timeout-kill",
            "timeout-finish",
            "max-death-tally",
            "finish",
        ],
        DefinitionKind::Oneshot => &["up", "down", "timeout-up", "timeout-down"],
        DefinitionKind::Bundle => &[],
    }
}

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let kind_of = |name: &str| {
        let node = definition.file(tree, name)?;
        let entry = tree.child(definition.directory, name.as_bytes())?;
        Some((entry, &tree.entry(node).kind))
    };
    let mut directory_found = |name: &str| {
        if let Some((node, Kind::Directory)) = kind_of(name) {
            findings
                .at(
                    node,
                    format!("`{name}` is a directory, but is read as a file"),
                )
                .help("put a file in its place, or rename the directory");
        }
    };
    directory_found("type");
    let Some(kind) = definition.kind else {
        return;
    };
    for name in files(kind) {
        directory_found(name);
    }
    // A list is read where the directory of the same name is not there.
    let (list, instead) = match kind {
        DefinitionKind::Bundle => ("contents", "contents.d"),
        _ => ("dependencies", "dependencies.d"),
    };
    if let (Some((node, Kind::Directory)), None) = (kind_of(list), kind_of(instead)) {
        findings
            .at(
                node,
                format!("`{list}` is a directory, but is read as a list of names"),
            )
            .help(format!("rename it to `{instead}`"));
    }
    for name in directories(kind) {
        let Some((node, found)) = kind_of(name) else {
            continue;
        };
        if *found != Kind::Directory {
            findings
                .at(
                    node,
                    format!("`{name}` is read as a directory, but is none"),
                )
                .help(match *name {
                    "dependencies.d" | "contents.d" => format!(
                        "make it a directory with an empty file for each name, or rename the \
                         file to `{list}`"
                    ),
                    _ => "make it a directory, or rename the file".to_owned(),
                });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn what_is_not_read_may_be_of_any_kind() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            ("== a/type\noneshot\n== a/up\ntrue\n== a/data\nx\n", &[][..]),
            (
                "== a/type\nbundle\n== a/contents.d/\n== a/dependencies.d\n",
                &[],
            ),
            (
                "== a/type\nbundle\n== a/contents.d/\n== a/contents/x\n",
                &[],
            ),
            (
                "== a/type\nbundle\n== a/contents/x\n",
                &["a/contents: error: `contents` is a directory"],
            ),
            (
                "== a/type\noneshot\n== a/up/x\n",
                &["a/up: error: `up` is a directory"],
            ),
            (
                "== a/type/x\n== a/up\n",
                &["a/type: error: `type` is a directory"],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/env\nx\n",
                &["a/env: error: `env` is read as a directory"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
