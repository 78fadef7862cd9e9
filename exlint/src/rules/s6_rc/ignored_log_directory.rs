//! `ignored-log-directory`: an s6-rc definition has a directory `log`, as service directories
//! have one.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "ignored-log-directory",
    Group::S6Rc,
    Level::Warning,
    "a directory `log` in an s6-rc definition is ignored",
)
.why(
    "In a service directory `log` is a logger. s6-rc knows no such thing: a logger is a longrun \
     of its own, tied to the service by `producer-for` and `consumer-for`. The directory is \
     not copied, and the output goes where the output of all services goes.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == web/log/run\n#!/command/execlineb -P\ns6-log t /var/log/web\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/producer-for\nweb-log\n\
     == web-log/type\nlongrun\n== web-log/run\n#!/command/execlineb -P\ns6-log t /var/log/web\n\
     == web-log/consumer-for\nweb\n== web-log/pipeline-name\nweb-pipeline\n\
     == all/type\nbundle\n== all/contents.d/web-pipeline\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let Some(log) = definition.file(tree, "log/run") else {
        return;
    };
    let is_atomic = definition.kind.is_some_and(DefinitionKind::is_atomic);
    let Some(directory) = tree
        .child(definition.directory, b"log")
        .filter(|_| is_atomic && tree.is_file(log))
    else {
        return;
    };
    let name = shown(&definition.name);
    findings
        .at(directory, "s6-rc ignores the directory `log`")
        .help(format!(
            "make it a longrun `{name}-log` with a file `consumer-for` that says `{name}`, and \
             give `{name}` a file `producer-for` that says `{name}-log`"
        ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_a_logger_is_found() {
        let all = "== all/type\nbundle\n== all/contents.d/\n";
        for (sample, expected) in [
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/log/config\nx\n",
                &[][..],
            ),
            ("== a/type\nlongrun\n== a/run\nx\n== a/log\nx\n", &[]),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/log/run\nx\n",
                &["a/log: warning: s6-rc ignores the directory `log`"],
            ),
        ] {
            sampling::check(&RULE, &format!("{sample}{all}"), expected);
        }
    }
}
