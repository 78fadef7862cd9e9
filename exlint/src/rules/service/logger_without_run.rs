//! `logger-without-run`: a service has a directory `log` that is no logger.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Service, ServiceKind};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "logger-without-run",
    Group::Service,
    Level::Error,
    "a directory `log` has no `run`",
)
.why(
    "A directory `log` in a service directory is the service's logger: s6-svscan sends the \
     service's output into a pipe to it. Without a `run` nobody reads the pipe, and \
     s6-supervise tries to start the logger every second. Once the pipe is full, the service \
     hangs in its next write.",
)
.samples(
    "== services/web/run 0755\n#!/command/execlineb -P\nweb\n== services/web/log/.keep\n",
    "== services/web/run 0755\n#!/command/execlineb -P\nfdmove -c 2 1\nweb\n\
     == services/web/log/run 0755\n#!/command/execlineb -P\ns6-log n10 s1000000 T /var/log/web\n",
)
.service(check);

fn check(model: &Model<'_>, service: &Service, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let Some(logged) = service.logged.map(|id| model.service(id)) else {
        return;
    };
    let has_run = |service: &Service| tree.child(service.directory, b"run").is_some();
    let is_scanned = matches!(logged.kind, ServiceKind::Legacy | ServiceKind::Scanned);
    // A layer may bring only what is to be beside the run of the one below.
    let may_be_below = !tree.is_complete && tree.is_anchored;
    let brings_part = tree
        .children(service.directory)
        .iter()
        .any(|&child| !tree.name(child).starts_with(b"."));
    if has_run(service) || !has_run(logged) || !is_scanned || may_be_below && brings_part {
        return;
    }
    let name = String::from_utf8_lossy(&logged.name).into_owned();
    findings
        .at(
            service.directory,
            format!("the logger of `{name}` has no `run`"),
        )
        .help("write a `run` that reads standard input, such as one with `s6-log`, or give the directory another name");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_what_a_scan_takes_for_a_logger_is_found() {
        const RUN: &str = "run 0755\n#!/bin/sh\nexec web\n";
        let found = ["s/web/log: error: the logger of `web` has no `run`"];
        let empty = format!("== s/web/{RUN}== s/web/log/\n");
        sampling::check(&RULE, &empty, &found);
        let whole = format!("== s/web/{RUN}== s/web/log/{RUN}");
        sampling::check(&RULE, &whole, &[]);
        let longrun = format!("== s/web/{RUN}== s/web/type\nlongrun\n== s/web/log/\n");
        sampling::check(&RULE, &longrun, &[]);
        let layer = format!("== etc/services.d/web/{RUN}== etc/services.d/web/log/finish 0755\n");
        sampling::check(&RULE, &layer, &[]);
        let alone = "== etc/services.d/web/log/finish 0755\n#!/bin/sh\n";
        sampling::check(&RULE, alone, &[]);
    }
}
