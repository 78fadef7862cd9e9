//! `stray-entry`: something that is no service and no hook stands where one is expected, or a
//! copy of one stands beside it. Extensions mean nothing.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::leftover::is_leftover;
use crate::model::{Model, SERVICE_FILES, ServiceKind};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "stray-entry",
    Group::Service,
    Level::Warning,
    "something else stands among services or hooks",
)
.why(
    "Every directory in a scan directory is a service, and everything in cont-init.d and \
     cont-finish.d is run, whatever its name: only names that begin with a dot are skipped. A \
     directory without `run` is started again and again in vain, a directory among the hooks is \
     an error at each boot, and a backup copy runs beside what it was copied from.",
)
.samples(
    "== cont-init.d/10-set-up 0755\n#!/bin/sh\ntrue\n\
     == cont-init.d/10-set-up.orig 0755\n#!/bin/sh\nfalse\n",
    "== cont-init.d/10-set-up 0755\n#!/bin/sh\ntrue\n",
)
.image(check);

/// What editors, package managers and `patch` put behind the name of a copy.
const COPIES: [&[u8]; 12] = [
    b"~",
    b".bak",
    b".orig",
    b".old",
    b".save",
    b".rej",
    b".swp",
    b".rpmnew",
    b".rpmsave",
    b".dpkg-old",
    b".dpkg-dist",
    b".apk-new",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    for &hooks in &model.hooks {
        let directory = tree.name(hooks);
        if directory == b"fix-attrs.d" {
            continue;
        }
        for &entry in tree.children(hooks) {
            let Some(node) = tree.follow(entry).found() else {
                continue;
            };
            if tree.name(entry).starts_with(b".") {
                continue;
            }
            let place = String::from_utf8_lossy(directory).into_owned();
            if tree.is_directory(node) {
                findings
                    .at(
                        entry,
                        format!("a directory stands in `{place}`, where all is run"),
                    )
                    .help("move it elsewhere: subdirectories are not looked into");
            } else if is_note(model, entry, node) {
                findings
                    .at(
                        entry,
                        format!("this is no script, but `{place}` runs all it holds"),
                    )
                    .help("move it elsewhere, or begin its name with a dot");
            } else if let Some(original) = original(model, hooks, entry) {
                let copied = shown(model, original);
                findings
                    .at(entry, format!("this copy of `{copied}` is run too"))
                    .related(original, None, "this is the original")
                    .help("remove the copy, or begin its name with a dot");
            }
        }
    }
    for scan in &model.scan_directories {
        for &id in &scan.services {
            service(model, scan.directory, model.service(id), findings);
        }
    }
}

fn service(
    model: &Model<'_>,
    scan: NodeId,
    service: &crate::model::Service,
    findings: &mut Findings<'_>,
) {
    let tree = model.tree;
    let name = String::from_utf8_lossy(&service.name).into_owned();
    if tree.child(service.directory, b"run").is_some() {
        let copy = tree
            .child(scan, &service.name)
            .and_then(|entry| original(model, scan, entry));
        if let Some(original) = copy {
            let copied = shown(model, original);
            findings
                .at(
                    service.directory,
                    format!("this copy of `{copied}` is a service too, and is started"),
                )
                .related(original, None, "this is the original")
                .help("remove the copy, or begin its name with a dot");
        }
        return;
    }
    // The layer below may have the run, with some of a service's other files here.
    let is_part = SERVICE_FILES
        .iter()
        .chain(&["log", "type", "supervise"])
        .any(|file| tree.child(service.directory, file.as_bytes()).is_some());
    let is_empty = tree.children(service.directory).is_empty();
    let is_below = !tree.is_complete && (service.kind == ServiceKind::Legacy || tree.is_anchored);
    if is_below && (is_part || is_empty) {
        return;
    }
    findings
        .at(
            service.directory,
            format!("`{name}` stands among services, but has no `run`"),
        )
        .help("move it out of the scan directory, or write its `run`");
}

fn shown(model: &Model<'_>, node: NodeId) -> String {
    String::from_utf8_lossy(model.tree.name(node)).into_owned()
}

/// True for text that nobody wrote to be run: by its mode, its first line and its name.
fn is_note(model: &Model<'_>, entry: NodeId, node: NodeId) -> bool {
    let tree = model.tree;
    let beginning = tree.entry(node).beginning(4);
    tree.is_file(node)
        && !tree.entry(node).is_executable()
        && !beginning.starts_with(b"#!")
        && !beginning.starts_with(b"\x7fELF")
        && is_leftover(tree.name(entry))
}

/// What stands beside it and was copied to it.
fn original(model: &Model<'_>, directory: NodeId, entry: NodeId) -> Option<NodeId> {
    let name = model.tree.name(entry);
    let copied = COPIES.iter().find_map(|end| name.strip_suffix(*end))?;
    model.tree.child(directory, copied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const SCRIPT: &str = "0755\n#!/bin/sh\nexec x\n";

    #[test]
    fn hooks_are_files() {
        let check = |files: &str, expected: &[&str]| {
            let text = format!("== etc/cont-init.d/10-x.sh {SCRIPT}{files}");
            sampling::check(&RULE, &text, expected);
        };
        check("== etc/cont-init.d/.gitkeep\n", &[]);
        check("== etc/cont-init.d/20-y.txt 0755\n#!/bin/sh\n", &[]);
        check("== etc/cont-init.d/30-old 0755\n#!/bin/sh\n", &[]);
        check("== etc/fix-attrs.d/x/\n", &[]);
        check(
            "== etc/cont-init.d/README.md\nWhat they do.\n",
            &["etc/cont-init.d/README.md: warning: this is no script"],
        );
        check(
            "== etc/cont-init.d/lib/x\n",
            &["etc/cont-init.d/lib: warning: a directory stands in `cont-init.d`"],
        );
        check(
            "== etc/cont-init.d/10-x.sh~ 0755\n#!/bin/sh\n",
            &["etc/cont-init.d/10-x.sh~: warning: this copy of `10-x.sh` is run too"],
        );
    }

    #[test]
    fn services_have_a_run() {
        let check = |files: &str, expected: &[&str]| {
            let text = format!("== services.d/web/run {SCRIPT}{files}");
            sampling::check(&RULE, &text, expected);
        };
        check("== services.d/README\n", &[]);
        // The services of another supervisor.
        check("== services.d/default/web.dep\n", &[]);
        check("== services.d/web/docs/x\n", &[]);
        check("== services.d/other/finish 0755\n", &[]);
        check("== services.d/.old/x\n", &[]);
        check(
            "== services.d/docs/README\n",
            &["services.d/docs: warning: `docs` stands among services, but has no `run`"],
        );
        check(
            &format!("== services.d/web.bak/run {SCRIPT}"),
            &["services.d/web.bak: warning: this copy of `web` is a service too"],
        );
    }
}
