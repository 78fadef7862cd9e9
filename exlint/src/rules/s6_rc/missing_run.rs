//! `missing-run`: a longrun without the file `run`.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};
use crate::tree::Kind;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-run",
    Group::S6Rc,
    Level::Error,
    "a longrun has no file `run`",
)
.why(
    "A longrun is the program in its `run`. Where that is missing or no regular file, \
     s6-rc-compile refuses the whole database, and no service starts.",
)
.samples(
    "== web/type\nlongrun\n== web/up\nweb\n== all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == all/type\nbundle\n== all/contents.d/web\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    if !definition.is(DefinitionKind::Longrun) {
        return;
    }
    let tree = model.tree;
    let name = shown(&definition.name);
    let Some(run) = tree.child(definition.directory, b"run") else {
        let found = findings.at(
            definition.directory,
            format!("the longrun `{name}` has no file `run`"),
        );
        if tree.child(definition.directory, b"up").is_some() {
            found.help(
                "write `oneshot` into `type` if it does something once, or rename `up` to \
                 `run` and begin it with `#!/command/execlineb -P` if it stays",
            );
        } else {
            found.help("write the script `run`, which becomes the program to be supervised");
        }
        return;
    };
    let Some(file) = tree.follow(run).found() else {
        return;
    };
    let kind = match tree.entry(file).kind {
        Kind::Directory => "a directory",
        Kind::Other => "neither a regular file nor a link to one",
        Kind::File | Kind::Link(_) => return,
    };
    findings
        .at(run, format!("`run` is {kind}"))
        .help("put the script in its place");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn its_mode_and_content_do_not_matter() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            ("== a/type\nlongrun\n== a/run 0644\n", &[][..]),
            ("== a/type\nlongrun\n== a/run -> ../all/type\n", &[]),
            (
                "== a/type\nlongrun\n== a/run/run\n",
                &["a/run: error: `run` is a directory"],
            ),
            (
                "== a/type\nlongrun\n",
                &["a: error: the longrun `a` has no file `run`"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
