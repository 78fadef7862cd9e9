//! `undefined-dependency`: a service depends on a name that nothing defines.

use super::undefined_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, DefinitionKind, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "undefined-dependency",
    Group::S6Rc,
    Level::Error,
    "a service depends on a name that nothing defines",
)
.why(
    "s6-rc-compile must find every dependency among the definitions it compiles. Where one is \
     missing, as after a service was renamed or removed, it refuses the whole database, and no \
     service starts.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == web/dependencies.d/databse\n\
     == database/type\noneshot\n== database/up\nprepare-database\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == web/dependencies.d/database\n\
     == database/type\noneshot\n== database/up\nprepare-database\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    let is_read = definition.kind.is_some_and(DefinitionKind::is_atomic);
    if let Some(database) = model.database_of(definition).filter(|_| is_read) {
        let entries = &definition.dependencies;
        undefined_name::report(model, database, entries, "the dependency", findings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_what_is_nowhere_is_undefined() {
        let layer = "etc/s6-overlay/s6-rc.d/app";
        for (sample, expected) in [
            // What s6-overlay brings is defined.
            (
                format!("== {layer}/type\noneshot\n== {layer}/up\ntrue\n== {layer}/dependencies.d/base\n"),
                vec![],
            ),
            // A layer below may define it.
            (
                format!("== {layer}/type\noneshot\n== {layer}/up\ntrue\n== {layer}/dependencies.d/init-services\n"),
                vec![],
            ),
            (
                format!(
                    "== {layer}/type\noneshot\n== {layer}/up\ntrue\n== {layer}/dependencies.d/init-servces\n\
                     == {layer}/../init-services/type\nbundle\n== {layer}/../init-services/contents.d/\n"
                )
                .replace("app/../", ""),
                vec![format!("{layer}/dependencies.d/init-servces: warning: the dependency `init-servces` is not defined here, but")],
            ),
            (
                format!("== etc/passwd\n== bin/sh 0755\n== {layer}/type\noneshot\n== {layer}/up\ntrue\n== {layer}/dependencies.d/gone\n"),
                vec![format!("{layer}/dependencies.d/gone: error: the dependency `gone` is defined nowhere")],
            ),
            (
                "== a/type\noneshot\n== a/up\ntrue\n== a/dependencies escapes\nb\\r\\n  b\\n#c\\n\n\
                 == b/type\nbundle\n== b/contents.d/\n"
                    .to_owned(),
                vec!["a/dependencies:1: error: the dependency `b\\r` is defined nowhere: what follows".to_owned()],
            ),
            // Without s6-overlay a base has no services of it.
            (
                format!(
                    "== Dockerfile\nFROM alpine\nARG S6_OVERLAY_VERSION=3.1.6.2\nCOPY rootfs /\n\
                     == rootfs/{layer}/type\noneshot\n== rootfs/{layer}/up\ntrue\n\
                     == rootfs/{layer}/dependencies.d/gone\n"
                ),
                vec![format!("rootfs/{layer}/dependencies.d/gone: warning: the dependency `gone` is defined neither")],
            ),
            // Without a bundle it is an addition to other sources.
            (
                "== b/type\noneshot\n== b/up\ntrue\n== b/dependencies.d/mount-procfs\n".to_owned(),
                vec![],
            ),
            // Several sources may be compiled together.
            (
                "== one/b/type\noneshot\n== one/b/up\ntrue\n== one/b/dependencies.d/mount-rw\n\
                 == one/all/type\nbundle\n== one/all/contents.d/b\n\
                 == two/mount-rw/type\noneshot\n== two/mount-rw/up\ntrue\n"
                    .to_owned(),
                vec![],
            ),
            // Of a bundle nobody reads them.
            (
                "== b/type\nbundle\n== b/contents.d/\n== b/dependencies.d/x\n".to_owned(),
                vec![],
            ),
        ] {
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
    }
}
