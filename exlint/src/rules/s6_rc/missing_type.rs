//! `missing-type`: a definition directory without the file `type`.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model, SourceKind};
use crate::overlay::builtin;
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-type",
    Group::S6Rc,
    Level::Error,
    "a definition directory has no file `type`",
)
.why(
    "Every directory in an s6-rc source directory is a definition, and s6-rc-compile reads its \
     `type` first. Where there is none it refuses the whole database, and no service starts. \
     In a layer the directory may extend one of a base image, which must then still have that \
     definition: if it was renamed there, nothing starts any more.",
)
.samples(
    "== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== all/type\nbundle\n\
     == all/contents.d/web\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    if tree.child(definition.directory, b"type").is_some() {
        return;
    }
    let name = shown(&definition.name);
    let has = |file: &str| tree.child(definition.directory, file.as_bytes()).is_some();
    let source = model.source(definition.source);
    if source.is_closed {
        findings
            .at(definition.directory, format!("`{name}` has no file `type`"))
            .help(help(guess(&has)));
        return;
    }
    let is_of_overlay = source.kind != SourceKind::Plain
        && builtin::definition(&definition.name, model.overlay.version).is_some();
    if is_of_overlay {
        return;
    }
    // What is listed for being started, or has more than its script, is most likely defined
    // here; other directories extend or replace parts of a definition of a lower layer.
    let defines = has("run") || has("up");
    let has_more = ["producer-for", "consumer-for", "notification-fd"]
        .iter()
        .any(|file| has(file));
    let is_listed = has_more
        || model.database_of(definition).is_some_and(|database| {
            ["user", "user2"].iter().any(|bundle| {
                let bundle = database.nodes.get(bundle.as_bytes());
                bundle.is_some_and(|bundle| bundle.contents.contains(&definition.name))
            })
        });
    if defines && is_listed {
        findings
            .at(
                definition.directory,
                format!("`{name}` has no file `type` here"),
            )
            .level(Level::Warning)
            .help(help(guess(&has)));
    } else if source.kind == SourceKind::Plain {
        findings
            .at(
                definition.directory,
                format!("`{name}` has no file `type`, unless another package brings it"),
            )
            .level(Level::Note)
            .help(help(guess(&has)));
    } else {
        findings
            .at(
                definition.directory,
                format!("`{name}` extends a definition that must come from a lower layer"),
            )
            .level(Level::Note)
            .help("give the lower layer with `--base` to have this checked");
    }
}

/// What it would be, going by its files.
fn guess(has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    if has("up") {
        Some("oneshot")
    } else if has("run") {
        Some("longrun")
    } else if has("contents.d") || has("contents") {
        Some("bundle")
    } else {
        None
    }
}

fn help(kind: Option<&str>) -> String {
    match kind {
        Some(kind) => format!("write a file `type` with the word `{kind}`"),
        None => "write a file `type` with the word `longrun`, `oneshot` or `bundle`, or move \
                 the directory out of the source directory"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn a_layer_may_extend_what_a_base_defines() {
        for (sample, expected) in [
            (
                "== a/dependencies.d/b\n== b/type\nbundle\n== b/contents.d/\n",
                &["a: error: `a` has no file `type`"][..],
            ),
            // Packages put their parts of one source directory side by side.
            (
                "== one/web/type\nlongrun\n== one/web/run\n== one/all/type\nbundle\n\
                 == one/all/contents.d/web\n== one/mounts/dependencies.d/web\n\
                 == two/app/type\nlongrun\n== two/app/run\n== two/app/dependencies.d/gone\n\
                 == two/set/type\nbundle\n== two/set/contents.d/app\n",
                &["one/mounts: note: `mounts` has no file `type`, unless"],
            ),
            // A few services that are added to those of a distribution.
            (
                "== web/type\nlongrun\n== web/run\n== prepare/dependencies.d/mounts\n",
                &["prepare: note: `prepare` has no file `type`, unless"],
            ),
            (
                "== etc/s6-overlay/s6-rc.d/init/dependencies.d/b\n",
                &["etc/s6-overlay/s6-rc.d/init: note: `init` extends"],
            ),
            (
                "== etc/s6-overlay/s6-rc.d/web/run\n\
                 == etc/s6-overlay/s6-rc.d/user/contents.d/web\n",
                &["etc/s6-overlay/s6-rc.d/web: warning: `web` has no file `type` here"],
            ),
            ("== etc/s6-overlay/s6-rc.d/user/contents.d/web\n", &[]),
            (
                "== etc/s6-overlay/user-bundles.d/user/contents.d/web\n",
                &[],
            ),
            (
                "== etc/passwd\n== bin/sh 0755\n== etc/s6-overlay/s6-rc.d/web/run\n",
                &["etc/s6-overlay/s6-rc.d/web: error: `web` has no file `type`"],
            ),
        ] {
            sampling::check(&RULE, sample, expected);
        }
    }
}
