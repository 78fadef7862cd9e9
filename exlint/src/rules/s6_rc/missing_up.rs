//! `missing-up`: a oneshot without the file `up`.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-up",
    Group::S6Rc,
    Level::Error,
    "a oneshot has no file `up`",
)
.why(
    "What a oneshot does is the command line in its `up`; a `run` means nothing there. Without \
     `up` s6-rc-compile refuses the whole database, and no service starts.",
)
.samples(
    "== prepare/type\noneshot\n== all/type\nbundle\n== all/contents.d/prepare\n",
    "== prepare/type\noneshot\n== prepare/up\nmkdir -p /var/lib/web\n\
     == all/type\nbundle\n== all/contents.d/prepare\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let has = |name: &str| {
        let node = model.tree.child(definition.directory, name.as_bytes());
        node.is_some()
    };
    if !definition.is(DefinitionKind::Oneshot) || has("up") {
        return;
    }
    let name = shown(&definition.name);
    let found = findings.at(
        definition.directory,
        format!("the oneshot `{name}` has no file `up`"),
    );
    if has("run") {
        found.help(
            "write a file `up` with the path of an executable script, which `run` may become; \
             or, if it is to be supervised, write `longrun` into `type`",
        );
    } else {
        found.help("write a file `up` with the command line that is to run, in execline");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn an_empty_up_is_one() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            ("== a/type\noneshot\n== a/up\n", &[][..]),
            ("== a/type\nbundle\n== a/contents.d/\n", &[]),
            (
                "== a/type\noneshot\n== a/run\n#!/bin/sh\n",
                &["a: error: the oneshot `a` has no file `up`"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
