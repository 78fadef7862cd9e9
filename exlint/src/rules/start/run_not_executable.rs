//! `run-not-executable`: a `run` or `finish` that s6-supervise cannot execute. The files of an
//! s6-rc longrun are not meant: s6-rc-compile makes them executable.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Service, ServiceId, ServiceKind};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "run-not-executable",
    Group::Start,
    Level::Error,
    "a service's `run` or `finish` is not executable",
)
.why(
    "s6-supervise executes `run` and `finish` as they stand. Without the mode bit that fails \
     with \"Permission denied\": the service never runs, and s6-supervise tries again and again. \
     s6-overlay 2 made the files of services.d executable at boot; version 3 does not. In an \
     s6-rc definition the mode does not matter.",
)
.samples(
    "== etc/services.d/web/run 0644\n#!/command/execlineb -P\nweb\n",
    "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nweb\n",
)
.fix("s6-supervise has no other use for the file than to execute it")
.service(check);

fn check(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    if service.is_longrun() {
        return;
    }
    let is_legacy = |service: &Service| service.kind == ServiceKind::Legacy;
    let logged = |id: ServiceId| is_legacy(model.service(id));
    let is_of_overlay = is_legacy(service) || service.logged.is_some_and(logged);
    let level = match (is_of_overlay, model.overlay.generation) {
        (true, Some(2)) => return,
        (true, None) => Level::Warning,
        _ => Level::Error,
    };
    for name in ["run", "finish"] {
        let Some(node) = service.file(model.tree, name) else {
            continue;
        };
        let entry = model.tree.entry(node);
        if !model.tree.is_file(node) || entry.is_executable() || model.sets_modes() {
            continue;
        }
        let message = match name {
            "run" => "`run` is not executable, so the service does not start",
            _ => "`finish` is not executable, so it does not run when the service has ended",
        };
        findings
            .at(node, message)
            .level(level)
            .help("make it executable: chmod +x")
            .make_executable(format!("make `{name}` executable"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, files: &str, expected: &[&str]) {
        let text = match version {
            "" => files.to_owned(),
            version => format!("== exlint.toml\ns6-overlay-version = \"{version}\"\n{files}"),
        };
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn logger_and_finish_count_too() {
        check(
            "3.2.0.0",
            "== etc/services.d/web/run 0755\n#!/bin/sh\n== etc/services.d/web/finish 0644\n\
             #!/bin/sh\n== etc/services.d/web/log/run 0644\n#!/bin/sh\n",
            &[
                "etc/services.d/web/finish: error: `finish` is not executable",
                "etc/services.d/web/log/run: error: `run` is not executable",
            ],
        );
    }

    #[test]
    fn version_2_repairs_only_its_own() {
        let own = "== etc/services.d/web/run 0644\n#!/bin/sh\n";
        check("2.2.0.3", own, &[]);
        check("", own, &["etc/services.d/web/run: warning: `run`"]);
        let scan = "== web/run 0644\n#!/bin/sh\n== db/run 0755\n#!/bin/sh\n";
        check("", scan, &["web/run: error: `run`"]);
    }

    #[test]
    fn modes_of_longruns_do_not_matter() {
        check(
            "",
            "== etc/s6-overlay/s6-rc.d/web/type\nlongrun\n\
             == etc/s6-overlay/s6-rc.d/web/run 0644\n#!/bin/sh\n\
             == etc/s6-overlay/s6-rc.d/web/log/run 0644\n#!/bin/sh\n",
            &[],
        );
    }
}
